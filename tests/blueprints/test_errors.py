"""Each error has a page, whole and as a fragment, and never shows a stack trace."""

import io
import logging
import re
from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy import text
from werkzeug.exceptions import NotFound

from jkn.database import session, transaction
from jkn.web.access import public
from jkn.web.addresses import read_number
from tests.support.clients.forms import fill
from tests.support.clients.page_client import PageClient
from tests.support.rules.refusals import NOT_OUR_HOST
from tests.support.steps.sign_in_steps import sign_in
from tests.support.world.connected import ConnectedDatabase, taking_no_writes
from tests.support.world.factories import PASSWORD, make_account

FORM = {
    "NIK atau nomor kartu": "3276051703840001",
    "Kata sandi": PASSWORD,
    "Ketik angka di gambar": "12345",
}


def test_a_number_in_an_address_is_written_in_one_way_only(app: Flask) -> None:
    addresses = app.url_map.bind("localhost")
    numbered = [it for it in app.url_map.iter_rules() if re.search("<(int|id):", it.rule)]
    assert len(numbered) > 10
    for rule in numbered:
        (method, *_) = (rule.methods or set()) & {"GET", "POST"}
        for number in ("0", "01", "-1", "+1", "1_0", "\N{ARABIC-INDIC DIGIT ONE}", "\uff11"):
            with pytest.raises(NotFound):
                addresses.match(re.sub("<(int|id):[a-z_]+>", number, rule.rule), method)
        assert addresses.match(re.sub("<(int|id):[a-z_]+>", "10", rule.rule), method)


@pytest.mark.parametrize("text", ["", "-1", "+1", " 1", "1_0", "1.0", "\u0661", "\uff11", "²"])
def test_a_number_in_a_query_has_plain_digits_only(text: str) -> None:
    with pytest.raises(ValueError, match="no number"):
        read_number(text)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (403, "Halaman ini tidak bisa dibuka"),
        (429, "Terlalu banyak percobaan"),
        (500, "Ada masalah di sistem kami"),
        (503, "Layanan sedang terganggu"),
    ],
)
def test_each_failure_has_its_page_with_a_next_step(
    with_failures: Flask, client: PageClient, code: int, words: str
) -> None:
    client.get(f"/forced-{code}")
    assert client.status == code
    assert client.heading == words
    assert "165" in client.text


@pytest.mark.parametrize("code", [403, 429, 500, 503])
def test_each_failure_comes_as_a_fragment_too(
    with_failures: Flask, as_browser: PageClient, code: int
) -> None:
    answer = as_browser.app.test_client().get(f"/forced-{code}", headers={"HX-Request": "true"})
    assert answer.status_code == code
    assert "<html" not in answer.text
    assert answer.text.count("<h1") == 1


def test_an_unforeseen_failure_gives_a_reference_and_tells_nothing(
    with_failures: Flask, as_browser: PageClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        as_browser.get("/forced-500")
    assert "RuntimeError" not in as_browser.html
    assert "bocor" not in as_browser.html
    reference = next(
        line for line in as_browser.text.splitlines() if "Nomor bukti" in line
    ).split()[-1]
    assert any(reference in str(record.msg) for record in caplog.records)


def test_an_address_that_does_not_exist_is_not_found(client: PageClient) -> None:
    assert client.get("/tidak-ada").status == 404
    assert client.heading == "Halaman tidak ditemukan"
    assert client.follow("Ke halaman pertama").url == "/"


def test_somebody_signed_in_goes_back_to_beranda_from_there(client: PageClient) -> None:
    sign_in(client, make_account()).get("/tidak-ada")
    assert client.status == 404
    assert not client.shows("Ke halaman pertama")
    assert client.follow("Ke Beranda").url == "/beranda"


@pytest.mark.parametrize(("path", "method"), [("/masuk", "PUT"), ("/beranda", "DELETE")])
def test_a_method_that_a_page_does_not_know_is_refused(
    as_browser: PageClient, path: str, method: str
) -> None:
    answer = as_browser.app.test_client().open(path, method=method)
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]
    assert "Halaman ini tidak bisa dibuka langsung" in answer.text


