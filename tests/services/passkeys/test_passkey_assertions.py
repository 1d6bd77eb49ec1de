"""Every part of what a phone signs is checked, in each ceremony (R33, R34, R36)."""

import json
from dataclasses import replace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from jkn.services.passkeys.passkey_ceremonies import CeremonyRefusal
from tests.support.calls.passkey_calls import (
    PROOFS,
    USED,
    Answer,
    Member,
    bent,
    changed,
    member,
    passkeys_of,
    refused_everywhere,
    said,
    told,
)
from tests.support.clients.software_authenticator import (
    ABSENT,
    BACKED_UP,
    MAY_TRAVEL,
    USER_PRESENT,
    USER_VERIFIED,
    USUAL_FLAGS,
    Authenticator,
    as_bytes,
    as_text,
)

pytestmark = pytest.mark.usefixtures("database")
# These checks come before the database is read, so one database is enough.
on_one_database = pytest.mark.parametrize("database_copies", ["sqlite"], indirect=True)


# What the browser says


@on_one_database
def test_what_was_said_to_another_address_proves_nothing() -> None:
    addresses = (
        "http://localhost:8080",
        "https://localhost",
        "http://LOCALHOST",
        "http://localhost/",
        "http://localhost.example",
        "http://evil.example",
        "http://sub.localhost",
        "android:apk-key-hash:x",
        "null",
        "",
        None,
        ["http://localhost"],
        ABSENT,
    )
    refused_everywhere(CeremonyRefusal.UNREADABLE, *(told(origin=it) for it in addresses))


@on_one_database
def test_what_was_said_for_something_else_proves_nothing() -> None:
    kinds = ("webauthn.create", "webauthn.Get", "payment.get", "", None, 1, ABSENT)
    refused_everywhere(CeremonyRefusal.UNREADABLE, *(told(type=it) for it in kinds))


@on_one_database
def test_what_was_said_within_somebody_elses_page_proves_nothing() -> None:
    words = (True, "false", "true", None, 0, 1, "", [], {})
    refused_everywhere(CeremonyRefusal.UNREADABLE, *(told(crossOrigin=it) for it in words))


@on_one_database
def test_what_was_said_below_another_page_proves_nothing() -> None:
    pages = ("https://evil.example", "http://localhost", "", None)
    refused_everywhere(CeremonyRefusal.UNREADABLE, *(told(topOrigin=it) for it in pages))


@on_one_database
def test_older_browsers_that_say_nothing_of_other_pages_are_believed() -> None:
    person = member()
    for kind in PROOFS:
        assert isinstance(person.use(kind, crossOrigin=ABSENT), USED), kind


# What the phone says


@on_one_database
def test_a_key_of_another_domain_proves_nothing() -> None:
    domains = ("evil.example", "localhost.example", "LOCALHOST", "localhos")
    refused_everywhere(CeremonyRefusal.NO_MATCH, *(told(rp_id=it) for it in domains))


@on_one_database
def test_a_phone_that_nobody_unlocked_proves_nothing() -> None:
    refused_everywhere(CeremonyRefusal.NO_MATCH, told(flags=USER_PRESENT))


@on_one_database
def test_a_phone_with_nobody_there_proves_nothing() -> None:
    refused_everywhere(CeremonyRefusal.NO_MATCH, told(flags=USER_VERIFIED), told(flags=0))


@on_one_database
def test_a_key_that_may_travel_all_at_once_proves_nothing() -> None:
    changes = (MAY_TRAVEL, MAY_TRAVEL | BACKED_UP)
    refused_everywhere(CeremonyRefusal.NO_MATCH, *(told(flags=USUAL_FLAGS | it) for it in changes))


@on_one_database
def test_a_key_that_is_backed_up_and_may_not_travel_proves_nothing() -> None:
    refused_everywhere(CeremonyRefusal.NO_MATCH, told(flags=USUAL_FLAGS | BACKED_UP))


@on_one_database
def test_a_key_that_travelled_and_does_not_any_more_proves_nothing() -> None:
    person = member(Authenticator(travels=True))
    for kind in PROOFS:
        for flags in (USUAL_FLAGS, USUAL_FLAGS | BACKED_UP):
            assert person.use(kind, flags=flags) is CeremonyRefusal.NO_MATCH
        assert isinstance(person.use(kind), USED)


def test_whether_a_key_is_backed_up_may_change_and_is_kept() -> None:
    person = member(Authenticator(travels=True))
    for flags, is_backed_up in ((MAY_TRAVEL, False), (MAY_TRAVEL | BACKED_UP, True)):
        for kind in PROOFS:
            assert isinstance(person.use(kind, flags=USUAL_FLAGS | flags), USED), kind
            (kept,) = passkeys_of(person.account_id)
            assert (kept.is_backup_eligible, kept.is_backed_up) == (True, is_backed_up)


@on_one_database
def test_what_was_changed_on_its_way_proves_nothing() -> None:
    def turned(name: str, place: int) -> Answer:
        return lambda it, asked: bent(it.phone.get(asked), name, place)

    places = [("signature", -1), *(("authenticatorData", it) for it in (0, 32, -1))]
    refused_everywhere(CeremonyRefusal.NO_MATCH, *(turned(*it) for it in places))


@on_one_database
def test_words_of_the_browser_that_the_phone_did_not_sign_prove_nothing() -> None:
    def rewritten(person: Member, asked: dict[str, Any]) -> str:
        text = person.phone.get(asked)
        said = as_bytes(json.loads(text)["response"]["clientDataJSON"])
        return changed(text, clientDataJSON=as_text(said.replace(b":false", b": false")))

    refused_everywhere(CeremonyRefusal.NO_MATCH, rewritten)


@on_one_database
def test_no_signature_proves_nothing() -> None:
    signatures = (b"", bytes(64), bytes.fromhex("3006020100020100"))
    refused_everywhere(
        CeremonyRefusal.NO_MATCH, *(said("signature", as_text(it)) for it in signatures)
    )


@on_one_database
def test_another_key_that_calls_itself_the_same_proves_nothing() -> None:
    def forged(person: Member, asked: dict[str, Any]) -> str:
        stranger = ec.generate_private_key(ec.SECP256R1())
        known = replace(person.phone.credentials[0], private_key=stranger, sign_count=9)
        return person.phone.get(asked, credential=known)

    refused_everywhere(CeremonyRefusal.NO_MATCH, forged)
