"""When a session ends by itself, and what puts that off (security.md R47)."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from jkn.database import session
from jkn.models import Account, SessionEnd, SignInSession
from jkn.services.audit import activity
from jkn.services.basics import clock as service_clock
from jkn.services.sessions import session_lifetime
from jkn.services.sessions.session_lifetime import End, end_expired, end_of
from jkn.services.sessions.sessions import end, look_up, resume
from tests.support.calls.sign_in_calls import CLIENT, entered, recorded
from tests.support.world.at_once import at_once
from tests.support.world.clock import Clock
from tests.support.world.factories import make_account
from tests.support.world.queries import QueryCounter

pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.both_databases]


def used(token: str) -> End:
    """Use the session, as a person's request does; returns its end."""
    session.remove()
    record = resume(token)
    assert record is not None
    return end_of(record)


def looked_up(token: str) -> SignInSession | None:
    session.remove()
    return look_up(token)


def test_a_session_ends_half_an_hour_after_its_last_use(clock: Clock) -> None:
    token = entered(make_account().nik)
    assert used(token) == End(service_clock.now() + timedelta(minutes=30), is_final=False)
    clock.advance(minutes=10)
    assert used(token).seconds_left == 1800, "this very use counts"
    clock.advance(seconds=59)
    assert used(token).seconds_left == 1741, "being used is written once a minute"


def test_the_longest_life_ends_it_whatever_is_done(clock: Clock) -> None:
    token = entered(make_account().nik)
    began = service_clock.now()
    for _ in range(23):
        clock.advance(minutes=29)
        assert not used(token).is_final
    clock.advance(minutes=23)
    assert used(token) == End(began + timedelta(hours=12), is_final=True)
    clock.advance(minutes=6)
    assert used(token) == End(began + timedelta(hours=12), is_final=True)
    assert used(token).seconds_left == 24 * 60


def test_looking_a_session_up_is_no_use_of_it(clock: Clock, queries: QueryCounter) -> None:
    token = entered(make_account().nik)
    for minute in range(1, 30):
        clock.advance(minutes=1)
        with queries.at_most(1):
            record = looked_up(token)
        assert record is not None
        assert end_of(record).seconds_left == 1800 - 60 * minute
    clock.advance(minutes=1)
    assert looked_up(token) is None
    assert resume(token) is None


def test_what_was_ended_is_not_found_either() -> None:
    token = entered(make_account().nik)
    record = looked_up(token)
    assert record is not None
    end(record.id, CLIENT)
    assert looked_up(token) is None
    assert looked_up("made up") is None


@pytest.mark.parametrize(
    ("left", "seconds", "is_near"),
    [(121, 121, False), (120.001, 121, False), (120, 120, True), (0.2, 1, True), (-5, 0, True)],
)
def test_seconds_are_rounded_up_so_that_none_is_left_before_the_end(
    left: float, seconds: int, is_near: bool
) -> None:
    ending = End(service_clock.now() + timedelta(seconds=left), is_final=False)
    assert (ending.seconds_left, ending.is_near) == (seconds, is_near)


def expirations(account: Account) -> int:
    return sum(it[:2] == ("session_expired", account.id) for it in recorded())


def test_an_end_that_came_by_itself_is_recorded_once(clock: Clock) -> None:
    account = make_account()
    token = entered(account.nik)
    clock.advance(minutes=29, seconds=59)
    assert end_expired() == 0
    assert looked_up(token) is not None
    clock.advance(seconds=1)
    assert sum(at_once(5, lambda _: end_expired())) == 1
    assert end_expired() == 0
    assert looked_up(token) is None
    assert expirations(account) == 1
    row = session.scalars(select(SignInSession)).one()
    assert (row.ended_at, row.ended_by) == (service_clock.now(), SessionEnd.EXPIRED)


def test_its_owner_reads_which_phone_it_was(clock: Clock) -> None:
    account = make_account()
    entered(account.nik)
    clock.advance(minutes=30)
    end_expired()
    item = activity.page(account).items[0]
    assert item.title == "Keluar otomatis, waktunya habis"
    assert item.device == activity.page(account).items[1].device


def test_a_session_in_use_is_not_ended(clock: Clock) -> None:
    account = make_account()
    used_one, left_one = entered(account.nik), entered(account.nik)
    for _ in range(3):
        clock.advance(minutes=20)
        used(used_one)
        end_expired()
    assert (looked_up(used_one) is None, looked_up(left_one) is None) == (False, True)
    assert expirations(account) == 1


def test_a_person_who_signed_out_is_not_told_of_an_end_by_itself(clock: Clock) -> None:
    account = make_account()
    record = resume(entered(account.nik))
    assert record is not None
    end(record.id, CLIENT)
    clock.advance(hours=13)
    assert end_expired() == 0
    assert expirations(account) == 0


def test_all_expired_sessions_are_noted_however_many_there_are(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session_lifetime, "_BATCH", 2)
    account = make_account()
    for _ in range(5):
        entered(account.nik)
    clock.advance(hours=1)
    assert end_expired() == 5
    assert expirations(account) == 5
