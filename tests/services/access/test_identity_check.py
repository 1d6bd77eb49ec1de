"""Checking a claim with the population registry: how often, and what happens when the registry is
away or lies (security.md R30, R100)."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from jkn.database import session
from jkn.gateways.population_registry import Away, EmbeddedRegistry, Resident
from jkn.models import AuditEvent, EventKind, RegistryPerson
from jkn.services.access import identity_check
from jkn.services.access.identity_check import Claim, Mismatch
from jkn.services.audit.audit_log import Client
from jkn.services.throttling.retry_after import RetryAfter
from tests.support.world.at_once import at_once
from tests.support.world.clock import Clock
from tests.support.world.connected import ConnectedDatabase, bind_changed, connections_out
from tests.support.world.factories import make_resident, new_nik

pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.both_databases]

BORN_ON = date(1985, 2, 5)


class Registry(EmbeddedRegistry):
    """The embedded registry. It can be made unavailable, counts how often it is asked, and notes
    how many database connections were taken then."""

    def __init__(self, database: ConnectedDatabase) -> None:
        self._database = database
        self.asked, self.is_away, self.held = 0, False, 0

    def person(self, nik: str) -> Resident | None:
        """Count the look-up. Raises Away when the registry is unavailable."""
        self.asked += 1
        self.held = max(self.held, connections_out(self._database))
        if self.is_away:
            raise Away("tests")
        return super().person(nik)


@pytest.fixture
def registry(database: ConnectedDatabase) -> Registry:
    """A registry with a limit of forty look-ups an hour in all, twenty of them at once."""
    known = Registry(database)
    bind_changed(lookups_an_hour=40)
    identity_check.registry.provide(known)
    return known


def check(
    nik: str = "", source: str = "203.0.113.7", browser: str = "browser", **claimed: Any
) -> Resident | Mismatch | RetryAfter:
    values = {"nik": nik or new_nik(BORN_ON), "name": "Orang Lain", "birth_date": BORN_ON}
    claim = Claim(**{**values, **claimed})
    return identity_check.check(claim, Client(source, "Tests/1.0"), browser)


def claimed_by(resident: RegistryPerson) -> dict[str, Any]:
    return {name: getattr(resident, name) for name in ("nik", "name", "birth_date")}


def test_a_claim_that_matches_in_everything_is_accepted(registry: Registry) -> None:
    resident = make_resident()
    found = check(**claimed_by(resident))
    assert isinstance(found, Resident)
    assert (found.nik, found.name) == (resident.nik, resident.name)


def test_nothing_is_held_while_the_registry_thinks(registry: Registry) -> None:
    claim = claimed_by(make_resident())
    session.scalars(select(RegistryPerson.nik)).all()
    assert isinstance(check(**claim), Resident)
    assert (registry.asked, registry.held) == (1, 0)


@pytest.mark.parametrize(
    "wrong", [{"name": "Orang Lain"}, {"birth_date": date(1985, 2, 6)}, {"nik": "3276054502859999"}]
)
def test_every_mismatch_gets_the_same_answer(registry: Registry, wrong: dict[str, Any]) -> None:
    claimed = claimed_by(make_resident()) | wrong
    assert check(**claimed) is Mismatch.NO_MATCH


def test_a_mismatch_is_recorded_without_an_account(registry: Registry) -> None:
    check()
    check(**claimed_by(make_resident()))
    (event,) = session.scalars(select(AuditEvent))
    assert (event.kind, event.account_id) == (EventKind.IDENTITY_NO_MATCH, None)


def test_a_browser_may_ask_eight_times_wherever_it_is(registry: Registry) -> None:
    outcomes = [check(source=f"198.51.100.{turn}") for turn in range(10)]
    assert outcomes[:8] == [Mismatch.NO_MATCH] * 8
    assert all(isinstance(it, RetryAfter) for it in outcomes[8:])
    assert registry.asked == 8


def test_one_source_may_ask_for_a_person_eight_times(registry: Registry) -> None:
    nik = new_nik(BORN_ON)
    outcomes = [check(nik, browser=str(turn)) for turn in range(10)]
    assert outcomes.count(Mismatch.NO_MATCH) == 8
    assert all(isinstance(it, RetryAfter) for it in outcomes[8:])


def test_a_stranger_who_asks_for_a_person_does_not_keep_them_from_registering(
    registry: Registry,
) -> None:
    resident = make_resident()
    for turn in range(30):
        check(resident.nik, "198.51.100.66", str(turn))
    found = check(source="203.0.113.10", browser="own", **claimed_by(resident))
    assert isinstance(found, Resident)


def test_a_network_of_many_homes_leaves_look_ups_for_others(registry: Registry) -> None:
    """Four networks of /64, all of one server, emptied what everybody shares."""
    for turn in range(80):
        check(source=f"2001:db8:1:{turn % 4}::1", browser=str(turn))
    assert registry.asked == 15
    found = check(source="203.0.113.10", browser="honest", **claimed_by(make_resident()))
    assert isinstance(found, Resident)


def test_in_all_no_more_is_asked_than_the_setting_says(registry: Registry, clock: Clock) -> None:
    outcomes = [check(source=f"198.51.{turn}.1", browser=str(turn)) for turn in range(30)]
    assert outcomes.count(Mismatch.NO_MATCH) == registry.asked == 20
    for minute in range(60):
        clock.advance(minutes=1)
        check(source=f"198.51.100.{minute}", browser=f"later {minute}")
    assert registry.asked <= 40


def test_simultaneous_requests_ask_no_more_either(registry: Registry) -> None:
    outcomes = at_once(30, lambda turn: check(browser=str(turn)))
    assert outcomes.count(Mismatch.NO_MATCH) == registry.asked
    # Some may have asked before this source was conspicuous.
    assert 15 <= registry.asked <= 20


def test_a_match_costs_the_source_nothing(registry: Registry) -> None:
    bind_changed(lookups_an_hour=10_000)
    identity_check.registry.provide(registry)
    people = [make_resident() for _ in range(25)]
    outcomes = [check(browser=str(turn), **claimed_by(it)) for turn, it in enumerate(people)]
    assert all(isinstance(it, Resident) for it in outcomes)


def test_a_person_who_asks_for_themselves_again_and_again_is_held_back(registry: Registry) -> None:
    claimed = claimed_by(make_resident())
    for _ in range(100):
        check(**claimed)
    assert registry.asked == 8


def test_requests_that_are_held_back_take_nothing_from_other_people(registry: Registry) -> None:
    victim = make_resident()
    for turn in range(200):
        check(browser=str(turn % 15), source="198.51.100.7", nik=victim.nik)
    assert registry.asked <= 20
    honest = check(source="203.0.113.10", browser="honest", **claimed_by(make_resident()))
    assert isinstance(honest, Resident)


def test_a_registry_that_is_away_costs_nobody_a_try(registry: Registry) -> None:
    registry.is_away = True
    resident = make_resident()
    claimed = claimed_by(resident)
    outcomes = [check(**claimed) for _ in range(12)]
    assert outcomes == [Mismatch.AWAY] * 12
    registry.is_away = False
    assert isinstance(check(**claimed), Resident)
    assert registry.asked == 13


def test_the_longest_of_the_waits_is_told(registry: Registry) -> None:
    nik = new_nik(BORN_ON)
    for _ in range(8):
        check(nik)
    told = check(nik)
    assert isinstance(told, RetryAfter)
    assert told.until is not None
    # The person would wait for ten minutes, the browser for two.
    assert told.until - identity_check.clock.now() == timedelta(minutes=10)


@pytest.mark.parametrize(
    ("nik", "fits"),
    [
        ("3276054502850001", True),
        ("3276050502850001", True),
        ("3276050602850001", False),
        ("3276059902850001", False),
        ("3276054503850001", False),
        ("3276054502860001", False),
        # Not a NIK, but not because of the date.
        ("0000054502850000", True),
    ],
)
def test_a_nik_says_when_it_was_issued_for(nik: str, fits: bool) -> None:
    assert identity_check.fits_birth_date(nik, BORN_ON) is fits


@pytest.mark.parametrize("year", [1925, 2025])
def test_a_nik_does_not_say_of_which_century_it_is(year: int) -> None:
    assert identity_check.fits_birth_date("3276050502250001", date(year, 2, 5))
