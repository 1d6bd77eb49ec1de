"""The static files as browsers get them: joined, minified, compressed, named by content.

Put into one folder when the app starts. What a file is called changes with what is in it, so
files of earlier releases stay beside today's, and a page opened yesterday still finds its own.
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

SOURCE = Path(__file__).resolve().parent / "static"
_PUBLISHED = ("icons", "screenshots", "workers")
_DARK = "dark.css"
_COMMON = "common"
# The name of a custom element (HTML 4.13.3) where it begins.
_ELEMENT = re.compile(r"<([a-z]+(?:-[a-z]+)+)")

mimetypes.add_type("image/webp", ".webp")


@dataclass(frozen=True)
class Assets:
    """`urls`: address by source name, for instance "css/app.css". `scripts`: the address of its
    script by the name of a custom element, those of the common script aside. `css`: the whole
    style sheet, to be inlined, and `css_hash` as the content security policy wants it."""

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
        """The addresses of the scripts that this HTML needs beside the common one: each custom
        element in it brings its own along."""
        found = set(_ELEMENT.findall(html)) & self.scripts.keys()
        return sorted({self.scripts[name] for name in found})


def prepare(folder: Path) -> Assets:
    """Put what is missing into `folder`; several processes may do so at once."""
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
    css_hash = "sha256-" + b64encode(hashlib.sha256(css).digest()).decode()
    version = hashlib.sha256(" ".join(urls.values()).encode()).hexdigest()[:16]
    return Assets(folder, urls, scripts, css.decode(), css_hash, version)


def stylesheet() -> str:
    """Every stylesheet in the order of css/index.txt, minified."""
    names = (SOURCE / "css" / "index.txt").read_text().split()
    return str(rcssmin.cssmin("\n".join(_style(name) for name in names)))


def _style(name: str) -> str:
    """One of them. The dark paints hold twice: chosen, and following the phone where nothing was
    chosen. CSS that old phones know, too, cannot say "or" across a media query."""
    text = (SOURCE / "css" / name).read_text()
    if name != _DARK:
        return text
    by_phone = text.replace(".dark", ":root:not(.light)")
    return f"{text}\n@media (prefers-color-scheme: dark) {{\n{by_phone}}}"


def script(part: str) -> str:
    """The modules of one folder of `js` in one file: each request costs a slow phone a round trip.
    The common one begins with htmx."""
    own = sorted((SOURCE / "js" / part).rglob("*.js"))
    text = str(rjsmin.jsmin("\n".join(_module(path) for path in own)))
    if part != _COMMON:
        return text
    return (SOURCE / "vendor" / "htmx" / "htmx.min.js").read_text() + "\n" + text


def elements(part: str) -> list[str]:
    """The custom elements that this script defines: each is a module of its name."""
    return sorted(path.stem for path in (SOURCE / "js" / part / "elements").glob("*.js"))


def _module(path: Path) -> str:
    """One module, whose names are its own. An element that the page knows already stays as it is:
    a page may be older than the script that an answer of today brings along."""
    known = f"customElements.get('{path.stem}')||" if path.parent.name == "elements" else ""
    return f"{known}(()=>{{'use strict';{path.read_text()}\n}})();"


def _publish(folder: Path, name: str, content: bytes) -> str:
    """The name under which this content is served; written and compressed unless it is there."""
    hashed = _hashed(name, content)
    path = folder / hashed
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        # Finished aside and moved into place with its compressed forms before it: whoever
        # finds the file finds it whole.
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
