"""Every request has an id and one line in the log, so that it can be found again."""

import json
import logging
import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from jkn.database import session, transaction
from jkn.logs import mask
from tests.support.clients.page_client import PageClient
from tests.support.steps.sign_in_steps import try_to_sign_in
from tests.support.world.collected_logs import collected_logs
from tests.support.world.factories import make_account

MADE = re.compile(r"[B-Z]{4}-[B-Z]{4}-[B-Z]{4}")
BY_PROXY = "7f3a-0c11d2e4-b5a6"
# Texts that the log would mask, or that are no ids.
NOT_TAKEN = ["", "short12", "x" * 65, "has space", "a_b_c_d_e", "kode=048213", "é" * 9,
             "3276051703840001", "NIK-3276051703840001-x", "048213", "a.b@example.id"]  # fmt: skip

behind_a_proxy = pytest.mark.settings(proxy_hops=1)
as_json = pytest.mark.settings(env="production", base_url="https://localhost", captcha="picture")

Line = dict[str, Any]


def lines(app: Flask, caplog: pytest.LogCaptureFixture) -> list[Line]:
    """The lines that were logged since the last call, as fields."""
    said = [it.msg for it in caplog.records if isinstance(it.msg, dict)]
    caplog.clear()
    return said


def test_a_request_leaves_one_line_that_says_what_and_how_long(
    app: Flask, as_browser: PageClient, caplog: pytest.LogCaptureFixture
) -> None:
    try_to_sign_in(as_browser, make_account().nik)
    as_browser.get("/kartu/999")
    said = lines(app, caplog)
    assert [(it["event"], it["endpoint"], it["method"], it["status"]) for it in said] == [
        ("request", "sign_in.index", "GET", 200),
        ("request", "sign_in.index", "POST", 303),
        ("request", "home.index", "GET", 200),
        ("request", "card.member", "GET", 404),
    ]
    assert all(it["ms"] >= 0 for it in said)
    assert len({it["request_id"] for it in said}) == 4
    known = {"event", "endpoint", "method", "status", "ms", "request_id", "level", "logger",
             "timestamp"}  # fmt: skip
    assert all(set(it) == known for it in said)


def test_neither_path_nor_question_nor_address_is_written(app: Flask) -> None:
    with collected_logs() as written:
        visitor = app.test_client()
        visitor.get("/kartu/31415?nama=Wulan", environ_base={"REMOTE_ADDR": "203.0.113.77"})
        visitor.get("/tidak-ada/rahasia", headers={"Referer": "http://localhost/asal"})
        visitor.open("/masuk", method="RAHASIA")
    assert len(written) == 3
    for hidden in ("31415", "Wulan", "203.0.113.77", "rahasia", "RAHASIA", "asal", "/"):
        assert hidden not in re.sub(r"\[[^]]*m", "", "".join(written)), written


