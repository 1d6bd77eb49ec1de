"""Browsers that somebody has signed in from: a cookie's token, kept as a digest only."""

import hashlib
import secrets

from sqlalchemy import select

from jkn.database import insert_into, session
from jkn.models import KnownDevice
from jkn.services import clock


def is_known(token: str | None, account_id: int | None) -> bool:
    """Whether this account was signed in to from the browser that holds this token."""
    if not token or account_id is None:
        return False
    known = select(KnownDevice.account_id).where(
        KnownDevice.token_digest == _digest(token), KnownDevice.account_id == account_id
    )
    return session.scalar(known) is not None


def remember(token: str | None, account_id: int) -> str:
    """Add this browser to the account's in the transaction under way; returns its token.

    Several people may share a phone. A token that nobody ever had is not taken up: somebody
    may have planted it.
    """
    if token is None or not _exists(token):
        token = secrets.token_urlsafe(32)
    now = clock.now()
    session.execute(
        insert_into(KnownDevice)
        .values(token_digest=_digest(token), account_id=account_id, last_sign_in_at=now)
        .on_conflict_do_update(
            index_elements=["token_digest", "account_id"], set_={"last_sign_in_at": now}
        )
    )
    return token


def _exists(token: str) -> bool:
    any_row = select(KnownDevice.account_id).where(KnownDevice.token_digest == _digest(token))
    return session.scalar(any_row.limit(1)) is not None


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
