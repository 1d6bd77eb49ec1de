"""Login dengan Biometrik below the pages: signed-in people with a software authenticator, what it
is asked to sign, and what it answers."""

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import cbor2
from sqlalchemy import select

from jkn.database import session, transaction
from jkn.models import Account, Ceremony, EventKind, Passkey, PasskeyEnrolment, SignInSession
from jkn.services.audit.audit_log import Client
from jkn.services.journeys import journeys
from jkn.services.passkeys import passkey_enrolment, passkey_proofs, passkey_sign_in
from jkn.services.passkeys.passkey_ceremonies import CeremonyRefusal
from jkn.services.passkeys.passkey_enrolment import BegunEnrolment, Enrolled
from jkn.services.sessions import sessions, step_up
from jkn.services.sessions.sessions import RotatedToken, SignedIn
from tests.support.calls.sign_in_calls import BROWSER, CLIENT, count, recorded
from tests.support.clients.software_authenticator import Authenticator, as_bytes, as_text
from tests.support.world.factories import PASSWORD, make_account, make_passkey

PROOFS = (Ceremony.SIGN_IN, Ceremony.UNLOCK, Ceremony.CONFIRM)
USED = (SignedIn, RotatedToken, Enrolled)


@dataclass
class Member:
    """Somebody with a phone. `device`: the token of its browser. `token`: the token of the session.
    `enrolment`: the token of an enrolment under way; empty where they have a passkey."""

    account_id: int
    phone: Authenticator
    device: str
    token: str
    enrolment: str = ""
    browser: str = BROWSER

    @property
    def account(self) -> Account:
        return session.get_one(Account, self.account_id, populate_existing=True)

    @property
    def client(self) -> Client:
        """This phone, by which the account knows it."""
        return replace(CLIENT, device_token=self.device)

    @property
    def record(self) -> SignInSession:
        session.remove()
        found = sessions.look_up(self.token)
        assert found is not None, "signed out"
        return found

    def ask(self, kind: Ceremony) -> dict[str, Any]:
        """The options that the phone is asked to sign."""
        if kind is Ceremony.SIGN_IN:
            return passkey_sign_in.options(self.browser)
        if kind is Ceremony.ENROL:
            return passkey_enrolment.options(self.record)
        options = passkey_proofs.options(self.record, kind, self.device)
        assert options is not None, "no passkey here"
        return options

    def answer(self, kind: Ceremony, options: dict[str, Any], **lies: Any) -> str:
        """What the phone answers to these options."""
        make = self.phone.create if kind is Ceremony.ENROL else self.phone.get
        return make(options, **lies)

    def sender(self, kind: Ceremony) -> Callable[[str], object]:
        """A function that hands an answer in, like a request that found the session a moment
        ago."""
        if kind is Ceremony.SIGN_IN:
            return partial(
                passkey_sign_in.sign_in,
                browser=self.browser,
                client=self.client,
            )
        record = self.record
        if kind is Ceremony.ENROL:
            enrolment = journeys.find(PasskeyEnrolment, self.enrolment, record.account_id)
            assert enrolment is not None, "not under way"
            session.expunge_all()
            return lambda text: passkey_enrolment.enrol(enrolment, record, text, self.client)
        session.expunge_all()
        return lambda text: passkey_proofs.verify(record, kind, text, self.client)

    def send(self, kind: Ceremony, text: str) -> object:
        """Hand an answer in; the session goes on under the rotated token, if there is one."""
        outcome = self.sender(kind)(text)
        if isinstance(outcome, RotatedToken):
            self.token = outcome.token
        if isinstance(outcome, Enrolled):
            self.token = outcome.session_token
        return outcome

    def use(self, kind: Ceremony, **lies: Any) -> object:
        """Ask the phone and hand in its answer."""
        return self.send(kind, self.answer(kind, self.ask(kind), **lies))

    def again(self) -> "Member":
        """The same person on the same phone, in another session."""
        return Member(
            self.account_id, self.phone, self.device, new_session(self.account), self.enrolment
        )


Answer = Callable[[Member, dict[str, Any]], str]
Change = Callable[[str, Member], str]


def member(phone: Authenticator | None = None, **changes: Any) -> Member:
    """Somebody with a passkey on this phone, without recent authentication or step-up."""
    account, phone, device = make_account(), phone or Authenticator(), secrets.token_urlsafe()
    make_passkey(account, phone, device_token=device, **changes)
    return Member(account.id, phone, device, new_session(account))


