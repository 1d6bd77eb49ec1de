"""The static files as browsers get them: joined, minified, compressed, and named by their content.

They are put into one folder when the app starts. A file's name changes with its content, so files
of earlier releases stay beside today's, and a page that was opened yesterday still finds its own.
"""

import hashlib
import mimetypes
import re
import tempfile
from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path

import rcssmin
import rjsmin
from whitenoise.compress import Compressor

from jkn.stylesheet import for_older_browsers

SOURCE = Path(__file__).resolve().parent / "static"
_PUBLISHED = ("icons", "prefetch", "screenshots", "workers")
_DARK = "dark.css"
_COMMON = "common"
# The start tag of a custom element (HTML 4.13.3), with its name.
_ELEMENT = re.compile(r"<([a-z]+(?:-[a-z]+)+)")

mimetypes.add_type("image/webp", ".webp")


@dataclass(frozen=True)
class Assets:
    """`urls`: the address of each file by its source name, such as "css/app.css". `scripts`: for
    each custom element that the common script does not define, the address of its script. `css`:
    the whole style sheet, to be inlined; `css_hash`: its hash for the content security policy.
    `version`: changes when any file does."""

    folder: Path
    urls: dict[str, str]
    scripts: dict[str, str]
    css: str
    css_hash: str
    version: str

    def url(self, name: str) -> str:
        """The address of a static file. Raises KeyError for a name that does not exist."""
        return self.urls[name]

    def scripts_for(self, html: str) -> list[str]:
        """The addresses of the scripts that this HTML needs beside the common one, for the custom
        elements in it."""
        found = set(_ELEMENT.findall(html)) & self.scripts.keys()
        return sorted({self.scripts[name] for name in found})


def prepare(folder: Path) -> Assets:
    """Put the files that are missing into `folder`. Several processes may do so at once."""
    modules = (path.relative_to(SOURCE / "js") for path in (SOURCE / "js").rglob("*.js"))
    parts = sorted({path.parts[0] for path in modules})
    files = {"css/app.css": stylesheet().encode()}
    files |= {f"js/{part}.js": script(part).encode() for part in parts}
    for part in _PUBLISHED:
        for path in sorted((SOURCE / part).rglob("*")):
            if path.is_file():
                files[path.relative_to(SOURCE).as_posix()] = _published(path)
    urls = {name: f"/static/{_publish(folder, name, content)}" for name, content in files.items()}
    scripts = {
        element: urls[f"js/{part}.js"]
        for part in parts
        if part != _COMMON
        for element in elements(part)
    }
    css = files["css/app.css"]
    version = hashlib.sha256(" ".join(urls.values()).encode()).hexdigest()[:16]
    return Assets(folder, urls, scripts, css.decode(), hash_of(css), version)


def hash_of(css: bytes) -> str:
    """How a content security policy names a style sheet inside a page."""
    return "sha256-" + b64encode(hashlib.sha256(css).digest()).decode()


def stylesheet() -> str:
    """Every stylesheet in one, minified, in words that older browsers know."""
    return for_older_browsers(layered_stylesheet())


def layered_stylesheet() -> str:
    """Every stylesheet in the order of css/index.txt, minified, as it was written."""
    names = (SOURCE / "css" / "index.txt").read_text().split()
    return str(rcssmin.cssmin("\n".join(_style(name) for name in names)))


def _style(name: str) -> str:
    """One stylesheet. The dark colours are written twice: for people who chose them, and for phones
    that are set to dark where nothing was chosen. In CSS that old phones know, one rule cannot
    cover a class and a media query."""
    text = (SOURCE / "css" / name).read_text()
    if name != _DARK:
        return text
    by_phone = text.replace(".dark", ":root:not(.light)")
    return f"{text}\n@media (prefers-color-scheme: dark) {{\n{by_phone}}}"


def script(part: str) -> str:
    """The modules of one folder of `js` in one file, since each request costs a slow phone a round
    trip. The common script begins with htmx."""
    own = sorted((SOURCE / "js" / part).rglob("*.js"))
    modules = "\n".join(_module(path) for path in own)
    text = str(rjsmin.jsmin(f"(()=>{{'use strict';{modules}}})();"))
    if part != _COMMON:
        return text
    return (SOURCE / "vendor" / "htmx" / "htmx.min.js").read_text() + "\n" + text


def elements(part: str) -> list[str]:
    """The custom elements that this script defines: each is a module with the element's name."""
    return sorted(path.stem for path in (SOURCE / "js" / part / "elements").glob("*.js"))


def _module(path: Path) -> str:
    """One module, in a scope of its own. An element that the page has defined already stays as it
    is: a page may be older than the script that comes with a later answer."""
    known = f"customElements.get('{path.stem}')||" if path.parent.name == "elements" else ""
    return f"{known}(()=>{{{path.read_text()}\n}})();"


def _publish(folder: Path, name: str, content: bytes) -> str:
    """The name under which this content is served; written and compressed unless it is there."""
    hashed = _hashed(name, content)
    path = folder / hashed
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        # Written elsewhere and then moved into place, the compressed forms first: a process that
        # finds the file finds all of it.
        with tempfile.TemporaryDirectory(dir=path.parent) as draft:
            written = Path(draft) / path.name
            written.write_bytes(content)
            compressor = Compressor(quiet=True)
            if compressor.should_compress(path.name):
                for compressed in compressor.compress(str(written)):
                    Path(compressed).replace(path.parent / Path(compressed).name)
            written.replace(path)
    return hashed


def _published(path: Path) -> bytes:
    if path.suffix == ".js":
        return str(rjsmin.jsmin(path.read_text())).encode()
    return path.read_bytes()


def _hashed(name: str, content: bytes) -> str:
    stem, _, suffix = name.rpartition(".")
    return f"{stem}.{hashlib.sha256(content).hexdigest()[:10]}.{suffix}"
