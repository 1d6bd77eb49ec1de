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


def is_too_young(birth_date: date) -> bool:
    """Whether the person is too young to have a KTP, and with it an account of their own."""
    today = clock.today()
    years = value_on(Rule.ACCOUNT_YEARS_AT_LEAST, today)
    return add_months(birth_date, 12 * years) > today
