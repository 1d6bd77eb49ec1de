"""Writing everything encrypted anew with a new data key (security.md R76)."""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from sqlalchemy import Connection, event, select, text, update
from sqlalchemy.exc import DBAPIError

from jkn.database import blind_index, connect, session, transaction
from jkn.encryption import NotReadable
from jkn.models import (
    Account,
    Address,
    ChangeRow,
    ChangeState,
    Family,
    MemberChange,
    RegistryPerson,
)
from jkn.services.basics import clock
from jkn.services.operations.key_rotation import rotate
from jkn.services.sessions.sessions import resume
from tests.support.calls.sign_in_calls import enter, entered
from tests.support.world.connected import ConnectedDatabase, close_session
from tests.support.world.factories import make_account, make_family, make_participant

pytestmark = pytest.mark.both_databases

NEW_KEY = base64.b64encode(bytes(range(100, 132))).decode()

_REFUSE = {
    "sqlite": (
        "CREATE TRIGGER no_more BEFORE UPDATE OF nik ON accounts WHEN old.id ="
        " (SELECT max(id) FROM accounts) BEGIN SELECT RAISE(ABORT, 'no more'); END"
    ),
    "postgresql": """
        CREATE FUNCTION no_more() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
          IF old.id = (SELECT max(id) FROM accounts) THEN RAISE 'no more'; END IF;
          RETURN new;
        END $$;
        CREATE TRIGGER no_more BEFORE UPDATE OF nik ON accounts
          FOR EACH ROW EXECUTE FUNCTION no_more()
    """,
}
_ALLOW = {"sqlite": "DROP TRIGGER no_more", "postgresql": "DROP FUNCTION no_more CASCADE"}


class Ring:
    """Binds the same database with other data keys, as a restart would."""

    def __init__(self, database: ConnectedDatabase) -> None:
        self._settings = database.settings
        (self.old,) = database.settings.data_key

    def use(self, *keys: str) -> None:
        close_session()
        connect(self._settings.model_copy(update={"data_key": keys}))


@pytest.fixture
def ring(database: ConnectedDatabase) -> Iterator[Ring]:
    yield Ring(database)
    close_session()


class World:
    """People in the database, and whether they can still be read and found."""

    def __init__(self) -> None:
        family = make_family()
        self.newborn = make_participant(family, nik=None, phone=None, email=None)
        self.account = make_account(make_participant(family))
        self.uninsured = make_account(participant_id=None)
        person = RegistryPerson(
            nik="3276054502857777", family_card_number=family.family_card_number,
            name="Cok Istri Rai", birth_place="Gianyar", birth_date=date(1985, 2, 5), sex="F",
            relationship_code=3, mother_name="Ni Luh Sekar", street="Jalan Kamboja 9", rt="001",
            rw="002", village_code="32.76.05.1001", postal_code="16411", died_on=None,
        )  # fmt: skip
        change = MemberChange(
            participant_id=self.newborn.id, row=ChangeRow.NAME, value='"Bayi Bernama"',
            value_before='"Bayi"', effective_on=date(2026, 5, 1), state=ChangeState.APPLIED,
            asked_at=clock.now(), ended_at=clock.now(),
        )  # fmt: skip
        with transaction():
            session.add_all([person, change])
            self.newborn.domicile = Address("Jalan Kemiri 7", "001", "002", "32.76", "16411")
        entered(self.account.nik)
        self.rows = [
            self.newborn,
            self.account,
            self.account.participant,
            self.uninsured,
            person,
            change,
        ]
        self.rows.append(session.get_one(Family, family.id))
        self.before = [self._values(row) for row in self.rows]
        session.expunge_all()

    def is_readable(self) -> bool:
        session.remove()
        now = [self._values(session.get_one(type(row), row.id)) for row in self.rows]
        return now == self.before

    def is_findable(self) -> bool:
        """Whether they are found by each of their numbers and by the service."""
        session.remove()
        found = []
        for row in self.rows:
            for name in ("nik", "card_number", "family_card_number"):
                value = getattr(row, name, None)
                if value is not None:
                    index = getattr(type(row), f"{name}_index")
                    digests = blind_index(f"{row.__tablename__}.{name}", value)
                    ids = session.scalars(select(type(row).id).where(index.in_(digests))).all()
                    found.append(list(ids) == [row.id])
        assert len(found) >= 8
        tokens = [enter(self.account.nik), enter(self.account.participant.card_number)]
        tokens.append(enter(self.uninsured.nik))
        return all(found) and all(resume(str(it)) is not None for it in tokens)

    def is_well(self) -> bool:
        return self.is_readable() and self.is_findable()

    @staticmethod
    def _values(row: object) -> dict[str, object]:
        names = [it.key for it in type(row).__table__.columns]
        return {name: getattr(row, name) for name in names if not name.endswith("_index")}


