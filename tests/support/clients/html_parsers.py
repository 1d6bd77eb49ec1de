"""Parses HTML into trees with two parsers: one follows the rules of browsers, the other is ten
times as fast.

From test to test only names, numbers and tokens of a page vary. A page without them is its shape.
Each worker parses a shape strictly once. If the fast parser makes the same tree of it, that parser
reads all further pages of this shape.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import blake2b
from xml.etree import ElementTree as ET

import html5lib
from html5lib.constants import adjustSVGAttributes
from lxml import etree

Element = ET.Element

FRAGMENT = "DOCUMENT_FRAGMENT"
SVG = "{http://www.w3.org/2000/svg}"

# Text without entities, since an entity could be written wrongly.
_TEXT = re.compile(r">([^<&]+)<")
# Attributes that hold texts or values; others point from one element to another.
_SAID = re.compile(r'\b(value|alt|title|aria-label|datetime)="([^"&]+)"')
# The second one names the field that tells one visit from the next.
_TOKEN = re.compile(r"[A-Za-z0-9_=.-]{20,}|\bv-[0-9a-f]{6}\b")
_TITLE = re.compile(r"<title>([^<:]*:)?")

# An element without content, for which the fast parser waits for an end.
_UNKNOWN_AS_EMPTY = "wbr"

# Whether the fast parser may read this shape.
_is_easy: dict[str, bool] = {}


@dataclass(frozen=True)
class Parsed:
    """`errors`: places where browsers would have to guess."""

    root: Element
    errors: list[str]
    shape: str


def parsed(html: str) -> Parsed:
    """Parse a whole document."""
    return _parsed(html, None)


def parsed_fragment(html: str, container: str) -> Parsed:
    """Parse what is put inside an element of this name."""
    return _parsed(html, container)


def shape_of(html: str, container: str | None = None) -> str:
    """A digest of everything but words, numbers and tokens; empty texts stay empty."""
    begins = _TITLE.search(html)
    plain = _SAID.sub(_without_words, _TEXT.sub(_without_text, html))
    plain = _TOKEN.sub(_Ranks(), plain)
    about = f"{container}\0{begins and begins[1]}\0{plain}"
    return blake2b(about.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


class _Ranks:
    """Replaces the first token by 0, the next by 1, and so on: equal tokens stay equal."""

    def __init__(self) -> None:
        self._ranks: dict[str, int] = {}

    def __call__(self, match: re.Match[str]) -> str:
        return str(self._ranks.setdefault(match[0], len(self._ranks)))


def _without_text(match: re.Match[str]) -> str:
    return "> <" if match[1].isspace() else ">x<"


def _without_words(match: re.Match[str]) -> str:
    return f'{match[1]}=" "' if match[2].isspace() else f'{match[1]}="x"'


def _parsed(html: str, container: str | None) -> Parsed:
    shape = shape_of(html, container)
    if _is_easy.get(shape):
        return Parsed(_fast(html, container), [], shape)
    root, errors = _strict(html, container)
    if shape not in _is_easy:
        _is_easy[shape] = not errors and _flat(root) == _flat(_fast(html, container))
    return Parsed(root, errors, shape)


def _strict(html: str, container: str | None) -> tuple[Element, list[str]]:
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    root = parser.parseFragment(html, container) if container else parser.parse(html)
    errors = [
        f"line {line}: {code} {details.get('name', '')}".rstrip()
        for (line, _column), code, details in parser.errors
    ]
    return root, errors


def _fast(html: str, container: str | None) -> Element:
    whole = f"<div>{html}</div>" if container else html
    parser = etree.HTMLParser(target=_Builder(), huge_tree=True)
    try:
        root: Element = etree.fromstring(whole, parser)
    except (etree.XMLSyntaxError, ValueError, AssertionError):
        return Element("unreadable")
    if container:
        found = root.find("body/div")
        assert found is not None
        found.tag = FRAGMENT
        return found
    return root


class _Builder:
    """Builds the same elements as the strict parser."""

    def __init__(self) -> None:
        self._tree = ET.TreeBuilder()
        self._inside_drawing = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """The library's interface."""
        attributes = dict(attributes)
        if tag == "svg" or self._inside_drawing:
            self._inside_drawing += 1
            tag = SVG + tag
            attributes = {adjustSVGAttributes.get(it, it): attributes[it] for it in attributes}
        self._tree.start(tag, attributes)
        if tag == _UNKNOWN_AS_EMPTY:
            self._tree.end(tag)

    def end(self, tag: str) -> None:
        """The library's interface."""
        if tag == _UNKNOWN_AS_EMPTY:
            return
        if self._inside_drawing:
            self._inside_drawing -= 1
            tag = SVG + tag
        self._tree.end(tag)

    def data(self, text: str) -> None:
        """The library's interface."""
        self._tree.data(text)

    def close(self) -> Element:
        """The library's interface."""
        return self._tree.close()


def _flat(root: Element) -> list[tuple[str, dict[str, str], str, str]]:
    """All elements with their texts, without comments and without spaces that show nothing."""
    return [
        (
            it.tag,
            {str(name): value for name, value in it.attrib.items()},
            " ".join((it.text or "").split()),
            " ".join((it.tail or "").split()),
        )
        for it in root.iter()
        if isinstance(it.tag, str)
    ]
