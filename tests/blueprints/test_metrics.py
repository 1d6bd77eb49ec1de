"""Metrics for Prometheus: exact, for operators only, and without personal data."""

import pytest
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text
from werkzeug.test import TestResponse

from jkn.database import session, transaction
from jkn.models import Channel
from jkn.services.access import registered_account
from jkn.services.credentials import passwords
from jkn.services.credentials.one_time_codes import Verdict
from jkn.services.messaging import deliveries
from tests.support.calls.code_calls import ask as ask_for_code
from tests.support.calls.code_calls import asked_by, code_in, give, waiting, write_message
from tests.support.calls.registration_calls import CLIENT, draft_of, proved
from tests.support.clients.page_client import PageClient
from tests.support.rules.canaries import CANARIES
from tests.support.steps.sign_in_steps import try_to_sign_in
from tests.support.world.clock import Clock
from tests.support.world.factories import PASSWORD, make_account

TOKEN = "a-token-of-the-tests-for-operators-0123456789"
Figures = dict[str, float]

with_token = pytest.mark.settings(metrics_token=TOKEN, web_threads=2)


def scrape(app: Flask, token: str = TOKEN) -> TestResponse:
    return app.test_client().get("/metrics", headers={"Authorization": f"Bearer {token}"})


def figures(app: Flask, family: str) -> Figures:
    """The samples of one metric family: labels and value, without zeros."""
    answer = scrape(app)
    assert answer.status_code == 200
    return {
        " ".join(it.labels[name] for name in sorted(it.labels)): it.value
        for found in text_string_to_metric_families(answer.text)
        for it in found.samples
        if it.name == family and it.value
    }


def test_without_a_token_in_the_settings_there_is_no_such_page(app: Flask) -> None:
    for token in ("", "x", TOKEN):
        answer = scrape(app, token)
        assert answer.status_code == 404
        assert "Halaman tidak ditemukan" in answer.text
        assert "jkn_" not in answer.text


@with_token
@pytest.mark.parametrize("token", ["", "x", f"{TOKEN}x", TOKEN[:-1], TOKEN.upper()])
def test_a_wrong_token_is_refused(app: Flask, token: str) -> None:
    answer = scrape(app, token)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert "jkn_" not in answer.text


@with_token
def test_figures_come_in_the_format_of_prometheus_and_are_not_kept(app: Flask) -> None:
    answer = scrape(app)
    assert answer.content_type.startswith("text/plain; version=")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers
    families = [it.name for it in text_string_to_metric_families(answer.text)]
    assert len(set(families)) == len(families)
    assert all(it.startswith("jkn_") for it in families)


@with_token
def test_sign_ins_are_counted_by_what_became_of_them(app: Flask, client: PageClient) -> None:
    account = make_account()
    try_to_sign_in(client, account.nik, captcha="54321")
    try_to_sign_in(client, account.nik, "bukan kata sandinya")
    with passwords.turn():
        try_to_sign_in(client, account.nik)
    try_to_sign_in(client, account.nik)
    other = client.another()
    for _ in range(6):
        try_to_sign_in(other, account.nik, "bukan kata sandinya")
    assert figures(app, "jkn_sign_ins_total") == {
        "wrong_captcha": 1, "no_match": 6, "busy": 1, "signed_in": 1, "wait": 1,
    }  # fmt: skip


@with_token
def test_an_account_that_was_made_is_counted_by_its_door(app: Flask) -> None:
    outcome = registered_account.register(draft_of(proved()), PASSWORD, CLIENT)
    assert isinstance(outcome, registered_account.SignedIn)
    assert figures(app, "jkn_registrations_total") == {"new_user": 1}


@with_token
def test_codes_are_counted_by_purpose_and_by_what_became_of_them(app: Flask) -> None:
    account = make_account()
    ask_for_code(asked_by(account.nik), account.phone)
    code = code_in(waiting()[-1].text)
    assert give(asked_by(account.nik), f"{(int(code) + 1) % 1_000_000:06}") is Verdict.WRONG
    assert give(asked_by(account.nik), code) is Verdict.RIGHT
    assert figures(app, "jkn_codes_total") == {
        "recovery asked": 1, "recovery wrong": 1, "recovery confirmed": 1,
    }  # fmt: skip


