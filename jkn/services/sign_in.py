"""Signing in with a number and a password (product.md 1.1)."""

from enum import StrEnum

from sqlalchemy import select

from jkn.database import blind_index, session, transactional
from jkn.models import Account, EventKind, Participant
from jkn.services import captcha, passwords, security_events, sessions
from jkn.services.identity_numbers import IdentityNumber, IdentityType
from jkn.services.security_events import Client


class Refusal(StrEnum):
    """Unknown number, wrong number and wrong password are one: NO_MATCH (ASVS 6.3.8)."""

    WRONG_CAPTCHA = "wrong_captcha"
    NO_MATCH = "no_match"


def sign_in(
    identity: IdentityNumber, password: str, answer: captcha.Answer, client: Client
) -> str | Refusal:
    """The token of a new session, or why there is none.

    The password is compared outside any transaction: hashing takes longer than everything
    else together, and nobody should wait for a lock meanwhile.
    """
    if not captcha.accept(answer, client):
        return Refusal.WRONG_CAPTCHA
    account_id, password_hash = _credentials(identity)
    if not passwords.is_right(password_hash, password) or account_id is None:
        _record_no_match(account_id, client)
        return Refusal.NO_MATCH
    return _admit(account_id, password_hash, password, client)


@transactional
def _admit(
    account_id: int, verified_hash: str | None, password: str, client: Client
) -> str | Refusal:
    account = session.get_one(Account, account_id)
    changed = account.password_hash != verified_hash
    # What was proved may not be the password any more, or only have been hashed anew.
    if changed and not passwords.is_right(account.password_hash, password):
        security_events.add(EventKind.AUTHN_LOGIN_FAIL, client, account_id=account.id)
        return Refusal.NO_MATCH
    if passwords.needs_rehash(account.password_hash):
        account.password_hash = passwords.hash_password(password)
    return sessions.open_session(account, client)


@transactional
def _record_no_match(account_id: int | None, client: Client) -> None:
    security_events.add(EventKind.AUTHN_LOGIN_FAIL, client, account_id=account_id)


def _credentials(identity: IdentityNumber) -> tuple[int, str] | tuple[None, None]:
    """Account id and password hash; one query, whatever the number and whether it is known."""
    columns = select(Account.id, Account.password_hash)
    if identity.type is IdentityType.NIK:
        digests = blind_index("accounts.nik", identity.number)
        found = columns.where(Account.nik_index.in_(digests))
    else:
        digests = blind_index("participants.card_number", identity.number)
        found = columns.join(Account.participant).where(Participant.card_number_index.in_(digests))
    row = session.execute(found).one_or_none()
    session.rollback()  # Gives the connection back: hashing needs none.
    return (row.id, row.password_hash) if row else (None, None)
