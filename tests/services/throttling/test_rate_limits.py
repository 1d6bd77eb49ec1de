"""Rate limits of sources for wrong passwords: strangers are stopped, people behind one carrier
address get in."""

from datetime import date, timedelta

import pytest

from jkn.database import transaction
from jkn.models import SpentRateLimit
from jkn.services.access.sign_in import SignInRefusal
from jkn.services.basics.clock import now
from jkn.services.sessions.sessions import SignedIn
from jkn.services.throttling import rate_limits
from jkn.services.throttling.rate_limits import FAILURES_OF_A_SOURCE, RateLimit
from jkn.services.throttling.retry_after import RetryAfter
from tests.support.calls.password_calls import attempt
from tests.support.calls.purge_calls import purged
from tests.support.world.at_once import at_once
from tests.support.world.clock import Clock
from tests.support.world.connected import ConnectedDatabase
from tests.support.world.factories import PASSWORD, make_account, new_nik

pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.both_databases]

BORN_ON = date(1985, 2, 5)


def test_a_source_is_stopped_whomever_it_tries(clock: Clock) -> None:
    outcomes = [attempt(new_nik(BORN_ON), source="203.0.113.9") for _ in range(80)]
    assert outcomes.count(SignInRefusal.NO_MATCH) == FAILURES_OF_A_SOURCE.burst
    assert all(isinstance(it, RetryAfter) for it in outcomes[FAILURES_OF_A_SOURCE.burst :])
    assert attempt(new_nik(BORN_ON), source="203.0.113.10") is SignInRefusal.NO_MATCH


def test_a_stopped_source_may_try_again_bit_by_bit(clock: Clock) -> None:
    for _ in range(FAILURES_OF_A_SOURCE.burst + 1):
        attempt(new_nik(BORN_ON), source="203.0.113.9")
    told = attempt(new_nik(BORN_ON), source="203.0.113.9")
    assert isinstance(told, RetryAfter)
    assert told.until == now() + timedelta(seconds=10), "six tries a minute"
    clock.advance(seconds=9)
    assert isinstance(attempt(new_nik(BORN_ON), source="203.0.113.9"), RetryAfter)
    clock.advance(seconds=1)
    assert attempt(new_nik(BORN_ON), source="203.0.113.9") is SignInRefusal.NO_MATCH
    assert isinstance(attempt(new_nik(BORN_ON), source="203.0.113.9"), RetryAfter)


def test_when_there_is_one_again_is_told_without_taking_it(clock: Clock) -> None:
    key, two = rate_limits.limit_key("trial", ""), RateLimit(2, timedelta(minutes=1))
    with transaction():
        assert rate_limits.retry_after_of(key, two) is None
        assert [rate_limits.take(key, two) for _ in range(2)] == [None, None]
        assert rate_limits.retry_after_of(key, two) == RetryAfter(now() + timedelta(minutes=1))
        clock.advance(minutes=1)
        assert rate_limits.retry_after_of(key, two) is None
        assert rate_limits.take(key, two) is None


def test_people_behind_one_carrier_address_get_in_however_many(clock: Clock) -> None:
    accounts = [make_account() for _ in range(FAILURES_OF_A_SOURCE.burst + 15)]
    for account in accounts:
        assert isinstance(attempt(account.nik, PASSWORD), SignedIn)


def test_a_known_phone_gets_in_from_a_stopped_source(clock: Clock) -> None:
    account, other = make_account(), make_account()
    known = attempt(account.nik, PASSWORD)
    assert isinstance(known, SignedIn)
    for _ in range(FAILURES_OF_A_SOURCE.burst + 1):
        attempt(new_nik(BORN_ON))
    assert isinstance(attempt(other.nik, PASSWORD, device=known.device_token), RetryAfter)
    assert isinstance(attempt(account.nik, PASSWORD), RetryAfter)
    assert isinstance(attempt(account.nik, PASSWORD, device=known.device_token), SignedIn)


def test_a_known_phone_waits_for_its_own_wrong_passwords(clock: Clock) -> None:
    account = make_account()
    known = attempt(account.nik, PASSWORD)
    assert isinstance(known, SignedIn)
    for _ in range(5):
        attempt(account.nik, device=known.device_token)
    assert isinstance(attempt(account.nik, PASSWORD, device=known.device_token), RetryAfter)


