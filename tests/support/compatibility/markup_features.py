"""What pages and headers need a browser to know: elements, attributes, header fields, directives.

Named as people write them: `<dialog>`, `inputmode=`, `Clear-Site-Data:`, `report-to;`.
"""

import re
from collections.abc import Iterable

_JINJA = re.compile(r"\{[{%#].*?[}%#]\}", re.DOTALL)
_TAG = re.compile(r"<([a-z][a-z0-9-]*)((?:\s+[^\s=>\"']+(?:=(?:\"[^\"]*\"|'[^']*'|[^\s>]+))?)*)")
_ATTRIBUTE = re.compile(r"([^\s=>\"']+)(?:=(?:\"([^\"]*)\"|'[^']*'|[^\s>]+))?")
# Of no meaning to browsers by themselves: ours, htmx's, and for who hears the page.
_NO_ONES = re.compile(r"(data|hx|aria)-|class$|id$")
_HEADER = re.compile(r"headers(?:\.setdefault\(|\.get\(|\[)\"([A-Z][\w-]+)\"")
# htmx reads these, no browser.
_FOR_SCRIPTS = re.compile(r"HX-|Scripts$")


def in_templates(texts: Iterable[str]) -> set[str]:
    """Elements and attributes of templates; custom elements are ours."""
    found = set()
    for text in texts:
        for name, attributes in _TAG.findall(_JINJA.sub(" ", text)):
            if "-" not in name:
                found.add(f"<{name}>")
            for attribute, value in _ATTRIBUTE.findall(attributes):
                if _NO_ONES.match(attribute) or "-" in name:
                    continue
                found.add(f"{attribute}=")
                if attribute == "autocomplete":
                    found |= {f"autocomplete={word}" for word in value.split()}
    return found


def in_sources(texts: Iterable[str]) -> set[str]:
    """Header fields that the code sets, or asks for, one by one."""
    names = {name for text in texts for name in _HEADER.findall(text)}
    return {f"{name}:" for name in names if not _FOR_SCRIPTS.match(name)}


def in_headers(headers: Iterable[tuple[str, str]]) -> set[str]:
    """Header fields of an answer, and the directives of its policy."""
    found = set()
    for name, value in headers:
        found.add(f"{name}:")
        if name == "Content-Security-Policy":
            found |= {f"{it.split()[0]};" for it in value.split(";") if it.strip()}
    return found
