"""Growing the sample world: exactly as many, whatever happens meanwhile."""

import base64
import os
import subprocess
import sys
import tracemalloc
from datetime import date
from itertools import chain, count

import pytest
from sqlalchemy import func, select, text

from jkn.database import Base, blind_index, connect, session, transaction
from jkn.models import (
    Account,
    Facility,
    Family,
    MemberChange,
    Participant,
    RegistryPerson,
    Segment,
)
from jkn.sample import PASSWORD
from jkn.sample.grown_people import MOST, GrownFamily, GrownPerson, family, family_of_person
from jkn.sample.growth import grow, grown
from jkn.services.credentials import passwords
from jkn.services.membership.membership import MembershipState, membership_of
from tests.support.clients.page_client import PageClient
from tests.support.steps.sign_in_steps import try_to_sign_in
from tests.support.world.as_of import DAYS
from tests.support.world.connected import ConnectedDatabase, close_session

TODAY = DAYS[0]
NEW_KEY = base64.b64encode(bytes(range(100, 132))).decode()

pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.both_databases]


def expected(participants: int) -> list[tuple[GrownFamily, GrownPerson]]:
    """The first so many people, each with the family."""
    numbers = range(family_of_person(participants - 1) + 1)
    pairs = ((home, member) for home in map(family, numbers) for member in home.members)
    return list(pairs)[:participants]


def rows(model: type[Base]) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(model)) or 0


def assert_it_holds_exactly(participants: int) -> None:
    """Everybody up to this number, as they are written down, and nobody else."""
    people = expected(participants)
    homes = {home.family_card_number for home, _ in people}
    assert grown() == participants
    assert rows(Participant) == rows(RegistryPerson) == participants
    assert rows(Family) == rows(Account) == len(homes)
    assert rows(MemberChange) == len(range(0, participants, 20))
    stored = {it.card_number: it for it in session.scalars(select(Participant))}
    recorded = {it.nik: it for it in session.scalars(select(RegistryPerson))}
    for home, member in people:
        found = stored[member.card_number]
        for name in ("nik", "name", "birth_place", "birth_date", "sex", "relationship",
                     "mother_name", "phone", "email"):  # fmt: skip
            assert getattr(found, name) == getattr(member, name)
        for name in ("family_card_number", "street", "village_code", "postal_code"):
            assert getattr(found.family, name) == getattr(home, name)
            assert getattr(recorded[member.nik], name) == getattr(home, name)
        assert recorded[member.nik].name == member.name
        assert (found.segment, found.kind) == (home.segment, home.kind)
        assert found.primary_facility is not None
        assert found.primary_facility.district_code == home.place.district_code


def password_hashes() -> set[str]:
    session.rollback()
    return set(session.scalars(select(Account.password_hash)))


def test_there_are_exactly_as_many_as_were_asked_for() -> None:
    assert grown() == 0
    grow(500, today=TODAY, batch=120)
    assert_it_holds_exactly(500)
    # 141 families live in four districts.
    assert rows(Facility) == 4 * 5


def test_a_second_growth_to_the_same_number_changes_nothing() -> None:
    grow(150, today=TODAY)
    hashes = password_hashes()
    for fewer in (150, 149, 1):
        grow(fewer, today=TODAY)
        assert_it_holds_exactly(150)
    assert password_hashes() == hashes


def test_a_larger_number_adds_the_rest_wherever_the_last_one_ended() -> None:
    """Families have one to seven members: most of these numbers end within one."""
    for participants in (1, 2, 3, 6, 7, 8, 33, 40):
        grow(participants, today=TODAY)
    assert_it_holds_exactly(40)
    grow(60, today=TODAY)
    assert_it_holds_exactly(60)


@pytest.mark.parametrize("interruption", [RuntimeError, KeyboardInterrupt])
def test_a_growth_that_is_broken_off_goes_on_where_it_stopped(
    interruption: type[BaseException],
) -> None:
    heard: list[int] = []

    def break_off(there: int) -> None:
        heard.append(there)
        if there == 150:
            raise interruption

    with pytest.raises(interruption):
        grow(240, today=TODAY, progress=break_off, batch=50)
    assert_it_holds_exactly(150)
    grow(240, today=TODAY, progress=heard.append, batch=50)
    assert heard == [50, 100, 150, 200, 240]
    assert_it_holds_exactly(240)


def test_a_growth_that_is_killed_at_any_moment_goes_on_and_ends_exactly(
    database: ConnectedDatabase,
) -> None:
    code = (
        "from datetime import date\n"
        "from jkn.database import connect\n"
        "from jkn.sample.growth import grow\n"
        "from jkn.services.basics import runtime\n"
        "from jkn.settings import Settings\n"
        "settings = Settings()\n"
        "connect(settings)\n"
        "runtime.bind(settings)\n"
        "say = lambda there: print(there, flush=True)\n"
        "grow(1_000_000, today=date(2026, 11, 21), progress=say, batch=100)\n"
    )
    environment = {
        **os.environ,
        "JKN_DATABASE_URL": database.settings.database_url,
        "JKN_DATA_KEY": ",".join(database.settings.data_key),
        "JKN_PEPPER": database.settings.pepper,
    }
    for batches in (2, 1):
        command = [sys.executable, "-c", code]
        with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE) as growing:
            assert growing.stdout is not None
            for _ in range(batches):
                last = int(growing.stdout.readline())
            growing.kill()
        assert growing.returncode == -9
        session.rollback()
        there = grown()
        # It may have come further before the signal arrived, by whole batches only.
        assert there >= last
        assert there % 100 == 0
        assert_it_holds_exactly(there)
    grow(there + 30, today=TODAY)
    assert_it_holds_exactly(there + 30)
    assert len(password_hashes()) == 1


