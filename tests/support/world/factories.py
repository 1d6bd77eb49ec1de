"""Invented people and places with sensible defaults. No number comes twice in a test, and every
test begins with the same numbers. Every personal value is a canary. All rows are committed, as if
they had always been there."""

import functools
import itertools
import secrets
from datetime import date
from typing import Any, TypeVar

from argon2 import PasswordHasher

from jkn.database import Base, session, transaction
from jkn.models import (
    Account,
    Facility,
    FacilityKind,
    FacilityWord,
    Family,
    Participant,
    ParticipantKind,
    Passkey,
    PasskeyDevice,
    RegistryPerson,
    Relationship,
    Segment,
)
from jkn.services.basics import clock
from jkn.services.basics.dated_rules import care_classes_on
from jkn.services.basics.tokens import digest
from jkn.services.credentials import passwords
from jkn.services.facilities.facility_words import word_rows
from tests.support.clients.software_authenticator import (
    BACKED_UP,
    MAY_TRAVEL,
    Authenticator,
    as_text,
)
from tests.support.rules.canaries import CANARIES

PASSWORD = "kopi tubruk di teras"

Row = TypeVar("Row", bound=Base)
_numbers = itertools.count(1)
_VILLAGE = "32.76.05.1001"


def count_anew() -> None:
    """Begin with the first number again, so that the people of a test depend on no other test."""
    global _numbers
    _numbers = itertools.count(1)


def new_nik(birth_date: date, sex: str = "F") -> str:
    """16 digits after the rule of the population registry: women's day of birth + 40."""
    day = birth_date.day + (40 if sex == "F" else 0)
    nik = f"327605{day:02}{birth_date:%m%y}{next(_numbers) % 10_000:04}"
    CANARIES.add("nik", nik)
    return nik


def new_card_number() -> str:
    """13 digits, as on a JKN card."""
    number = f"{next(_numbers) + 1_234_567_000_000 % 10**12:013}"
    CANARIES.add("card_number", number)
    return number


def new_phone() -> str:
    """A mobile number in the stored form (E.164)."""
    phone = f"+62812{next(_numbers) + 71_300_000:08}"
    CANARIES.add("phone", phone)
    return phone


def new_email() -> str:
    """An address below a domain that is reserved for examples."""
    email = f"orang{next(_numbers)}.wanodya@example.id"
    CANARIES.add("email", email)
    return email


def make_facility(**changes: Any) -> Facility:
    """A puskesmas with room."""
    number = next(_numbers)
    values = {
        "code": f"1001U{number:03}",
        "kind": FacilityKind.PUSKESMAS,
        "name": f"Puskesmas Sukamaju {number}",
        "address": "Jalan Merdeka 12",
        "regency_code": "32.76",
        "district_code": "32.76.05",
        "latitude": -6.4025,
        "longitude": 106.7942,
        "is_point_exact": True,
        "capacity": 5000,
        "enrolled": 1200,
    }
    return _keep(Facility(**{**values, **changes}))


def make_known_facility(name: str, **changes: Any) -> Facility:
    """A facility that can be found by its name."""
    facility = make_facility(name=name, **changes)
    for row in word_rows(facility.code, name):
        _keep(FacilityWord(**row))
    return facility


def make_family(**changes: Any) -> Family:
    """A family card in Depok; employers pay, so nothing is owed."""
    number = f"327605280{next(_numbers):07}"
    values = {
        "family_card_number": number,
        "street": "Gang Melati Rimbun 4",
        "rt": "003",
        "rw": "007",
        "village_code": _VILLAGE,
        "postal_code": "16411",
        "paid_through": None,
    }
    family = Family(**{**values, **changes})
    CANARIES.add("family_card_number", family.family_card_number)
    CANARIES.add("street", family.street)
    return _keep(family)


def make_participant(family: Family | None = None, **changes: Any) -> Participant:
    """An employed woman of 41, head of a family of her own unless one is given."""
    birth_date = changes.get("birth_date", date(1985, 2, 5))
    sex = changes.get("sex", "F")
    facility_code = changes.pop("primary_facility_code", None) or make_facility().code
    values = {
        "family_id": (family or make_family()).id,
        "nik": new_nik(birth_date, sex) if "nik" not in changes else None,
        "card_number": new_card_number() if "card_number" not in changes else "",
        "name": f"Wulan Prameswari {_letters(next(_numbers))}",
        "birth_place": "Sumedang",
        "birth_date": birth_date,
        "sex": sex,
        "relationship": Relationship.HEAD,
        "mother_name": f"Ratna Kusumawati {_letters(next(_numbers))}",
        "segment": Segment.PPU_COMPANY,
        "kind": ParticipantKind.PRIVATE_EMPLOYEE,
        "care_class": care_classes_on(date(2020, 1, 1))[1].code,
        "care_class_since": date(2020, 1, 1),
        "primary_facility_code": facility_code,
        "primary_facility_since": date(2022, 1, 1),
        "dental_facility_code": None,
        "active_from": date(2020, 1, 1),
        "active_until": None,
        "ended_reason": None,
        "phone": new_phone() if "phone" not in changes else None,
        "email": new_email() if "email" not in changes else None,
    }
    participant = Participant(**{**values, **changes})
    for kind in ("nik", "card_number", "name", "mother_name", "phone", "email"):
        CANARIES.add(kind, getattr(participant, kind))
    return _keep(participant)