def test_several_people_share_a_phone_and_a_planted_token_is_not_taken_up(clock: Clock) -> None:
    first, second = make_account(), make_account()
    one = attempt(first.nik, PASSWORD, device="planted")
    assert isinstance(one, SignedIn)
    assert one.device_token != "planted"
    two = attempt(second.nik, PASSWORD, device=one.device_token)
    assert isinstance(two, SignedIn)
    assert two.device_token == one.device_token


def test_a_whole_ipv6_network_is_one_source() -> None:
    one = rate_limits.source_key("2001:db8:1:2::1", "x")
    assert rate_limits.source_key("2001:db8:1:2:ffff::9", "x") == one
    assert rate_limits.source_key("2001:db8:1:3::1", "x") != one
    assert rate_limits.source_key("no address", "x") == rate_limits.source_key("", "x")


def taken(address: str, most: int = 1_000) -> int:
    """How many this address gets."""
    got = 0
    with transaction():
        while got < most and rate_limits.take_of_source(address, "x", LITTLE) is None:
            got += 1
    return got


LITTLE = RateLimit(burst=8, interval=timedelta(minutes=1))


def test_many_networks_of_one_subscriber_are_one_source() -> None:
    """Whoever rents a server has a whole /48; a home has a /64."""
    assert taken("2001:db8:1:2::1") == 8
    assert taken("2001:db8:1:3::1") == 8
    assert taken("2001:db8:1:4::1") == 0, "both homes of one /56 have had what it may have"
    assert [taken(f"2001:db8:1:{part:x}00::1") for part in range(1, 5)] == [8, 8, 0, 0]
    assert taken("2001:db8:2:1::1") == 8
    assert taken("203.0.113.7") == 8
    assert taken("203.0.113.8") == 8


def test_what_a_wide_network_refuses_costs_the_home_nothing(clock: Clock) -> None:
    for part in (2, 3):
        taken(f"2001:db8:1:{part}::1")
    assert taken("2001:db8:1:4::1") == 0
    clock.advance(minutes=1)
    assert taken("2001:db8:1:4::1") == 2, "the street has two again, and the home all of its own"


def test_an_idle_day_saves_up_no_more_than_the_burst(clock: Clock) -> None:
    key = rate_limits.source_key("203.0.113.7", "x")

    def take() -> RetryAfter | None:
        with transaction():
            return rate_limits.take(key, FAILURES_OF_A_SOURCE)

    take()
    clock.advance(days=1)
    assert [take() for _ in range(FAILURES_OF_A_SOURCE.burst)] == [
        None
    ] * FAILURES_OF_A_SOURCE.burst
    assert isinstance(take(), RetryAfter)


def test_a_mapped_ipv4_address_is_one_phone_and_not_all_of_ipv4() -> None:
    one, other = (rate_limits.source_key(f"::ffff:203.0.113.{it}", "x") for it in (9, 10))
    assert one != other


def test_parallel_tries_of_one_source_stay_within_its_rate_limit(
    database: ConnectedDatabase,
) -> None:
    source = rate_limits.source_key("203.0.113.9", "x")

    def one_try(_number: int) -> RetryAfter | None:
        with transaction():
            return rate_limits.take(source, FAILURES_OF_A_SOURCE)

    for _ in range(FAILURES_OF_A_SOURCE.burst - 10):
        one_try(0)
    assert at_once(30, one_try).count(None) == 10


def test_what_one_source_gets_right_gives_nothing_back_to_another(clock: Clock) -> None:
    for _ in range(FAILURES_OF_A_SOURCE.burst):
        attempt(new_nik(BORN_ON), source="203.0.113.9")
    assert isinstance(attempt(make_account().nik, PASSWORD, source="203.0.113.10"), SignedIn)
    assert isinstance(attempt(new_nik(BORN_ON), source="203.0.113.9"), RetryAfter)


def test_a_spent_rate_limit_is_kept_until_it_is_whole_again(clock: Clock) -> None:
    for _ in range(FAILURES_OF_A_SOURCE.burst):
        attempt(new_nik(BORN_ON))
    whole_in = FAILURES_OF_A_SOURCE.burst * FAILURES_OF_A_SOURCE.interval
    clock.advance(seconds=whole_in.total_seconds() - 1)
    assert purged(SpentRateLimit) == 0
    clock.advance(seconds=2)
    assert purged(SpentRateLimit) == 1
