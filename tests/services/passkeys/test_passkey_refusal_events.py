"""Every fingerprint that is refused leaves exactly one event, whatever is wrong with it (R78), and
the event keeps nothing of what was sent."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select, update

from jkn.database import session, transaction
from jkn.models import Account, AuditEvent, Ceremony, EventKind, SignInSession
from jkn.services.audit.audit_log import FREELY_CAUSED
from jkn.services.basics import clock as app_clock
from jkn.services.passkeys import passkey_devices
from jkn.services.passkeys.passkey_ceremonies import CeremonyRefusal
from jkn.services.passkeys.passkey_enrolment import EnrolmentRefusal
from tests.support.calls.passkey_calls import (
    Member,
    changed,
    member,
    newcomer,
    ready_for,
    renamed,
)
from tests.support.calls.sign_in_calls import CLIENT
from tests.support.clients.software_authenticator import USER_PRESENT, Authenticator
from tests.support.world.clock import Clock
from tests.support.world.factories import make_passkey

pytestmark = [
    pytest.mark.usefixtures("database"),
    pytest.mark.parametrize("database_copies", ["sqlite"], indirect=True),
]
each_kind = pytest.mark.parametrize("kind", list(Ceremony))

# What no page of this app makes a phone say.
FOREIGN: dict[str, dict[str, Any]] = {
    "another origin": {"origin": "https://evil.example"},
    "an opaque origin": {"origin": "null"},
    "inside another site": {"crossOrigin": True},
    "below another site": {"topOrigin": "https://evil.example"},
    "for something else": {"type": "payment.get"},
}
# What becomes of an answer on its way.
SPOILT: dict[str, Callable[[str], str]] = {
    "nothing": lambda _: "",
    "an empty object": lambda _: "{}",
    "half of it": lambda text: text[: len(text) // 2],
    "deep JSON": lambda _: "[" * 9_000,
    "longer than any answer": lambda text: text + " " * 16_384,
    "an id of 1,024 bytes": lambda text: renamed(text, rawId="A" * 1_366),
    "no id": lambda text: renamed(text, rawId=""),
    "an id in another form": lambda text: renamed(text, rawId=json.loads(text)["rawId"] + "="),
    "a handle that is none": lambda text: changed(text, userHandle=7),
    "no client data": lambda text: changed(text, clientDataJSON=None),
    "client data without a word": lambda text: changed(text, clientDataJSON="e30"),
}
# What is read, and not believed.
UNTRUE: dict[str, dict[str, Any]] = {
    "another domain": {"rp_id": "evil.example"},
    "a phone that stayed locked": {"flags": USER_PRESENT},
}


def events() -> list[tuple[object, ...]]:
    """Everything that stands in the refusals so far, but for number and time."""
    session.rollback()
    columns = [it for it in AuditEvent.__table__.columns if it.name not in ("id", "happened_at")]
    refusals = AuditEvent.kind == EventKind.AUTHN_PASSKEY_FAIL
    return [tuple(it) for it in session.execute(select(*columns).where(refusals))]


def refusal(account_id: int | None) -> tuple[object, ...]:
    """The whole event: when and where from, in whose account, and that it was refused. There is no
    place in it for anything that was sent."""
    return EventKind.AUTHN_PASSKEY_FAIL, account_id, None, None, CLIENT.address, CLIENT.user_agent


def whose(person: Member, kind: Ceremony) -> int | None:
    """At Masuk nobody is named whose key proved nothing."""
    return None if kind is Ceremony.SIGN_IN else person.account_id


@each_kind
@pytest.mark.parametrize("how", FOREIGN)
def test_what_was_signed_elsewhere_leaves_one_event(kind: Ceremony, how: str) -> None:
    person = ready_for(kind)
    assert person.use(kind, **FOREIGN[how]) is CeremonyRefusal.UNREADABLE
    assert events() == [refusal(whose(person, kind))]


@each_kind
@pytest.mark.parametrize("how", SPOILT)
def test_what_cannot_be_read_leaves_one_event(kind: Ceremony, how: str) -> None:
    person = ready_for(kind)
    text = SPOILT[how](person.answer(kind, person.ask(kind)))
    assert person.send(kind, text) is CeremonyRefusal.UNREADABLE
    assert events() == [refusal(whose(person, kind))]


@each_kind
@pytest.mark.parametrize("how", UNTRUE)
def test_what_proves_nothing_leaves_one_event_of_the_keys_owner(kind: Ceremony, how: str) -> None:
    person = ready_for(kind)
    assert person.use(kind, **UNTRUE[how]) is CeremonyRefusal.NO_MATCH
    assert events() == [refusal(person.account_id)]


@each_kind
def test_an_answer_too_late_leaves_one_event(kind: Ceremony, clock: Clock) -> None:
    person = ready_for(kind)
    text = person.answer(kind, person.ask(kind))
    clock.advance(minutes=5)
    assert person.send(kind, text) is CeremonyRefusal.EXPIRED
    assert events() == [refusal(whose(person, kind))]


def test_a_key_that_nobody_has_names_nobody() -> None:
    person, stranger = member(), Authenticator()
    asked = {"challenge": "", "rp": {"id": "localhost"}, "user": {"id": "AAAA"}}
    stranger.create(asked)
    text = stranger.get(person.ask(Ceremony.SIGN_IN))
    assert person.send(Ceremony.SIGN_IN, text) is CeremonyRefusal.UNKNOWN
    assert events() == [refusal(None)]


def test_a_counter_that_stands_still_leaves_one_event() -> None:
    person = member()
    assert person.use(Ceremony.SIGN_IN, sign_count=1) is CeremonyRefusal.NO_MATCH
    assert events() == [refusal(person.account_id)]


def freeze(person: Member) -> None:
    """Frozen at this very moment, when the phone has answered already."""
    of_account = update(Account).where(Account.id == person.account_id)
    with transaction():
        session.execute(of_account.values(frozen_at=app_clock.now()))


def end_session(person: Member) -> None:
    """The session ends at this very moment."""
    with transaction():
        session.execute(update(SignInSession).values(ended_at=app_clock.now()))


def test_a_frozen_account_opens_to_no_key_and_that_leaves_one_event() -> None:
    person = member()
    text = person.answer(Ceremony.SIGN_IN, person.ask(Ceremony.SIGN_IN))
    freeze(person)
    assert person.send(Ceremony.SIGN_IN, text) is CeremonyRefusal.NO_MATCH
    assert events() == [refusal(person.account_id)]


@pytest.mark.parametrize("kind", [Ceremony.UNLOCK, Ceremony.CONFIRM])
def test_a_proof_for_a_session_that_ended_meanwhile_leaves_one_event(kind: Ceremony) -> None:
    person = member()
    text = person.answer(kind, person.ask(kind))
    sender = person.sender(kind)
    end_session(person)
    assert sender(text) is CeremonyRefusal.EXPIRED
    assert events() == [refusal(person.account_id)]


@pytest.mark.parametrize("ending", [freeze, end_session])
def test_a_new_key_that_comes_after_the_end_leaves_one_event(
    ending: Callable[[Member], None],
) -> None:
    person = newcomer()
    text = person.answer(Ceremony.ENROL, person.ask(Ceremony.ENROL))
    sender = person.sender(Ceremony.ENROL)
    ending(person)
    assert sender(text) is EnrolmentRefusal.OVER
    assert events() == [refusal(person.account_id)]


def test_one_key_too_many_leaves_one_event() -> None:
    person = newcomer()
    text = person.answer(Ceremony.ENROL, person.ask(Ceremony.ENROL))
    for _ in range(passkey_devices.MOST):
        make_passkey(person.account)
    assert person.send(Ceremony.ENROL, text) is EnrolmentRefusal.TOO_MANY
    assert events() == [refusal(person.account_id)]


def test_a_key_that_somebody_has_already_leaves_one_event() -> None:
    other = Authenticator()
    person, _ = newcomer(), member(other)
    taken = other.credentials[0].id
    outcome = person.use(Ceremony.ENROL, credential_id=taken)
    assert outcome is EnrolmentRefusal.TAKEN
    assert events() == [refusal(person.account_id)]


def test_a_flood_of_garbage_does_not_fill_the_record(clock: Clock) -> None:
    person = member()
    for _ in range(FREELY_CAUSED.burst + 20):
        person.send(Ceremony.SIGN_IN, "garbage")
    assert events() == [refusal(None)] * FREELY_CAUSED.burst


@each_kind
def test_what_is_taken_leaves_no_refusal(kind: Ceremony) -> None:
    person = ready_for(kind)
    assert not isinstance(person.use(kind), CeremonyRefusal)
    assert events() == []
