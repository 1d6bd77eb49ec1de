"""Colours of the style sheet and their contrast, after the formula of WCAG 2."""

import re
from pathlib import Path

import tinycss2
import tinycss2.ast
import tinycss2.color4

Tokens = dict[str, str]
_DARK = "prefers-color-scheme: dark"


def tokens(file: Path) -> tuple[Tokens, Tokens]:
    """Custom properties of `:root`, in the light and in the dark scheme."""
    light: Tokens = {}
    dark: Tokens = {}
    _collect(tinycss2.parse_stylesheet(file.read_text(), True, True), light, dark, is_dark=False)
    return light, {**light, **dark}


def colour(tokens: Tokens, name: str) -> tuple[float, float, float]:
    """Red, green and blue between 0 and 1 of a token, whatever it refers to."""
    value = tokens[name].strip()
    if match := re.fullmatch(r"var\(--([\w-]+)\)", value):
        return colour(tokens, match[1])
    parsed = tinycss2.color4.parse_color(value)
    if parsed is None or parsed == "currentcolor" or parsed.alpha != 1:
        raise ValueError(f"--{name} is no plain colour: {value}")
    red, green, blue = parsed.to("srgb").coordinates
    return red or 0.0, green or 0.0, blue or 0.0


def contrast(tokens: Tokens, first: str, second: str) -> float:
    """Between 1 (same) and 21 (black on white)."""
    lighter, darker = sorted(
        (_luminance(colour(tokens, first)), _luminance(colour(tokens, second))), reverse=True
    )
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(rgb: tuple[float, float, float]) -> float:
    red, green, blue = (
        it / 12.92 if it <= 0.04045 else ((it + 0.055) / 1.055) ** 2.4 for it in rgb
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _collect(rules: list[tinycss2.ast.Node], light: Tokens, dark: Tokens, *, is_dark: bool) -> None:
    for rule in rules:
        if isinstance(rule, tinycss2.ast.AtRule) and rule.content is not None:
            inside = is_dark or _DARK in tinycss2.serialize(rule.prelude)
            nested = tinycss2.parse_rule_list(rule.content, True, True)
            _collect(nested, light, dark, is_dark=inside)
        elif tinycss2.serialize(getattr(rule, "prelude", [])).strip() == ":root":
            target = dark if is_dark else light
            for it in tinycss2.parse_blocks_contents(rule.content, True, True):
                if isinstance(it, tinycss2.ast.Declaration) and it.name.startswith("--"):
                    target[it.name[2:]] = tinycss2.serialize(it.value).strip()