def newcomer(phone: Authenticator | None = None, account: Account | None = None) -> Member:
    """Somebody who agreed to the terms and gave the password: the phone may make its key."""
    account = account or make_account()
    person = Member(account.id, phone or Authenticator(), "", new_session(account))
    return begin(person)


def begin(person: Member) -> Member:
    """Take the first step of an enrolment."""
    begun = passkey_enrolment.begin(person.record, PASSWORD, person.client)
    assert isinstance(begun, BegunEnrolment)
    person.token, person.enrolment = begun.session_token, begun.token
    return person


def ready_for(kind: Ceremony, phone: Authenticator | None = None) -> Member:
    """Somebody who is at the point where this ceremony is asked for."""
    return newcomer(phone) if kind is Ceremony.ENROL else member(phone)


def refused_everywhere(expected: CeremonyRefusal, *answers: Answer) -> None:
    """None of these answers signs in, gives a step-up or a recent authentication, while an honest
    answer of the same phone is taken each time."""
    person = member()
    failed = 0
    for kind in PROOFS:
        before = count(SignInSession)
        for number, answer in enumerate(answers):
            outcome = person.send(kind, answer(person, person.ask(kind)))
            assert outcome is expected, (kind, number)
            failed += 1
        assert count(SignInSession) == before
        assert person.record.confirmed_at is None
        assert kind is not Ceremony.UNLOCK or not step_up.is_open(person.record)
        assert [it for it, _, _ in recorded()].count(EventKind.AUTHN_PASSKEY_FAIL) == failed
        assert isinstance(person.use(kind), USED), kind


def refused_when(expected: CeremonyRefusal, *cases: dict[str, Any]) -> None:
    """None of these keys is taken up, and an honest one of the same phone is. `lies`: what phone
    and browser say wrongly. `change`: how the answer is changed on its way."""
    person = newcomer()
    for case in cases:
        text = person.answer(Ceremony.ENROL, person.ask(Ceremony.ENROL), **case.get("lies", {}))
        change: Change = case.get("change", lambda text, _: text)
        assert person.send(Ceremony.ENROL, change(text, person)) is expected, case
    assert count(Passkey) == 0
    assert isinstance(person.use(Ceremony.ENROL), Enrolled)


def told(**lies: Any) -> Answer:
    """An answer in which the phone or the browser says this."""
    return lambda it, asked: it.phone.get(asked, **lies)


def said(name: str, value: object) -> Answer:
    """An answer with this member in its response, which the phone does not sign; None: without
    it."""
    return lambda it, asked: changed(it.phone.get(asked), **{name: value})


def new_session(account: Account) -> str:
    """The token of a new session."""
    with transaction():
        return sessions.open_session(session.get_one(Account, account.id), CLIENT)


def passkeys_of(account_id: int) -> list[Passkey]:
    session.rollback()
    found = select(Passkey).where(Passkey.account_id == account_id).order_by(Passkey.id)
    return list(session.scalars(found.execution_options(populate_existing=True)))


# Changes of what the browser says and the phone does not sign


def changed(text: str, **response: object) -> str:
    """The answer with other members of its response; None: without that member."""
    fields = json.loads(text)
    said = {**fields["response"], **response}
    fields["response"] = {name: it for name, it in said.items() if it is not None}
    return json.dumps(fields)


def renamed(text: str, **names: object) -> str:
    """The answer with another `id`, `rawId` or `type`."""
    return json.dumps({**json.loads(text), **names})


def bent(text: str, name: str, place: int = -1) -> str:
    """The answer with one bit flipped in a member of its response."""
    value = bytearray(as_bytes(json.loads(text)["response"][name]))
    value[place] ^= 1
    return changed(text, **{name: as_text(bytes(value))})


def attested(text: str, **changes: object) -> str:
    """The answer with another attestation object."""
    return changed(text, attestationObject=as_text(cbor2.dumps({**_attestation(text), **changes})))


def auth_data_of(text: str) -> bytes:
    """The authenticator data: what the phone says of itself and of the key that it made."""
    data: bytes = _attestation(text)["authData"]
    return data


def with_key(text: str, own_key: bytes, other: bytes) -> str:
    """The answer with another public key than the phone's own, which stands last in it."""
    return attested(text, authData=auth_data_of(text).removesuffix(own_key) + other)


def _attestation(text: str) -> dict[str, Any]:
    was: dict[str, Any] = cbor2.loads(as_bytes(json.loads(text)["response"]["attestationObject"]))
    return was
