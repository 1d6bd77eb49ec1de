"""Each form of the fingerprint refuses with one sentence on its page and one event in the log
(R78). What leaves the event, and what it keeps, `services/passkeys` shows in every case."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from jkn.database import session
from jkn.models import Account, AuditEvent, EventKind
from tests.support.clients.markup import text_of
from tests.support.clients.page_client import PageClient
from tests.support.clients.software_authenticator import USER_PRESENT, Authenticator
from tests.support.steps.passkey_steps import (
    LIST,
    MAKE,
    NO_MATCH,
    REFUSED,
    TOO_LATE,
    UNREADABLE,
    USE,
    agree,
    enrolled,
    options_for,
    send,
)
from tests.support.steps.sign_in_steps import sign_in, sign_out
from tests.support.world.clock import Clock
from tests.support.world.factories import make_passkey


def at_sign_in(client: PageClient, account: Account, phone: Authenticator, _: Clock) -> None:
    sign_out(enrolled(client, account, phone)).get("/masuk")


def at_step_up(client: PageClient, account: Account, phone: Authenticator, _: Clock) -> None:
    enrolled(client, account, phone).get("/profil").follow("Lihat")


def at_confirmation(
    client: PageClient, account: Account, phone: Authenticator, clock: Clock
) -> None:
    enrolled(client, account, phone)
    make_passkey(account, user_agent="Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) Safari/604.1")
    clock.advance(minutes=21)
    client.get(LIST).follow("Hapus Safari di iPhone")
    assert client.url == "/konfirmasi"


def at_enrolment(client: PageClient, account: Account, _: Authenticator, __: Clock) -> None:
    agree(sign_in(client, account))


# The way there, and the words for what was read and proves nothing.
DOORS: dict[str, tuple[Callable[[PageClient, Account, Authenticator, Clock], None], str]] = {
    "Masuk": (at_sign_in, NO_MATCH),
    "Lihat": (at_step_up, REFUSED),
    "Konfirmasi": (at_confirmation, REFUSED),
    "Nyalakan": (at_enrolment, REFUSED),
}
LIES: dict[str, tuple[dict[str, Any], str | None]] = {
    "another origin": ({"origin": "https://evil.example"}, UNREADABLE),
    "inside another site": ({"crossOrigin": True}, UNREADABLE),
    "for something else": ({"type": "payment.get"}, UNREADABLE),
    "another challenge": ({"challenge": "AAAA"}, TOO_LATE),
    "a phone that stayed locked": ({"flags": USER_PRESENT}, None),
}


def refusals() -> int:
    session.rollback()
    of_keys = AuditEvent.kind == EventKind.AUTHN_PASSKEY_FAIL
    return len(session.scalars(select(AuditEvent.id).where(of_keys)).all())


def sentences(client: PageClient) -> list[str]:
    """Every error on the page."""
    found = (text_of(it) for it in client.document.elements("p") if it.get("class") == "error")
    return [it.removeprefix("Kesalahan: ") for it in found if it]


@pytest.mark.parametrize("door", DOORS)
def test_a_refused_fingerprint_leaves_one_sentence_and_one_event(
    client: PageClient, account: Account, clock: Clock, door: str
) -> None:
    phone = Authenticator()
    go_there, no_match = DOORS[door]
    go_there(client, account, phone, clock)
    button, make = (MAKE, phone.create) if door == "Nyalakan" else (USE, phone.get)
    for number, (how, (lie, words)) in enumerate(LIES.items(), start=1):
        asked = options_for(client, button).json or {}
        send(client, button, make(asked, **lie))
        assert sentences(client) == [words or no_match], how
        assert refusals() == number, how
    send(client, button, "")
    assert sentences(client) == [UNREADABLE]
    assert refusals() == len(LIES) + 1
