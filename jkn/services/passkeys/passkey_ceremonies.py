"""Passkey ceremonies: a challenge that a phone signs once, within five minutes, for one browser or
session and one purpose (security.md R32), and the judgement of the answer."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from sqlalchemy import bindparam, delete, insert, select, update

from jkn.database import Base, lock_row, session, transactional
from jkn.models import Account, Ceremony, EventKind, Passkey, PasskeyCeremony, SignInSession
from jkn.services.audit import audit_log
from jkn.services.audit.audit_log import Client
from jkn.services.basics import clock
from jkn.services.journeys import repeats
from jkn.services.passkeys import webauthn
from jkn.services.passkeys.passkey_types import (
    AuthenticatorResponse,
    CredentialRecord,
    NewCredential,
    VerifiedAssertion,
)

LIFE = timedelta(minutes=5)
_CHALLENGE_BYTES = 32
# Executed with every sign-in. Built once: building takes as long as executing.
_TO_JUDGE_BY = (
    select(
        Passkey.id,
        Passkey.account_id,
        Passkey.public_key,
        Passkey.sign_count,
        Passkey.is_backup_eligible,
        Account.user_handle,
    )
    .join(Account, Account.id == Passkey.account_id)
    .where(Passkey.credential_id == bindparam("credential_id"))
)
_CEREMONIES = Base.metadata.tables[PasskeyCeremony.__tablename__]
_ASKED = _CEREMONIES.columns
_ASK = insert(_CEREMONIES)
_USE_UP = (
    delete(_CEREMONIES)
    .where(
        _ASKED.challenge == bindparam("challenge"),
        _ASKED.kind == bindparam("kind"),
        _ASKED.holder == bindparam("holder"),
        _ASKED.expires_at > bindparam("now"),
    )
    .returning(_ASKED.expires_at)
)
# The counter must have grown. Authenticators that keep none always send 0.
_TAKE_UP = (
    update(Passkey)
    .where(
        Passkey.id == bindparam("passkey"),
        Passkey.account_id == bindparam("account"),
        (Passkey.sign_count < bindparam("count"))
        | ((Passkey.sign_count == 0) & (bindparam("count") == 0)),
    )
    .values(
        sign_count=bindparam("count"),
        is_backed_up=bindparam("backed_up"),
        last_used_at=bindparam("now"),
    )
    .returning(Passkey.id)
    .execution_options(synchronize_session=False)
)


class CeremonyRefusal(StrEnum):
    """UNREADABLE: no page of this app sends this. EXPIRED: the challenge was never given to this
    holder, is too old, or was answered already. UNKNOWN: no account has this key (any more).
    NO_MATCH: the answer does not prove the key. Each leaves one event, which says that something
    was refused, never what was sent."""

    UNREADABLE = "unreadable"
    EXPIRED = "expired"
    UNKNOWN = "unknown"
    NO_MATCH = "no_match"


@dataclass(frozen=True)
class ProvedKey:
    """A passkey whose owner unlocked the phone. `asked_at`: when the challenge was made."""

    passkey_id: int
    account_id: int
    proof: VerifiedAssertion
    asked_at: datetime


def holder_of_browser(browser: str) -> str:
    """The holder of a ceremony while nobody is signed in: the browser."""
    return f"browser:{browser}"


def holder_of_session(session_id: int) -> str:
    """The holder of a ceremony of somebody signed in: the session."""
    return f"session:{session_id}"


@transactional
def begin(kind: Ceremony, holder: str, account_id: int | None = None) -> bytes:
    """A new challenge, which this holder alone can have answered. The holder's other challenges
    stay good for as long as they live."""
    challenge = secrets.token_bytes(_CHALLENGE_BYTES)
    session.execute(
        _ASK,
        {
            "kind": kind,
            "challenge": challenge,
            "holder": _digest(holder),
            "account_id": account_id,
            "expires_at": clock.now() + LIFE,
        },
    )
    return challenge


def judge_new(answer: AuthenticatorResponse, holder: str) -> NewCredential | CeremonyRefusal:
    """Judge a key that a phone made, in the transaction under way. The challenge is used up,
    whatever the result."""
    if _use_up(Ceremony.ENROL, holder, answer) is None:
        return CeremonyRefusal.EXPIRED
    return webauthn.verify_attestation(answer, answer.challenge) or CeremonyRefusal.NO_MATCH


def judge(
    kind: Ceremony,
    answer: AuthenticatorResponse,
    holder: str,
    client: Client,
    *,
    only: int | None = None,
    account_id: int | None = None,
) -> ProvedKey | CeremonyRefusal:
    """Judge what a phone signed. `only`: the id of the passkey that was asked for; None: any.
    `account_id`: of the person who is signed in; None: nobody is. The challenge is used up,
    whatever the result, and a refusal is logged.

    It joins the transaction under way: verifying takes less time than another commit would."""
    asked_at = _use_up(kind, holder, answer)
    if asked_at is None:
        log_unless_copy(client, account_id)
        return CeremonyRefusal.EXPIRED
    found = session.execute(_TO_JUDGE_BY, {"credential_id": answer.credential_id}).one_or_none()
    if found is None:
        log_refused(client, account_id)
        return CeremonyRefusal.UNKNOWN
    proof = None
    if only in (None, found.id):
        key = CredentialRecord(
            found.public_key, found.sign_count, found.is_backup_eligible, found.user_handle
        )
        was_named = only is not None
        proof = webauthn.verify_assertion(answer, answer.challenge, key, was_named=was_named)
    if proof is None:
        log_refused(client, found.account_id)
        return CeremonyRefusal.NO_MATCH
    return ProvedKey(found.id, found.account_id, proof, asked_at)


def take_up(proved: ProvedKey, client: Client) -> bool:
    """Note that the passkey was used, in the transaction under way. False: it was removed
    meanwhile, or its counter did not grow, which happens with a copy (7.2 step 22)."""
    used = session.scalar(
        _TAKE_UP,
        {
            "passkey": proved.passkey_id,
            "account": proved.account_id,
            "count": proved.proof.sign_count,
            "backed_up": proved.proof.is_backed_up,
            "now": clock.now(),
        },
    )
    if used is None:
        log_refused(client, proved.account_id)
    return used is not None


def log_refused(client: Client, account_id: int | None = None) -> None:
    """Log a refusal, sampled, in the transaction under way. `account_id`: None where no known
    account is meant."""
    audit_log.log_sampled(EventKind.AUTHN_PASSKEY_FAIL, client, account_id=account_id)


def log_unless_copy(client: Client, account_id: int | None = None) -> None:
    """Log that a challenge was answered already, unless by this very request: copies may arrive at
    the same moment, and the first of them was right."""
    if not repeats.is_done(SignInSession, client.sent):
        log_refused(client, account_id)


@transactional
def refuse_unread(client: Client, account_id: int | None = None) -> CeremonyRefusal:
    """Refuse what no page of this app sends, and log it. `account_id`: of the person who is signed
    in. Nobody else is named: what the answer says of its key is not proved."""
    log_refused(client, account_id)
    return CeremonyRefusal.UNREADABLE


def hold(account_id: int) -> Account | None:
    """The account, locked until the transaction under way ends, so that nobody freezes or recovers
    it meanwhile. None: it is frozen."""
    account = lock_row(Account, account_id)
    return None if account is None or account.frozen_at is not None else account


def cancel_all(account_id: int) -> None:
    """Make the challenges of the account's sessions useless, in the transaction under way."""
    session.execute(delete(PasskeyCeremony).where(PasskeyCeremony.account_id == account_id))


def _use_up(kind: Ceremony, holder: str, answer: AuthenticatorResponse) -> datetime | None:
    """When the challenge of this answer was made; None: this holder has no such challenge. One
    conditional statement, so that of many answers only one is looked at."""
    asked = {
        "challenge": answer.challenge,
        "kind": kind,
        "holder": _digest(holder),
        "now": clock.now(),
    }
    expires_at: datetime | None = session.scalar(_USE_UP, asked)
    return None if expires_at is None else expires_at - LIFE


def _digest(holder: str) -> bytes:
    return sha256(holder.encode()).digest()
