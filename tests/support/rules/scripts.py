"""Pages and fragments load exactly the scripts of the custom elements in them.

The check reads the sources in another way than the app does: a folder of `jkn/static/js` is one
script, and an element belongs to the file in which `customElements.define` names it.
"""

import functools
import re
from collections.abc import Iterator
from pathlib import Path

from werkzeug.test import TestResponse

from jkn.assets import SOURCE, Assets
from tests.support.clients.markup import Document
from tests.support.rules import budgets

COMMON = "common"
_DEFINED = re.compile(r"customElements\.define\(\"([^\"]+)\"")


@functools.cache
def homes() -> dict[str, str]:
    """The folder of `js` in which each custom element is defined."""
    folder = SOURCE / "js"
    return {
        element: path.relative_to(folder).parts[0]
        for path in sorted(folder.rglob("*.js"))
        for element in _DEFINED.findall(path.read_text())
    }


def findings(assets: Assets, response: TestResponse, *, whole: bool) -> Iterator[str]:
    """Everything wrong with the scripts of this page, or of what htmx puts into one."""
    html = response.get_data(as_text=True)
    document = Document.of_page(html) if whole else Document.of_fragment(html)
    elements = {str(it.tag) for it in document.elements() if "-" in str(it.tag)}
    yield from (f"<{it}> has no script" for it in sorted(elements - homes().keys()))
    parts = {homes()[it] for it in elements & homes().keys()} - {COMMON}
    wanted = [assets.url(f"js/{it}.js") for it in sorted(parts)]
    if whole:
        wanted.insert(0, assets.url(f"js/{COMMON}.js"))
        loaded = [it.get("src", "") for it in document.elements("script")]
    else:
        loaded = response.headers.get("Scripts", "").split()
    if loaded != wanted:
        yield f"it loads {loaded}, and its elements need {wanted}"
    if (size := sum(_compressed(assets.folder, it) for it in loaded)) > budgets.PAGE_JS:
        yield f"{size} bytes of script; {budgets.PAGE_JS} are allowed"


@functools.cache
def _compressed(folder: Path, url: str) -> int:
    return (folder / f"{url.removeprefix('/static/')}.br").stat().st_size
