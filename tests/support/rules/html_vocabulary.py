"""The part of HTML that pages may use: elements, their attributes, and which elements hold which.

After the HTML Living Standard; what is obsolete there, or has no place in this app (frames,
plug-ins, inline style), is left out, so that a misspelt attribute or element is found.
"""

import re

from tests.support.clients.markup import FRAGMENT, SVG

_GLOBAL = set(
    "autofocus class dir hidden id inert lang role spellcheck tabindex title translate".split()
)
_LOAD = {"crossorigin", "fetchpriority", "integrity", "referrerpolicy"}

_ATTRIBUTES = {
    "a": "href hreflang download rel target",
    "abbr": "", "address": "", "article": "", "aside": "", "b": "", "bdi": "", "blockquote": "cite",
    "body": "", "br": "",
    "button": "aria-pressed disabled form formaction formmethod formnovalidate name"
              " popovertarget type value",
    "caption": "", "cite": "", "code": "", "data": "value", "datalist": "", "dd": "", "del": "",
    "details": "name open", "dialog": "open", "div": "", "dl": "", "dt": "", "em": "",
    "fieldset": "disabled form name", "figcaption": "", "figure": "", "footer": "",
    "form": "accept-charset action autocomplete enctype method name novalidate rel target",
    "h1": "", "h2": "", "h3": "", "h4": "", "head": "", "header": "", "hgroup": "", "hr": "",
    "html": "", "i": "",
    "img": "alt decoding height loading sizes src srcset width",
    "input": "accept alt autocapitalize autocomplete autocorrect checked disabled enterkeyhint"
             " form inputmode list max maxlength min minlength multiple name pattern placeholder"
             " readonly required size step type value",
    "ins": "", "kbd": "", "label": "for", "legend": "", "li": "value",
    "link": "as href hreflang media rel sizes type color",
    "main": "", "mark": "", "menu": "", "meta": "charset content media name property http-equiv",
    "meter": "max min value", "nav": "", "noscript": "", "ol": "reversed start type",
    "optgroup": "disabled label", "option": "disabled label selected value",
    "output": "for form name",
    "p": "", "picture": "", "pre": "", "progress": "max value", "q": "", "s": "", "samp": "",
    "script": "async defer nomodule src type", "search": "", "section": "",
    "select": "autocomplete disabled form multiple name required size",
    "small": "", "source": "media sizes src srcset type width height", "span": "", "strong": "",
    "style": "media", "sub": "", "summary": "", "sup": "", "table": "", "tbody": "",
    "td": "colspan headers rowspan", "template": "",
    "textarea": "autocapitalize autocomplete cols disabled enterkeyhint form maxlength minlength"
                " name placeholder readonly required rows wrap",
    "tfoot": "", "th": "abbr colspan headers rowspan scope", "thead": "", "time": "datetime",
    "title": "", "tr": "", "u": "", "ul": "", "var": "", "wbr": "",
    "audio": "autoplay controls loop muted preload src", "video": "",
}  # fmt: skip

# Only attributes that evaluate no code and stay the same in the next major version.
_HTMX = {
    f"hx-{name}"
    for name in (
        "delete disabled-elt encoding get headers history history-elt include indicator params"
        " patch post preserve push-url put replace-url select select-oob swap swap-oob sync target"
        " trigger vals"
    ).split()
}

_ARIA = set(
    (
        "activedescendant atomic autocomplete busy checked colcount colindex colspan controls"
        " current describedby description details disabled errormessage expanded flowto haspopup"
        " hidden invalid keyshortcuts label labelledby level live modal multiline multiselectable"
        " orientation owns placeholder posinset pressed readonly relevant required roledescription"
        " rowcount rowindex rowspan selected setsize sort valuemax valuemin valuenow valuetext"
    ).split()
)

PHRASING = frozenset(
    (
        "a abbr audio b bdi br button cite code data datalist del em i img input ins kbd label"
        " link mark meta meter noscript output picture progress q s samp script select small span"
        " strong sub sup template textarea time u var wbr"
    ).split()
)
# These hold text and phrasing elements alone (https://html.spec.whatwg.org/#phrasing-content).
_HOLDS_PHRASING = frozenset(
    (
        "abbr b bdi button cite code data em h1 h2 h3 h4 i kbd label legend mark output p pre q s"
        " samp small span strong sub summary sup time u var"
    ).split()
)
_HOLDS_ONLY = {
    "ul": {"li", "script", "template"},
    "ol": {"li", "script", "template"},
    "menu": {"li", "script", "template"},
    "dl": {"dt", "dd", "div", "script", "template"},
    "select": {"option", "optgroup", "hr"},
    "optgroup": {"option"},
    "tr": {"td", "th", "script", "template"},
}
_STANDS_IN = {
    "li": {"ul", "ol", "menu"},
    "dt": {"dl", "div"},
    "dd": {"dl", "div"},
    "legend": {"fieldset"},
    "summary": {"details"},
    "figcaption": {"figure"},
    "option": {"select", "optgroup", "datalist"},
}
_INTERACTIVE = frozenset("a button details input label select textarea".split())
_NO_INTERACTIVE_INSIDE = frozenset({"a", "button"})

_CUSTOM_ELEMENT = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)+\Z")


def is_custom(name: str) -> bool:
    """True for the name of a custom element."""
    return bool(_CUSTOM_ELEMENT.match(name))


def unknown_names(element: str, attributes: list[str]) -> list[str]:
    """The names of this element or its attributes that are not in the vocabulary."""
    if element.startswith(SVG):
        return [f"{name} on an svg element" for name in attributes if name.startswith("on")]
    if is_custom(element):
        return []
    if element not in _ATTRIBUTES:
        return [f"<{element}> is not an element that pages may use"]
    allowed = _GLOBAL | set(_ATTRIBUTES[element].split()) | _HTMX
    if element in ("img", "link", "script", "source", "audio", "video"):
        allowed = allowed | _LOAD
    return [
        f"<{element} {name}> is not an attribute that pages may use"
        for name in attributes
        if name not in allowed and not _is_aria(name) and not re.match(r"data-[a-z]", name)
    ]


def misplaced(element: str, parent: str, ancestors: list[str]) -> str | None:
    """Why this element may not stand here, or None. Ancestors are ordered from the parent up."""
    if element.startswith(SVG) or parent.startswith(SVG) or is_custom(parent):
        return None
    is_phrasing = element in PHRASING or is_custom(element)
    if parent in _HOLDS_PHRASING and not is_phrasing and element not in ("h1", "h2", "h3", "h4"):
        return f"<{element}> inside <{parent}>, which holds words only"
    if parent in _HOLDS_PHRASING - {"summary", "legend"} and element in ("h1", "h2", "h3", "h4"):
        return f"<{element}> inside <{parent}>, which holds words only"
    if parent in _HOLDS_ONLY and element not in _HOLDS_ONLY[parent]:
        return f"<{element}> directly inside <{parent}>"
    if element in _STANDS_IN and parent not in _STANDS_IN[element] and parent != FRAGMENT:
        return f"<{element}> inside <{parent}>"
    if element in _INTERACTIVE:
        for ancestor in ancestors:
            if ancestor in _NO_INTERACTIVE_INSIDE:
                return f"<{element}> inside <{ancestor}>: a control inside a control"
            if ancestor == "label" and element in ("a", "button", "label"):
                return f"<{element}> inside <label>: a control inside a control"
    if element in ("form", "main") and element in ancestors:
        return f"<{element}> inside <{element}>"
    return None


def _is_aria(name: str) -> bool:
    return name.startswith("aria-") and name.removeprefix("aria-") in _ARIA
