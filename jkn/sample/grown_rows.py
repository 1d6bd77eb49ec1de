"""Grown families and people as rows of the database, before encryption.

Payments and lost work are relative to the day of growth, so that most people are insured on that
day; everything else about a person is the same on every day.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta

from jkn.models import ChangeRow, ChangeState, EndedReason, FacilityKind, Relationship, Segment
from jkn.sample.bulk import Values
from jkn.sample.grown_people import GrownFamily, GrownPerson
from jkn.services.basics.calendar_months import add_months, month_start
from jkn.services.basics.clock import JAKARTA
from jkn.services.membership.change_values import to_json

_ACCOUNT_OPENED = datetime(2025, 7, 1, tzinfo=UTC)
_REGISTRY_CODES = {
    Relationship.HEAD: 1,
    Relationship.HUSBAND: 2,
    Relationship.WIFE: 3,
    Relationship.CHILD: 4,
    Relationship.PARENT: 7,
    Relationship.OTHER: 11,
}
# One in so many people waits for a new FKTP.
_CHANGES_ONE_IN = 20
# Ids in the database by a number that is unique: a NIK or a family card number.
Ids = Mapping[str, int]


def family_row(home: GrownFamily, today: date) -> Values:
    """A family. Those that pay by themselves have a last month that is paid."""
    pays = home.segment in (Segment.PBPU, Segment.BP)
    paid_through = add_months(month_start(today), -home.months_unpaid)
    return _address(home) | {"paid_through": paid_through if pays else None}


def _address(home: GrownFamily) -> Values:
    return {
        "family_card_number": home.family_card_number,
        "street": home.street,
        "rt": home.rt,
        "rw": home.rw,
        "village_code": home.village_code,
        "postal_code": home.postal_code,
    }


def _person(person: GrownPerson) -> Values:
    return {
        "nik": person.nik,
        "name": person.name,
        "birth_place": person.birth_place,
        "birth_date": person.birth_date,
        "sex": person.sex,
        "mother_name": person.mother_name,
    }


def registry_row(home: GrownFamily, person: GrownPerson) -> Values:
    code = _REGISTRY_CODES[person.relationship]
    return _address(home) | _person(person) | {"relationship_code": code, "died_on": None}


def participant_row(
    home: GrownFamily, person: GrownPerson, ids: Ids, families: Ids, today: date
) -> Values:
    since = max(home.insured_since, person.birth_date + timedelta(days=1))
    has_ended = home.lost_work and home.segment is Segment.PPU_COMPANY
    primary = home.primary_facility
    has_dentist = primary is FacilityKind.DOCTOR
    return _person(person) | {
        "id": ids[person.nik],
        "family_id": families[home.family_card_number],
        "card_number": person.card_number,
        "relationship": person.relationship,
        "segment": home.segment,
        "kind": home.kind,
        "care_class": home.care_class,
        "care_class_since": since,
        "primary_facility_code": home.place.facility_code(primary),
        "primary_facility_since": since,
        "dental_facility_code": (
            home.place.facility_code(FacilityKind.DENTIST) if has_dentist else None
        ),
        "active_from": since,
        "active_until": month_start(today) - timedelta(days=1) if has_ended else None,
        "ended_reason": EndedReason.EMPLOYMENT_ENDED if has_ended else None,
        "phone": person.phone,
        "email": person.email,
    }


def account_row(head: GrownPerson, participants: Ids, password_hash: str) -> Values:
    return {
        "participant_id": participants[head.nik],
        "nik": head.nik,
        "name": head.name,
        "birth_date": head.birth_date,
        "phone": head.phone,
        "email": head.email,
        "password_hash": password_hash,
        "created_at": _ACCOUNT_OPENED,
    }


def has_change(person: GrownPerson) -> bool:
    """Whether this person waits for a change to take effect."""
    return person.number % _CHANGES_ONE_IN == 0


def change_row(home: GrownFamily, person: GrownPerson, ids: Ids, today: date) -> Values:
    """A change to another FKTP of the district, from the first of next month; nobody is noted as
    having asked."""
    is_at_puskesmas = home.primary_facility is FacilityKind.PUSKESMAS
    other = FacilityKind.PRIMARY_CLINIC if is_at_puskesmas else FacilityKind.PUSKESMAS
    return {
        "participant_id": ids[person.nik],
        "row": ChangeRow.PRIMARY_FACILITY,
        "value": to_json(ChangeRow.PRIMARY_FACILITY, home.place.facility_code(other)),
        "effective_on": add_months(month_start(today), 1),
        "state": ChangeState.PENDING,
        "asked_at": datetime.combine(month_start(today), time(), JAKARTA),
    }
