"""Whether somebody is who they say they are, by the population registry (security.md R30).

The answer is yes or no: a number that nobody has and data that do not fit are the same, and
nothing is kept of either. How often may be asked is limited by source, browser, person and in all.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from jkn.database import session, transactional
from jkn.gateways import regions
from jkn.gateways.population_registry import Away, PopulationRegistry, Resident
from jkn.gateways.population_registry_http import registry_of
from jkn.models import EventKind
from jkn.services.audit import audit_log
from jkn.services.audit.audit_log import Client
from jkn.services.basics import clock, metrics, name_matching
from jkn.services.basics.metrics import MetricName
from jkn.services.basics.runtime import part
from jkn.services.throttling import rate_limits
from jkn.services.throttling.rate_limits import RateLimit
from jkn.services.throttling.retry_after import RetryAfter
from jkn.settings import Settings

# What matches costs the source nothing: thousands may register behind a carrier's one address.
_OF_A_SOURCE = RateLimit(burst=20, interval=timedelta(minutes=1))
_OF_A_BROWSER = RateLimit(burst=8, interval=timedelta(minutes=2))
_OF_A_PERSON = RateLimit(burst=8, interval=timedelta(minutes=10))


@dataclass(frozen=True)
class Claim:
    """Who somebody says they are. `nik` in its one form, `name` as they write it."""

    nik: str
    name: str
    birth_date: date


class Mismatch(StrEnum):
    """NO_MATCH: unknown, or not in everything as the registry has it. AWAY: it does not answer."""

    NO_MATCH = "no_match"
    AWAY = "away"


@part
def registry(settings: Settings) -> PopulationRegistry:
    """Whom to ask."""
    return registry_of(settings)


@part
def _of_everybody(settings: Settings) -> RateLimit:
    return rate_limits.within_an_hour(settings.lookups_an_hour)


def fits_birth_date(nik: str, birth_date: date) -> bool:
    """Whether the NIK was issued for this birth date. One that was not is legal: a corrected
    birth date brings no new NIK (product.md 8)."""
    parts = regions.parse_nik(nik, today=clock.today())
    return parts is not None and parts.birth_date == birth_date


def check(claim: Claim, client: Client, browser: str) -> Resident | Mismatch | RetryAfter:
    """The person as the registry has them, when everything fits. Asks outside, so no transaction
    may be under way."""
    if wait := _take_budgets(claim.nik, client, browser):
        metrics.count(MetricName.LOOK_UPS, "held_back")
        return wait
    outcome = _ask(claim)
    metrics.count(MetricName.LOOK_UPS, "match" if isinstance(outcome, Resident) else outcome.value)
    _settle(outcome, claim.nik, client, browser)
    return outcome


def _ask(claim: Claim) -> Resident | Mismatch:
    session.rollback()  # Gives the connection back: whoever answers may take their time.
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
def _take_budgets(nik: str, client: Client, browser: str) -> RetryAfter | None:
    """All are asked always, so that none shows what another says. The longest wait is told. Who
    is held back takes nothing from anybody else."""
    budgets = _budgets(nik, client, browser)
    asked = [rate_limits.take(key, budget) for key, budget in budgets]
    held_back = [wait for wait in asked if wait is not None]
    if not held_back:
        return None
    for (key, budget), wait in zip(budgets, asked, strict=True):
        if wait is None:
            rate_limits.give_back(key, budget)
        else:
            audit_log.log_rate_limited(key, budget.whole_after, client)
    return max(held_back, key=lambda wait: wait.until or clock.now())


@transactional
def _settle(outcome: Resident | Mismatch, nik: str, client: Client, browser: str) -> None:
    """A match costs the source nothing, a registry that was away nobody; what does not fit is
    recorded."""
    if outcome is Mismatch.NO_MATCH:
        audit_log.log(EventKind.IDENTITY_NO_MATCH, client)
        return
    spared = _budgets(nik, client, browser)
    for key, budget in spared if outcome is Mismatch.AWAY else spared[:1]:
        rate_limits.give_back(key, budget)


def _budgets(nik: str, client: Client, browser: str) -> list[tuple[bytes, RateLimit]]:
    """The source's first."""
    return [
        (rate_limits.source_key(client.address, "look-ups"), _OF_A_SOURCE),
        (rate_limits.limit_key("look-ups of a browser", browser), _OF_A_BROWSER),
        (rate_limits.limit_key("look-ups of a person", nik), _OF_A_PERSON),
        (rate_limits.limit_key("look-ups", "everybody"), _of_everybody()),
    ]
