"""The commands of operators and developers, run inside the application."""

import base64
import json
import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from jkn import create_app
from jkn.database import Base, blind_index, session, transaction
from jkn.database_version import is_up_to_date
from jkn.models import Account, Facility, Participant, SpentCaptcha
from jkn.sample import PASSWORD
from jkn.services.credentials import captcha, personal_questions
from jkn.services.sessions.sessions import resume
from tests.support.calls.sign_in_calls import CLIENT, answered, count, enter, entered
from tests.support.world.clock import Clock
from tests.support.world.commands import Flasks, run_in
from tests.support.world.connected import ConnectedDatabase, close_session, connected, settings_for
from tests.support.world.databases import DatabaseCopies
from tests.support.world.factories import make_account, make_facility

pytestmark = pytest.mark.both_databases

NEW_KEY = base64.b64encode(bytes(range(100, 132))).decode()
PRODUCTION = {"env": "production", "base_url": "https://jkn.example", "captcha": "picture"}


@pytest.fixture
def flask(app: Flask) -> Flasks:
    return lambda *words: run_in(app, *words)


def everything(database: ConnectedDatabase) -> dict[str, list[Any]]:
    """Every row of every table, as stored."""
    session.remove()
    with database.engine.connect() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(text(f"SELECT * FROM {table.name}"))))
            for table in Base.metadata.sorted_tables
        }


def test_preparing_fills_the_sample_world_and_says_how_to_sign_in(
    flask: Flasks, database: ConnectedDatabase
) -> None:
    result = flask("prepare")
    assert result.exit_code == 0
    assert PASSWORD in result.output
    assert database.settings.base_url in result.output
    assert count(Facility) >= 80
    accounts = session.scalars(select(Account)).all()
    assert len(accounts) >= 12
    assert all(it.nik in result.output for it in accounts)


def test_preparing_twice_loses_nothing(flask: Flasks, database: ConnectedDatabase) -> None:
    flask("prepare")
    account = session.scalars(select(Account).order_by(Account.id)).first()
    assert account is not None
    with transaction():
        session.get_one(Account, account.id).phone = "+6281377700001"
    token = enter(account.nik, PASSWORD)
    before = everything(database)
    result = flask("prepare")
    assert result.exit_code == 0
    assert "there already" in result.output
    assert PASSWORD in result.output
    assert everything(database) == before
    assert resume(str(token)) is not None


def test_preparing_migrates_an_empty_database(
    database_copies: DatabaseCopies, assets_dir: Path
) -> None:
    with (
        database_copies.empty() as empty,
        connected(empty, settings_for(empty.url, assets_dir, {})) as database,
    ):
        assert not is_up_to_date(database.engine)
        assert run_in(create_app(database.settings), "prepare").exit_code == 0
        assert is_up_to_date(database.engine)
        assert count(Facility) >= 80


@pytest.mark.parametrize(
    "words",
    [
        ("purge",),
        ("sample", "list"),
        ("accounts", "unlock"),
        ("facilities", "import", __file__),
        ("keys", "rotate"),
        ("audit", "verify"),
        ("outbox", "list"),
    ],
    ids=" ".join,
)
def test_without_tables_a_command_says_what_to_run(
    database_copies: DatabaseCopies, assets_dir: Path, words: tuple[str, ...]
) -> None:
    with (
        database_copies.empty() as empty,
        connected(empty, settings_for(empty.url, assets_dir, {})) as database,
    ):
        app = create_app(database.settings)
        result = run_in(app, *words)
        assert result.exit_code == 1
        assert "run `flask prepare` first" in result.output
        assert run_in(app, words[0], "--help").exit_code == 0


def test_preparing_says_where_codes_appear(flask: Flasks, app: Flask) -> None:
    (address,) = re.findall(r"http://localhost(/dev\S*)", flask("prepare").output)
    assert app.test_client().get(address).status_code == 200


@pytest.mark.settings(**PRODUCTION)
def test_preparing_in_production_migrates_and_invents_nobody(
    flask: Flasks, database: ConnectedDatabase
) -> None:
    result = flask("prepare")
    assert result.exit_code == 0
    assert "up to date" in result.output
    assert PASSWORD not in result.output
    assert not any(everything(database).values())


