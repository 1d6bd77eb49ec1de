"""What must hold for every answer to garbage."""

import gzip
from collections.abc import Collection, Iterator
from html import unescape

import brotli
from werkzeug.test import TestResponse

from tests.support.clients.markup import Document, text_of
from tests.support.rules.answers import header_findings
from tests.support.rules.page_rules import fragment_findings, page_findings

# The headings of error pages, by status. A refused form is answered with the form's own page.
HEADINGS = {
    400: ("Isian tidak bisa kami baca", "Halaman ini sudah terlalu lama terbuka"),
    403: ("Halaman ini tidak bisa dibuka",),
    # Removing a key that is gone is answered with the list as it is now.
    404: ("Halaman tidak ditemukan", "Login dengan Biometrik"),
    405: ("Halaman ini tidak bisa dibuka langsung",),
    410: ("Tautan sudah tidak berlaku",),
    411: ("Isian tidak bisa kami baca",),
    413: ("Isian terlalu panjang",),
    415: ("Isian tidak bisa kami baca",),
    416: ("Isian tidak bisa kami baca",),
    429: ("Terlalu banyak percobaan",),
}
# The one answer without a page: there is no address that it could link to.
NOT_OUR_HOST = "Alamat ini bukan alamat kami.\n"
INNARDS = ("Traceback", 'File "', "werkzeug", "sqlalchemy", "jinja2", "Bad Request", "Not Found")

_SHORTEST_SECRET = 6
_SHORTEST_MARKUP = 4


def findings(
    answer: TestResponse, *, said: Collection[str] = (), secrets: Collection[str] = ()
) -> Iterator[str]:
    """Everything wrong with the answer. `said`: what was sent, which may come back only as text.
    `secrets`: what must not come back at all."""
    text = _text_of(answer)
    if answer.status_code >= 500:
        yield f"it failed: {answer.status}"
    yield from header_findings(answer)
    yield from (f"{it!r} is shown" for it in INNARDS if it in text)
    if answer.mimetype == "text/html" and text and not answer.location:
        document, found = _read(answer, text)
        yield from found
        if answer.status_code >= 400:
            yield from _unclear(answer, document)
    elif answer.status_code >= 400 and text != NOT_OUR_HOST and not _is_bodiless(answer):
        yield f"{answer.status} without words: {text[:60]!r} ({answer.mimetype})"
    for it in said:
        if len(it) >= _SHORTEST_MARKUP and set(it) & set("<\"'") and it in text:
            yield f"sent back as it came: {it[:60]!r}"
    for it in secrets:
        if len(it.strip()) >= _SHORTEST_SECRET and it in unescape(text):
            yield f"a secret is sent back: {it[:60]!r}"


def _text_of(answer: TestResponse) -> str:
    if not (answer.mimetype or "").startswith("text/"):
        return ""
    unpacked = {"br": brotli.decompress, "gzip": gzip.decompress}
    encoding = answer.headers.get("Content-Encoding")
    return str((unpacked[encoding](answer.data) if encoding else answer.data).decode())


def _is_bodiless(answer: TestResponse) -> bool:
    return bool(answer.request.environ["REQUEST_METHOD"] == "HEAD")


def _read(answer: TestResponse, html: str) -> tuple[Document, list[str]]:
    if "<html" not in html:
        document = Document.of_fragment(html)
        return document, fragment_findings(document)
    document = Document.of_page(html)
    return document, page_findings(document, answer.headers.get("Content-Security-Policy", ""))


def _unclear(answer: TestResponse, document: Document) -> Iterator[str]:
    """The page must say in words of ours what happened."""
    if "HX-Retarget" in answer.headers:
        problems = [it for it in document.elements() if it.get("class") == "error"]
        if not any(text_of(it) for it in problems):
            yield f"a part that does not say what is wrong: {document.text[:80]!r}"
        return
    headings = [text_of(it) for it in document.elements("h1")]
    if len(headings) != 1:
        yield f"there must be one h1, not {headings}"
    summary = document.by_id("error-summary")
    if answer.status_code in (400, 422, 429) and summary is not None:
        if not list(summary.iter("a")):
            yield "the summary of errors is empty"
    elif headings[:1] != [it for it in HEADINGS.get(answer.status_code, ()) if it in headings]:
        yield f"{answer.status} is headed {headings}"