@pytest.mark.parametrize("token", [None, "", "bukan-token"])
def test_a_form_without_a_good_token_changes_nothing(client: PageClient, token: str | None) -> None:
    account = make_account()
    client.get("/masuk")
    submission = fill(client.document, "MASUK", {**FORM, "NIK atau nomor kartu": account.nik})
    submission.fields = [
        (name, value if name != "csrf_token" else token)
        for name, value in submission.fields
        if name != "csrf_token" or token is not None
    ]  # type: ignore[misc]
    client.send(submission)
    assert client.status == 400
    assert client.heading == "Halaman ini sudah terlalu lama terbuka"
    assert client.get("/beranda").url == "/masuk"


def test_a_token_of_another_browser_is_refused(client: PageClient) -> None:
    other = client.another()
    other.get("/masuk")
    stolen = next(
        it.get("value", "")
        for it in other.document.elements("input")
        if it.get("name") == "csrf_token"
    )
    client.get("/masuk")
    submission = fill(client.document, "MASUK", FORM)
    submission.fields = [
        (name, stolen if name == "csrf_token" else value) for name, value in submission.fields
    ]
    assert client.send(submission).status == 400


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ],
)
def test_a_post_from_another_site_is_refused(
    as_browser: PageClient, headers: dict[str, str]
) -> None:
    as_browser.get("/masuk")
    submission = fill(as_browser.document, "MASUK", FORM)
    answer = as_browser.app.test_client(use_cookies=False).post(
        "/masuk",
        data=dict(submission.fields),
        headers={"Cookie": as_browser.cookies.header() or "", **headers},
    )
    assert answer.status_code == 403


@pytest.mark.parametrize("field", ["number", "password", "captcha_answer", "identity_type"])
@pytest.mark.parametrize("bad", ["\x00", "a\x00b", "\ufffd", "\x1b[31m", "\x7f"])
def test_unreadable_characters_are_refused(client: PageClient, field: str, bad: str) -> None:
    client.get("/masuk")
    submission = fill(client.document, "MASUK", FORM)
    submission.fields = [
        (name, bad if name == field else value) for name, value in submission.fields
    ]
    client.send(submission)
    assert client.status == 400
    assert client.heading == "Isian tidak bisa kami baca"


@pytest.mark.parametrize("bad", [b"\xff\xfe", b"%ff%fe", b"%ed%a0%80", b"%c0%80"])
def test_bytes_that_are_no_utf_8_are_refused(as_browser: PageClient, bad: bytes) -> None:
    as_browser.get("/masuk")
    submission = fill(as_browser.document, "MASUK", FORM)
    body = urlencode(submission.fields).encode() + b"&extra=" + bad
    answer = as_browser.app.test_client(use_cookies=False).post(
        "/masuk",
        data=body,
        content_type="application/x-www-form-urlencoded",
        headers={"Cookie": as_browser.cookies.header() or ""},
    )
    assert answer.status_code == 400
    assert "Isian tidak bisa kami baca" in answer.text


@pytest.mark.parametrize("bad", ["%ff%fe", "%ed%a0%80", "%c0%80"])
def test_addresses_that_are_no_utf_8_are_refused(as_browser: PageClient, bad: str) -> None:
    assert as_browser.app.test_client().get(f"/masuk?x={bad}").status_code == 400


def test_a_body_of_unknown_length_is_refused_not_cut_off(as_browser: PageClient) -> None:
    answer = as_browser.app.test_client().post(
        "/masuk",
        input_stream=io.BytesIO(b"number=1"),
        headers={"Transfer-Encoding": "chunked"},
        content_type="application/x-www-form-urlencoded",
    )
    assert answer.status_code == 411


@pytest.mark.parametrize("body", ['{"number": 5}', '{"number": ["1", "2"]}', "[]", "5"])
def test_json_is_no_form(as_browser: PageClient, body: str) -> None:
    as_browser.get("/masuk")
    token = dict(fill(as_browser.document, "MASUK", FORM).fields)["csrf_token"]
    answer = as_browser.app.test_client(use_cookies=False).post(
        "/masuk",
        data=body,
        content_type="application/json",
        headers={"Cookie": as_browser.cookies.header() or "", "X-CSRFToken": token},
    )
    assert answer.status_code == 415
    assert "Isian tidak bisa kami baca" in answer.text


@pytest.mark.parametrize(("fields", "is_refused"), [(100, False), (101, True)])
def test_more_than_a_hundred_fields_are_refused(
    as_browser: PageClient, fields: int, is_refused: bool
) -> None:
    body = "&".join(f"f{number}=1" for number in range(fields))
    answer = as_browser.app.test_client().post(
        "/masuk", data=body, content_type="application/x-www-form-urlencoded"
    )
    assert (answer.status_code == 413) is is_refused


