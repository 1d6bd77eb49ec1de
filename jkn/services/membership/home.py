"""What a person sees first after signing in: their own card, the family, and what needs doing."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from jkn.models import Account, Participant
from jkn.services.basics import clock
from jkn.services.basics.calendar_months import add_months
from jkn.services.basics.dated_rules import value_on
from jkn.services.basics.rule_catalogue import Rule
from jkn.services.membership.member_cards import MemberCard, card_of, family_of
from jkn.services.membership.membership import MembershipState, membership_of


class ReminderKind(StrEnum):
    """What somebody in the family should do something about."""

    ARREARS = "arrears"
    ENDED = "ended"
    ENDING = "ending"
    NEWBORN_NIK = "newborn_nik"


@dataclass(frozen=True)
class Reminder:
    """`on`: the day the kind speaks of (no cover since, covered until, NIK due); `months`:
    contributions owed. `member_name` is None when the whole family is meant."""

    kind: ReminderKind
    member_name: str | None = None
    on: date | None = None
    months: int = 0


@dataclass(frozen=True)
class Overview:
    """`card` is None for an account without membership."""

    card: MemberCard | None
    members: list[MemberCard]
    reminders: list[Reminder]


def overview(account: Account) -> Overview:
    """Everything that Beranda shows, by one query."""
    family = family_of(account)
    cards = [card_of(member, account) for member in family]
    return Overview(
        card=cards[0] if cards else None,
        members=cards[1:],
        reminders=_reminders(family, clock.today()),
    )


def _reminders(family: list[Participant], today: date) -> list[Reminder]:
    """First the arrears of the family, once; then what concerns its members."""
    found: list[Reminder] = []
    memberships = [(member, membership_of(member, today)) for member in family]
    owed = max((it.months_owed for _, it in memberships), default=0)
    if owed:
        suspended = [it for _, it in memberships if it.state is MembershipState.SUSPENDED]
        suspended_since = min((it.since for it in suspended if it.since), default=None)
        found.append(Reminder(ReminderKind.ARREARS, on=suspended_since, months=owed))
    for member, membership in memberships:
        if membership.state is MembershipState.ENDED:
            found.append(Reminder(ReminderKind.ENDED, member.name, membership.since))
        if membership.state is MembershipState.ENDING:
            found.append(Reminder(ReminderKind.ENDING, member.name, membership.until))
        if member.nik is None and membership.state is not MembershipState.DECEASED:
            months = value_on(Rule.NEWBORN_MONTHS_TO_GET_A_NIK, today)
            due = add_months(member.birth_date, months)
            found.append(Reminder(ReminderKind.NEWBORN_NIK, member.name, due))
    living = sum(it.state is not MembershipState.DECEASED for _, it in memberships)
    return _said_of_all(found, living)


def _said_of_all(reminders: list[Reminder], living: int) -> list[Reminder]:
    """What concerns everybody who lives, on the same day, becomes one reminder of the family: six
    names say less than two words."""
    how_many = Counter((it.kind, it.on) for it in reminders)
    of_all = {what for what, number in how_many.items() if number == living > 1}
    said = (replace(it, member_name=None) if (it.kind, it.on) in of_all else it for it in reminders)
    return list(dict.fromkeys(said))
