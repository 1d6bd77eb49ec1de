"""What a script needs a browser to know: syntax, and the names of what browsers offer.

A script is cut into tokens, so that words in strings and comments count for nothing. Syntax is
named as people write it: `?.`, `??=`, `catch without a name`, `class field`. Of the names, those
are looked at that stand after a point or alone; whether a name is the browser's or ours, only a
browser can tell (`platform_names`). Keys of option objects look like our own: they are found
where the table of features knows them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from playwright.sync_api import Page, Worker

_TOKEN = re.compile(
    r"""(?P<space>\s+|//[^\n]*|/\*.*?\*/)
    |(?P<number>\d[\d_]*(?:\.\d+)?(?:e[+-]?\d+)?n?|\.\d+|0x[\da-f_]+n?)
    |(?P<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
    |(?P<name>\#?[A-Za-z_$][\w$]*)
    |(?P<mark>>>>=|\.\.\.|===|!==|\*\*=|<<=|>>=|>>>|&&=|\|\|=|\?\?=|=>|==|!=|<=|>=|&&|\|\||\?\?
        |\?\.(?!\d)|\+\+|--|\+=|-=|\*=|/=|%=|&=|\|=|\^=|<<|>>|\*\*|[{}()\[\];,<>+\-*/%&|^!~?:=.@])""",
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
_PATTERN = re.compile(r"/(?![*/])(?:[^/\\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/[a-z]*")
_IN_TEMPLATE = re.compile(r"(?:[^`\\$]|\\.|\$(?!\{))*", re.DOTALL)
# After these a slash divides; after everything else it begins a pattern.
_ENDS_VALUE = re.compile(r"[\w$)\]}\"'`]\Z")
_BEFORE_PATTERN = {"return", "typeof", "case", "in", "of", "delete", "void", "await", "yield"}

_MARKS = {"?.", "??", "??=", "||=", "&&=", "**", "**=", "=>", "..."}
_KEYWORDS = set(
    "async await class const let static super yield import export extends get set".split()
)
_PATTERN_PARTS = {
    "(?<=": "lookbehind in a pattern",
    "(?<!": "lookbehind in a pattern",
    r"\p{": "property of characters in a pattern",
}


@dataclass(frozen=True)
class Token:
    """`kind`: number, string, pattern, template, name or mark."""

    kind: str
    text: str


def tokens(script: str) -> list[Token]:
    """The script without its spaces and comments. Raises ValueError where it cannot be read."""
    found: list[Token] = []
    end = _read(script, 0, found)
    if end != len(script):
        raise ValueError(f"this cannot be read: {script[end : end + 40]!r}")
    return found


def _read(script: str, position: int, found: list[Token], *, in_template: bool = False) -> int:
    """Tokens from `position` on, to the end or to the brace that closes a part of a template."""
    depth = 0
    while position < len(script):
        if script[position] == "`":
            position = _read_template(script, position, found)
            continue
        match = _PATTERN.match(script, position) if _may_begin_pattern(found) else None
        if match:
            found.append(Token("pattern", match[0]))
            position = match.end()
            continue
        match = _TOKEN.match(script, position)
        if not match:
            return position
        depth += {"{": 1, "}": -1}.get(match[0], 0)
        if in_template and depth < 0:
            return position
        if match.lastgroup and match.lastgroup != "space":
            found.append(Token(match.lastgroup, match[0]))
        position = match.end()
    return position


def _read_template(script: str, position: int, found: list[Token]) -> int:
    found.append(Token("template", "`"))
    position += 1
    while True:
        text = _IN_TEMPLATE.match(script, position)
        position = text.end() if text else position
        if script.startswith("`", position):
            return position + 1
        if not script.startswith("${", position):
            raise ValueError(f"a template does not end: {script[position : position + 40]!r}")
        position = _read(script, position + 2, found, in_template=True) + 1


def _may_begin_pattern(found: list[Token]) -> bool:
    if not found:
        return True
    last = found[-1]
    return last.text in _BEFORE_PATTERN or not _ENDS_VALUE.search(last.text)


def syntax(found: list[Token]) -> set[str]:
    """The parts of the language that it is written in."""
    return {it for finder in (_of_single, _of_neighbours, _of_classes) for it in finder(found)}


def _of_single(found: list[Token]) -> Iterator[str]:
    for token in found:
        if token.text in (_MARKS if token.kind == "mark" else _KEYWORDS):
            yield token.text
        elif token.kind == "name" and token.text.startswith("#"):
            yield "private name"
        elif token.kind == "template":
            yield "template"
        elif token.kind == "number" and "_" in token.text:
            yield "number with groups"
        elif token.kind == "number" and token.text.endswith("n"):
            yield "number without bounds"
        elif token.kind == "pattern":
            yield from (name for part, name in _PATTERN_PARTS.items() if part in token.text)
            yield from (f"pattern with {it}" for it in token.text.rpartition("/")[2])
            if re.search(r"\(\?<\w", token.text):
                yield "named group in a pattern"


def _of_neighbours(found: list[Token]) -> Iterator[str]:
    for one, next_one in pairwise(found):
        pair = (one.text, next_one.text)
        if pair == ("catch", "{"):
            yield "catch without a name"
        elif pair == ("{", "..."):
            yield "spread of an object"
        elif pair == ("for", "await"):
            yield "for await"
        elif pair in (("import", "("), ("import", ".")):
            yield "import as an expression"


def _of_classes(found: list[Token]) -> Iterator[str]:
    """Fields and blocks in the body of a class: names there that no bracket follows."""
    is_class: list[bool] = []
    begins = False
    for before, token, after in zip(["", *found], found, [*found[1:], None], strict=False):
        if token.text == "class" and getattr(before, "text", "") != ".":
            begins = True
        elif token.text == "{":
            if is_class and is_class[-1] and getattr(before, "text", "") == "static":
                yield "static block"
            is_class.append(begins)
            begins = False
        elif token.text == "}" and is_class:
            is_class.pop()
        elif (
            is_class
            and is_class[-1]
            and token.kind == "name"
            and getattr(before, "text", "") in ("{", "}", ";", "static")
            and after is not None
            and after.text in ("=", ";", "}")
        ):
            yield "class field"


def names(found: list[Token]) -> set[str]:
    """Names after a point (`.abort`), of a thing that begins with a capital (`AbortSignal.abort`),
    and alone (`fetch`)."""
    result = set()
    before: Token | None = None
    thing: Token | None = None
    for token in found:
        if token.kind == "name" and not token.text.startswith("#"):
            if before is not None and before.text in (".", "?."):
                is_static = thing is not None and re.match(r"[A-Z][a-z]", thing.text)
                result.add(f"{thing.text if thing and is_static else ''}.{token.text}")
            else:
                result.add(token.text)
        thing, before = before, token
    return result


# Of the names given, those that this browser offers: to every script by themselves, or as a part
# of anything that it offers.
_ASK = """names => {
  const parts = new Set();
  for (const name of Object.getOwnPropertyNames(globalThis)) {
    let thing;
    try { thing = globalThis[name]; } catch { continue; }
    if (typeof thing !== "function" || !/^[A-Z]/.test(name) || !thing.prototype) continue;
    for (const part of Object.getOwnPropertyNames(thing.prototype)) parts.add(part);
  }
  const isOffered = (name) => {
    const [thing, part] = name.includes(".") ? name.split(".") : [name];
    if (!part) return thing in globalThis && !(thing in blank);
    if (!thing) return parts.has(part);
    const whole = globalThis[thing];
    return whole != null && part in Object(whole);
  };
  const blank = {};
  return names.filter(isOffered);
}"""


def platform_names(page: Page | Worker, candidates: set[str]) -> set[str]:
    """Those of the names that are the browser's, as this page sees it."""
    found: list[str] = page.evaluate(_ASK, sorted(candidates))
    return set(found)