def test_everything_is_readable_and_findable_before_during_and_after(ring: Ring) -> None:
    world = World()
    ring.use(NEW_KEY, ring.old)
    assert world.is_well(), "before"
    stopped = rotate()
    assert next(stopped) == ("families", 1)
    stopped.close()
    assert world.is_well(), "stopped half-way"
    written = dict(rotate())
    assert written.keys() >= {
        "participants", "accounts", "registry_people", "security_events", "member_changes",
    }  # fmt: skip
    assert "families" not in written, "what was written anew is not written again"
    assert world.is_well(), "after"
    ring.use(NEW_KEY)
    assert world.is_well(), "without the old key"


def test_the_second_time_nothing_is_left_to_do(ring: Ring) -> None:
    world = World()
    ring.use(NEW_KEY, ring.old)
    assert sum(rows for _, rows in rotate()) >= len(world.rows)
    assert list(rotate()) == []


def test_without_a_new_key_there_is_nothing_to_do(ring: Ring) -> None:
    World()
    assert list(rotate()) == []


def test_before_rotating_the_old_key_cannot_go(ring: Ring) -> None:
    world = World()
    ring.use(NEW_KEY)
    with pytest.raises(NotReadable):
        world.is_readable()
    assert enter(world.uninsured.nik)


def test_what_is_written_between_is_written_with_the_new_key(ring: Ring) -> None:
    world = World()
    ring.use(NEW_KEY, ring.old)
    newcomer = make_account()
    list(rotate())
    ring.use(NEW_KEY)
    assert world.is_well()
    assert resume(entered(newcomer.nik)) is not None


def test_the_old_key_reads_nothing_any_more(ring: Ring, database: ConnectedDatabase) -> None:
    world = World()
    ring.use(NEW_KEY, ring.old)
    list(rotate())
    ring.use(ring.old)
    for row in world.rows:
        session.remove()
        with pytest.raises(NotReadable):
            session.get_one(type(row), row.id)


def test_a_table_longer_than_one_batch_can_be_stopped_in_its_middle(ring: Ring) -> None:
    numbers = [f"32760599{number:08}" for number in range(501)]
    with transaction():
        session.add_all(
            Family(family_card_number=it, street=f"Gang {it}", rt="001", rw="002",
                   village_code="32.76.05.1001", postal_code="16411", paid_through=None)
            for it in numbers
        )  # fmt: skip
    ring.use(NEW_KEY, ring.old)
    stopped = rotate()
    assert next(stopped) == ("families", 500)
    stopped.close()
    session.remove()
    assert sorted(session.scalars(select(Family.family_card_number))) == numbers
    assert list(rotate()) == [("families", 1)]
    ring.use(NEW_KEY)
    assert sorted(session.scalars(select(Family.street))) == [f"Gang {it}" for it in numbers]


@contextmanager
def the_last_account_locked_away(database: ConnectedDatabase) -> Iterator[None]:
    """Let the database refuse every change of the last account."""

    def change(statements: dict[str, str]) -> None:
        session.remove()
        with database.engine.begin() as connection:
            connection.execute(text(statements[database.kind]))

    change(_REFUSE)
    try:
        yield
    finally:
        change(_ALLOW)


def test_a_crash_in_a_batch_leaves_the_batch_as_it_was(
    ring: Ring, database: ConnectedDatabase
) -> None:
    world = World()
    ring.use(NEW_KEY, ring.old)
    with the_last_account_locked_away(database):
        with pytest.raises(DBAPIError, match="no more"):
            list(rotate())
        assert world.is_well()
    assert dict(rotate()).keys() >= {"accounts"}
    ring.use(NEW_KEY)
    assert world.is_well()


# On SQLite the rotation locks the file, so nobody can write in between.
@pytest.mark.parametrize("database_copies", ["postgresql"], indirect=True)
def test_what_somebody_changes_meanwhile_is_not_undone(
    ring: Ring, database: ConnectedDatabase
) -> None:
    """People use the app while the keys rotate."""
    account_id = make_account().id
    ring.use(NEW_KEY, ring.old)
    accounts = Account.__table__
    changed: list[str] = []

    def change(_connection: Connection, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("UPDATE accounts") and not changed:
            changed.append(statement)
            with database.engine.begin() as other:
                other.execute(
                    update(accounts)
                    .where(accounts.c.id == account_id)
                    .values(phone="+628129999999")
                )

    rotating = session.get_bind()
    event.listen(rotating, "before_cursor_execute", change)
    list(rotate())
    event.remove(rotating, "before_cursor_execute", change)
    assert changed
    session.remove()
    assert session.get_one(Account, account_id).phone == "+628129999999"
    list(rotate())
    ring.use(NEW_KEY)
    assert session.get_one(Account, account_id).phone == "+628129999999"
