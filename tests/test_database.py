"""Transactions on both databases: all or nothing, and one after the other."""

from threading import Event, Thread

import pytest
from sqlalchemy import Engine, func, select, update
from sqlalchemy.exc import IntegrityError

from jkn import database as database_module
from jkn.database import keyring, session, transaction, transactional, when_committed
from jkn.models import Facility, Family
from tests.support.world.at_once import at_once
from tests.support.world.connected import ConnectedDatabase
from tests.support.world.factories import make_facility, make_family
from tests.support.world.waiting import PATIENCE_SECONDS

pytestmark = pytest.mark.both_databases


def families(engine: Engine) -> int:
    """How many are committed, as another connection sees it."""
    with engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(Family)).scalar_one()


def family(number: int = 1) -> Family:
    return Family(
        family_card_number=f"32760599{number:08}", street="Gang Sempit 1", rt="001", rw="002",
        village_code="32.76.05.1001", postal_code="16411", paid_through=None,
    )  # fmt: skip


def test_a_transaction_commits_at_its_end(database: ConnectedDatabase) -> None:
    with transaction():
        session.add(family())
        assert families(database.engine) == 0
    assert families(database.engine) == 1


@pytest.mark.parametrize("interruption", [RuntimeError, KeyboardInterrupt, SystemExit])
def test_an_exception_rolls_everything_back(
    database: ConnectedDatabase, interruption: type[BaseException]
) -> None:
    @transactional
    def break_off() -> None:
        session.add(family())
        session.flush()
        raise interruption

    with pytest.raises(interruption):
        break_off()
    assert not session().in_transaction(), "a lock is still held"
    assert families(database.engine) == 0
    with transaction():
        session.add(family())
    assert families(database.engine) == 1


def test_what_follows_a_commit_is_done_once_and_sees_what_was_written(
    database: ConnectedDatabase,
) -> None:
    seen: list[int] = []

    def look() -> None:
        seen.append(families(database.engine))

    with transaction():
        session.add(family())
        when_committed(look)
        with session.begin_nested():
            when_committed(look)
        with session.begin_nested() as savepoint:
            savepoint.rollback()
        assert seen == []
    assert seen == [1]
    with transaction():
        session.add(family(2))
    assert seen == [1]


def test_what_follows_a_commit_is_not_done_after_a_rollback(database: ConnectedDatabase) -> None:
    seen: list[str] = []

    @transactional
    def break_off() -> None:
        when_committed(lambda: seen.append("rolled back"))
        raise ZeroDivisionError

    @transactional
    def write_the_same_twice() -> None:
        session.add_all([family(), family()])
        when_committed(lambda: seen.append("refused"))

    with pytest.raises(ZeroDivisionError):
        break_off()
    make_family()
    with pytest.raises(IntegrityError):
        write_the_same_twice()
    make_family()
    assert seen == []
    when_committed(lambda: seen.append("no transaction is open"))
    assert seen == ["no transaction is open"]


def test_a_commit_that_fails_leaves_the_session_usable(database: ConnectedDatabase) -> None:
    with pytest.raises(IntegrityError), transaction():
        session.add_all([family(1), family(1)])
    assert families(database.engine) == 0
    with transaction():
        session.add(family(2))
    assert families(database.engine) == 1


def test_a_transaction_inside_a_transaction_is_refused(database: ConnectedDatabase) -> None:
    with transaction():
        session.add(family(1))
        with pytest.raises(RuntimeError, match="open already"), transaction():
            session.add(family(2))
        assert families(database.engine) == 0, "the inner one has committed"
    assert families(database.engine) == 1


def test_one_command_calling_another_is_refused_and_leaves_nothing(
    database: ConnectedDatabase,
) -> None:
    @transactional
    def inner() -> None:
        session.add(family(2))

    @transactional
    def outer() -> None:
        session.add(family(1))
        inner()

    with pytest.raises(RuntimeError, match="open already"):
        outer()
    assert families(database.engine) == 0


def test_a_command_keeps_its_name_its_arguments_and_its_answer(
    database: ConnectedDatabase,
) -> None:
    @transactional
    def add_one(number: int, *, street: str) -> str:
        """Adds a family."""
        one = family(number)
        one.street = street
        session.add(one)
        return f"{street} {number}"

    assert add_one(7, street="Jalan Raya") == "Jalan Raya 7"
    assert (add_one.__name__, add_one.__doc__) == ("add_one", "Adds a family.")
    assert session.scalars(select(Family.street)).all() == ["Jalan Raya"]


