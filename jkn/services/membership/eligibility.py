"""Who may have an account at all (product.md 1.2)."""

from datetime import date

from jkn.models import EndedReason, Participant
from jkn.services.basics import clock
from jkn.services.basics.calendar_months import add_months
from jkn.services.basics.dated_rules import value_on
from jkn.services.basics.rule_catalogue import Rule


def is_dead(participant: Participant | None) -> bool:
    """Whether the membership ended with the participant's death. False for None, who is no
    participant."""
    return participant is not None and participant.ended_reason is EndedReason.DEATH


def of_age_from(birth_date: date, day: date) -> date:
    """The first day on which the person is old enough for a KTP, and with it for an account of
    their own, by the rule that is in force on `day`."""
    return add_months(birth_date, 12 * value_on(Rule.ACCOUNT_YEARS_AT_LEAST, day))


def is_too_young(birth_date: date) -> bool:
    """Whether the person is too young for an account of their own today."""
    today = clock.today()
    return of_age_from(birth_date, today) > today
