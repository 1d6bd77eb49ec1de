"""Filling a database with the sample world."""

import os
import subprocess
import sys
from collections import Counter
from datetime import UTC, date, datetime
from threading import Event, Thread

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from jkn.database import Base, blind_index, session
from jkn.models import (
    Account,
    Facility,
    Family,
    MemberChange,
    Notification,
    Participant,
    RegistryPerson,
)
from jkn.sample import PASSWORD
from jkn.sample.identities import identities, identity
from jkn.sample.loader import is_loaded, load, loaded_on
from jkn.sample.world import rows
from jkn.services.membership.membership import MembershipState, membership_of
from tests.support.world.as_of import DAYS
from tests.support.world.connected import ConnectedDatabase
from tests.support.world.waiting import PATIENCE_SECONDS

TODAY = DAYS[0]
TABLES = {
    "facilities": Facility,
    "families": Family,
    "participants": Participant,
    "registry": RegistryPerson,
    "accounts": Account,
    "notifications": Notification,
    "member_changes": MemberChange,
}

pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.both_databases]


def hash_cheaply(password: str) -> str:
    return f"hash of {password}"


def load_world(today: date = TODAY) -> dict[str, int]:
    return load(today=today, hash_password=hash_cheaply)


def stored() -> dict[str, int]:
    session.rollback()
    return {
        name: session.scalar(select(func.count()).select_from(model)) or 0
        for name, model in TABLES.items()
    }


def participant(persona: str, today: date = TODAY) -> Participant:
    number = identity(persona, today).card_number
    assert number is not None
    index = blind_index("participants.card_number", number)
    return session.scalars(
        select(Participant).where(Participant.card_number_index.in_(index))
    ).one()


def account(persona: str, today: date = TODAY) -> Account | None:
    nik = identity(persona, today).nik
    assert nik is not None
    index = blind_index("accounts.nik", nik)
    return session.scalars(select(Account).where(Account.nik_index.in_(index))).one_or_none()


def test_every_row_of_every_file_is_in_the_database() -> None:
    assert not is_loaded()
    counts = load_world()
    assert counts == {name: len(list(rows(name))) for name in TABLES}
    assert stored() == counts
    assert is_loaded()


def test_progress_is_told_after_each_row_up_to_the_last() -> None:
    heard: list[tuple[int, int]] = []
    counts = load(
        today=TODAY,
        hash_password=hash_cheaply,
        progress=lambda done, total: heard.append((done, total)),
    )
    total = sum(counts.values())
    assert heard == [(done, total) for done in range(1, total + 1)]


def test_a_second_load_changes_nothing() -> None:
    load_world()
    before = stored()
    name = participant("ppu_active").name
    assert load_world(DAYS[-1]) == {}
    assert stored() == before
    assert participant("ppu_active").name == name


def test_a_database_with_a_facility_of_its_own_is_left_alone(
    database: ConnectedDatabase,
) -> None:
    row = next(rows("facilities"))
    own = {**row, "code": "0001X001", "regency_code": row["district_code"][:5]}
    with database.engine.begin() as connection:
        connection.execute(Base.metadata.tables["facilities"].insert(), own)
    assert load_world() == {}
    assert stored() == dict.fromkeys(TABLES, 0) | {"facilities": 1}


@pytest.mark.parametrize("interruption", [RuntimeError, KeyboardInterrupt, SystemExit])
@pytest.mark.parametrize("at", [1, 100, 322])
def test_a_load_that_is_broken_off_leaves_nothing_and_can_be_done_again(
    interruption: type[BaseException], at: int
) -> None:
    def break_off(done: int, total: int) -> None:
        if done == at:
            raise interruption

    with pytest.raises(interruption):
        load(today=TODAY, hash_password=hash_cheaply, progress=break_off)
    assert stored() == dict.fromkeys(TABLES, 0)
    assert not is_loaded()
    assert load_world()


def test_a_load_that_is_killed_leaves_nothing(database: ConnectedDatabase) -> None:
    code = (
        "import os, signal\n"
        "from datetime import date\n"
        "from jkn.database import connect\n"
        "from jkn.sample.loader import load\n"
        "from jkn.settings import Settings\n"
        "def kill(done, total):\n"
        "    if done == total - 1:\n"
        "        os.kill(os.getpid(), signal.SIGKILL)\n"
        "connect(Settings())\n"
        "load(today=date(2026, 11, 21), hash_password=str.upper, progress=kill)\n"
    )
    environment = {
        **os.environ,
        "JKN_DATABASE_URL": database.settings.database_url,
        "JKN_DATA_KEY": ",".join(database.settings.data_key),
    }
    killed = subprocess.run([sys.executable, "-c", code], env=environment, check=False)
    assert killed.returncode == -9
    assert stored() == dict.fromkeys(TABLES, 0)
    assert load_world()