def make_resident(**changes: Any) -> RegistryPerson:
    """A woman of 41 in the embedded population registry, whether insured or not. She is the head of
    her own family card unless a number is given."""
    birth_date = changes.get("birth_date", date(1985, 2, 5))
    sex = changes.get("sex", "F")
    values = {
        "nik": new_nik(birth_date, sex) if "nik" not in changes else "",
        "family_card_number": f"327605280{next(_numbers):07}",
        "name": f"Wulan Prameswari {_letters(next(_numbers))}",
        "birth_place": "Sumedang",
        "birth_date": birth_date,
        "sex": sex,
        "relationship_code": 1,
        "mother_name": f"Ratna Kusumawati {_letters(next(_numbers))}",
        "street": "Gang Melati Rimbun 4",
        "rt": "003",
        "rw": "007",
        "village_code": _VILLAGE,
        "postal_code": "16411",
        "died_on": None,
    }
    resident = RegistryPerson(**{**values, **changes})
    for kind in ("nik", "family_card_number", "name", "mother_name", "street"):
        CANARIES.add(kind, getattr(resident, kind))
    return _keep(resident)


def make_account(
    participant: Participant | None = None, *, password: str = PASSWORD, **changes: Any
) -> Account:
    """The account of a participant, by default a new one. `participant_id=None`: the account of a
    person who is not insured."""
    is_insured = changes.get("participant_id", 0) is not None
    if participant is None and is_insured:
        participant = make_participant()
    if participant is not None:
        copied = ("nik", "name", "birth_date", "phone", "email")
        values = {name: getattr(participant, name) for name in copied}
        values["participant_id"] = participant.id
    else:
        birth_date = date(1990, 8, 17)
        values = {
            "nik": new_nik(birth_date),
            "name": f"Larasati Anggraini {_letters(next(_numbers))}",
            "birth_date": birth_date,
            "phone": new_phone(),
            "email": new_email(),
        }
    hashing = passwords._hashing()
    password_hash = _hash(password, hashing.pepper, hashing.hasher)
    values |= {"password_hash": password_hash, "created_at": clock.now()}
    account = Account(**{**values, **changes})
    for kind in ("nik", "name", "phone", "email"):
        CANARIES.add(kind, getattr(account, kind))
    CANARIES.add("password", password)
    return _keep(account)


def make_passkey(
    account: Account,
    phone: Authenticator | None = None,
    *,
    device_token: str | None = None,
    **changes: Any,
) -> Passkey:
    """A key that this phone makes for the account; by default a phone that no test uses.
    `device_token`: the token of the browser in which it was made."""
    phone = phone or Authenticator()
    with transaction():
        owner = session.get_one(Account, account.id)
        handle = owner.user_handle = owner.user_handle or secrets.token_bytes(64)
    asked = {"user": {"id": as_text(handle)}, "rp": {"id": "localhost"}, "challenge": ""}
    phone.create(asked)
    made = phone.credentials[-1]
    values = {
        "account_id": account.id,
        "credential_id": made.id,
        "public_key": made.public_key(),
        "sign_count": made.sign_count,
        "is_backup_eligible": bool(made.flags & MAY_TRAVEL),
        "is_backed_up": bool(made.flags & BACKED_UP),
        "transports": "internal",
        "aaguid": "00000000-0000-0000-0000-000000000000",
        "user_agent": "Tests/1.0",
        "created_at": clock.now(),
    }
    passkey = _keep(Passkey(**{**values, **changes}))
    if device_token is not None:
        _keep(
            PasskeyDevice(
                token_digest=digest(device_token),
                account_id=account.id,
                passkey_id=passkey.id,
                last_used_at=clock.now(),
            )
        )
    return passkey


@functools.cache
def _hash(password: str, _pepper: bytes, _hasher: PasswordHasher) -> str:
    """Hashes are cached, since hashing is slow on purpose. The cost is the one in force, so that
    signing in does not hash the password anew."""
    return passwords.hash_password(password)


def _keep(row: Row) -> Row:
    with transaction():
        session.add(row)
    return row


def _letters(number: int) -> str:
    """A last name from the number, so that no two people share one."""
    return "".join(chr(ord("a") + int(digit)) for digit in f"{number:04}").title() + "wati"
