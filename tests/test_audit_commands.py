"""`flask audit verify`, as an operator runs it."""

import base64
import re

import pytest
from flask import Flask

from jkn import create_app
from jkn.services.audit import audit_seals
from tests.support.calls.seal_calls import happen, head, seal_each, tamper
from tests.support.world.commands import Flasks, run_in
from tests.support.world.connected import ConnectedDatabase, close_session

pytestmark = pytest.mark.both_databases

NEW_KEY = base64.b64encode(bytes(range(100, 132))).decode()
OTHER_PEPPER = "another-pepper-with-many-different-letters-1234567890"


@pytest.fixture
def flask(app: Flask) -> Flasks:
    return lambda *words: run_in(app, *words)


def test_an_unchanged_audit_log_ends_well(flask: Flasks) -> None:
    seal_each(2, 1)
    happen(3, minutes_ago=1)
    result = flask("audit", "verify")
    assert result.exit_code == 0
    assert "3 events are sealed, 3 not yet." in result.output
    assert "The oldest that is not: 2026-05-03 02:29:00.000000 UTC." in result.output
    assert f"Head: {head()}" in result.output


def test_an_empty_audit_log_ends_well(flask: Flasks) -> None:
    result = flask("audit", "verify")
    assert result.exit_code == 0
    assert "0 events are sealed, 0 not yet.\nHead: -\n" in result.output


def test_each_finding_has_a_line_and_the_command_fails(
    flask: Flasks, database: ConnectedDatabase
) -> None:
    seal_each(3, 3)
    tamper(
        database,
        "UPDATE security_events SET kind = 'authn_login_success' WHERE id = 2",
        "DELETE FROM security_events WHERE id = 5",
    )
    result = flask("audit", "verify")
    assert result.exit_code == 1
    lines = result.output.splitlines()
    assert "event 2 was changed" in lines
    assert "event 5 is missing" in lines
    assert lines[-1] == "Error: 2 findings."


def test_the_printed_head_is_what_is_compared_later(
    flask: Flasks, database: ConnectedDatabase
) -> None:
    seal_each(1, 1)
    printed = re.search(r"Head: (\S+)", flask("audit", "verify").output)
    assert printed is not None
    assert flask("audit", "verify", "--head", printed[1]).exit_code == 0
    tamper(database, "DELETE FROM event_seals WHERE id = 2")
    assert flask("audit", "verify").exit_code == 0
    result = flask("audit", "verify", "--head", printed[1])
    assert result.exit_code == 1
    assert "seal 2 is missing: the newest seals were cut off" in result.output


@pytest.mark.parametrize("noted", ["", "1", "1:abc", ":", "seal"])
def test_a_text_that_is_no_head_is_refused(flask: Flasks, noted: str) -> None:
    result = flask("audit", "verify", "--head", noted)
    assert result.exit_code == 2
    assert "--head" in result.output


def test_a_new_data_key_breaks_no_seal(app: Flask, database: ConnectedDatabase) -> None:
    seal_each(2)
    noted = str(head())
    (old,) = database.settings.data_key
    for keys in ((NEW_KEY, old), (NEW_KEY,)):
        close_session()
        app = create_app(database.settings.model_copy(update={"data_key": keys}))
        if old in keys:
            assert "security_events: 2 rows" in run_in(app, "keys", "rotate").output
        result = run_in(app, "audit", "verify", "--head", noted)
        assert result.exit_code == 0, result.output
    seal_each(1)
    assert run_in(app, "audit", "verify", "--head", noted).exit_code == 0


def test_a_new_secret_key_breaks_no_seal_and_another_pepper_proves_none(
    app: Flask, database: ConnectedDatabase
) -> None:
    seal_each(2)
    close_session()
    changed = database.settings.model_copy(update={"secret_key": "x" + database.settings.pepper})
    assert run_in(create_app(changed), "audit", "verify").exit_code == 0
    close_session()
    changed = database.settings.model_copy(update={"pepper": OTHER_PEPPER})
    result = run_in(create_app(changed), "audit", "verify")
    assert result.exit_code == 1
    assert "seal 1 was changed" in result.output


def test_without_its_data_key_an_event_is_named(app: Flask, database: ConnectedDatabase) -> None:
    seal_each(1)
    close_session()
    app = create_app(database.settings.model_copy(update={"data_key": (NEW_KEY,)}))
    result = run_in(app, "audit", "verify")
    assert result.exit_code == 1
    assert "event 1 was changed, or its data key is missing" in result.output


def test_without_a_worker_purging_seals_the_audit_log(flask: Flasks) -> None:
    happen(2)
    expected = "event_seals.seal_due: 2 rows\n2 rows deleted, wiped, sealed or applied.\n"
    assert flask("purge").output == expected
    assert audit_seals.seal_due() == 0
