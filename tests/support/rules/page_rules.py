"""What must hold for every page and fragment that the app answers with.

Each rule is a generator of findings; `findings()` runs them all. A finding names the rule that
was broken and where, so that a failing test reads like a review comment.
"""

import base64
import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterator

from tests.support.clients.markup import SVG, Document, Element, flat, text_of
from tests.support.rules.html_vocabulary import misplaced, unknown_names

_UNLABELLED_INPUTS = frozenset({"hidden", "submit", "button", "reset", "image"})
_REFERENCES = (
    "aria-controls",
    "aria-describedby",
    "aria-labelledby",
    "aria-owns",
    "aria-activedescendant",
)
_URL_ATTRIBUTES = ("href", "src", "action", "formaction", "hx-get", "hx-post", "hx-push-url")
# Addresses that run code or hold data; the CSP would need a hole for them.
_CODE_ADDRESS = re.compile(r"\s*(javascript|data|vbscript):", re.IGNORECASE)

Rule = Callable[[Document], Iterator[str]]


def page_findings(document: Document, policy: str) -> list[str]:
    """Everything wrong with a whole page; `policy` is the Content-Security-Policy it came with."""
    rules = (*_FOR_ALL, *_FOR_PAGES, _errors_are_summed_up)
    return [
        *_findings(document, rules),
        *_inline_styles(document, policy),
        *_dots_are_said(document),
        *_calls_are_buttons(document),
    ]


def fragment_findings(document: Document) -> list[str]:
    """Everything wrong with what htmx is to put into a page."""
    return [
        *_findings(document, (*_FOR_ALL, *_FOR_FRAGMENTS)),
        *_dots_are_said(document),
        *_calls_are_buttons(document),
    ]


def findings_after_swap(document: Document, *, is_part: bool) -> list[str]:
    """Everything wrong with a page into which a fragment was swapped. `is_part`: only a part of the
    page was replaced, where the error stands at its field."""
    return _findings(
        document, (*_FOR_ALL, *_FOR_PAGES, *(() if is_part else (_errors_are_summed_up,)))
    )


# Shapes that passed. Rules ask whether there are words, never which, so the result holds for all
# pages of one shape.
_kept: set[tuple[str, tuple[Rule, ...]]] = set()


def _findings(document: Document, rules: tuple[Rule, ...]) -> list[str]:
    if (document.shape, rules) in _kept:
        return []
    found = [line for rule in rules for line in rule(document)]
    if not found:
        _kept.add((document.shape, rules))
    return found


def _parses(document: Document) -> Iterator[str]:
    for error in document.parse_errors:
        yield f"invalid HTML: {error}"


def _vocabulary(document: Document) -> Iterator[str]:
    for element in document.elements():
        yield from unknown_names(element.tag, list(map(str, element.attrib)))


def _nesting(document: Document) -> Iterator[str]:
    for element in document.elements():
        ancestors = [it.tag for it in document.ancestors(element)]
        if ancestors and (problem := misplaced(element.tag, ancestors[0], ancestors)):
            yield problem


def _unique_ids(document: Document) -> Iterator[str]:
    counts = Counter(it.get("id") for it in document.elements() if "id" in it.attrib)
    for name, count in counts.items():
        if count > 1:
            yield f"id {name!r} stands {count} times"
        if not name or re.search(r"\s", name):
            yield f"id {name!r} is empty or has spaces"


def _references(document: Document) -> Iterator[str]:
    ids = {it.get("id") for it in document.elements()}
    for element in document.elements():
        wanted = [(name, it) for name in _REFERENCES for it in element.get(name, "").split()]
        if element.tag == "label" and "for" in element.attrib:
            wanted.append(("for", element.get("for", "")))
        href = element.get("href", "")
        if element.tag == "a" and href.startswith("#"):
            wanted.append(("href", href[1:]))
        for attribute, name in wanted:
            if name not in ids:
                yield f"<{element.tag} {attribute}> points at {name!r}, which is not on the page"


def _labels(document: Document) -> Iterator[str]:
    for control in document.elements("input", "select", "textarea"):
        if control.tag == "input" and control.get("type", "text") in _UNLABELLED_INPUTS:
            continue
        if not document.name_of(control):
            yield f"<{control.tag} name={control.get('name')!r}> has no label"
        if "placeholder" in control.attrib:
            yield f"<{control.tag} name={control.get('name')!r}> has a placeholder, which vanishes"
    for group in document.elements("fieldset"):
        if not document.name_of(group):
            yield "a fieldset has no legend"
    for nav in document.elements("nav"):
        if not document.name_of(nav) or not (nav.get("aria-label") or nav.get("aria-labelledby")):
            yield "a nav has no label"


