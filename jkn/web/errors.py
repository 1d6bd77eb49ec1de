"""Pages for what goes wrong: each says what happened and what to do next."""

from dataclasses import dataclass, replace
from urllib.parse import quote

import structlog
from flask import Flask, g, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.exceptions import HTTPException, SecurityError
from werkzeug.wrappers import Response

from jkn import database
from jkn.web import bell
from jkn.web.rendering import render

log = structlog.get_logger("jkn.web")


@dataclass(frozen=True)
class ErrorPage:
    """`retry_url`: where trying again makes sense; None where it does not. `reference`: the
    request's id, which the person can tell the Care Center; None where there is nothing to look
    up."""

    code: int
    title: str
    text: str
    steps: tuple[str, ...]
    retry_url: str | None = None
    reference: str | None = None


_STALE_FORM = ErrorPage(
    400,
    "Halaman ini sudah terlalu lama terbuka",
    "Demi keamanan, isian dari halaman lama tidak kami terima. Tidak ada yang berubah.",
    ("Buka lagi halamannya.", "Isi sekali lagi, lalu kirim."),
)

_NO_COOKIES = ErrorPage(
    400,
    "Cookie di browser Anda mati",
    "Tanpa cookie, isian tidak bisa kami terima. Tidak ada yang berubah.",
    ("Nyalakan cookie di setelan browser Anda.", "Buka lagi halamannya, lalu isi sekali lagi."),
)

_PAGES = {
    page.code: page
    for page in (
        ErrorPage(
            400,
            "Isian tidak bisa kami baca",
            "Ada huruf atau data yang tidak dikenal. Tidak ada yang berubah.",
            ("Buka lagi halamannya.", "Ketik isiannya lagi dengan keyboard HP Anda."),
        ),
        ErrorPage(
            403,
            "Halaman ini tidak bisa dibuka",
            "Kiriman ini tidak datang dari halaman kami. Tidak ada yang berubah.",
            ("Buka aplikasi dari alamatnya sendiri.", "Ulangi dari awal di sana."),
        ),
        ErrorPage(
            404,
            "Halaman tidak ditemukan",
            "Alamatnya mungkin salah ketik, atau halamannya sudah tidak ada.",
            ("Periksa alamatnya.", "Atau mulai lagi lewat tombol di bawah."),
        ),
        ErrorPage(
            405,
            "Halaman ini tidak bisa dibuka langsung",
            "Halaman ini hanya terbuka lewat tombol di aplikasi.",
            ("Kembali ke halaman sebelumnya.", "Tekan tombolnya di sana."),
        ),
        ErrorPage(
            413,
            "Isian terlalu panjang",
            "Isian itu melebihi batas kami. Tidak ada yang berubah.",
            ("Kembali ke halaman sebelumnya.", "Perpendek isian, lalu kirim lagi."),
        ),
        ErrorPage(
            429,
            "Terlalu banyak percobaan",
            "Kami membatasi percobaan untuk menjaga akun semua orang.",
            ("Tunggu beberapa menit.", "Lalu coba lagi."),
        ),
        ErrorPage(
            500,
            "Ada masalah di sistem kami",
            "Ini bukan salah Anda. Masalah ini sudah kami catat.",
            ("Tunggu sebentar, lalu coba lagi.", "Masih gagal? Hubungi 165."),
        ),
        ErrorPage(
            503,
            "Layanan sedang terganggu",
            "Sistem kami sedang sibuk atau diperbaiki. Data Anda aman.",
            ("Tunggu beberapa menit.", "Lalu coba lagi."),
        ),
    )
}


def init_app(app: Flask) -> None:
    """Every error gets its page, as a page and as a fragment."""
    # Flask would raise while testing. Tests must see the page that people would get.
    app.config["PROPAGATE_EXCEPTIONS"] = False

    @app.errorhandler(CSRFError)
    def stale_form(_error: CSRFError) -> Response:
        # Who has opened a page of ours has a cookie, unless the browser keeps none.
        page = _STALE_FORM if request.cookies else _NO_COOKIES
        return _answer(replace(page, retry_url=_retry_url()))

    @app.errorhandler(PoolTimeoutError)
    def database_is_away(error: Exception) -> Response:
        log.error("database_unavailable", exc_info=error)
        answer = _answer(replace(_PAGES[503], retry_url=_retry_url()))
        answer.headers["Retry-After"] = "30"
        return answer

    @app.errorhandler(DBAPIError)
    def database_refused(error: DBAPIError) -> Response:
        return database_is_away(error) if database.is_unavailable(error) else failed(error)

    @app.errorhandler(SecurityError)
    def not_our_host(_error: SecurityError) -> Response:
        # Plain text instead of a page: links need a trusted host, and this request has none.
        return Response("Alamat ini bukan alamat kami.\n", 400)

    @app.errorhandler(HTTPException)
    def refused(error: HTTPException) -> Response | HTTPException:
        code = error.code or 500
        if code < 400 or error.response is not None:
            return error
        page = _PAGES.get(code) or _PAGES[400 if code < 500 else 500]
        if code >= 500:
            log.error("request_refused", code=code, endpoint=request.endpoint)
        answer = _answer(replace(page, code=code, retry_url=_retry_url(code)))
        answer.headers.extend(
            (name, value) for name, value in error.get_headers() if name in ("Allow", "Retry-After")
        )
        return answer

    @app.errorhandler(Exception)
    def failed(error: Exception) -> Response:
        log.error("request_failed", exc_info=error)
        return _answer(replace(_PAGES[500], retry_url=_retry_url()))


def _answer(page: ErrorPage) -> Response:
    if page.code >= 500:
        page = replace(page, reference=g.request_id)
    # When the database failed, it was perhaps never found out whether somebody is signed in.
    g.setdefault("is_signed_in", False)
    if page.code >= 500:
        bell.keep_silent()
    try:
        return render("errors/page.html", status=page.code, error=page)
    except Exception as error:
        # Even the error page failed: people still get plain text, and operators the cause.
        log.error("error_page_failed", exc_info=error)
        number = f" Nomor bukti {page.reference}." if page.reference else ""
        return Response(f"{page.title}. {page.text} Hubungi 165.{number}\n", page.code)


def _retry_url(code: int = 400) -> str | None:
    """The page of this address, when it has one that could work next time."""
    if code in (404, 405) or request.url_rule is None:
        return None
    return quote(request.path) if "GET" in (request.url_rule.methods or ()) else None