def test_two_loads_at_once_leave_one_world() -> None:
    first_is_writing, second_is_done = Event(), Event()
    outcomes: dict[str, dict[str, int] | None] = {}

    def wait_for_the_second(done: int, _total: int) -> None:
        if done == 1:
            first_is_writing.set()
            second_is_done.wait(0.3)

    def run(name: str) -> None:
        slowly = wait_for_the_second if name == "first" else lambda _done, _total: None
        try:
            outcomes[name] = load(today=TODAY, hash_password=hash_cheaply, progress=slowly)
        except IntegrityError:
            outcomes[name] = None
        finally:
            session.remove()

    first, second = Thread(target=run, args=["first"]), Thread(target=run, args=["second"])
    first.start()
    assert first_is_writing.wait(PATIENCE_SECONDS)
    second.start()
    second.join()
    second_is_done.set()
    first.join()
    assert stored() == {name: len(list(rows(name))) for name in TABLES}
    assert [it for it in outcomes.values() if it] == [stored()]


def test_each_account_gets_the_sample_password_hashed_for_itself() -> None:
    hashed: list[str] = []

    def hash_password(password: str) -> str:
        hashed.append(password)
        return f"hash {len(hashed)}"

    load(today=TODAY, hash_password=hash_password)
    accounts = session.scalars(select(Account)).all()
    assert hashed == [PASSWORD] * len(accounts)
    assert len({it.password_hash for it in accounts}) == len(accounts)
    assert all(it.created_at <= datetime(2026, 11, 21, tzinfo=UTC) for it in accounts)


def test_the_people_listed_as_able_to_sign_in_are_those_with_an_account() -> None:
    load_world()
    for it in identities(TODAY):
        if it.nik is None:
            continue
        found = account(it.persona)
        assert (found is not None) == it.can_sign_in
        if found is not None:
            assert (found.name, found.nik) == (it.name, it.nik)
            number = found.participant and found.participant.card_number
            assert number == it.card_number


def test_the_identities_of_the_day_of_loading_fit_on_later_days_too() -> None:
    assert loaded_on() is None
    load_world(DAYS[2])
    assert loaded_on() == DAYS[2]
    later = identity("adult_child", DAYS[3])
    assert account("adult_child", DAYS[2]) is not None
    assert later.nik != identity("adult_child", DAYS[2]).nik


def test_families_hold_their_members_and_accounts_their_participants() -> None:
    load_world()
    head = participant("ppu_active")
    of_the_family = select(Participant).where(Participant.family_id == head.family_id)
    assert len(session.scalars(of_the_family).all()) == 4
    spouse = account("ppu_active_spouse")
    assert spouse is not None
    assert spouse.participant is not None
    assert spouse.participant.family is head.family
    alone = account("account_without_membership")
    assert alone is not None
    assert alone.participant is None


def test_empty_cells_are_none_and_never_empty_text() -> None:
    load_world()
    for model in TABLES.values():
        for row in session.scalars(select(model)):
            values: list[object] = [getattr(row, it.key) for it in model.__table__.columns]
            assert "" not in values


@pytest.mark.parametrize("today", DAYS, ids=str)
def test_memberships_stand_as_the_personas_say(today: date) -> None:
    load_world(today)
    expected = {
        "ppu_active": MembershipState.ACTIVE,
        "ppu_just_ended": MembershipState.ENDED,
        "ppu_ended_months_ago": MembershipState.ENDED,
        "ppu_ending": MembershipState.ENDING,
        "pbpu_14_months": MembershipState.ACTIVE,
        "pbpu_5_months": MembershipState.ACTIVE,
        "facility_changed_recently": MembershipState.ACTIVE,
        "arrears": MembershipState.SUSPENDED,
        "arrears_over_24_months": MembershipState.SUSPENDED,
        "pbi": MembershipState.ACTIVE,
        "military": MembershipState.ACTIVE,
        "newborn": MembershipState.ACTIVE,
        "pensioner": MembershipState.ACTIVE,
        "deceased": MembershipState.DECEASED,
        "family_of_deceased": MembershipState.ACTIVE,
    }
    found = {name: membership_of(participant(name, today), today) for name in expected}
    assert {name: it.state for name, it in found.items()} == expected
    assert found["arrears"].months_owed in (3, 4)
    assert found["arrears_over_24_months"].months_owed == 24
    states = Counter(membership_of(it, today).state for it in session.scalars(select(Participant)))
    assert states[MembershipState.ACTIVE] > 50
