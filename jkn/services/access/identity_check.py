"""Whether somebody is who they say they are, by the population registry (security.md R30).

The answer is yes or no: it is the same for an unknown NIK and for data that do not match, and
nothing is kept of either. Look-ups are limited by source, by browser, by person and in all.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from jkn.database import session, transactional
from jkn.gateways.population_registry import Away, PopulationRegistry, Resident
from jkn.gateways.population_registry_http import registry_of
from jkn.models import EventKind
from jkn.services.audit import audit_log
from jkn.services.audit.audit_log import Client
from jkn.services.basics import clock, metrics, name_matching
from jkn.services.basics.metrics import MetricName
from jkn.services.basics.runtime import part
from jkn.services.basics.sources import network_of
from jkn.services.throttling import rate_limits
from jkn.services.throttling.rate_limits import RateLimit
from jkn.services.throttling.retry_after import RetryAfter
from jkn.settings import Settings

# A match costs the source nothing: thousands may register behind a carrier's one address.
_OF_A_SOURCE = RateLimit(burst=20, interval=timedelta(minutes=1))
_OF_A_BROWSER = RateLimit(burst=8, interval=timedelta(minutes=2))
_OF_A_PERSON_HERE = RateLimit(burst=8, interval=timedelta(minutes=10))
_OF_A_PERSON = RateLimit(burst=60, interval=timedelta(minutes=1))


@dataclass(frozen=True)
class Claim:
    """Who somebody says they are. `nik`: 16 ASCII digits. `name`: as they typed it."""

    nik: str
    name: str
    birth_date: date


class Mismatch(StrEnum):
    """NO_MATCH: the registry does not know the NIK, or has other data for it. AWAY: the registry
    did not answer."""

    NO_MATCH = "no_match"
    AWAY = "away"


@part
def registry(settings: Settings) -> PopulationRegistry:
    """The population registry that the settings name."""
    return registry_of(settings)


@part
def _of_everybody(settings: Settings) -> RateLimit:
    return rate_limits.within_an_hour(settings.lookups_an_hour)


def _everybody() -> bytes:
    return rate_limits.limit_key("look-ups", "everybody")


def fits_birth_date(nik: str, birth_date: date) -> bool:
    """Whether day, month and the two digits of the year stand in the NIK, where a woman's day is 40
    higher. It says nothing of the century, nor of the other digits. A NIK that was issued for
    another date may be right all the same: when a birth date is corrected, the NIK stays
    (product.md 8)."""
    day, month_and_year = nik[6:8], nik[8:12]
    days = (f"{birth_date.day:02}", f"{birth_date.day + 40:02}")
    return day in days and month_and_year == f"{birth_date:%m%y}"


def check(claim: Claim, client: Client, browser: str) -> Resident | Mismatch | RetryAfter:
    """The person as the registry has them, when everything matches. May wait for the registry, so
    no transaction may be under way."""
    if retry_after := _take_limits(claim.nik, client, browser):
        metrics.count(MetricName.LOOK_UPS, "held_back")
        return retry_after
    outcome = _ask(claim)
    metrics.count(MetricName.LOOK_UPS, "match" if isinstance(outcome, Resident) else outcome.value)
    _settle(outcome, claim.nik, client, browser)
    return outcome


def _ask(claim: Claim) -> Resident | Mismatch:
    session.rollback()  # Gives the connection back: the registry may be slow.
    try:
        found = registry().person(claim.nik)
    except Away:
        return Mismatch.AWAY
    finally:
        session.rollback()
    if found is None or found.birth_date != claim.birth_date:
        return Mismatch.NO_MATCH
    if name_matching.person_name(found.name) != name_matching.person_name(claim.name):
        return Mismatch.NO_MATCH
    return found


@transactional
def _take_limits(nik: str, client: Client, browser: str) -> RetryAfter | None:
    """Take one look-up from each rate limit. All of them are asked each time, so that the answer
    does not show which of them is spent; the latest of their times is returned. A look-up that is
    held back gives back what it took: it costs nobody else anything."""
    # A part of what everybody shares is kept for sources that were not seen guessing.
    everybody = _of_everybody()
    is_usual = rate_limits.is_inconspicuous(client.address, "look-ups", _OF_A_SOURCE)
    leaving = 0 if is_usual else everybody.burst // 4
    of_source = audit_log.take_of_source(client, "look-ups", _OF_A_SOURCE)
    own = _own_limits(nik, client, browser)
    asked = [rate_limits.take(key, limit) for key, limit in own]
    asked.append(rate_limits.take(_everybody(), everybody, leaving=leaving))
    held_back = [it for it in (of_source, *asked) if it is not None]
    if not held_back:
        return None
    if of_source is None:
        rate_limits.give_back_to_source(client.address, "look-ups", _OF_A_SOURCE)
    for (key, limit), retry_after in zip([*own, (_everybody(), everybody)], asked, strict=True):
        if retry_after is None:
            rate_limits.give_back(key, limit)
        else:
            audit_log.log_rate_limited(key, limit.whole_after, client)
    return max(held_back, key=lambda it: it.until or clock.now())


@transactional
def _settle(outcome: Resident | Mismatch, nik: str, client: Client, browser: str) -> None:
    """Log a mismatch. Give back what the look-up need not cost: the source's part of a match, and
    everything when the registry was away."""
    if outcome is Mismatch.NO_MATCH:
        audit_log.log(EventKind.IDENTITY_NO_MATCH, client)
        return
    rate_limits.give_back_to_source(client.address, "look-ups", _OF_A_SOURCE)
    if outcome is Mismatch.AWAY:
        for key, limit in (*_own_limits(nik, client, browser), (_everybody(), _of_everybody())):
            rate_limits.give_back(key, limit)


def _own_limits(nik: str, client: Client, browser: str) -> list[tuple[bytes, RateLimit]]:
    """The rate limits of this look-up's browser and person, with their keys. What one source may
    ask about a person is little, what all of them may is much: or a stranger could keep the person
    from registering."""
    here = f"{nik} {network_of(client.address)}"
    return [
        (rate_limits.limit_key("look-ups of a browser", browser), _OF_A_BROWSER),
        (rate_limits.limit_key("look-ups of a person here", here), _OF_A_PERSON_HERE),
        (rate_limits.limit_key("look-ups of a person", nik), _OF_A_PERSON),
    ]