def test_a_field_that_comes_twice_is_refused(client: PageClient) -> None:
    client.get("/masuk")
    submission = fill(client.document, "MASUK", FORM)
    submission.fields.append(("number", "3276051703840002"))
    assert client.send(submission).status == 400


@pytest.mark.parametrize("path", ["/masuk?a=1&a=2", "/masuk?x=%00", "/%00", "/kartu/%EF%BF%BD"])
def test_malformed_addresses_are_refused(as_browser: PageClient, path: str) -> None:
    assert as_browser.get(path).status in (400, 404)


def test_a_body_larger_than_the_limit_is_refused(client: PageClient) -> None:
    client.get("/masuk")
    submission = fill(client.document, "MASUK", {**FORM, "Kata sandi": "a" * 70_000})
    client.send(submission)
    assert client.status == 413
    assert client.heading == "Isian terlalu panjang"


def test_more_fields_than_any_form_has_are_refused(as_browser: PageClient) -> None:
    boundary = "x"
    parts = "".join(
        f'--{boundary}\r\nContent-Disposition: form-data; name="f{number}"\r\n\r\n1\r\n'
        for number in range(150)
    )
    answer = as_browser.app.test_client().post(
        "/masuk",
        data=f"{parts}--{boundary}--\r\n".encode(),
        content_type=f"multipart/form-data; boundary={boundary}",
    )
    assert answer.status_code == 413


def test_a_very_long_password_is_a_refusal_like_any_other(client: PageClient) -> None:
    account = make_account()
    client.get("/masuk")
    client.submit(
        "MASUK", {**FORM, "NIK atau nomor kartu": account.nik, "Kata sandi": PASSWORD * 500}
    )
    assert client.status == 422


@pytest.mark.settings(trusted_hosts=("jkn.example",), base_url="https://jkn.example")
@pytest.mark.parametrize("host", ["evil.example", "jkn.example.evil.example", "jkn.example:80@x"])
@pytest.mark.parametrize(
    "wrong_too", [{}, {"Transfer-Encoding": "chunked"}, {"Content-Type": "a/b"}]
)
def test_a_host_that_is_not_ours_is_refused(
    app: Flask, host: str, wrong_too: dict[str, str]
) -> None:
    answer = app.test_client().get("/", headers={"Host": host, **wrong_too})
    assert (answer.status_code, answer.text) == (400, NOT_OUR_HOST)
    assert app.test_client().get("/", headers={"Host": "jkn.example"}).status_code == 200


def test_when_the_database_is_away_the_page_says_so(as_browser: PageClient) -> None:
    sign_in(as_browser, make_account())
    with transaction():
        session.execute(text("ALTER TABLE sign_in_sessions RENAME TO gone"))
    as_browser.get("/beranda")
    assert as_browser.status in (500, 503)
    assert "Data Anda aman" in as_browser.text or "bukan salah Anda" in as_browser.text
    assert as_browser.follow("Coba lagi").url == "/beranda"


@pytest.mark.both_databases
def test_a_database_that_takes_no_writes_is_called_away(
    as_browser: PageClient, database: ConnectedDatabase
) -> None:
    as_browser.get("/masuk")
    with taking_no_writes(database):
        as_browser.submit("MASUK", FORM)
    assert as_browser.status == 503
    assert as_browser.response is not None
    assert as_browser.response.headers["Retry-After"] == "30"
    assert "Data Anda aman" in as_browser.text


def test_what_was_asked_wrongly_stays_a_fault_of_ours(
    with_failures: Flask, as_browser: PageClient
) -> None:
    """It is not called a database that is away, for which operators would look in vain."""

    def ask() -> None:
        session.connection().exec_driver_sql("SELECT ?", ())

    with_failures.add_url_rule("/forced-sql", view_func=public(ask))
    assert as_browser.get("/forced-sql").status == 500


# Browsers that keep no cookies


@pytest.mark.parametrize("path", ["/masuk", "/lupa-kata-sandi", "/daftar/pengguna-mobile"])
def test_a_browser_without_cookies_is_told_so(as_browser: PageClient, path: str) -> None:
    visitor = as_browser.app.test_client(use_cookies=False)
    form = {"csrf_token": "whatever"}
    told = visitor.post(path, data=form, headers={"Sec-Fetch-Site": "same-origin"})
    assert told.status_code == 400
    assert "Cookie di browser Anda mati" in told.text
    assert "terlalu lama terbuka" not in told.text
    assert "Nyalakan cookie" in told.text