def test_what_was_added_outside_a_transaction_is_never_written(
    database: ConnectedDatabase,
) -> None:
    session.add(family(1))
    session.flush()
    with transaction():
        session.add(family(2))
    assert families(database.engine) == 1
    assert session.scalars(select(Family.family_card_number)).all() == ["3276059900000002"]


def test_a_reader_becomes_a_writer_though_somebody_wrote_meanwhile(
    database: ConnectedDatabase,
) -> None:
    """SQLite would refuse to let an old reader write."""
    facility = make_facility(enrolled=1)
    session.remove()
    assert session.get_one(Facility, facility.code).enrolled == 1
    with database.engine.begin() as other:
        other.execute(update(Facility).values(enrolled=2))
    with transaction():
        mine = session.get_one(Facility, facility.code)
        assert mine.enrolled == 2, "a writer must not build on what it read long ago"
        mine.enrolled += 1
    session.remove()
    assert session.get_one(Facility, facility.code).enrolled == 3


def test_writers_wait_for_each_other(database: ConnectedDatabase) -> None:
    facility = make_facility(enrolled=0, name="Puskesmas Antre")
    begun = Event()

    def follow() -> None:
        begun.set()
        with transaction():
            session.execute(update(Facility).values(name=Facility.name + " kedua"))
        session.remove()

    follower = Thread(target=follow)
    with transaction():
        session.execute(update(Facility).values(name=Facility.name + " pertama"))
        follower.start()
        assert begun.wait(PATIENCE_SECONDS)
        follower.join(0.2)
        assert follower.is_alive(), "two wrote at once"
    follower.join(PATIENCE_SECONDS)
    session.remove()
    assert session.get_one(Facility, facility.code).name == "Puskesmas Antre pertama kedua"


def test_a_command_that_reads_first_can_still_write(database: ConnectedDatabase) -> None:
    """Somebody writes, or waits to, between its reading and its writing."""
    code = make_facility(name="Puskesmas Rukun").code
    has_read, has_written = Event(), Event()

    def write_between() -> None:
        has_read.wait(PATIENCE_SECONDS)
        with transaction():
            session.add(family())
        has_written.set()
        session.remove()

    other = Thread(target=write_between)
    other.start()
    with transaction():
        facility = session.get_one(Facility, code)
        has_read.set()
        has_written.wait(0.3)
        facility.name = "Puskesmas Rukun Warga"
    other.join(PATIENCE_SECONDS)
    session.remove()
    assert session.get_one(Facility, code).name == "Puskesmas Rukun Warga"
    assert families(database.engine) == 1


def test_threads_do_not_share_a_transaction(database: ConnectedDatabase) -> None:
    make_facility()
    with transaction():
        session.add(family())
        session.flush()
        seen = at_once(3, lambda _: session.scalar(select(func.count()).select_from(Family)))
    assert seen == [0, 0, 0]


def test_thirty_at_once_and_one_of_them_wins_a_conditional_update(
    database: ConnectedDatabase,
) -> None:
    code = make_facility(enrolled=0).code

    @transactional
    def consume(_: int) -> bool:
        won = session.execute(
            update(Facility)
            .where(Facility.code == code, Facility.enrolled == 0)
            .values(enrolled=1)
            .returning(Facility.code)
        )
        return won.first() is not None

    outcomes = at_once(30, consume)
    assert outcomes.count(True) == 1
    assert outcomes.count(False) == 29


def test_thirty_at_once_count_to_the_limit_and_no_further(database: ConnectedDatabase) -> None:
    code = make_facility(enrolled=0, capacity=5).code

    @transactional
    def count(_: int) -> int | None:
        return session.execute(
            update(Facility)
            .where(Facility.code == code, Facility.enrolled < Facility.capacity)
            .values(enrolled=Facility.enrolled + 1)
            .returning(Facility.enrolled)
        ).scalar_one_or_none()

    counted = [it for it in at_once(30, count) if it is not None]
    assert sorted(counted) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("database_copies", ["sqlite"], indirect=True)
def test_every_connection_to_sqlite_keeps_what_it_acknowledged(
    database: ConnectedDatabase,
) -> None:
    """After a power cut, too: NORMAL may lose the last commits."""
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 5000}
    with database.engine.connect() as first, database.engine.connect() as second:
        for connection in (first, second):
            for pragma, value in wanted.items():
                found = connection.exec_driver_sql(f"PRAGMA {pragma}").scalar_one()
                assert (pragma, found) == (pragma, value)


def test_without_connect_there_are_no_data_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database_module, "_keyring", None)
    with pytest.raises(RuntimeError, match="connect"):
        keyring()
