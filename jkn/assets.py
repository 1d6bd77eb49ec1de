"""The static files as browsers get them: bundled, minified, compressed, named by content.

Put into one folder when the app starts. What a file is called changes with what is in it, so
files of earlier releases stay beside today's, and a page opened yesterday still finds its own.
"""

import hashlib
import mimetypes
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

mimetypes.add_type("image/webp", ".webp")


@dataclass(frozen=True)
class Assets:
    """`urls`: address by source name, for instance "css/app.css". `css`: the whole bundle, to be
    inlined, and `css_hash` as the content security policy wants it."""

    folder: Path
    urls: dict[str, str]
    css: str
    css_hash: str
    version: str

    def url(self, name: str) -> str:
        """The address of a static file. Raises KeyError for a name that does not exist."""
        return self.urls[name]


def prepare(folder: Path) -> Assets:
    """Put what is missing into `folder`; several processes may do so at once."""
    files = {"css/app.css": stylesheet().encode(), "js/app.js": script().encode()}
    for part in _PUBLISHED:
        for path in sorted((SOURCE / part).rglob("*")):
            if path.is_file():
                files[path.relative_to(SOURCE).as_posix()] = _published(path)
    urls = {name: f"/static/{_publish(folder, name, content)}" for name, content in files.items()}
    css = files["css/app.css"]
    css_hash = "sha256-" + b64encode(hashlib.sha256(css).digest()).decode()
    version = hashlib.sha256(" ".join(urls.values()).encode()).hexdigest()[:16]
    return Assets(folder, urls, css.decode(), css_hash, version)


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


def script() -> str:
    """htmx and our own modules in one file: each request costs a slow phone a round trip."""
    own = sorted((SOURCE / "js").rglob("*.js"))
    modules = ["(()=>{'use strict';" + path.read_text() + "\n})();" for path in own]
    htmx = (SOURCE / "vendor" / "htmx" / "htmx.min.js").read_text()
    return htmx + "\n" + str(rjsmin.jsmin("\n".join(modules)))


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
