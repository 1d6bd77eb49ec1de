"""Floods of requests are recorded without filling the audit log, and are answered as before."""

from collections import Counter

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from jkn import create_app
from jkn.extensions import limiter
from jkn.models import EventKind
from jkn.services.audit import audit_log
from jkn.services.audit.audit_log import FREELY_CAUSED
from jkn.settings import Settings
from tests.support.clients.forms import fill
from tests.support.clients.page_client import PageClient
from tests.support.steps.activity_steps import kinds_of
from tests.support.steps.recovery_steps import NEW_PASSWORD, START, begin, prove_by_code
from tests.support.steps.sign_in_steps import sign_in, try_to_sign_in
from tests.support.world.clock import Clock
from tests.support.world.factories import make_account, new_nik
from tests.support.world.ports import reserved_port
from tests.support.world.programs import ToolMissing, skip_without
from tests.support.world.queries import QueryCounter
from tests.support.world.redis_server import running_redis

ALLOWED = 60
REFRESH = "/captcha/masuk"
EXCESS, SEQUENCE = EventKind.EXCESS_RATE_LIMIT, EventKind.SEQUENCE_FAIL


def refresh(app: Flask, times: int, source: str = "203.0.113.7") -> Counter[int]:
    """Ask for captchas without being signed in."""
    visitor = app.test_client()
    return Counter(
        visitor.get(REFRESH, environ_base={"REMOTE_ADDR": source}).status_code for _ in range(times)
    )


def test_steps_out_of_order_are_recorded_up_to_a_limit_and_all_answered_alike(
    client: PageClient,
) -> None:
    account = make_account()
    prove_by_code(client, account)
    last = fill(client.document, "Simpan kata sandi baru", {"Kata sandi baru": NEW_PASSWORD})
    begin(client, new_nik(account.birth_date))
    for _ in range(FREELY_CAUSED.burst + 10):
        assert client.send(last).url == f"{START}/cara"
    recorded = Counter(kinds_of(None))
    assert (recorded[SEQUENCE], recorded[EXCESS]) == (FREELY_CAUSED.burst, 1)


def test_a_flood_of_wrong_captchas_is_recorded_once_as_a_flood_and_keeps_nobody_out(
    as_browser: PageClient,
) -> None:
    account = make_account()
    texts = set()
    for _ in range(FREELY_CAUSED.burst + 5):
        texts.add(try_to_sign_in(as_browser, account.nik, captcha="99999").errors["captcha_answer"])
    assert len(texts) == 1
    recorded = Counter(kinds_of(None))
    assert recorded == {EventKind.AUTHN_CAPTCHA_FAIL: FREELY_CAUSED.burst, EXCESS: 1}
    sign_in(as_browser, account)
    assert EventKind.AUTHN_LOGIN_SUCCESS in kinds_of(account)


def test_asking_too_often_is_recorded_once(app: Flask) -> None:
    assert refresh(app, ALLOWED) == {303: ALLOWED}
    assert kinds_of(None) == []
    assert refresh(app, 100) == {429: 100}
    assert kinds_of(None) == [EXCESS]
    refresh(app, ALLOWED + 1, "203.0.113.8")
    assert kinds_of(None) == [EXCESS] * 2


def test_a_flood_is_turned_away_without_the_database(
    as_browser: PageClient, queries: QueryCounter
) -> None:
    refresh(as_browser.app, ALLOWED + 1)
    with queries.at_most(0):
        refresh(as_browser.app, 50)


def test_all_limits_of_one_source_are_one_event(as_browser: PageClient) -> None:
    app = as_browser.app
    refresh(app, ALLOWED + 1)
    visitor, source = app.test_client(), {"REMOTE_ADDR": "203.0.113.7"}
    answers = [visitor.get(f"{REFRESH}/otomatis", environ_base=source) for _ in range(ALLOWED + 1)]
    assert answers[-1].status_code == 429
    assert kinds_of(None) == [EXCESS]


def test_a_flood_that_lasts_is_recorded_every_ten_minutes(
    as_browser: PageClient, clock: Clock
) -> None:
    for _ in range(3):
        for _ in range(2):
            refresh(as_browser.app, ALLOWED + 1)
            clock.advance(minutes=5)
    assert kinds_of(None) == [EXCESS] * 3


def test_the_event_of_a_signed_in_person_names_the_account(client: PageClient) -> None:
    account = make_account()
    sign_in(client, account)
    refresh(client.app, ALLOWED, "127.0.0.1")
    client.get(REFRESH)
    assert client.status == 429
    assert kinds_of(account)[-1] is EXCESS
    assert kinds_of(None) == []


def test_an_event_that_cannot_be_written_changes_no_answer(
    as_browser: PageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_about: object) -> None:
        raise OperationalError("", {}, Exception())

    monkeypatch.setattr(audit_log, "log_rate_limited_request", fail)
    assert refresh(as_browser.app, ALLOWED + 5) == {303: ALLOWED, 429: 5}


@pytest.mark.parametrize("database_copies", ["sqlite"], indirect=True)
def test_processes_that_share_a_store_record_it_once(settings: Settings) -> None:
    try:
        with running_redis() as url:
            shared = settings.model_copy(update={"redis_url": url})
            assert refresh(create_app(shared), ALLOWED + 5) == {303: ALLOWED, 429: 5}
            assert refresh(create_app(shared), 5) == {429: 5}
            assert kinds_of(None) == [EXCESS]
    except ToolMissing as missing:
        skip_without(missing)


@pytest.mark.parametrize("database_copies", ["sqlite"], indirect=True)
def test_without_the_limiters_store_it_is_recorded_too(settings: Settings) -> None:
    with reserved_port() as nobodys:
        nobody = f"redis://127.0.0.1:{nobodys}/0"
        app = create_app(settings.model_copy(update={"redis_url": nobody}))
        try:
            assert refresh(app, ALLOWED + 5) == {303: ALLOWED, 429: 5}
            assert kinds_of(None) == [EXCESS]
        finally:
            # The limiter is shared by all tests of this process, so it is mended.
            limiter._storage_dead = False
