"""Backoff after wrong passwords: exact, however many try at once, on both databases."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from jkn.database import session, transaction
from jkn.models import AuditEvent, EventKind, FailureCounter, SpentRateLimit
from jkn.services.access.sign_in import SignInRefusal
from jkn.services.sessions.sessions import SignedIn
from jkn.services.throttling import failure_counters
from jkn.services.throttling.failure_counters import PASSWORD_BACKOFF, Backoff
from jkn.services.throttling.retry_after import RetryAfter
from tests.support.calls.password_calls import Outcome, attempt
from tests.support.calls.purge_calls import purged
from tests.support.world.at_once import at_once
from tests.support.world.clock import Clock
from tests.support.world.connected import ConnectedDatabase
from tests.support.world.factories import PASSWORD, make_account, make_participant, new_nik

pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.both_databases]

BORN_ON = date(1985, 2, 5)


def from_everywhere(number: str, count: int, clock: Clock) -> list[Outcome]:
    """Make so many tries, each from another source, and each after the wait."""
    outcomes = []
    for turn in range(count):
        outcomes.append(attempt(number, source=f"198.51.{turn // 200}.{turn % 200}"))
        clock.advance(hours=1, seconds=1)
    return outcomes


def counter() -> FailureCounter:
    session.rollback()
    return session.scalars(select(FailureCounter)).one()


def count_of(kind: EventKind) -> int:
    session.rollback()
    found = select(func.count()).select_from(AuditEvent).where(AuditEvent.kind == kind)
    return session.scalar(found) or 0


def test_waits_grow_from_half_a_minute_to_an_hour() -> None:
    assert [
        PASSWORD_BACKOFF.wait_after(failures) for failures in range(PASSWORD_BACKOFF.free + 1)
    ] == [timedelta()] * 5
    assert PASSWORD_BACKOFF.wait_after(5) == timedelta(seconds=30)
    assert PASSWORD_BACKOFF.wait_after(6) == timedelta(minutes=1)
    assert PASSWORD_BACKOFF.wait_after(11) == timedelta(minutes=32)
    assert PASSWORD_BACKOFF.wait_after(12) == PASSWORD_BACKOFF.wait_after(99) == timedelta(hours=1)


def test_the_fifth_wrong_password_brings_a_wait_also_for_the_right_one(clock: Clock) -> None:
    account = make_account()
    for _ in range(5):
        assert attempt(account.nik) is SignInRefusal.NO_MATCH
    told = attempt(account.nik, PASSWORD)
    assert isinstance(told, RetryAfter)
    assert told.until is not None
    clock.advance(seconds=29)
    assert isinstance(attempt(account.nik, PASSWORD), RetryAfter)
    clock.advance(seconds=2)
    assert isinstance(attempt(account.nik, PASSWORD), SignedIn)


def test_a_try_during_a_wait_neither_counts_nor_prolongs_it(clock: Clock) -> None:
    account = make_account()
    for _ in range(5):
        attempt(account.nik)
    first = attempt(account.nik)
    later = [attempt(account.nik) for _ in range(20)]
    assert {it.until for it in later if isinstance(it, RetryAfter)} == {first.until}  # type: ignore[union-attr]
    assert counter().failures == 5
    assert counter().tries == 26


def test_a_right_password_resets_the_failure_counter(clock: Clock) -> None:
    account = make_account()
    for _ in range(4):
        attempt(account.nik)
    assert isinstance(attempt(account.nik, PASSWORD), SignedIn)
    for _ in range(4):
        assert attempt(account.nik) is SignInRefusal.NO_MATCH
    assert isinstance(attempt(account.nik, PASSWORD), SignedIn)


def test_nik_card_number_and_every_way_to_type_them_share_one_counter(clock: Clock) -> None:
    participant = make_participant()
    nik = make_account(participant).nik
    ways_to_type = [
        nik,
        participant.card_number,
        f"{nik[:4]} {nik[4:]}",
        f"{nik[:8]}-{nik[8:]}",
        participant.card_number,
    ]
    assert [attempt(it) for it in ways_to_type] == [SignInRefusal.NO_MATCH] * 5
    assert isinstance(attempt(participant.card_number), RetryAfter)
    assert isinstance(attempt(nik), RetryAfter)


def test_an_unknown_number_waits_like_a_known_one(clock: Clock) -> None:
    known, unknown = make_account().nik, new_nik(make_participant().birth_date)
    without_account = make_participant()
    outcomes = []
    for number in (known, unknown, without_account.card_number):
        tries = [attempt(number, source=f"192.0.2.{turn}") for turn in range(7)]
        outcomes.append([(type(it), getattr(it, "until", it)) for it in tries])
    assert outcomes[0] == outcomes[1] == outcomes[2]


def test_a_participant_without_account_has_one_counter_too(clock: Clock) -> None:
    participant = make_participant()
    for number in (participant.nik, participant.card_number) * 3:
        attempt(number or "")
    assert isinstance(attempt(participant.nik or ""), RetryAfter)


def test_after_a_hundred_wrong_passwords_the_right_one_is_refused_too(clock: Clock) -> None:
    account = make_account()
    assert (
        from_everywhere(account.nik, PASSWORD_BACKOFF.closed_at, clock)
        == [SignInRefusal.NO_MATCH] * PASSWORD_BACKOFF.closed_at
    )
    clock.advance(days=30)
    told = attempt(account.nik, PASSWORD)
    assert isinstance(told, RetryAfter)
    assert told.until is None
    assert count_of(EventKind.AUTHN_LOGIN_LOCK) == 1


def test_the_owner_is_told_once_a_wait_and_how_many_failed(clock: Clock) -> None:
    account = make_account()
    for _ in range(9):
        attempt(account.nik)
    assert count_of(EventKind.AUTHN_LOGIN_FAIL_MAX) == 1
    clock.advance(minutes=1)
    attempt(account.nik, PASSWORD)
    told = session.scalars(
        select(AuditEvent).where(AuditEvent.kind == EventKind.AUTHN_LOGIN_SUCCESS_AFTER_FAIL)
    ).one()
    assert told.account_id == account.id
    assert told.count == 9


def test_each_wait_is_told_anew(clock: Clock) -> None:
    nik = make_account().nik
    for wrong in (5, 1, 1):
        for _ in range(wrong):
            assert attempt(nik) is SignInRefusal.NO_MATCH
        for is_first in (True, False):
            wait = attempt(nik)
            assert isinstance(wait, RetryAfter)
            assert wait.is_first is is_first
        clock.advance(hours=1)


def test_thirty_parallel_wrong_passwords_count_thirty_and_five_are_looked_at(
    database: ConnectedDatabase,
) -> None:
    account = make_account()
    person = failure_counters.person_key(account.nik)

    def one_try(_number: int) -> RetryAfter | None:
        with transaction():
            return failure_counters.count_attempt(person, PASSWORD_BACKOFF)

    outcomes = at_once(30, one_try)
    assert outcomes.count(None) == 5
    assert counter().tries == 30
    assert counter().failures == 5


def test_counters_survive_a_new_process(database: ConnectedDatabase) -> None:
    account = make_account()
    for _ in range(5):
        attempt(account.nik)
    nik = account.nik
    session.remove()
    database.engine.dispose()
    assert isinstance(attempt(nik, PASSWORD), RetryAfter)


def test_the_tables_name_nobody(clock: Clock) -> None:
    account = make_account()
    attempt(account.nik)
    keys = [counter().key, session.scalars(select(SpentRateLimit.key)).one()]
    assert all(len(key) == 32 for key in keys)
    assert account.nik.encode() not in keys[0]


def test_old_counters_are_forgotten_and_fresh_ones_kept(clock: Clock) -> None:
    tried_again = new_nik(BORN_ON)
    for nik in (new_nik(BORN_ON), tried_again):
        attempt(nik)
    clock.advance(days=89)
    for _ in range(5):
        attempt(tried_again)
    clock.advance(days=2)
    assert purged(FailureCounter, SpentRateLimit) == 2
    assert counter().failures == 5


def test_a_closed_counter_is_not_purged_while_somebody_goes_on_trying(clock: Clock) -> None:
    person, backoff = (
        failure_counters.person_key("who"),
        Backoff(1, timedelta(hours=1), timedelta(hours=1), closed_at=1),
    )

    def one_try() -> RetryAfter | None:
        with transaction():
            return failure_counters.count_attempt(person, backoff)

    assert one_try() is None
    for turn in range(3):
        clock.advance(days=60)
        assert purged(FailureCounter, SpentRateLimit) == 0
        assert one_try() == RetryAfter(None, 1, is_first=turn == 0)


def test_a_closed_password_is_still_closed_after_a_quiet_season(clock: Clock) -> None:
    account = make_account()
    from_everywhere(account.nik, PASSWORD_BACKOFF.closed_at, clock)
    clock.advance(days=91)
    purged(FailureCounter, SpentRateLimit)
    told = attempt(account.nik, PASSWORD)
    assert told == RetryAfter(None, PASSWORD_BACKOFF.closed_at, is_first=True)


@pytest.mark.parametrize("closed_at", [1, 2, 10])
def test_a_counter_that_its_own_backoff_closed_is_kept(clock: Clock, closed_at: int) -> None:
    """Also when the very first try, which makes the row, closes it."""
    hour = timedelta(hours=1)
    closing, other = Backoff(20, hour, hour, closed_at), Backoff(20, hour, hour, closed_at + 1)
    for whose, backoff in (("closed", closing), ("open", other)):
        for _ in range(closed_at):
            with transaction():
                assert (
                    failure_counters.count_attempt(failure_counters.person_key(whose), backoff)
                    is None
                )
    clock.advance(days=91)
    assert purged(FailureCounter, SpentRateLimit) == 1
    assert failure_counters.retry_after_of(
        failure_counters.person_key("closed"), closing
    ) == RetryAfter(None, closed_at)
    assert failure_counters.retry_after_of(failure_counters.person_key("open"), other) is None


def test_a_reset_opens_a_counter_that_was_closed_for_a_season(clock: Clock) -> None:
    key = failure_counters.person_key("who")
    backoff = Backoff(1, timedelta(hours=1), timedelta(hours=1), closed_at=1)
    with transaction():
        failure_counters.count_attempt(key, backoff)
    clock.advance(days=91)
    purged(FailureCounter, SpentRateLimit)
    with transaction():
        failure_counters.reset(key)
    with transaction():
        assert failure_counters.count_attempt(key, backoff) is None
