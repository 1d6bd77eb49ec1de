"""Login dengan Biometrik below the pages: people who are signed in and hold a phone in software,
what the phone is asked for, and what it answers."""

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import cbor2
from sqlalchemy import select

from jkn.database import session, transaction
from jkn.models import Account, Ceremony, EventKind, Passkey, PasskeyEnrolment, SignInSession
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
    """Somebody with a phone. `device`: the token of its browser; `token`: of their session;
    `enrolment`: of their way to a passkey, empty where they have one."""

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
    def record(self) -> SignInSession:
        session.remove()
        found = sessions.look_up(self.token)
        assert found is not None, "signed out"
        return found

    def ask(self, kind: Ceremony) -> dict[str, Any]:
        """What the phone is asked for."""
        if kind is Ceremony.SIGN_IN:
            return passkey_sign_in.options(self.browser)
        if kind is Ceremony.ENROL:
            return passkey_enrolment.options(self.record)
        options = passkey_proofs.options(self.record, kind, self.device)
        assert options is not None, "no passkey here"
        return options

    def answer(self, kind: Ceremony, options: dict[str, Any], **lies: Any) -> str:
        """What the phone says to it."""
        make = self.phone.create if kind is Ceremony.ENROL else self.phone.get
        return make(options, **lies)

    def sender(self, kind: Ceremony) -> Callable[[str], object]:
        """As a request does that has found the session a moment before."""
        if kind is Ceremony.SIGN_IN:
            return partial(
                passkey_sign_in.sign_in,
                browser=self.browser,
                client=CLIENT,
                device_token=self.device,
            )
        record = self.record
        if kind is Ceremony.ENROL:
            enrolment = journeys.find(PasskeyEnrolment, self.enrolment, record.account_id)
            assert enrolment is not None, "not under way"
            session.expunge_all()
            return lambda text: passkey_enrolment.enrol(
                enrolment, record, text, CLIENT, self.device
            )
        session.expunge_all()
        return lambda text: passkey_proofs.verify(record, kind, text, CLIENT, self.device)

    def send(self, kind: Ceremony, text: str) -> object:
        """Hand it in; the session goes on under the token that comes back."""
        outcome = self.sender(kind)(text)
        if isinstance(outcome, RotatedToken):
            self.token = outcome.token
        if isinstance(outcome, Enrolled):
            self.token = outcome.session_token
        return outcome

    def use(self, kind: Ceremony, **lies: Any) -> object:
        """Ask the phone and hand in what it says."""
        return self.send(kind, self.answer(kind, self.ask(kind), **lies))

    def again(self) -> "Member":
        """The same person on the same phone, in another session."""
        return Member(
            self.account_id, self.phone, self.device, opened(self.account), self.enrolment
        )


Answer = Callable[[Member, dict[str, Any]], str]
Change = Callable[[str, Member], str]


def member(phone: Authenticator | None = None, **changes: Any) -> Member:
    """Has a passkey on this phone; the password was not given lately, nor is anything unlocked."""
    account, phone, device = make_account(), phone or Authenticator(), secrets.token_urlsafe()
    make_passkey(account, phone, device_token=device, **changes)
    return Member(account.id, phone, device, opened(account))


def newcomer(phone: Authenticator | None = None, account: Account | None = None) -> Member:
    """Agreed to the terms and gave the password: the phone may make its key."""
    account = account or make_account()
    person = Member(account.id, phone or Authenticator(), "", opened(account))
    return begin(person)


def begin(person: Member) -> Member:
    """The first step to a passkey."""
    begun = passkey_enrolment.begin(person.record, PASSWORD, CLIENT, person.device)
    assert isinstance(begun, BegunEnrolment)
    person.token, person.enrolment = begun.session_token, begun.token
    return person


def ready_for(kind: Ceremony, phone: Authenticator | None = None) -> Member:
    """Somebody who may be asked for it."""
    return newcomer(phone) if kind is Ceremony.ENROL else member(phone)


def refused_everywhere(expected: CeremonyRefusal, *answers: Answer) -> None:
    """With none of them anybody gets in, unlocks or confirms, while what the same phone says
    honestly is taken each time."""
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
    """No such key is taken up, and what the same phone says honestly is. `lies`: of the phone and
    the browser; `change`: what becomes of the answer on its way."""
    person = newcomer()
    for case in cases:
        text = person.answer(Ceremony.ENROL, person.ask(Ceremony.ENROL), **case.get("lies", {}))
        change: Change = case.get("change", lambda text, _: text)
        assert person.send(Ceremony.ENROL, change(text, person)) is expected, case
    assert count(Passkey) == 0
    assert isinstance(person.use(Ceremony.ENROL), Enrolled)


def told(**lies: Any) -> Answer:
    """The phone, or the browser, says this."""
    return lambda it, asked: it.phone.get(asked, **lies)


def said(name: str, value: object) -> Answer:
    """The answer has this in its response, which nobody signed; None: it has not."""
    return lambda it, asked: changed(it.phone.get(asked), **{name: value})


def opened(account: Account) -> str:
    """The token of a new session."""
    with transaction():
        return sessions.open_session(session.get_one(Account, account.id), CLIENT)


def passkeys_of(account_id: int) -> list[Passkey]:
    session.rollback()
    found = select(Passkey).where(Passkey.account_id == account_id).order_by(Passkey.id)
    return list(session.scalars(found.execution_options(populate_existing=True)))


# What the browser said and the phone did not sign, said otherwise


def changed(text: str, **response: object) -> str:
    """With other members of the response; None: without it."""
    fields = json.loads(text)
    said = {**fields["response"], **response}
    fields["response"] = {name: it for name, it in said.items() if it is not None}
    return json.dumps(fields)


def renamed(text: str, **names: object) -> str:
    """With another `id`, `rawId` or `type`."""
    return json.dumps({**json.loads(text), **names})


def bent(text: str, name: str, place: int = -1) -> str:
    """With one bit turned in a member of the response."""
    value = bytearray(as_bytes(json.loads(text)["response"][name]))
    value[place] ^= 1
    return changed(text, **{name: as_text(bytes(value))})


def attested(text: str, **changes: object) -> str:
    """With another attestation object."""
    return changed(text, attestationObject=as_text(cbor2.dumps({**_attestation(text), **changes})))


def auth_data_of(text: str) -> bytes:
    """What the phone says of itself and of the key that it made."""
    data: bytes = _attestation(text)["authData"]
    return data


def with_key(text: str, own_key: bytes, other: bytes) -> str:
    """With another public key than the phone's own, which stands last."""
    return attested(text, authData=auth_data_of(text).removesuffix(own_key) + other)


def _attestation(text: str) -> dict[str, Any]:
    was: dict[str, Any] = cbor2.loads(as_bytes(json.loads(text)["response"]["attestationObject"]))
    return was