def test_the_answer_tells_its_id(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    for path in ("/", "/masuk", "/beranda", "/tidak-ada", "/health/live", "/sw.js"):
        told = app.test_client().get(path).headers["X-Request-ID"]
        assert MADE.fullmatch(told)
        assert [it["request_id"] for it in lines(app, caplog)] == [told]


def test_every_line_logged_while_answering_has_the_id(
    with_failures: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    told = with_failures.test_client().get("/forced-500").headers["X-Request-ID"]
    said = lines(with_failures, caplog)
    assert [it["event"] for it in said] == ["request_failed", "request"]
    assert {it["request_id"] for it in said} == {told}


def test_a_line_logged_afterwards_has_no_id(
    app: Flask, as_browser: PageClient, caplog: pytest.LogCaptureFixture
) -> None:
    import structlog

    as_browser.get("/")
    lines(app, caplog)
    structlog.get_logger("jkn").info("between_requests")
    (said,) = lines(app, caplog)
    assert "request_id" not in said


@pytest.mark.parametrize("code", [500, 501, 502, 503])
def test_a_page_of_ours_that_failed_shows_the_id_as_nomor_bukti(
    with_failures: Flask, client: PageClient, code: int, caplog: pytest.LogCaptureFixture
) -> None:
    client.get(f"/forced-{code}")
    assert client.response is not None
    told = client.response.headers["X-Request-ID"]
    assert f"Kesalahan {code}. Nomor bukti {told}" in client.text
    assert "Kalau menghubungi 165, sebutkan nomor bukti ini." in client.text
    assert told in {it["request_id"] for it in lines(with_failures, caplog)}


def test_the_page_for_a_database_that_is_away_shows_it_too(as_browser: PageClient) -> None:
    try_to_sign_in(as_browser, make_account().nik)
    with transaction():
        session.execute(text("ALTER TABLE sign_in_sessions RENAME TO gone"))
    as_browser.get("/beranda")
    assert as_browser.status >= 500
    assert as_browser.response is not None
    assert f"Nomor bukti {as_browser.response.headers['X-Request-ID']}" in as_browser.text


def test_words_instead_of_a_page_tell_it_as_well(with_failures: Flask) -> None:
    with_failures.jinja_env.globals.clear()
    answer = with_failures.test_client().get("/forced-500")
    assert answer.status_code == 500
    assert f"Hubungi 165. Nomor bukti {answer.headers['X-Request-ID']}." in answer.text


@pytest.mark.parametrize("code", [400, 403, 404, 413, 429])
def test_an_error_of_the_client_has_no_nomor_bukti(
    with_failures: Flask, as_browser: PageClient, code: int
) -> None:
    assert as_browser.get(f"/forced-{code}").status == code
    assert "ukti" not in as_browser.text


@behind_a_proxy
@pytest.mark.parametrize("given", [BY_PROXY, "a" * 8, "Z" * 64, "12345678"])
def test_the_id_of_the_proxy_in_front_is_taken(
    app: Flask, given: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert mask(given) == given
    answer = app.test_client().get("/", headers={"X-Request-ID": given})
    assert answer.headers["X-Request-ID"] == given
    assert [it["request_id"] for it in lines(app, caplog)] == [given]


@behind_a_proxy
@pytest.mark.parametrize("given", NOT_TAKEN)
def test_an_id_that_the_log_would_mask_is_not_taken(
    app: Flask, given: str, caplog: pytest.LogCaptureFixture
) -> None:
    answer = app.test_client().get("/", headers={"X-Request-ID": given})
    assert MADE.fullmatch(answer.headers["X-Request-ID"])
    assert not given or given not in str(lines(app, caplog))


@pytest.mark.parametrize("given", [BY_PROXY, "a" * 8])
@pytest.mark.parametrize(
    "hops", [None, pytest.param(0, marks=pytest.mark.settings(proxy_hops=0))], ids=str
)
def test_without_a_proxy_no_client_chooses_the_id(app: Flask, hops: int | None, given: str) -> None:
    assert app.extensions["settings"].proxy_hops == hops
    answer = app.test_client().get("/", headers={"X-Request-ID": given})
    assert MADE.fullmatch(answer.headers["X-Request-ID"])


@pytest.mark.settings(metrics_token="a-token-of-the-tests-for-operators-0123456789")
def test_health_checks_are_logged_only_when_something_is_wrong(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        for path in ("/health/live", "/health/ready"):
            assert app.test_client().get(path).status_code == 200
        assert lines(app, caplog) == []
        with transaction():
            session.execute(text("ALTER TABLE outbox_messages RENAME TO gone"))
        assert app.test_client().get("/health/ready").status_code == 503
        app.test_client().get("/metrics")
    assert [(it["event"], it.get("status")) for it in lines(app, caplog)] == [
        ("database_does_not_answer", None), ("request", 503), ("request", 401),
    ]  # fmt: skip


@as_json
def test_a_log_collector_reads_the_line_as_json(app: Flask) -> None:
    with collected_logs() as written:
        app.test_client().get("/bantuan")
    (line,) = [json.loads(it) for it in written]
    assert (line["event"], line["endpoint"], line["status"]) == ("request", "help.index", 200)
    assert isinstance(line["ms"], float)
