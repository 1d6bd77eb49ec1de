"""The static files as browsers get them: bundled, minified, compressed, named by content.

Built once into a folder named by the digest of its sources, so that several processes may
start at once and an old page finds its old files until the folder is swept.
"""

import contextlib
import hashlib
import json
import mimetypes
import tempfile
from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path

import rcssmin
import rjsmin
from whitenoise.compress import Compressor

SOURCE = Path(__file__).resolve().parent / "static"
_PUBLISHED = ("icons", "screenshots")
_FORMAT = b"1"

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


def prepare(target: Path) -> Assets:
    """Build below `target` unless these very sources were built there before."""
    version = _digest_of_sources()
    folder = target / version
    if not folder.exists():
        target.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target) as draft:
            built = Path(draft) / "files"
            _build(built)
            # Another process may have been faster; its files are the same.
            with contextlib.suppress(OSError):
                built.rename(folder)
    urls = json.loads((folder / "urls.json").read_text())
    css = (folder / Path(urls["css/app.css"]).relative_to("/static")).read_text()
    css_hash = "sha256-" + b64encode(hashlib.sha256(css.encode()).digest()).decode()
    return Assets(folder, urls, css, css_hash, version)


def stylesheet() -> str:
    """Every stylesheet in the order of css/index.txt, minified."""
    names = (SOURCE / "css" / "index.txt").read_text().split()
    return str(rcssmin.cssmin("\n".join((SOURCE / "css" / name).read_text() for name in names)))


def script() -> str:
    """htmx and our own modules in one file: each request costs a slow phone a round trip."""
    own = sorted((SOURCE / "js").rglob("*.js"))
    modules = ["(()=>{'use strict';" + path.read_text() + "\n})();" for path in own]
    htmx = (SOURCE / "vendor" / "htmx" / "htmx.min.js").read_text()
    return htmx + "\n" + str(rjsmin.jsmin("\n".join(modules)))


def _build(folder: Path) -> None:
    folder.mkdir()
    urls = {}
    files = {"css/app.css": stylesheet().encode(), "js/app.js": script().encode()}
    for part in _PUBLISHED:
        for path in sorted((SOURCE / part).rglob("*")):
            if path.is_file():
                files[path.relative_to(SOURCE).as_posix()] = path.read_bytes()
    compressor = Compressor(quiet=True)
    for name, content in files.items():
        hashed = _hashed(name, content)
        path = folder / hashed
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        if compressor.should_compress(path.name):
            list(compressor.compress(str(path)))
        urls[name] = f"/static/{hashed}"
    (folder / "urls.json").write_text(json.dumps(urls))


def _hashed(name: str, content: bytes) -> str:
    stem, _, suffix = name.rpartition(".")
    return f"{stem}.{hashlib.sha256(content).hexdigest()[:10]}.{suffix}"


def _digest_of_sources() -> str:
    digest = hashlib.sha256(_FORMAT)
    for path in sorted(SOURCE.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(SOURCE).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:16]
