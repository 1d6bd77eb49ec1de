"""Signing in with a number and a password (product.md 1.1)."""

from enum import StrEnum

from sqlalchemy import select

from jkn.database import blind_index, lock_row, session, transactional
from jkn.models import Account, EventKind, Participant, RecoveryAttempt
from jkn.services.audit import audit_log
from jkn.services.audit.audit_log import Client
from jkn.services.basics import metrics
from jkn.services.basics.identity_numbers import IdentityNumber, IdentityType
from jkn.services.basics.metrics import MetricName
from jkn.services.credentials import (
    captcha,
    known_devices,
    password_verification,
    passwords,
    sign_in_hints,
)
from jkn.services.credentials.password_verification import Person
from jkn.services.credentials.sign_in_hints import Hint
from jkn.services.journeys import journeys
from jkn.services.passkeys import passkey_offers
from jkn.services.sessions import sessions
from jkn.services.sessions.sessions import SignedIn
from jkn.services.throttling.retry_after import RetryAfter


class SignInRefusal(StrEnum):
    """NO_MATCH: an unknown number, a wrong number or a wrong password; which of them is never told
    (ASVS 6.3.8). NO_CAPTCHA: the hint's try without one was taken a moment ago."""

    WRONG_CAPTCHA = "wrong_captcha"
    NO_CAPTCHA = "no_captcha"
    NO_MATCH = "no_match"
    BUSY = "busy"


def sign_in(
    identity: IdentityNumber,
    password: str,
    answer: captcha.CaptchaAnswer | Hint,
    client: Client,
) -> SignedIn | SignInRefusal | RetryAfter:
    """A new session, or why there is none. The steps are the same for known and unknown people.
    `answer`: the captcha's, or the hint whose first try needs none.

    BUSY costs the person nothing: neither captcha nor password was looked at.
    """
    try:
        with passwords.turn():
            outcome = _sign_in(identity, password, answer, client)
    except passwords.Busy:
        outcome = SignInRefusal.BUSY
    metrics.count(MetricName.SIGN_INS, _in_a_word(outcome))
    return outcome


def _in_a_word(outcome: SignedIn | SignInRefusal | RetryAfter) -> str:
    if isinstance(outcome, SignInRefusal):
        return outcome.value
    return "wait" if isinstance(outcome, RetryAfter) else "signed_in"


def _sign_in(
    identity: IdentityNumber,
    password: str,
    answer: captcha.CaptchaAnswer | Hint,
    client: Client,
) -> SignedIn | SignInRefusal | RetryAfter:
    if isinstance(answer, Hint):
        if not sign_in_hints.take_try(answer):
            return SignInRefusal.NO_CAPTCHA
    elif not captcha.accept(answer, client):
        return SignInRefusal.WRONG_CAPTCHA
    person = _person_of(identity, client)
    if retry_after := password_verification.count_attempt(person, client):
        return retry_after
    # All hashing is done outside of transactions: nobody should wait for a lock meanwhile.
    if not passwords.is_right(person.password_hash, password):
        password_verification.log_wrong(person, client)
        return SignInRefusal.NO_MATCH
    is_weak = passwords.needs_rehash(person.password_hash or "")
    new_hash = passwords.hash_password(password) if is_weak else None
    return _admit(person, password, client, new_hash)


@transactional
def _admit(
    person: Person,
    password: str,
    client: Client,
    new_hash: str | None = None,
) -> SignedIn | SignInRefusal:
    # Locks the account: a recovery or a freeze at the same moment comes before or after all this.
    account = lock_row(Account, person.account_id)
    if account is None:
        return SignInRefusal.NO_MATCH
    journeys.end_all(account.id, RecoveryAttempt)
    changed = account.password_hash != person.password_hash
    # Another hash: the password was changed meanwhile, or only hashed anew.
    if changed and not passwords.is_right(account.password_hash, password):
        audit_log.log(EventKind.AUTHN_LOGIN_FAIL, client, account_id=account.id)
        return SignInRefusal.NO_MATCH
    if new_hash and not changed:
        account.password_hash = new_hash
    failed_before = password_verification.forgive(person, client)
    device_token = known_devices.remember(account, client)
    session_token = sessions.open_session(
        account, client, device_token, failed_before=failed_before
    )
    return SignedIn(session_token, device_token, passkey_offers.note_sign_in(account, device_token))


def _person_of(identity: IdentityNumber, client: Client) -> Person:
    """The person with this number, by one query for any number, known or not."""
    is_known = known_devices.is_known_to(Account.id, client.device_token).label("is_known")
    columns = select(Account.id, Account.password_hash, Participant.nik, is_known)
    if identity.type is IdentityType.NIK:
        digests = blind_index("accounts.nik", identity.number)
        found = columns.outerjoin(Account.participant).where(Account.nik_index.in_(digests))
    else:
        digests = blind_index("participants.card_number", identity.number)
        found = columns.select_from(Participant).outerjoin(
            Account, Account.participant_id == Participant.id
        )
        found = found.where(Participant.card_number_index.in_(digests))
    row = session.execute(found).one_or_none()
    session.rollback()  # Gives the connection back: hashing needs none.
    if row is None:
        return Person(identity.number)
    # A person has one failure counter, whichever number they type: its key is the NIK.
    is_card = identity.type is IdentityType.CARD_NUMBER
    number = (row.nik or identity.number) if is_card else identity.number
    return Person(number, row.id, row.password_hash, row.is_known)
