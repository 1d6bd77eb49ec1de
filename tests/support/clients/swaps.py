"""Swapping as htmx does it: which answer goes where, by the page's own htmx settings."""

import copy
import json
import re
from dataclasses import dataclass

from werkzeug.datastructures import Headers

from tests.support.clients.html_parsers import Parsed
from tests.support.clients.markup import Document, Element

_KNOWN_HEADERS = {
    "hx-redirect", "hx-refresh", "hx-push-url", "hx-replace-url", "hx-retarget", "hx-reswap",
}  # fmt: skip


@dataclass(frozen=True)
class Swap:
    """`target` is a CSS id selector, `style` one of innerHTML, outerHTML, none."""

    target: str
    style: str


def decide(document: Document, element: Element, status: int, headers: Headers) -> Swap | None:
    """Where htmx would put the answer to a request of `element`; None: nowhere."""
    unknown = [name for name, _ in headers if name.lower().startswith("hx-")]
    if unknown := [name for name in unknown if name.lower() not in _KNOWN_HEADERS]:
        raise AssertionError(f"the tests do not know {unknown}")
    handling = _handling(document, status)
    if not handling.get("swap"):
        return None
    target = headers.get("HX-Retarget") or handling.get("target") or element.get("hx-target")
    styles = (headers.get("HX-Reswap"), handling.get("swapOverride"), element.get("hx-swap"))
    style = next(filter(None, styles), "innerHTML")
    return Swap(str(target), str(style).split()[0])


def apply(document: Document, swap: Swap, html: str) -> Document:
    """The page after the swap. Raises AssertionError when the target is not there."""
    root = copy.deepcopy(document.root)
    after = Document(Parsed(root, [], ""))
    target = after.by_id(swap.target.removeprefix("#")) if swap.target.startswith("#") else None
    if target is None:
        raise AssertionError(f"htmx finds no {swap.target!r} on the page")
    outside = next(after.ancestors(target))
    container = target if swap.style == "innerHTML" else outside
    answer = Document.of_fragment(html, container=container.tag)
    fragment = copy.deepcopy(answer.root)
    _take_titles(after, fragment)
    _take_out_of_band(after, fragment)
    _keep_preserved(after, fragment)
    if swap.style == "innerHTML":
        for child in list(target):
            target.remove(child)
        target.text = fragment.text
        target.extend(fragment)
    elif swap.style == "outerHTML":
        _replace(outside, target, fragment)
    else:
        raise AssertionError(f"the tests do not know hx-swap {swap.style!r}")
    return Document(Parsed(root, [], f"{document.shape} {swap} {answer.shape}"))


def _handling(document: Document, status: int) -> dict[str, object]:
    for meta in document.elements("meta"):
        if meta.get("name") == "htmx-config":
            for entry in json.loads(meta.get("content", ""))["responseHandling"]:
                if re.match(entry["code"], str(status)):
                    return dict(entry)
    raise AssertionError("the page does not say how htmx handles answers (meta htmx-config)")


def _take_titles(document: Document, fragment: Element) -> None:
    for title in [it for it in fragment if it.tag == "title"]:
        for old in document.elements("title"):
            old.text = title.text
        _remove(fragment, title)


def _take_out_of_band(document: Document, fragment: Element) -> None:
    for element in [it for it in fragment if it.get("hx-swap-oob") == "true"]:
        old = document.by_id(element.get("id", ""))
        if old is None:
            raise AssertionError(f"no {element.get('id')!r} on the page to swap out of band")
        new = copy.deepcopy(element)
        del new.attrib["hx-swap-oob"]
        new.tail = None
        holder = Element("holder")
        holder.append(new)
        _replace(next(document.ancestors(old)), old, holder)
        _remove(fragment, element)


def _keep_preserved(document: Document, fragment: Element) -> None:
    """Keep elements with hx-preserve as the page has them; the answer only says where they
    stand."""
    for place in list(fragment.iter()):
        if place.get("hx-preserve") is None:
            continue
        kept = document.by_id(place.get("id", ""))
        if kept is None:
            raise AssertionError(f"no {place.get('id')!r} on the page to keep")
        holder = Element("holder")
        holder.append(copy.deepcopy(kept))
        holder[0].tail = None
        _replace(next(it for it in fragment.iter() if place in list(it)), place, holder)


def _replace(parent: Element, old: Element, content: Element) -> None:
    index = list(parent).index(old)
    new = list(content)
    if new:
        new[-1].tail = (new[-1].tail or "") + (old.tail or "")
    parent.remove(old)
    for offset, element in enumerate(new):
        parent.insert(index + offset, element)


def _remove(parent: Element, child: Element) -> None:
    parent.text = (parent.text or "") + (child.tail or "")
    parent.remove(child)