def _names(document: Document) -> Iterator[str]:
    for element in document.elements("a", "button", "summary"):
        if not document.name_of(element):
            yield f"<{element.tag} {_hint(element)}> has no name"
    for heading in document.elements("h1", "h2", "h3", "h4", "legend", "label"):
        if not document.name_of(heading):
            yield f"<{heading.tag}> is empty"
    for link in document.elements("a"):
        if flat(link.get("href", "")) in ("", "#"):
            yield f"<a {_hint(link)}> leads nowhere"
    for image in document.elements("img"):
        if "alt" not in image.attrib:
            yield f"<img {_hint(image)}> has no alt"
        if not image.get("width") or not image.get("height"):
            yield f"<img {_hint(image)}> has no size, so the page jumps when it arrives"
    for drawing in document.elements(f"{SVG}svg"):
        is_silent = drawing.get("aria-hidden") == "true"
        if not is_silent and not (drawing.get("role") == "img" and document.name_of(drawing)):
            yield "an svg is neither silent (aria-hidden) nor an image with a name"
        if missing := [
            it for it in ("width", "height", "fill", "stroke") if it not in drawing.attrib
        ]:
            yield f"an svg has no {missing}: a black square where no style is understood"
    for button in document.elements("button"):
        if button.get("type") not in ("submit", "button", "reset"):
            yield f"<button {_hint(button)}> has no type"


def _dots_are_said(document: Document) -> Iterator[str]:
    """The dots of masked numbers are for the eye; a word stands beside them for the ear. Asked of
    each page, since documents of one shape may differ in this."""
    for element in document.elements():
        dotted = "•" in (element.text or "") or any("•" in (it.tail or "") for it in element)
        if dotted and element.get("aria-hidden") != "true":
            yield f"<{element.tag} {_hint(element)}> shows dots that are read aloud (masked)"
        for name, value in element.attrib.items():
            if "•" in value:
                yield f"<{element.tag} {name}> has dots, beside which no word can stand"


_NOTICES = frozenset({"banner", "news", "error-summary"})


def _calls_are_buttons(document: Document) -> Iterator[str]:
    """Who is told to call, calls by one tap, from the very notice that says so."""
    for element in document.elements("div", "li"):
        if not _NOTICES.intersection(element.get("class", "").split()):
            continue
        is_told = "hubungi 165" in text_of(element).lower()
        links = [it for it in element.iter("a") if it.get("href") == "tel:165"]
        if is_told and not any(it.get("class") for it in links):
            yield f"<{element.tag} {_hint(element)}> says to call 165 without a button for it"


def _no_inline_code(document: Document) -> Iterator[str]:
    for element in document.elements():
        for name, value in element.attrib.items():
            if str(name).startswith(("on", "hx-on", "data-hx")):
                yield f"<{element.tag} {name}>: code in an attribute"
            if name == "style":
                yield f"<{element.tag} style>: style in an attribute"
            if str(name) in _URL_ATTRIBUTES and _CODE_ADDRESS.match(value):
                yield f"<{element.tag} {name}>: code in an address"
    for script in document.elements("script"):
        if not script.get("src") or flat("".join(script.itertext())):
            yield "a script stands in the page itself"


def _htmx(document: Document) -> Iterator[str]:
    for element in document.elements():
        if "[" in element.get("hx-trigger", ""):
            yield "hx-trigger has a filter, which fails open under the CSP"
        for name in ("hx-vals", "hx-headers", "hx-include"):
            if re.match(r"\s*(js|javascript):", element.get(name, "")):
                yield f"{name} holds code"
        if ("hx-post" in element.attrib or "hx-get" in element.attrib) and not (
            element.get("hx-target") and element.get("hx-swap")
        ):
            yield f"<{element.tag} {_hint(element)}> must name its own hx-target and hx-swap"


