"""What stands in the way of a change when its day has come, although it was right when asked."""

from datetime import date

from sqlalchemy import select

from jkn.database import blind_index, session
from jkn.models import Account, ChangeRow, DropReason, Facility, Participant
from jkn.services.basics.dated_rules import care_class_on
from jkn.services.facilities.is_open import is_open_on
from jkn.services.membership.change_values import Value
from jkn.services.membership.eligibility import is_dead

_FACILITIES = (ChangeRow.PRIMARY_FACILITY, ChangeRow.DENTAL_FACILITY)


def obstacle_to(
    participant: Participant, row: ChangeRow, value: Value, day: date
) -> DropReason | None:
    """Why the participant cannot have this value from this day on; None: nothing is in the way."""
    if is_dead(participant):
        return DropReason.DECEASED
    if not isinstance(value, str):
        return None
    if row in _FACILITIES:
        return _of_facility(value, day)
    if row is ChangeRow.CARE_CLASS:
        return _of_care_class(value, day)
    if row is ChangeRow.NIK and _is_taken(value, participant):
        return DropReason.NIK_TAKEN
    return None


def _of_facility(code: str, day: date) -> DropReason | None:
    facility = session.scalars(
        select(Facility).where(Facility.code == code).execution_options(populate_existing=True)
    ).one_or_none()
    if facility is None:
        return DropReason.UNKNOWN_VALUE
    return None if is_open_on(facility, day) else DropReason.FACILITY_CLOSED


def _of_care_class(code: str, day: date) -> DropReason | None:
    try:
        care_class_on(code, day)
    except LookupError:
        return DropReason.UNKNOWN_VALUE
    return None


def _is_taken(nik: str, participant: Participant) -> bool:
    """Whether it is the NIK of another participant, or of an account that is not this one's."""
    of_others = select(Participant.id).where(
        Participant.nik_index.in_(blind_index("participants.nik", nik)),
        Participant.id != participant.id,
    )
    accounts = select(Account.id).where(
        Account.nik_index.in_(blind_index("accounts.nik", nik)),
        Account.participant_id.is_distinct_from(participant.id),
    )
    return any(session.scalars(it.limit(1)).first() is not None for it in (of_others, accounts))