@pytest.mark.settings(**PRODUCTION)
def test_the_sample_world_is_refused_in_production(
    flask: Flasks, database: ConnectedDatabase
) -> None:
    result = flask("sample", "load")
    assert result.exit_code != 0
    assert "production" in result.output
    assert not any(everything(database).values())


def test_the_sample_world_is_refused_where_there_is_data(
    flask: Flasks, database: ConnectedDatabase
) -> None:
    make_facility()
    before = everything(database)
    result = flask("sample", "load")
    assert result.exit_code != 0
    assert "not empty" in result.output
    assert everything(database) == before


def test_the_sample_world_is_loaded_once_only(flask: Flasks, database: ConnectedDatabase) -> None:
    assert flask("sample", "load").exit_code == 0
    before = everything(database)
    assert flask("sample", "load").exit_code != 0
    assert everything(database) == before


def test_the_list_for_programs_tells_who_can_sign_in_and_how(flask: Flasks) -> None:
    flask("sample", "load")
    people = json.loads(flask("sample", "list", "--json").output)
    assert len(people) >= 20
    assert len({it["persona"] for it in people}) == len(people)
    assert all(it["purpose"] and it["name"] for it in people)
    able = [it for it in people if it["can_sign_in"]]
    assert len(able) >= 12
    for person in able:
        numbers = [it for it in (person["nik"], person["card_number"]) if it]
        for number in numbers:
            assert resume(str(enter(number, person["password"]))) is not None, person["persona"]
    for person in people:
        if not person["can_sign_in"]:
            assert person["password"] is None


@pytest.mark.parametrize("words", [("sample", "list", "--json"), ("sample", "list"), ("prepare",)])
def test_weeks_later_the_list_still_names_the_people_who_are_there(
    flask: Flasks, clock: Clock, words: tuple[str, ...]
) -> None:
    """Some birth dates are relative to the day of loading, and the NIK contains the birth date."""
    flask("sample", "load")
    clock.advance(days=40)
    listed = flask(*words).output
    missing = [it.name for it in session.scalars(select(Account)) if it.nik not in listed]
    assert missing == []


def test_the_list_for_people_has_a_line_for_everybody_who_can_sign_in(flask: Flasks) -> None:
    flask("sample", "load")
    listed = flask("sample", "list").output
    assert PASSWORD in listed
    for account in session.scalars(select(Account)):
        assert account.nik in listed
        assert account.name in listed


def test_the_list_for_people_tells_what_daftar_asks_of_who_has_no_account(flask: Flasks) -> None:
    flask("sample", "load")
    listed = flask("sample", "list").output.splitlines()
    mira = next(it for it in listed if it.endswith("Mira Rachmadini"))
    assert mira.split()[:3] == ["3276016810820006", "1982-10-28", "-"]
    melati = next(it for it in listed if it.endswith("  Melati Anjani"))
    assert melati.split()[:3] == ["3276065405920002", "1992-05-14", "+6285400000104"]


def test_the_list_answers_the_questions_that_people_are_asked(flask: Flasks) -> None:
    """Whoever tries Lupa Kata Sandi, or Daftar with another phone, has to answer as somebody."""
    flask("sample", "load")
    people = json.loads(flask("sample", "list", "--json").output)
    printed = flask("sample", "list").output
    answered = 0
    for person in people:
        participant_id = session.scalar(
            select(Participant.id).where(
                Participant.card_number_index.in_(
                    blind_index("participants.card_number", person["card_number"] or "")
                )
            )
        )
        assert bool(person["answers"]) == (participant_id is not None), person["persona"]
        if participant_id is None or person["nik"] is None:
            continue
        asked = personal_questions.drawn_for(person["nik"], participant_id)
        given = {it: person["answers"][it] for it in asked}
        with transaction():
            is_right = personal_questions.judge(person["nik"], participant_id, given, CLIENT, None)
        assert is_right is True, person["persona"]
        assert all(it in printed for it in given.values()), person["persona"]
        answered += 1
    assert answered > 20


