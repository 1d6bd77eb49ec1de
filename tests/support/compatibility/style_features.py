"""What a style sheet needs a browser to know: at-rules, selectors, properties, values, units.

Each is named as people write it: `@media (scripting)`, `:has()`, `gap`, `gap in flex`,
`display: grid`, `min()`, `repeat(): auto-fit`, `unit dvh`, `colour with alpha`.
"""

from collections.abc import Iterable, Iterator

import tinycss2
from tinycss2.ast import (
    AtRule,
    Declaration,
    DimensionToken,
    FunctionBlock,
    HashToken,
    IdentToken,
    LiteralToken,
    Node,
    ParenthesesBlock,
    QualifiedRule,
    SquareBracketsBlock,
)

# Values that name something of our own.
_OWN_NAMES = {"counter-reset", "counter-increment"}
_FLEX = {"flex", "inline-flex"}


def parsed(css: str) -> list[Node]:
    """The rules of a sheet."""
    return list(tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True))


def rules_in(block: list[Node]) -> list[Node]:
    """The rules of an at-rule that holds some."""
    return list(tinycss2.parse_rule_list(block, skip_comments=True, skip_whitespace=True))


def declarations_in(block: list[Node]) -> list[Declaration]:
    """The declarations of a rule."""
    return [it for it in _parts(block) if isinstance(it, Declaration)]


def _parts(block: list[Node]) -> list[Node]:
    return list(tinycss2.parse_blocks_contents(block, skip_comments=True, skip_whitespace=True))


def features(css: str) -> set[str]:
    """Everything that this sheet uses."""
    rules = parsed(css)
    own = {it for rule in rules for it in _keyframe_names(rule)}
    return {it for rule in rules for it in _of_rule(rule)} - {f"animation: {name}" for name in own}


def _keyframe_names(rule: Node) -> Iterator[str]:
    if isinstance(rule, AtRule) and rule.lower_at_keyword == "keyframes":
        yield tinycss2.serialize(rule.prelude).strip()
    elif isinstance(rule, AtRule) and rule.content is not None:
        for it in rules_in(rule.content):
            yield from _keyframe_names(it)


def _of_rule(rule: Node) -> Iterator[str]:
    if isinstance(rule, QualifiedRule):
        yield from of_selector(rule.prelude)
        if any(isinstance(it, QualifiedRule) for it in _parts(rule.content)):
            yield "&"
        declarations = declarations_in(rule.content)
        yield from (it for one in declarations for it in of_declaration(one))
        if is_flex(declarations) and any(it.lower_name == "gap" for it in declarations):
            yield "gap in flex"
    elif isinstance(rule, AtRule):
        yield from of_at_rule(rule)
        if rule.lower_at_keyword == "keyframes":
            for frame in rules_in(rule.content):
                for one in declarations_in(frame.content):
                    yield from of_declaration(one)
        elif rule.content is not None:
            yield from (it for inner in rules_in(rule.content) for it in _of_rule(inner))


def of_at_rule(rule: AtRule) -> Iterator[str]:
    """The rule by its name, and what its condition asks for. `@supports` is for asking whether a
    property is missing: `inset (missing)`."""
    name = f"@{rule.lower_at_keyword}"
    yield name
    if name == "@media":
        for block in rule.prelude:
            if isinstance(block, ParenthesesBlock):
                asked = next(it for it in block.content if isinstance(it, IdentToken))
                yield f"@media ({asked.lower_value})"
    elif name == "@supports":
        for block in rule.prelude:
            if isinstance(block, ParenthesesBlock):
                asked = next(it for it in block.content if isinstance(it, IdentToken))
                yield f"{asked.lower_value} (missing)"


def of_selector(tokens: Iterable[Node]) -> Iterator[str]:
    """Its pseudo-classes and pseudo-elements; two colons make an element."""
    colons = ""
    for token in tokens:
        if isinstance(token, LiteralToken) and token.value == ":":
            colons += ":"
            continue
        if colons and isinstance(token, IdentToken):
            yield f"{colons}{token.lower_value}"
        if colons and isinstance(token, FunctionBlock):
            yield f"{colons}{token.lower_name}()"
            if token.lower_name == "not" and not _is_simple(token.arguments):
                yield ":not() with several"
            yield from of_selector(token.arguments)
        if isinstance(token, SquareBracketsBlock) and _ends_in_flag(token):
            yield "attribute selector with a flag"
        colons = ""


def _is_simple(selector: list[Node]) -> bool:
    """One class, attribute or the like, which is all that `:not()` took before 2021."""
    parts = sum(
        it.type in ("ident", "hash", "[] block", "function")
        or (isinstance(it, LiteralToken) and it.value in ("*", ","))
        for it in selector
    )
    return parts == 1


def _ends_in_flag(block: SquareBracketsBlock) -> bool:
    words = [it for it in block.content if it.type != "whitespace"]
    return len(words) > 3 and isinstance(words[-1], IdentToken)


def of_declaration(declaration: Declaration) -> Iterator[str]:
    """The property and what its value is made of."""
    name = declaration.lower_name
    is_variable = name.startswith("--")
    yield "variables" if is_variable else name
    for token in declaration.value:
        if isinstance(token, IdentToken) and not is_variable and name not in _OWN_NAMES:
            yield f"{name}: {token.lower_value}"
        yield from _of_value(token)


def _of_value(token: Node) -> Iterator[str]:
    if isinstance(token, DimensionToken):
        yield f"unit {token.lower_unit}"
    elif isinstance(token, HashToken) and len(token.value) in (4, 8):
        yield "colour with alpha"
    elif isinstance(token, FunctionBlock):
        yield f"{token.lower_name}()"
        for inner in token.arguments:
            if isinstance(inner, IdentToken) and token.lower_name not in ("var", "counter"):
                yield f"{token.lower_name}(): {inner.lower_value}"
            yield from _of_value(inner)
    elif isinstance(token, ParenthesesBlock):
        yield from (it for inner in token.content for it in _of_value(inner))


def is_flex(declarations: list[Declaration]) -> bool:
    """True for the declarations of a box whose children stand in a flexible line."""
    return any(
        it.lower_name == "display" and tinycss2.serialize(it.value).strip() in _FLEX
        for it in declarations
    )
