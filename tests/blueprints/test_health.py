"""Alive and ready: what everybody may know, and what only operators are told (R98)."""

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from werkzeug.test import TestResponse

from jkn.database import session, transaction
from jkn.services.operations import health
from tests.support.calls.code_calls import write_message
from tests.support.clients.page_client import PageClient
from tests.support.rules.answers import header_findings
from tests.support.steps.sign_in_steps import sign_in
from tests.support.world.clock import Clock
from tests.support.world.connected import (
    ConnectedDatabase,
    bind_changed,
    schema_called,
    taking_no_writes,
)
from tests.support.world.factories import make_account
from tests.support.world.queries import QueryCounter

TOKEN = "a-token-of-the-tests-for-operators-0123456789"
PATHS = ["/health/live", "/health/ready"]
WELL = {"database": "ok", "outbox": "ok", "ready": True, "schema": "ok", "server": "ok"}

with_token = pytest.mark.settings(metrics_token=TOKEN)


def ask(app: Flask, path: str = "/health/ready", **headers: str) -> TestResponse:
    # With a cookie jar of its own, the client would replace the `Cookie` header.
    return app.test_client(use_cookies=False).get(path, headers=headers)


def told(app: Flask, token: str | None = None) -> dict[str, Any]:
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    answer: dict[str, Any] = ask(app, **headers).get_json()
    return answer


def what_is_wrong(app: Flask) -> list[str]:
    answer = ask(app)
    assert answer.status_code == 503
    return [name for name, state in answer.get_json().items() if state == "not ok"]


def test_everything_is_well(app: Flask) -> None:
    assert ask(app, "/health/live").get_json() == {"alive": True}
    answer = ask(app)
    assert (answer.status_code, answer.get_json()) == (200, WELL)


@pytest.mark.parametrize("path", PATHS)
def test_nothing_is_kept_and_no_cookie_is_set(app: Flask, path: str) -> None:
    visitor = sign_in(PageClient(app), make_account())
    for cookie in ("", visitor.cookies.header()):
        answer = ask(app, path, Cookie=cookie)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.mimetype == "application/json"
        assert "Set-Cookie" not in answer.headers
        assert not list(header_findings(answer))


def test_being_alive_needs_nothing_but_the_process(app: Flask, queries: QueryCounter) -> None:
    """Also with the cookie of somebody signed in: the session is not looked up."""
    visitor = sign_in(PageClient(app), make_account())
    with queries.at_most(0):
        answer = ask(app, "/health/live", Cookie=visitor.cookies.header())
    assert answer.status_code == 200


def test_being_ready_looks_nobody_up(app: Flask, queries: QueryCounter) -> None:
    visitor = sign_in(PageClient(app), make_account())
    with queries.counted() as statements:
        ask(app, Cookie=visitor.cookies.header())
    assert statements
    assert not [it for it in statements if "sign_in_sessions" in it]


def test_a_schema_that_is_behind_is_not_ready(app: Flask, database: ConnectedDatabase) -> None:
    with schema_called(database, "0001"):
        assert what_is_wrong(app) == ["schema"]
        assert ask(app, "/health/live").status_code == 200
    assert told(app) == WELL


def test_messages_that_nobody_takes_make_it_not_ready(app: Flask, clock: Clock) -> None:
    write_message()
    clock.advance(minutes=2)
    assert told(app) == WELL
    clock.advance(seconds=1)
    assert what_is_wrong(app) == ["outbox"]


def test_a_database_without_its_tables_makes_it_not_ready(
    app: Flask, database: ConnectedDatabase
) -> None:
    with transaction():
        session.execute(text("ALTER TABLE outbox_messages RENAME TO gone"))
    assert what_is_wrong(app) == ["database", "outbox", "schema"]
    assert ask(app, "/health/live").status_code == 200


@pytest.mark.both_databases
def test_a_database_that_takes_no_writes_makes_it_not_ready(
    app: Flask, database: ConnectedDatabase
) -> None:
    with taking_no_writes(database):
        assert what_is_wrong(app) == ["database"]
        assert ask(app, "/health/live").status_code == 200


@pytest.fixture
def run_dir(app: Flask, tmp_path: Path) -> Path:
    """The run folder, as the server binds it."""
    bind_changed(run_dir=tmp_path)
    return tmp_path


def test_a_server_that_leaves_says_so_first_and_serves_on(
    app: Flask, run_dir: Path, as_browser: PageClient
) -> None:
    assert told(app) == WELL
    health.announce_leaving(run_dir)
    assert what_is_wrong(app) == ["server"]
    assert ask(app, "/health/live").status_code == 200
    assert as_browser.get("/masuk").status == 200


@with_token
def test_operators_are_told_figures(app: Flask, clock: Clock) -> None:
    write_message()
    clock.advance(seconds=70)
    write_message()
    clock.advance(minutes=1)
    nothing = {"dead": 0, "oldest_seconds": 0, "overdue_seconds": 0, "waiting": 0}
    sms = {"dead": 0, "oldest_seconds": 130, "overdue_seconds": 130, "waiting": 2}
    details = {"schema": "same", "outbox": {"email": nothing, "sms": sms}}
    assert told(app, TOKEN) == {**WELL, "outbox": "not ok", "ready": False, "details": details}


@with_token
@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        f"Bearer {TOKEN}x",
        f"Bearer {TOKEN[:-1]}",
        f"Bearer {TOKEN.upper()}",
        f"Basic {TOKEN}",
        f"Token {TOKEN}",
        TOKEN,
        "Bearer é",
        "Bearer token=x",
    ],
)
def test_nobody_else_is_told_figures(app: Flask, header: str | None) -> None:
    write_message()
    answer = ask(app, **({} if header is None else {"Authorization": header}))
    assert answer.get_json() == WELL


@pytest.mark.parametrize("header", ["Bearer ", "Bearer x", "Bearer"])
def test_without_a_token_in_the_settings_nobody_is_an_operator(app: Flask, header: str) -> None:
    assert ask(app, Authorization=header).get_json() == WELL


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_health_can_only_be_read(app: Flask, path: str, method: str) -> None:
    assert app.test_client().open(path, method=method).status_code == 405