def test_growing_adds_so_many_participants_to_the_sample_world(
    flask: Flasks, database: ConnectedDatabase
) -> None:
    flask("sample", "load")
    sample = count(Participant)
    result = flask("sample", "grow", "--participants", "90")
    assert result.exit_code == 0
    assert "Grown participants: 90, 90 of them new." in result.output
    assert count(Participant) == sample + 90
    number = re.search(r"NIK ([0-9]{16})", result.output)
    assert number is not None
    assert PASSWORD in result.output
    assert resume(str(enter(number[1], PASSWORD))) is not None
    before = everything(database)
    assert "90, 0 of them new" in flask("sample", "grow", "--participants", "90").output
    assert everything(database) == before
    assert "91, 1 of them new" in flask("sample", "grow", "--participants", "91").output
    assert count(Participant) == sample + 91


def test_growing_an_empty_database_begins_with_the_sample_world(flask: Flasks) -> None:
    result = flask("sample", "grow", "--participants", "5")
    assert result.exit_code == 0
    assert flask("sample", "load").exit_code != 0
    people = json.loads(flask("sample", "list", "--json").output)
    person = next(it for it in people if it["can_sign_in"])
    assert resume(str(enter(person["nik"], person["password"]))) is not None


@pytest.mark.settings(**PRODUCTION)
@pytest.mark.parametrize("is_empty", [True, False])
def test_growing_is_refused_in_production(
    flask: Flasks, database: ConnectedDatabase, is_empty: bool
) -> None:
    if not is_empty:
        make_facility()
    before = everything(database)
    result = flask("sample", "grow", "--participants", "5")
    assert result.exit_code != 0
    assert "never loaded in production" in result.output
    assert everything(database) == before


@pytest.mark.parametrize("number", ["0", "-1", "10000001", "many"])
def test_growing_to_a_number_that_makes_no_sense_is_refused(flask: Flasks, number: str) -> None:
    result = flask("sample", "grow", "--participants", number)
    assert result.exit_code == 2
    assert "--participants" in result.output
    assert count(Participant) == 0


def test_rotating_writes_anew_once_and_then_prints_0(
    flask: Flasks, app: Flask, database: ConnectedDatabase
) -> None:
    account = make_account()
    entered(account.nik)
    assert flask("keys", "rotate").output.startswith("0 rows")
    (old,) = database.settings.data_key
    close_session()
    app = create_app(database.settings.model_copy(update={"data_key": (NEW_KEY, old)}))
    first, second = run_in(app, "keys", "rotate"), run_in(app, "keys", "rotate")
    assert (first.exit_code, second.exit_code) == (0, 0)
    for line in ("families: 1 rows", "participants: 1 rows", "accounts: 1 rows",
                 "security_events: 1 rows", "4 rows written anew"):  # fmt: skip
        assert line in first.output
    assert second.output.startswith("0 rows")
    close_session()
    create_app(database.settings.model_copy(update={"data_key": (NEW_KEY,)}))
    assert resume(entered(account.nik)) is not None


def test_purging_deletes_what_expired_and_says_how_much(flask: Flasks, clock: Clock) -> None:
    for _ in range(3):
        assert captcha.accept(answered(), CLIENT)
    clock.advance(minutes=4)
    assert captcha.accept(answered(), CLIENT)
    assert flask("purge").output == "0 rows deleted, wiped, sealed or applied.\n"
    clock.advance(minutes=2)
    first, second = flask("purge"), flask("purge")
    assert first.output == "retention.purge: 3 rows\n3 rows deleted, wiped, sealed or applied.\n"
    assert second.output == "0 rows deleted, wiped, sealed or applied.\n"
    assert count(SpentCaptcha) == 1


def test_migrating_again_is_fine(flask: Flasks, database: ConnectedDatabase) -> None:
    make_account()
    before = everything(database)
    for _ in range(2):
        result = flask("migrate")
        assert result.exit_code == 0
        assert "up to date" in result.output
    assert everything(database) == before
