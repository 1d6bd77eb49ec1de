"""A family member as the others in the family may see them."""

from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlalchemy.orm import contains_eager, joinedload

from jkn.database import session
from jkn.models import Account, Facility, Participant, Relationship
from jkn.services.basics import clock
from jkn.services.basics.dated_rules import care_class_on
from jkn.services.basics.masking import mask_card_number, mask_nik
from jkn.services.basics.wording import grouped
from jkn.services.membership.eligibility import is_dead
from jkn.services.membership.membership import Membership, Payer, membership_of, payer_of
from jkn.services.sessions import limited_mode

# Executed for most pages. Built once: building takes nearly as long as executing.
_FAMILY_OF_PARTICIPANT = (
    select(Participant)
    .where(
        Participant.family_id
        == select(Participant.family_id)
        .where(Participant.id == bindparam("participant_id"))
        .scalar_subquery()
    )
    .join(Participant.family)
    .options(contains_eager(Participant.family), joinedload(Participant.primary_facility))
)


@dataclass(frozen=True)
class MemberCard:
    """`card_number`: whole on one's own card and on a card that is shown after a step-up; masked on
    all others, and always in limited mode (`is_masked`). `nik`: whole after a step-up only; None
    where there is none yet, and so is `facility_name`. `is_facility_closed`: as `has_closed` says.
    `care_class_name`: of today's class, which may have replaced the recorded one."""

    id: int
    name: str
    relationship: Relationship
    card_number: str
    is_masked: bool
    nik: str | None
    payer: Payer
    care_class_name: str
    facility_name: str | None
    is_facility_closed: bool
    membership: Membership


def family_of(account: Account) -> list[Participant]:
    """Everybody on the account's family card: the account's own person, then the others by age, and
    those who died last. The own person alone while the account waits for the family.

    Empty for an account without membership. One query, executed each time, so that somebody who
    leaves the family loses sight of it at once.
    """
    if account.participant_id is None:
        return []
    asked = {"participant_id": account.participant_id}
    members = session.scalars(_FAMILY_OF_PARTICIPANT, asked).unique()
    if limited_mode.is_unconfirmed(account):
        return [it for it in members if it.id == account.participant_id]
    own_id = account.participant_id
    return sorted(members, key=lambda it: (it.id != own_id, is_dead(it), it.birth_date))


def cards_for(account: Account, *, opened: int | None = None) -> list[MemberCard]:
    """The cards of `family_of(account)`, in the same order. `opened`: the id of the participant
    whose numbers are whole, because a step-up is under way; None: nobody's are."""
    return [card_of(it, account, is_open=it.id == opened) for it in family_of(account)]


def card_of(participant: Participant, account: Account, *, is_open: bool = False) -> MemberCard:
    """A member's card as the holder of `account` may see it today. `is_open`: a step-up is under
    way; in limited mode the numbers stay masked all the same."""
    is_limited = limited_mode.is_limited(account)
    is_own = participant.id == account.participant_id
    today = clock.today()
    is_masked = is_limited or not (is_own or is_open)
    write_nik = grouped if is_open and not is_limited else mask_nik
    number = participant.card_number
    facility = participant.primary_facility
    return MemberCard(
        id=participant.id,
        name=participant.name,
        relationship=participant.relationship,
        card_number=mask_card_number(number) if is_masked else number,
        is_masked=is_masked,
        nik=write_nik(participant.nik) if participant.nik else None,
        payer=payer_of(participant.segment, participant.kind),
        care_class_name=care_class_on(participant.care_class, today).name,
        facility_name=facility.name if facility else None,
        is_facility_closed=has_closed(facility, participant),
        membership=membership_of(participant, today),
    )


def has_closed(facility: Facility | None, participant: Participant) -> bool:
    """Whether the participant's own facility treats nobody any more, so that another one is to be
    chosen. Whoever has died needs none."""
    until = facility.open_until if facility else None
    return until is not None and until < clock.today() and not is_dead(participant)