def _forms(document: Document) -> Iterator[str]:
    for form in document.elements("form"):
        method = form.get("method", "get").lower()
        hidden = {
            it.get("name"): it.get("value")
            for it in form.iter("input")
            if it.get("type") == "hidden"
        }
        if method == "post":
            if not hidden.get("csrf_token"):
                yield f"the form to {form.get('action')!r} has no CSRF token"
            if "novalidate" not in form.attrib:
                yield f"the form to {form.get('action')!r} lets the browser validate (novalidate)"
        if "hx-post" in form.attrib:
            if method != "post":
                yield f"the form to {form.get('hx-post')!r} does not work without JavaScript"
            # A disabled button loses the focus. A switch keeps it and drops a second tap instead.
            if "hx-disabled-elt" not in form.attrib and form.get("hx-sync") != "this:drop":
                yield f"the form to {form.get('hx-post')!r} may be sent twice (hx-disabled-elt)"
            if form.get("action") and form.get("action") != form.get("hx-post"):
                yield f"the form to {form.get('action')!r} goes elsewhere with htmx"
        if not any(
            (it.tag == "button" and it.get("type") == "submit") or it.get("type") == "image"
            for it in document.controls_of(form)
        ):  # fmt: skip
            yield f"the form to {form.get('action')!r} has no submit button"


def _errors_are_tied(document: Document) -> Iterator[str]:
    for control in document.elements("input", "select", "textarea"):
        if control.get("aria-invalid") != "true":
            continue
        error = f"{control.get('id')}-error"
        is_described = error in control.get("aria-describedby", "").split()
        if not is_described and control.get("type") != "radio":
            yield f"{control.get('name')!r} is invalid, but not described by its error"


def _errors_are_summed_up(document: Document) -> Iterator[str]:
    invalid = [it for it in document.elements() if it.get("aria-invalid") == "true"]
    summary = document.by_id("error-summary")
    links = set() if summary is None else {it.get("href", "")[1:] for it in summary.iter("a")}
    for control in invalid:
        if control.get("id") not in links and control.get("type") != "radio":
            yield f"{control.get('name')!r} is invalid, but the error summary does not lead to it"
    if (summary is not None) != document.title.startswith("Kesalahan:"):
        yield f"the title {document.title!r} and the error summary do not agree"
    if summary is not None and (summary.get("role"), summary.get("tabindex")) != ("alert", "-1"):
        yield "the error summary cannot be announced and focused"


def _one_heading(document: Document) -> Iterator[str]:
    headings = [flat("".join(it.itertext())) for it in document.elements("h1")]
    if len(headings) != 1:
        yield f"there must be one h1, not {len(headings)}: {headings}"


def _headings_step_down(document: Document) -> Iterator[str]:
    last = 0
    for heading in document.elements("h1", "h2", "h3", "h4"):
        level = int(heading.tag[1])
        if level > last + 1 and last:
            yield f"<h{level}> follows <h{last}>"
        last = level


def _frame_of_a_page(document: Document) -> Iterator[str]:
    root = next(document.elements("html"))
    if root.get("lang") != "id":
        yield "<html lang> is not id"
    if not document.title:
        yield "the page has no title"
    mains = list(document.elements("main"))
    if len(mains) != 1 or mains[0].get("id") != "main":
        yield "there must be one <main id=main>"
    viewports = [
        it.get("content", "") for it in document.elements("meta") if it.get("name") == "viewport"
    ]
    if len(viewports) != 1 or re.search("user-scalable|maximum-scale", viewports[0]):
        yield "there must be one viewport, and it must let people zoom"
    names = [it.get("name") for it in document.elements("meta")]
    for name in ("description", "theme-color"):
        if name not in names:
            yield f"<meta name={name}> is missing"


def _frame_of_a_fragment(document: Document) -> Iterator[str]:
    for element in document.elements("main", "link", "meta", "script", "style", "nav"):
        if element.tag != "nav":
            yield f"<{element.tag}> in a fragment"


def _inline_styles(document: Document, policy: str) -> Iterator[str]:
    for style in document.elements("style"):
        digest = hashlib.sha256("".join(style.itertext()).encode()).digest()
        if f"'sha256-{base64.b64encode(digest).decode()}'" not in policy:
            yield "a style element whose hash is not in the CSP"


def _hint(element: Element) -> str:
    shown = ("id", "name", "class", "href", "src")
    return " ".join(f"{name}={element.get(name)!r}" for name in shown if element.get(name))


_FOR_ALL: list[Rule] = [
    _parses, _vocabulary, _nesting, _unique_ids, _labels, _names, _no_inline_code, _htmx, _forms,
    _headings_step_down,
]  # fmt: skip
_FOR_PAGES: list[Rule] = [_references, _errors_are_tied, _one_heading, _frame_of_a_page]
_FOR_FRAGMENTS: list[Rule] = [_frame_of_a_fragment]
