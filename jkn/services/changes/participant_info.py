"""Info Peserta: all that is on record about a member of the family, what waits for its day, and
what was before."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from jkn.database import session
from jkn.models import Account, Address, ChangeRow, Facility, FacilityKind, Participant
from jkn.services.basics import clock
from jkn.services.basics.dated_rules import price_on
from jkn.services.basics.paging import Page, as_id
from jkn.services.basics.rule_book import Price
from jkn.services.changes.household import with_account
from jkn.services.changes.who_may import Household, may_ask
from jkn.services.membership.change_values import Value, binds_family, value_of
from jkn.services.membership.eligibility import is_dead
from jkn.services.membership.history import (
    PastChange,
    PendingChange,
    history_of,
    pending_for,
)
from jkn.services.membership.member_cards import MemberCard, card_of, family_of, has_closed
from jkn.services.membership.membership import pays_by_itself

_FACILITY_ROWS = (ChangeRow.PRIMARY_FACILITY, ChangeRow.DENTAL_FACILITY)


@dataclass(frozen=True)
class Summary:
    """A member in the list. `pending`: how many changes wait for their day."""

    card: MemberCard
    pending: int


@dataclass(frozen=True)
class Waiting:
    """A change that waits for its day. `value_before`: what is true until then. `is_own`: it is for
    this account to cancel. `is_of_all`: with it goes the same change of everybody in the
    family."""

    change: PendingChange
    value_before: Value
    is_own: bool
    is_of_all: bool


@dataclass(frozen=True)
class MemberInfo:
    """`price`: None for those who pay no price a person. `needs_dentist`: the FKTP is a doctor
    alone, and no dentist was chosen. `closed`: the codes of those of the two facilities that treat
    nobody any more, where another one is to be chosen. `facility_names`: by code, of all that the
    changes name."""

    card: MemberCard
    price: Price | None
    primary_facility: Facility | None
    dental_facility: Facility | None
    needs_dentist: bool
    closed: frozenset[str]
    home: Address
    waiting: list[Waiting]
    past: Page[PastChange]
    facility_names: Mapping[str, str]


@dataclass(frozen=True)
class Cancellable:
    """A change that this account may cancel, or that it might have cancelled. `waiting`: None: it
    was ended before, and `past` says how. `is_due`: its day has come."""

    member: MemberCard
    waiting: Waiting | None
    past: PastChange | None
    is_due: bool
    facility_names: Mapping[str, str]


def family_info(account: Account) -> list[Summary]:
    """Everybody in the family, the own person first; empty for an account without membership. Two
    queries."""
    family = family_of(account)
    waiting = Counter(it.participant_id for it in pending_for([it.id for it in family]))
    return [Summary(card_of(it, account), waiting[it.id]) for it in family]


def info_of(
    account: Account, member_id: int, *, before: int | None = None, is_open: bool = False
) -> MemberInfo | None:
    """What is on record about a member; None: there is no such member in the family. `before`: past
    changes older than the one with this id. `is_open`: a step-up is under way. Four queries."""
    family = family_of(account)
    member = next((it for it in family if it.id == member_id), None)
    if member is None:
        return None
    waiting = _waiting(pending_for([member.id]), member, account, family)
    past = history_of([member.id], before)
    facilities = _facilities(
        [
            member.dental_facility_code,
            *(it for known in waiting for it in _codes(known.change, known.value_before)),
            *(it for change in past.items for it in _codes(change, change.value_before)),
        ]
    )
    primary, dental_code = member.primary_facility, member.dental_facility_code
    dental = facilities.get(dental_code) if dental_code else None
    is_doctor = primary is not None and primary.kind is FacilityKind.DOCTOR
    names = {code: it.name for code, it in facilities.items()}
    return MemberInfo(
        card=card_of(member, account, is_open=is_open),
        price=_price(member),
        primary_facility=primary,
        dental_facility=dental,
        needs_dentist=is_doctor and dental_code is None,
        closed=frozenset(it.code for it in (primary, dental) if it and has_closed(it, member)),
        home=member.home,
        waiting=waiting,
        past=past,
        facility_names=names,
    )


def cancellable(account: Account, change_id: int) -> Cancellable | None:
    """A change of somebody in the family that this account may cancel, whatever became of it since;
    None: there is none for this account."""
    family = family_of(account)
    ids = [it.id for it in family]
    pending = next((it for it in pending_for(ids) if it.id == change_id), None)
    # Older than the next id: the first of them is this one, if it is past.
    newest = None if pending else next(iter(history_of(ids, as_id(change_id) + 1).items), None)
    past = newest if newest and newest.id == change_id else None
    found = pending or past
    if found is None:
        return None
    member = next(it for it in family if it.id == found.participant_id)
    household = Household(tuple(family), with_account(family))
    if not may_ask(account, member, household, found.row, clock.today()):
        return None
    waiting = next(iter(_waiting([pending], member, account, family)), None) if pending else None
    if waiting is None and past is None:
        return None
    before = waiting.value_before if waiting else past.value_before if past else None
    return Cancellable(
        member=card_of(member, account),
        waiting=waiting,
        past=past,
        is_due=found.effective_on <= clock.today(),
        facility_names={it.code: it.name for it in _facilities(_codes(found, before)).values()},
    )


def _waiting(
    pending: list[PendingChange], member: Participant, account: Account, family: list[Participant]
) -> list[Waiting]:
    has_account = any(it.has_account for it in pending)
    household = Household(tuple(family), frozenset((member.id,) if has_account else ()))
    return [
        Waiting(
            change=it,
            value_before=value_of(member, it.row),
            is_own=may_ask(account, member, household, it.row, clock.today()),
            is_of_all=binds_family(it.row) and len(family) > 1,
        )
        for it in pending
        # A newer release may have more rows.
        if it.row in set(ChangeRow)
    ]


def _price(member: Participant) -> Price | None:
    if not pays_by_itself(member) or is_dead(member):
        return None
    return price_on(member.care_class, member.kind, clock.today())


def _codes(change: PendingChange | PastChange, value_before: Value) -> list[str]:
    """The facilities that a change names."""
    if change.row not in _FACILITY_ROWS:
        return []
    return [it for it in (change.value, value_before) if isinstance(it, str)]


def _facilities(codes: Iterable[str | None]) -> dict[str, Facility]:
    wanted = {it for it in codes if it is not None}
    if not wanted:
        return {}
    found = session.scalars(select(Facility).where(Facility.code.in_(wanted)))
    return {it.code: it for it in found}
