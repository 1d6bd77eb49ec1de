"""Who may change what of whom, and from which day on (product.md 5, 6).

The list of rows, the page of a row and the command that writes it all ask here, so that they never
say different things. Nothing is queried here: a household is loaded once, and asked for each
of its members and rows.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from jkn.models import (
    Account,
    ChangeRow,
    FacilityKind,
    Participant,
    ParticipantKind,
    Relationship,
    Segment,
)
from jkn.services.basics.calendar_months import add_months, month_start
from jkn.services.basics.dated_rules import care_classes_on, is_so_on, value_on
from jkn.services.basics.rule_catalogue import Rule
from jkn.services.membership.eligibility import is_dead, of_age_from
from jkn.services.membership.membership import MembershipState, membership_of, pays_by_itself

CHOSEN_ROWS = (
    ChangeRow.NIK,
    ChangeRow.SEGMENT,
    ChangeRow.PHONE,
    ChangeRow.EMAIL,
    ChangeRow.DOMICILE,
    ChangeRow.PRIMARY_FACILITY,
    ChangeRow.DENTAL_FACILITY,
    ChangeRow.CARE_CLASS,
)
"""The rows that people change by themselves, in the order of product.md 5. What else there is comes
from the population registry, together with the NIK."""

_LEADERS = (Relationship.HEAD, Relationship.HUSBAND, Relationship.WIFE)
_CONTACT_ROWS = (ChangeRow.PHONE, ChangeRow.EMAIL)
"""What belongs to an adult alone from the own account on."""

# A doctor who practises alone comes with a dentist, so whoever may choose the one chooses both.
_OWN = (
    *_CONTACT_ROWS,
    ChangeRow.DOMICILE,
    ChangeRow.PRIMARY_FACILITY,
    ChangeRow.DENTAL_FACILITY,
)
# Everybody in the family is in one class.
_OF_ALL_MEMBERS = (ChangeRow.CARE_CLASS,)

_PAID_BY_STATE = (Segment.PBI_JK, Segment.PBPU_BP_PEMDA)
_EMPLOYED = (Segment.PPU_COMPANY, Segment.PPU_STATE)
_ARMED = (ParticipantKind.MILITARY, ParticipantKind.POLICE)


class Reason(StrEnum):
    """Why not. The first ones are about who asks, the others about what is asked."""

    NOT_IN_FAMILY = "not_in_family"
    MEMBER_DIED = "member_died"
    ACTOR_TOO_YOUNG = "actor_too_young"
    OTHERS_DATA = "others_data"
    LEADERS_ROW = "leaders_row"
    OWN_CONTACT = "own_contact"

    REGISTRY_ROW = "registry_row"
    HAS_NIK = "has_nik"
    PENDING = "pending"
    FACILITY_BY_STATE = "facility_by_state"
    FACILITY_BY_FORCES = "facility_by_forces"
    FACILITY_TOO_SOON = "facility_too_soon"
    DENTIST_BY_FACILITY = "dentist_by_facility"
    CLASS_BY_STATE = "class_by_state"
    CLASS_BY_EMPLOYER = "class_by_employer"
    CLASS_BY_PENSION = "class_by_pension"
    ONE_CLASS = "one_class"
    ARREARS = "arrears"
    CLASS_TOO_SOON = "class_too_soon"
    PAYS_ALREADY = "pays_already"
    NON_WORKER = "non_worker"
    PENSIONER = "pensioner"
    STATE_EMPLOYEE = "state_employee"
    STILL_EMPLOYED = "still_employed"
    CHILD_COVERED = "child_covered"
    STUDENT_COVERED = "student_covered"
    STATE_PAYS = "state_pays"


@dataclass(frozen=True)
class Allowed:
    """The row may be changed now."""


@dataclass(frozen=True)
class Refused:
    """`first_day`: the first day on which the same question is answered otherwise, as far as is
    known today; None: that is never, or nobody knows when."""

    reason: Reason
    first_day: date | None = None


Answer = Allowed | Refused


@dataclass(frozen=True)
class Household:
    """What the rules ask about a family. `with_account`: ids of the members who have an account of
    their own. `pending`: by member's id and row, the day on which a change that is under way takes
    effect. `moved_on`: by member's id, when an address in another regency took effect last; those
    who never moved are missing."""

    members: tuple[Participant, ...]
    with_account: frozenset[int] = frozenset()
    pending: Mapping[tuple[int, ChangeRow], date] = field(default_factory=dict)
    moved_on: Mapping[int, date] = field(default_factory=dict)


def leads(actor: Account, household: Household, day: date) -> bool:
    """Whether the holder of `actor` is the head or the spouse, who change for every member, and to
    whom alone belongs what binds all of them (kelas, segmen, FKTP satu keluarga)."""
    own = _member_of(actor, household)
    return own is not None and not _refused_actor(own, day) and own.relationship in _LEADERS


def may_ask(
    actor: Account, member: Participant, household: Household, row: ChangeRow, day: date
) -> bool:
    """Whether the row is for the holder of `actor` to change, whatever stands in its way now. Then
    a change of it is theirs to cancel, too. Of the household it asks for the members, and for
    contact data who has an account."""
    return _by_who_asks(actor, member, household, row, day) is None


def may(
    actor: Account, member: Participant, household: Household, row: ChangeRow, day: date
) -> Answer:
    """Whether the holder of `actor` may change this row of `member` on `day` (Jakarta's calendar);
    if not, the first reason that holds: who asks, what is asked, when."""
    refused = (
        _by_who_asks(actor, member, household, row, day)
        or _NEVER.get(row, _of_registry)(member, household, day)
        or _by_pending(member, household, row, day)
        or _NOT_YET.get(row, _nothing)(member, household, day)
    )
    return refused or Allowed()


def _by_who_asks(
    actor: Account, member: Participant, household: Household, row: ChangeRow, day: date
) -> Refused | None:
    own = _member_of(actor, household)
    if own is None or all(it.id != member.id for it in household.members):
        return Refused(Reason.NOT_IN_FAMILY)
    refused = _refused_actor(own, day)
    if refused is not None:
        return refused
    if is_dead(member):
        return Refused(Reason.MEMBER_DIED)
    is_own = own.id == member.id
    if own.relationship not in _LEADERS:
        if not is_own:
            return Refused(Reason.OTHERS_DATA)
        if row not in _OWN:
            return Refused(Reason.LEADERS_ROW)
    is_adult_with_account = (
        member.id in household.with_account and of_age_from(member.birth_date, day) <= day
    )
    if row in _CONTACT_ROWS and is_adult_with_account and not is_own:
        return Refused(Reason.OWN_CONTACT)
    return None


def _member_of(actor: Account, household: Household) -> Participant | None:
    own_id = actor.participant_id
    return next((it for it in household.members if it.id == own_id), None)


def _refused_actor(own: Participant, day: date) -> Refused | None:
    """Of an account that should not exist nothing is taken."""
    if is_dead(own):
        return Refused(Reason.MEMBER_DIED)
    of_age = of_age_from(own.birth_date, day)
    return Refused(Reason.ACTOR_TOO_YOUNG, of_age) if of_age > day else None


def _by_pending(
    member: Participant, household: Household, row: ChangeRow, day: date
) -> Refused | None:
    concerned = household.members if row in _OF_ALL_MEMBERS else (member,)
    days = [household.pending.get((it.id, row)) for it in concerned]
    last = max((it for it in days if it is not None), default=None)
    if last is None:
        return None
    # What is due and not yet applied is not to be overtaken either.
    return Refused(Reason.PENDING, last if last > day else None)


def _of_registry(_member: Participant, _household: Household, _day: date) -> Refused | None:
    return Refused(Reason.REGISTRY_ROW)


def _nothing(_member: Participant, _household: Household, _day: date) -> Refused | None:
    return None


def _nik_never(member: Participant, _household: Household, _day: date) -> Refused | None:
    """Only newborns are registered without one."""
    return Refused(Reason.HAS_NIK) if member.nik else None


def _facility_never(member: Participant, _household: Household, _day: date) -> Refused | None:
    if member.segment in _PAID_BY_STATE:
        return Refused(Reason.FACILITY_BY_STATE)
    return Refused(Reason.FACILITY_BY_FORCES) if member.kind in _ARMED else None


def _facility_not_yet(member: Participant, household: Household, day: date) -> Refused | None:
    since = member.primary_facility_since
    if since is None:
        return None
    first_day = add_months(since, value_on(Rule.FACILITY_MONTHS_AT_LEAST, day))
    moved_on = household.moved_on.get(member.id)
    has_moved_since = moved_on is not None and since <= moved_on <= day
    if has_moved_since and is_so_on(Rule.FACILITY_EARLIER_AFTER_A_MOVE, day):
        return None
    return Refused(Reason.FACILITY_TOO_SOON, first_day) if first_day > day else None


def _dentist_never(member: Participant, _household: Household, _day: date) -> Refused | None:
    """All other primary facilities have a dentist."""
    primary = member.primary_facility
    if primary is not None and primary.kind is FacilityKind.DOCTOR:
        return None
    return Refused(Reason.DENTIST_BY_FACILITY)


def _class_never(member: Participant, _household: Household, day: date) -> Refused | None:
    if not pays_by_itself(member):
        if member.segment in _PAID_BY_STATE:
            return Refused(Reason.CLASS_BY_STATE)
        is_employed = member.segment in _EMPLOYED
        return Refused(Reason.CLASS_BY_EMPLOYER if is_employed else Reason.CLASS_BY_PENSION)
    months = value_on(Rule.CARE_CLASS_MONTHS_TO_EFFECT, day)
    classes = care_classes_on(add_months(month_start(day), months))
    return Refused(Reason.ONE_CLASS) if len(classes) == 1 else None


def _class_not_yet(_member: Participant, household: Household, day: date) -> Refused | None:
    """The family's time in its class is that of who has been in it longest: a newborn joins, and
    nobody's months begin anew."""
    payers = [it for it in household.members if pays_by_itself(it) and not is_dead(it)]
    if any(membership_of(it, day).months_owed for it in payers):
        return Refused(Reason.ARREARS)
    since = min(it.care_class_since for it in payers)
    first_day = add_months(since, value_on(Rule.CARE_CLASS_MONTHS_AT_LEAST, day))
    return Refused(Reason.CLASS_TOO_SOON, first_day) if first_day > day else None


def _segment_never(member: Participant, _household: Household, _day: date) -> Refused | None:
    if member.segment is Segment.PBPU:
        return Refused(Reason.PAYS_ALREADY)
    if member.segment is Segment.BP:
        return Refused(Reason.NON_WORKER if pays_by_itself(member) else Reason.PENSIONER)
    is_child = member.relationship is Relationship.CHILD
    if member.segment is Segment.PPU_STATE and not is_child:
        return Refused(Reason.STATE_EMPLOYEE)
    return None


def _segment_not_yet(member: Participant, _household: Household, day: date) -> Refused | None:
    membership = membership_of(member, day)
    has_ended = membership.state is MembershipState.ENDED
    if member.segment in _PAID_BY_STATE:
        first_day = membership.until and membership.until + timedelta(days=1)
        return None if has_ended else Refused(Reason.STATE_PAYS, first_day)
    # Whose cover ends with a month may ask in that month.
    is_company = member.segment is Segment.PPU_COMPANY
    opens_on = month_start(membership.until) if is_company and membership.until else None
    if is_company and (has_ended or (opens_on is not None and opens_on <= day)):
        return None
    employed = Refused(Reason.STILL_EMPLOYED, opens_on)
    if member.relationship is not Relationship.CHILD:
        return employed
    covered = _child_not_yet(member, day, has_ended=has_ended)
    is_first = opens_on and covered and covered.first_day and opens_on < covered.first_day
    return employed if is_first else covered


def _child_not_yet(member: Participant, day: date, *, has_ended: bool) -> Refused | None:
    """A child past the age limit moves alone. Who is still covered beyond the first limit studies,
    since nobody else is."""
    first = _birthday(member, value_on(Rule.CHILD_COVERED_UNTIL_YEARS, day))
    if first > day:
        return Refused(Reason.CHILD_COVERED, first)
    last = _birthday(member, value_on(Rule.STUDENT_COVERED_UNTIL_YEARS, day))
    return None if has_ended or last <= day else Refused(Reason.STUDENT_COVERED, last)


def _birthday(member: Participant, years: int) -> date:
    return add_months(member.birth_date, 12 * years)


_NEVER: dict[ChangeRow, Callable[[Participant, Household, date], Refused | None]] = {
    ChangeRow.NIK: _nik_never,
    ChangeRow.SEGMENT: _segment_never,
    ChangeRow.PHONE: _nothing,
    ChangeRow.EMAIL: _nothing,
    ChangeRow.DOMICILE: _nothing,
    ChangeRow.PRIMARY_FACILITY: _facility_never,
    ChangeRow.DENTAL_FACILITY: _dentist_never,
    ChangeRow.CARE_CLASS: _class_never,
}

_NOT_YET: dict[ChangeRow, Callable[[Participant, Household, date], Refused | None]] = {
    ChangeRow.SEGMENT: _segment_not_yet,
    ChangeRow.PRIMARY_FACILITY: _facility_not_yet,
    ChangeRow.CARE_CLASS: _class_not_yet,
}
