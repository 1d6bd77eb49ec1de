"""Colours of the style sheet and their contrast, after the formula of WCAG 2."""

import re
from dataclasses import dataclass

import tinycss2
import tinycss2.ast
import tinycss2.color4

Tokens = dict[str, str]
# Minified, as it is served.
_DARK = "prefers-color-scheme:dark"
_UNFORCED = ":root:not(.light)"


@dataclass(frozen=True)
class Palettes:
    """Custom properties by name: in the light scheme, in the dark one that the person chose, and in
    the dark one that the phone asks for."""

    light: Tokens
    chosen_dark: Tokens
    phones_dark: Tokens


def palettes(css: str) -> Palettes:
    """The palettes of a style sheet as it is served. Raises KeyError without a dark one."""
    found: dict[str, Tokens] = {}
    _collect(tinycss2.parse_stylesheet(css, True, True), found, "")
    light = found[":root"]
    return Palettes(light, {**light, **found[".dark"]}, {**light, **found[f"{_DARK} {_UNFORCED}"]})


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


def _collect(rules: list[tinycss2.ast.Node], found: dict[str, Tokens], where: str) -> None:
    for rule in rules:
        if isinstance(rule, tinycss2.ast.AtRule) and rule.content is not None:
            inside = f"{_DARK} " if _DARK in tinycss2.serialize(rule.prelude) else where
            _collect(tinycss2.parse_rule_list(rule.content, True, True), found, inside)
        elif isinstance(rule, tinycss2.ast.QualifiedRule):
            target = found.setdefault(where + tinycss2.serialize(rule.prelude).strip(), {})
            for it in tinycss2.parse_blocks_contents(rule.content, True, True):
                if isinstance(it, tinycss2.ast.Declaration) and it.name.startswith("--"):
                    target[it.name[2:]] = tinycss2.serialize(it.value).strip()
