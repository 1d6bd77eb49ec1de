"""HTML as a tree that tests can query: labels, accessible names, the text that a person reads."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from tests.support.clients.html_parsers import (
    FRAGMENT,
    SVG,
    Element,
    Parsed,
    parsed,
    parsed_fragment,
)

__all__ = ["FRAGMENT", "SVG", "Document", "Element", "flat", "text_of"]

_UNREAD = frozenset({"script", "style", "template", "title", "head"})
_BLOCKS = frozenset(
    (
        "address article aside blockquote dd details dialog div dl dt fieldset figure footer form"
        " h1 h2 h3 h4 header hr legend li main nav ol option p section summary table td th tr ul"
    ).split()
)


class Document:
    """A whole page, or a fragment as it would stand inside an element of the page.

    `shape`: a digest without names and numbers. Documents of one shape keep the same page rules."""

    def __init__(self, parsed: Parsed) -> None:
        self.root = parsed.root
        self.parse_errors = parsed.errors
        self.shape = parsed.shape

    @classmethod
    @functools.lru_cache(maxsize=8)
    def of_page(cls, html: str) -> Document:
        """Parse a whole document. It is never changed, so the checks and the client share one."""
        return cls(parsed(html))

    @classmethod
    @functools.lru_cache(maxsize=8)
    def of_fragment(cls, html: str, container: str = "main") -> Document:
        """Parse what is put inside `container`."""
        return cls(parsed_fragment(html, container))

    def elements(self, *names: str) -> Iterator[Element]:
        """All elements in order, or those of these names; comments are left out."""
        for element in self.root.iter():
            is_real = isinstance(element.tag, str) and element.tag != FRAGMENT
            if is_real and (not names or element.tag in names):
                yield element

    def by_id(self, name: str) -> Element | None:
        """The first element with this id."""
        return next((it for it in self.elements() if it.get("id") == name), None)

    @functools.cached_property
    def parents(self) -> dict[Element, Element]:
        """Each element's parent."""
        return {child: parent for parent in self.root.iter() for child in parent}

    def ancestors(self, element: Element) -> Iterator[Element]:
        """From the parent up."""
        while (parent := self.parents.get(element)) is not None:
            yield parent
            element = parent

    @property
    def title(self) -> str:
        """The text of `<title>`."""
        return " ".join(flat("".join(it.itertext())) for it in self.elements("title"))

    @property
    def text(self) -> str:
        """What a person can read, one block a line."""
        return _read(self.root)

    def name_of(self, element: Element) -> str:
        """The accessible name of a control, link, image or group (shortened W3C algorithm)."""
        if ids := element.get("aria-labelledby"):
            return flat(
                " ".join(_content_name(it) for it in map(self.by_id, ids.split()) if it is not None)
            )
        if label := element.get("aria-label"):
            return flat(label)
        if element.tag in ("input", "select", "textarea"):
            return " ".join(filter(None, (_content_name(it) for it in self.labels_of(element))))
        if element.tag == "img":
            return flat(element.get("alt", ""))
        if element.tag == "fieldset":
            return " ".join(_content_name(it) for it in element if it.tag == "legend")
        return _content_name(element)

    def labels_of(self, control: Element) -> list[Element]:
        """The `<label>` elements of a control: by `for`, or around it."""
        found = [
            it
            for it in self.elements("label")
            if it.get("for") and it.get("for") == control.get("id")
        ]
        found += [it for it in self.ancestors(control) if it.tag == "label" and it not in found]
        return found

    def form_of(self, control: Element) -> Element | None:
        """The form with which a control is sent: the one that it names, or else the one around
        it."""
        if name := control.get("form"):
            return self.by_id(name)
        return next((it for it in self.ancestors(control) if it.tag == "form"), None)

    def controls_of(self, form: Element) -> Iterator[Element]:
        """The controls and buttons of this form, in order."""
        for control in self.elements("input", "select", "textarea", "button"):
            if self.form_of(control) is form:
                yield control

    def described_by(self, element: Element) -> str:
        """The text of everything that `aria-describedby` points at."""
        targets = map(self.by_id, element.get("aria-describedby", "").split())
        return flat(" ".join(_read(it) for it in targets if it is not None))


def text_of(element: Element) -> str:
    """What a person can read in this element, on one line."""
    return flat(_read(element))


def flat(text: str) -> str:
    """One line, single spaces, no-break and soft ones included."""
    return re.sub(r"\s+", " ", text.replace("\u00ad", "").replace("\u200b", "")).strip()


def _read(root: Element) -> str:
    lines: list[str] = [""]

    def visit(element: Element) -> None:
        if not isinstance(element.tag, str) or element.tag in _UNREAD or "hidden" in element.attrib:
            return
        is_block = element.tag in _BLOCKS
        if is_block or element.tag == "br":
            lines.append("")
        lines[-1] += element.text or ""
        for child in element:
            visit(child)
            lines[-1] += child.tail or ""
        if is_block:
            lines.append("")

    visit(root)
    return "\n".join(line for line in map(flat, lines) if line)


def _content_name(element: Element) -> str:
    parts: list[str] = []

    def visit(it: Element) -> None:
        if not isinstance(it.tag, str) or it.get("aria-hidden") == "true":
            return
        if it is not element and (label := it.get("aria-label")):
            parts.append(label)
            return
        if it.tag in ("img", "input"):
            parts.append(it.get("alt") or "")
        if it.tag in ("script", "style", "select", "textarea"):
            return
        parts.append(it.text or "")
        for child in it:
            visit(child)
            parts.append(child.tail or "")

    visit(element)
    return flat(" ".join(parts)) if element.tag.startswith(SVG) else flat("".join(parts))
