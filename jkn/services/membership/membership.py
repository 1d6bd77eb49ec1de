"""Whether a membership is active today, why not, and since when."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from jkn.models import EndedReason, Participant, ParticipantKind, Segment
from jkn.services.basics.calendar_months import add_months, month_start, months_between
from jkn.services.basics.dated_rules import value_on
from jkn.services.basics.rule_catalogue import Rule


class MembershipState(StrEnum):
    """`ENDING` still covers until a known day; `SUSPENDED` is for contributions owed."""

    ACTIVE = "active"
    ENDING = "ending"
    SUSPENDED = "suspended"
    ENDED = "ended"
    DECEASED = "deceased"


class Payer(StrEnum):
    """Who pays the contribution, as people would say it. `PENSION`: it is taken from a pension of
    the state. `OTHER`: a segment of a newer release."""

    STATE = "state"
    REGION = "region"
    AGENCY = "agency"
    COMPANY = "company"
    THEMSELVES = "themselves"
    NON_WORKER = "non_worker"
    PENSION = "pension"
    OTHER = "other"


_PAYERS = {
    Segment.PBI_JK: Payer.STATE,
    Segment.PBPU_BP_PEMDA: Payer.REGION,
    Segment.PPU_STATE: Payer.AGENCY,
    Segment.PPU_COMPANY: Payer.COMPANY,
    Segment.PBPU: Payer.THEMSELVES,
    Segment.BP: Payer.NON_WORKER,
}


@dataclass(frozen=True)
class Membership:
    """`until`: last day covered, when ENDING. `since`: first day not covered, when ENDED or
    SUSPENDED. `months_owed`: contributions past their due day and unpaid."""

    state: MembershipState
    until: date | None = None
    since: date | None = None
    months_owed: int = 0


def pays_by_itself(participant: Participant) -> bool:
    """Whether the participant pays the contribution, which nobody takes from wages, a pension or a
    public budget."""
    pays = participant.segment in (Segment.PBPU, Segment.BP)
    return pays and participant.kind is not ParticipantKind.STATE_PENSIONER


def payer_of(segment: Segment, kind: ParticipantKind) -> Payer:
    """Who pays for participants of this segment and kind."""
    if segment is Segment.BP and kind is ParticipantKind.STATE_PENSIONER:
        return Payer.PENSION
    return _PAYERS.get(segment, Payer.OTHER)


def membership_of(participant: Participant, today: date) -> Membership:
    """The membership as it stands on `today` (Jakarta's calendar)."""
    last_day = participant.active_until
    if last_day is not None and participant.ended_reason is EndedReason.DEATH:
        return Membership(MembershipState.DECEASED, since=last_day + timedelta(days=1))
    if last_day is not None and last_day < today:
        return Membership(MembershipState.ENDED, since=last_day + timedelta(days=1))
    owed = _months_owed(participant, today)
    if owed:
        months = value_on(Rule.CONTRIBUTION_MONTHS_TO_SUSPENSION, today)
        suspended_since = add_months(_first_unpaid(participant), months)
        if suspended_since <= today:
            return Membership(MembershipState.SUSPENDED, since=suspended_since, months_owed=owed)
    if last_day is not None:
        return Membership(MembershipState.ENDING, until=last_day, months_owed=owed)
    return Membership(MembershipState.ACTIVE, months_owed=owed)


def _first_unpaid(participant: Participant) -> date:
    paid_through = participant.family.paid_through
    if paid_through is None:
        return month_start(participant.active_from)
    return add_months(month_start(paid_through), 1)


def _months_owed(participant: Participant, today: date) -> int:
    """Months whose due day went by unpaid, as many as count at most."""
    if not pays_by_itself(participant):
        return 0
    month_is_due = today.day > value_on(Rule.CONTRIBUTION_DUE_DAY, today)
    last_due = month_start(today) if month_is_due else add_months(month_start(today), -1)
    owed = months_between(_first_unpaid(participant), last_due) + 1
    return max(0, min(owed, value_on(Rule.ARREARS_MONTHS_AT_MOST, today)))
