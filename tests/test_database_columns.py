"""Columns that index, compare and constrain, and times, on both databases."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError, StatementError

from jkn.database import blind_index, session, transaction
from jkn.models import Account, Family, Participant, Segment, SpentCaptcha
from tests.support.world.connected import ConnectedDatabase
from tests.support.world.factories import make_account, make_family, make_participant

pytestmark = pytest.mark.both_databases

JAKARTA = ZoneInfo("Asia/Jakarta")
MOMENT = datetime(2026, 5, 3, 9, 30, 15, 123456, tzinfo=JAKARTA)


def captcha_spent(expires_at: datetime, serial: bytes = b"0123456789abcdef") -> SpentCaptcha:
    return SpentCaptcha(serial=serial, expires_at=expires_at)


def test_a_naive_time_is_refused(database: ConnectedDatabase) -> None:
    with pytest.raises(StatementError, match="naive time"), transaction():
        session.add(captcha_spent(MOMENT.replace(tzinfo=None)))
    with pytest.raises(StatementError, match="naive time"):
        session.scalars(
            select(SpentCaptcha).where(SpentCaptcha.expires_at < MOMENT.replace(tzinfo=None))
        )


@pytest.mark.parametrize(
    "zone", [UTC, JAKARTA, timezone(timedelta(hours=-9, minutes=-30))], ids=str
)
def test_times_come_back_aware_and_in_utc(database: ConnectedDatabase, zone: Any) -> None:
    with in_the_zone_of_jayapura(database):
        with transaction():
            session.add(captcha_spent(MOMENT.astimezone(zone)))
        session.remove()
        found = session.scalars(select(SpentCaptcha.expires_at)).one()
    assert found == MOMENT
    assert found.tzinfo is UTC
    assert found.isoformat() == "2026-05-03T02:30:15.123456+00:00"


@contextmanager
def in_the_zone_of_jayapura(database: ConnectedDatabase) -> Iterator[None]:
    """A server whose own clock is set to another zone, where servers have one."""
    if database.kind == "sqlite":
        yield
        return
    with database.engine.begin() as connection:
        name = connection.execute(text("SELECT current_database()")).scalar_one()
        connection.execute(text(f"ALTER DATABASE {name} SET timezone TO 'Asia/Jayapura'"))
    session.remove()
    database.engine.dispose()
    try:
        with database.engine.connect() as connection:
            assert connection.execute(text("SHOW timezone")).scalar_one() == "Asia/Jayapura"
        yield
    finally:
        session.remove()
        with database.engine.begin() as connection:
            connection.execute(text(f"ALTER DATABASE {name} RESET timezone"))


def test_times_are_compared_whatever_their_zone(database: ConnectedDatabase) -> None:
    with transaction():
        session.add(captcha_spent(MOMENT))
    for zone in (UTC, JAKARTA):
        earlier = (MOMENT - timedelta(microseconds=1)).astimezone(zone)
        later = (MOMENT + timedelta(microseconds=1)).astimezone(zone)
        between = SpentCaptcha.expires_at.between(earlier, later)
        assert session.scalars(select(SpentCaptcha).where(between)).one()
        assert not session.scalars(
            select(SpentCaptcha).where(SpentCaptcha.expires_at > later)
        ).all()


def test_an_index_follows_its_column(database: ConnectedDatabase) -> None:
    participant = make_participant(nik="3276054502850011")
    for nik in ("3276054502850012", "3276054502850013"):
        with transaction():
            session.get_one(Participant, participant.id).nik = nik
        assert found_by("3276054502850011") == []
        assert found_by(nik) == [participant.id]
    with transaction():
        session.get_one(Participant, participant.id).nik = None
    assert found_by("3276054502850013") == []
    assert session.scalars(select(Participant.nik_index)).all() == [None]


def found_by(nik: str) -> list[int]:
    session.remove()
    digests = blind_index("participants.nik", nik)
    return list(session.scalars(select(Participant.id).where(Participant.nik_index.in_(digests))))


def test_one_number_belongs_to_one_person(database: ConnectedDatabase) -> None:
    first = make_participant()
    for name in ("nik", "card_number"):
        with pytest.raises(IntegrityError):
            make_participant(**{name: getattr(first, name)})
    account = make_account(first)
    with pytest.raises(IntegrityError):
        make_account(participant_id=None, nik=account.nik)


def test_babies_without_a_nik_do_not_stand_in_each_others_way(database: ConnectedDatabase) -> None:
    babies = [make_participant(nik=None) for _ in range(3)]
    assert len({it.id for it in babies}) == 3


def test_what_is_pointed_at_must_exist(database: ConnectedDatabase) -> None:
    make_account(participant_id=None)
    with pytest.raises(IntegrityError), transaction():
        session.execute(update(Account).values(participant_id=99))


def test_a_refused_row_is_not_told_with_its_values(database: ConnectedDatabase) -> None:
    first = make_participant()
    with pytest.raises(IntegrityError) as refused:
        make_participant(nik=first.nik, name="Ni Made Rahasiawati")
    told = str(refused.value) + repr(refused.value.orig)
    assert first.nik is not None
    for personal in (first.nik, "Rahasiawati", "Sumedang"):
        assert personal not in told


def test_a_row_that_lacks_something_is_not_told_with_the_rest_of_it(
    database: ConnectedDatabase,
) -> None:
    with pytest.raises(IntegrityError) as refused:
        make_participant(birth_date=date(1984, 3, 17), segment=None)
    told = str(refused.value) + repr(refused.value.orig)
    assert "segment" in told
    assert "1984-03-17" not in told


def test_kinds_are_kept_as_plain_words(database: ConnectedDatabase) -> None:
    make_participant(segment=Segment.PBPU_BP_PEMDA)
    with database.engine.connect() as connection:
        found = connection.execute(text("SELECT segment FROM participants")).scalar_one()
    assert found == "pbpu_bp_pemda"
    assert session.scalars(select(Participant.segment)).one() is Segment.PBPU_BP_PEMDA


def test_a_kind_of_a_newer_release_is_read_and_never_written(database: ConnectedDatabase) -> None:
    known, other = make_participant(), make_participant()
    with transaction():
        newer = text("UPDATE participants SET segment = 'of_tomorrow' WHERE id = :id")
        session.execute(newer, {"id": known.id})
    session.remove()
    read = session.scalars(select(Participant.segment).where(Participant.id == known.id)).one()
    assert isinstance(read, Segment)
    assert (read.name, read.value, f"{read}") == ("UNKNOWN", "of_tomorrow", "of_tomorrow")
    assert read not in list(Segment)
    for value in (read, "of_tomorrow"):
        with pytest.raises(StatementError, match="no Segment of this release"), transaction():
            session.get_one(Participant, other.id).segment = value  # type: ignore[assignment]
    with pytest.raises(ValueError, match="of_tomorrow"):
        Segment("of_tomorrow")
    with transaction():
        session.get_one(Participant, known.id).birth_place = "Garut"
    with database.engine.connect() as connection:
        stored = connection.execute(text("SELECT segment FROM participants ORDER BY id"))
        assert list(stored.scalars()) == ["of_tomorrow", "ppu_company"]


def test_dates_are_dates(database: ConnectedDatabase) -> None:
    make_family(paid_through=date(2028, 2, 29))
    session.remove()
    assert session.scalars(select(Family.paid_through)).one() == date(2028, 2, 29)
