"""CSS in the words of browsers that people still have, made from what the sources are written in.

The sources order their rules by cascade layers, which browsers know since 2022; older ones ignore
everything that stands in a layer. The sources also name sides by the direction of writing, in
shorthands of 2021. Both say what older words can say as well: see docs/experience.md for the
oldest browsers that must show the app as it is meant.
"""

import re
from collections.abc import Iterator

_LAYERS = re.compile(r"@layer ([\w,]+);")
_LAYER = re.compile(r"@layer (\w+)\{(.*)\}")
_AROUND_LAYERS = re.compile(r"(@[^{]+)\{(@layer .*)\}")
_MARK = re.compile(r'"[^"]*"|[;{}]')

# The sides that a shorthand sets, in the order of its values. Indonesian is written from left to
# right, in lines from top to bottom.
_BLOCK, _INLINE = ("top", "bottom"), ("left", "right")
_SHORTHANDS = {
    "inset": ("top", "right", "bottom", "left"),
    "inset-block": _BLOCK,
    "inset-inline": _INLINE,
    **{
        f"{name}-{axis}": tuple(f"{name}-{side}" for side in sides)
        for name in ("margin", "padding", "scroll-padding")
        for axis, sides in (("block", _BLOCK), ("inline", _INLINE))
    },
    "inset-block-start": ("top",),
    "inset-block-end": ("bottom",),
    "inset-inline-start": ("left",),
    "inset-inline-end": ("right",),
}
# Of one to four values, which one each side gets.
_VALUES_OF_SIDES = {1: (0, 0, 0, 0), 2: (0, 1, 0, 1), 3: (0, 1, 2, 1), 4: (0, 1, 2, 3)}
_SHORTHAND = re.compile(rf"(?<=[;{{])({'|'.join(_SHORTHANDS)}):([^;}}!]+)(?=[;}}])")
_VALUE = re.compile(r"(?:[^\s()]|\((?:[^()]|\([^()]*\))*\))+")


def for_older_browsers(css: str) -> str:
    """The same rules, without layers and without those shorthands. css: minified.

    Rules stand in the order of their layers. It is for the sheets to see to it that a rule of a
    later layer is not outweighed by its selector; tests/browser/test_cascade.py compares.
    """
    order: list[str] = []
    rules: dict[str, list[str]] = {}
    for layer, rule in _in_layers(css, order):
        rules.setdefault(layer, []).append(rule)
    if unknown := rules.keys() - set(order):
        raise ValueError(f"no order is given for {sorted(unknown)}")
    unlayered = "".join(rule for layer in order for rule in rules.get(layer, ()))
    return _SHORTHAND.sub(_spelt_out, unlayered)


def _in_layers(css: str, order: list[str]) -> Iterator[tuple[str, str]]:
    """Each rule with its layer; the order of the layers is put into `order`."""
    for statement in _statements(css):
        if names := _LAYERS.fullmatch(statement):
            order += names[1].split(",")
        elif layer := _LAYER.fullmatch(statement):
            yield from ((layer[1], rule) for rule in _statements(layer[2]))
        elif around := _AROUND_LAYERS.fullmatch(statement):
            for name, rule in _in_layers(around[2], order):
                yield name, f"{around[1]}{{{rule}}}"
        else:
            raise ValueError(f"this rule stands in no layer: {statement[:60]}")


def _statements(css: str) -> Iterator[str]:
    """The rules of a sheet or of a block, one by one."""
    depth = start = 0
    for mark in _MARK.finditer(css):
        depth += {"{": 1, "}": -1}.get(mark[0], 0)
        if depth == 0 and mark[0] in ";}":
            yield css[start : mark.end()]
            start = mark.end()


def _spelt_out(declaration: re.Match[str]) -> str:
    """One declaration for each side."""
    sides, values = _SHORTHANDS[declaration[1]], _VALUE.findall(declaration[2])
    which = _VALUES_OF_SIDES[len(values)]
    return ";".join(f"{side}:{values[i]}" for side, i in zip(sides, which, strict=False))