def test_growth_goes_on_under_a_new_data_key(database: ConnectedDatabase) -> None:
    """The family that was begun under the old key is found, and so is how far growth came."""
    grow(50, today=TODAY)
    (old,) = database.settings.data_key
    close_session()
    settings = database.settings.model_copy(update={"data_key": (NEW_KEY, old)})
    engine = connect(settings)
    assert grown() == 50
    grow(70, today=TODAY)
    assert_it_holds_exactly(70)
    close_session()
    engine.dispose()


def test_the_heads_share_one_hash_of_the_sample_password_over_all_growths() -> None:
    grow(60, today=TODAY)
    grow(120, today=TODAY)
    (password_hash,) = password_hashes()
    assert passwords.is_right(password_hash, PASSWORD)


def test_a_changed_password_is_not_given_to_grown_people() -> None:
    grow(20, today=TODAY)
    own = passwords.hash_password("bukan kata sandi contoh")
    with transaction():
        index = blind_index("accounts.nik", family(0).members[0].nik)
        changed = session.scalars(select(Account).where(Account.nik_index.in_(index))).one()
        changed.password_hash = own
    grow(40, today=TODAY)
    session.rollback()
    hashes = list(session.scalars(select(Account.password_hash)))
    assert hashes.count(own) == 1
    assert all(it == own or passwords.is_right(it, PASSWORD) for it in hashes)


def test_more_than_there_are_numbers_for_is_refused() -> None:
    with pytest.raises(ValueError, match="10000000"):
        grow(MOST + 1, today=TODAY, progress=lambda _: pytest.fail("it began"), batch=10)
    assert grown() == 0


def test_nothing_personal_is_stored_in_clear(database: ConnectedDatabase) -> None:
    grow(30, today=TODAY)
    session.remove()
    stored = b""
    with database.engine.connect() as connection:
        for table in ("participants", "registry_people", "families", "accounts"):
            values = chain.from_iterable(connection.execute(text(f"SELECT * FROM {table}")))
            stored += b" ".join(
                bytes(it) if isinstance(it, bytes) else str(it).encode() for it in values
            )
    for home, member in expected(30):
        for value in (member.nik, member.card_number, member.name, home.street, member.phone):
            assert value is None or value.encode() not in stored


def test_ids_of_later_rows_do_not_collide_with_grown_ones() -> None:
    grow(100, today=TODAY)
    with transaction():
        added = Family(
            family_card_number="3276051402129999", street="Jl. Uji No. 1", rt="001", rw="001",
            village_code="32.76.05.1004", postal_code="16411", paid_through=None,
        )  # fmt: skip
        session.add(added)
    grow(200, today=TODAY)
    assert rows(Participant) == 200
    assert session.get_one(Family, added.id).street == "Jl. Uji No. 1"


@pytest.mark.parametrize("database_copies", ["sqlite"], indirect=True)
@pytest.mark.parametrize("today", DAYS, ids=str)
def test_most_are_insured_and_some_are_not(today: date) -> None:
    grow(1200, today=today)
    members = session.scalars(select(Participant)).all()
    states = [membership_of(it, today).state for it in members]
    assert states.count(MembershipState.ACTIVE) > 1000
    assert {MembershipState.SUSPENDED, MembershipState.ENDED} <= set(states)
    assert MembershipState.DECEASED not in states
    for it in members:
        pays = it.segment in (Segment.PBPU, Segment.BP)
        assert (it.family.paid_through is not None) == pays
        assert it.family.paid_through is None or it.family.paid_through <= today
        assert it.birth_date < it.active_from <= today
        assert it.active_until is None or it.active_from <= it.active_until < today


def test_a_grown_head_signs_in_and_sees_the_family(client: PageClient) -> None:
    grow(400, today=TODAY)
    home = next(it for it in map(family, count(90)) if len(it.members) == 7)
    head = home.members[0]
    for number in (head.nik, head.card_number):
        try_to_sign_in(client, number, PASSWORD)
        assert client.url == "/beranda", client.text
        for member in home.members:
            assert member.name in client.text
        client = client.another()


@pytest.mark.parametrize("database_copies", ["sqlite"], indirect=True)
def test_memory_stays_the_same_however_many_are_grown() -> None:
    grow(400, today=TODAY, batch=200)  # Whatever is loaded once, is loaded now.
    peaks = []
    for participants in (1_000, 4_000):
        tracemalloc.start()
        grow(participants, today=TODAY, batch=200)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    fewer, more = peaks
    print(f"{fewer:,} and {more:,} bytes at most")
    assert more < 1.2 * fewer