@with_token
def test_the_outbox_is_asked_at_each_scrape(app: Flask, clock: Clock) -> None:
    write_message()
    write_message(Channel.EMAIL)
    clock.advance(seconds=42)
    assert figures(app, "jkn_outbox_waiting") == {"sms": 1, "email": 1}
    assert figures(app, "jkn_outbox_oldest_seconds") == {"sms": 42, "email": 42}
    assert figures(app, "jkn_outbox_overdue_seconds") == {"sms": 42, "email": 42}
    deliveries.deliver_due()
    assert figures(app, "jkn_outbox_waiting") == {}
    assert figures(app, "jkn_outbox_finished_last_hour") == {
        "sms handed_over": 1, "email handed_over": 1,
    }  # fmt: skip
    account = make_account()
    ask_for_code(asked_by(account.nik), account.phone)
    clock.advance(minutes=11)
    deliveries.deliver_due()
    write_message(text="not readable")
    with transaction():
        session.execute(text("UPDATE outbox_messages SET content = 'x' WHERE state = 'waiting'"))
    deliveries.deliver_due()
    assert figures(app, "jkn_outbox_finished_last_hour")["sms expired"] == 1
    assert figures(app, "jkn_outbox_dead") == {"sms": 1}


@with_token
def test_answers_are_timed_by_route_and_never_by_path(app: Flask, as_browser: PageClient) -> None:
    try_to_sign_in(as_browser, make_account().nik)
    as_browser.get("/kartu/3276051703")
    as_browser.get("/3276051703840001")
    strange = app.test_client()
    strange.open("/masuk", method="NIK-3276051703840001")
    strange.open("/masuk", method="PUT")
    timed = figures(app, "jkn_request_seconds_count")
    assert {name: number for name, number in timed.items() if "metrics" not in name} == {
        "sign_in.index GET 2xx": 1,
        "sign_in.index POST 3xx": 1,
        "home.index GET 2xx": 1,
        "card.member GET 4xx": 1,
        "none GET 4xx": 1,
        "none other 4xx": 1,
        "none PUT 4xx": 1,
    }
    assert "3276051703" not in scrape(app).text
    every_bucket = figures(app, "jkn_request_seconds_bucket")
    assert every_bucket["home.index +Inf GET 2xx"] == 1
    assert figures(app, "jkn_request_seconds_sum")["home.index GET 2xx"] > 0


@with_token
def test_no_figure_tells_of_a_person(app: Flask, client: PageClient, clock: Clock) -> None:
    account = make_account()
    try_to_sign_in(client, account.nik, f"{account.nik} bukan")
    try_to_sign_in(client, str(account.phone))
    try_to_sign_in(client, account.nik)
    app.test_client().get(f"/cari/{account.nik}?nama={account.name}")
    for channel, to in ((Channel.SMS, account.phone), (Channel.EMAIL, account.email)):
        ask_for_code(asked_by(account.nik), to, channel)
        clock.advance(minutes=1)
    assert CANARIES.values("nik", "phone", "email", "password", "code", "cookie", "name")
    told = scrape(app).text
    assert CANARIES.found_in(told) == []
    assert client.cookies.header() not in told


@with_token
def test_what_was_counted_is_told_while_the_database_is_away(
    app: Flask, as_browser: PageClient
) -> None:
    as_browser.get("/masuk")
    with transaction():
        session.execute(text("ALTER TABLE outbox_messages RENAME TO gone"))
    assert figures(app, "jkn_database_up") == {}
    assert figures(app, "jkn_request_seconds_count")["sign_in.index GET 2xx"] == 1
    assert figures(app, "jkn_outbox_waiting") == {}
    with transaction():
        session.execute(text("ALTER TABLE gone RENAME TO outbox_messages"))
    assert figures(app, "jkn_database_up") == {"": 1}
