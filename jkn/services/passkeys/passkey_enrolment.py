"""Switching *Login dengan Biometrik* on: the terms, the account's password, and a passkey that the
phone makes (product.md 3.2; security.md R40)."""

import secrets
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from jkn.database import session, transactional
from jkn.models import (
    Ceremony,
    Consent,
    ConsentPurpose,
    EnrolmentStage,
    EventKind,
    Passkey,
    PasskeyEnrolment,
    SignInSession,
)
from jkn.services.audit import audit_log
from jkn.services.audit.audit_log import LONGEST_USER_AGENT, Client
from jkn.services.basics import clock, terms
from jkn.services.basics.outcomes import Outcome
from jkn.services.credentials import known_devices, password_verification
from jkn.services.credentials.password_verification import Person
from jkn.services.journeys import journeys
from jkn.services.passkeys import passkey_ceremonies, passkey_devices, webauthn
from jkn.services.passkeys.passkey_ceremonies import holder_of_session
from jkn.services.passkeys.passkey_types import AuthenticatorResponse, NewCredential
from jkn.services.sessions import reauthentication, sessions
from jkn.services.throttling.retry_after import RetryAfter

# The longest that W3C Web Authentication Level 3, 5.4.3 allows.
_HANDLE_BYTES = 64


class EnrolmentRefusal(StrEnum):
    """TAKEN: an account has this key already. TOO_MANY: one must be removed first. OVER: the
    enrolment or the session ended meanwhile."""

    TAKEN = "taken"
    TOO_MANY = "too_many"
    OVER = "over"


@dataclass(frozen=True)
class BegunEnrolment:
    """`token`: of the enrolment. `session_token`: the session's rotated token."""

    token: str
    session_token: str


@dataclass(frozen=True)
class Enrolled:
    """`session_token`: the session's rotated token. `device_token`: makes this browser *HP ini*."""

    session_token: str
    device_token: str


def begin(
    record: SignInSession, password: str, client: Client
) -> (
    BegunEnrolment | EnrolmentRefusal | password_verification.PasswordRefusal | RetryAfter | Outcome
):
    """Begin for a person who agreed to the terms in force and gave the account's password. Wrong
    passwords count like failed sign-ins."""
    session_id = record.id
    proved = password_verification.verify(record.account, password, client)
    return _begin(proved, session_id, client) if isinstance(proved, Person) else proved


def options(record: SignInSession) -> dict[str, Any]:
    """What the phone is asked to make. Only for a person whose enrolment has begun."""
    account = record.account
    existing = passkey_devices.known(account.id)
    handle, name = account.user_handle or b"", account.name
    challenge = passkey_ceremonies.begin(Ceremony.ENROL, holder_of_session(record.id), account.id)
    return webauthn.creation_options(challenge, handle, name, existing)


def enrol(
    enrolment: PasskeyEnrolment,
    record: SignInSession,
    text: str,
    client: Client,
) -> Enrolled | EnrolmentRefusal | passkey_ceremonies.CeremonyRefusal:
    """Add the passkey that the phone made to the account. `text`: the phone's answer as JSON."""
    answer = webauthn.read_attestation(text)
    if answer is None:
        return passkey_ceremonies.refuse_unread(client, record.account_id)
    return _enrol(answer, enrolment, record.id, record.account_id, client)


@transactional
def _begin(
    person: Person, session_id: int, client: Client
) -> BegunEnrolment | EnrolmentRefusal | Outcome:
    account = password_verification.hold(person)
    if account is None:
        return Outcome.SIGNED_OUT
    account.user_handle = account.user_handle or secrets.token_bytes(_HANDLE_BYTES)
    # Checked before the phone makes a passkey that this app would not take, but the phone would
    # keep.
    if _count(account.id) >= passkey_devices.MOST:
        password_verification.forgive(person, client)
        return EnrolmentRefusal.TOO_MANY
    rotated = sessions.rotate_token(session_id, client.sent, confirmed_at=clock.now())
    if rotated is None:
        password_verification.forgive(person, client)
        return Outcome.SIGNED_OUT
    reauthentication.log_reauthentication(person, session_id, client)
    passkey_ceremonies.cancel_all(account.id)
    shown = terms.current(ConsentPurpose.BIOMETRICS)
    enrolment = PasskeyEnrolment(
        account_id=account.id,
        stage=EnrolmentStage.CREATE,
        terms_version=shown.version,
        terms_hash=shown.text_hash,
        agreed_at=clock.now(),
    )
    return BegunEnrolment(journeys.begin(enrolment, client.sent), rotated.token)


@transactional
def _enrol(
    answer: AuthenticatorResponse,
    seen: PasskeyEnrolment,
    session_id: int,
    account_id: int,
    client: Client,
) -> Enrolled | EnrolmentRefusal | passkey_ceremonies.CeremonyRefusal:
    outcome = _take(answer, seen, session_id, account_id, client)
    if not isinstance(outcome, Enrolled):
        passkey_ceremonies.log_unless_copy(client, account_id)
    return outcome


def _take(
    answer: AuthenticatorResponse,
    seen: PasskeyEnrolment,
    session_id: int,
    account_id: int,
    client: Client,
) -> Enrolled | EnrolmentRefusal | passkey_ceremonies.CeremonyRefusal:
    account = passkey_ceremonies.hold(account_id)
    key = passkey_ceremonies.judge_new(answer, holder_of_session(session_id))
    if isinstance(key, passkey_ceremonies.CeremonyRefusal):
        return key
    has = _count(account_id)
    if has >= passkey_devices.MOST:
        return EnrolmentRefusal.TOO_MANY
    # The rows are locked: a freeze, a recovery or an end of this session comes before or after.
    enrolment = journeys.hold(seen, EnrolmentStage.CREATE)
    if account is None or enrolment is None:
        return EnrolmentRefusal.OVER
    passkey = _add(key, account_id, client)
    if passkey is None:
        return EnrolmentRefusal.TAKEN
    rotated = sessions.rotate_token(session_id, client.sent)
    if rotated is None:
        session.delete(passkey)
        return EnrolmentRefusal.OVER
    journeys.advance(enrolment, EnrolmentStage.DONE)
    device = known_devices.own_token(client.device_token)
    passkey_devices.note_use(device, account_id, passkey.id)
    session.add(
        Consent(
            account_id=account_id,
            purpose=ConsentPurpose.BIOMETRICS,
            version=enrolment.terms_version,
            text_hash=enrolment.terms_hash,
            given_at=enrolment.agreed_at,
        )
    )
    kind = EventKind.PASSKEY_ADDED if has else EventKind.PASSKEY_ON
    audit_log.log(kind, client, account_id=account_id, session_id=session_id)
    return Enrolled(rotated.token, device)


def _count(account_id: int) -> int:
    of_account = select(func.count()).select_from(Passkey).where(Passkey.account_id == account_id)
    return session.scalar(of_account) or 0


def _add(key: NewCredential, account_id: int, client: Client) -> Passkey | None:
    """None: an account has this credential id already (7.1 step 26)."""
    passkey = Passkey(
        account_id=account_id,
        credential_id=key.credential_id,
        public_key=key.public_key,
        sign_count=key.sign_count,
        is_backup_eligible=key.is_backup_eligible,
        is_backed_up=key.is_backed_up,
        transports=" ".join(key.transports),
        aaguid=key.aaguid,
        user_agent=client.user_agent[:LONGEST_USER_AGENT],
        created_at=clock.now(),
    )
    try:
        with session.begin_nested():
            session.add(passkey)
    except IntegrityError:
        return None
    return passkey
