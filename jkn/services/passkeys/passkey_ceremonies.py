"""Ceremonies of passkeys: a challenge that one browser may have signed once, within five minutes,
for one purpose (security.md R32), and the judgement of what comes back."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from sqlalchemy import bindparam, delete, insert, select, update

from jkn.database import Base, lock_row, session, transactional
from jkn.models import Account, Ceremony, EventKind, Passkey, PasskeyCeremony
from jkn.services.audit import audit_log
from jkn.services.audit.audit_log import Client
from jkn.services.basics import clock
from jkn.services.passkeys import webauthn
from jkn.services.passkeys.passkey_types import (
    AuthenticatorResponse,
    CredentialRecord,
    NewCredential,
    VerifiedAssertion,
)

LIFE = timedelta(minutes=5)
_CHALLENGE_BYTES = 32
# With every sign-in: built once, since building costs as much as asking.
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
# Authenticators that keep no counter always say 0.
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
    """UNREADABLE: no browser of ours sends this; like all that is malformed it leaves no trace.
    EXPIRED: it was not asked, or not lately, or is answered already. UNKNOWN: nobody has this key
    any more. NO_MATCH: it proves nothing."""

    UNREADABLE = "unreadable"
    EXPIRED = "expired"
    UNKNOWN = "unknown"
    NO_MATCH = "no_match"


@dataclass(frozen=True)
class ProvedKey:
    """Somebody unlocked the phone that holds this key. `asked_at`: when the phone was asked to."""

    passkey_id: int
    account_id: int
    proof: VerifiedAssertion
    asked_at: datetime


def holder_of_browser(browser: str) -> str:
    """Who holds a ceremony while nobody is signed in."""
    return f"browser:{browser}"


def holder_of_session(session_id: int) -> str:
    """Who holds a ceremony of somebody signed in."""
    return f"session:{session_id}"


@transactional
def begin(kind: Ceremony, holder: str, account_id: int | None = None) -> bytes:
    """A fresh challenge; others that this holder has asked for stay good for as long as they
    live."""
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
    """The key that a phone made when it was asked to, in the transaction under way."""
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
    """Whether what a phone signed proves a key, in the transaction under way: to verify takes less
    time than another commit would. `only`: the id of the passkey that was asked for; `account_id`:
    of who is signed in. A challenge is used up whatever comes of it, and a refusal is recorded."""
    asked_at = _use_up(kind, holder, answer)
    if asked_at is None:
        record_refused(client, account_id)
        return CeremonyRefusal.EXPIRED
    found = session.execute(_TO_JUDGE_BY, {"credential_id": answer.credential_id}).one_or_none()
    if found is None:
        record_refused(client, account_id)
        return CeremonyRefusal.UNKNOWN
    proof = None
    if only in (None, found.id):
        key = CredentialRecord(
            found.public_key, found.sign_count, found.is_backup_eligible, found.user_handle
        )
        was_named = only is not None
        proof = webauthn.verify_assertion(answer, answer.challenge, key, was_named=was_named)
    if proof is None:
        record_refused(client, found.account_id)
        return CeremonyRefusal.NO_MATCH
    return ProvedKey(found.id, found.account_id, proof, asked_at)


def take_up(proved: ProvedKey, client: Client) -> bool:
    """Note that the key was used, in the transaction under way. False: it was removed meanwhile,
    or its counter was seen already, as that of a copy would be (7.2 step 22)."""
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
        record_refused(client, proved.account_id)
    return used is not None


def record_refused(client: Client, account_id: int | None = None) -> None:
    """Note it in the transaction under way; None: nobody known is meant."""
    audit_log.log_sampled(EventKind.AUTHN_PASSKEY_FAIL, client, account_id=account_id)


def hold(account_id: int) -> Account | None:
    """The account, unless it is frozen; nobody freezes or recovers it until the transaction under
    way is over."""
    account = lock_row(Account, account_id)
    return None if account is None or account.frozen_at is not None else account


def cancel_all(account_id: int) -> None:
    """What the account's sessions have asked for is not answered any more, in the transaction
    under way."""
    session.execute(delete(PasskeyCeremony).where(PasskeyCeremony.account_id == account_id))


def _use_up(kind: Ceremony, holder: str, answer: AuthenticatorResponse) -> datetime | None:
    """When it was asked; None: it was not. One conditional statement, so that of many answers one
    is looked at."""
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
