"""Browsers that somebody has signed in from: a cookie's token, kept as a digest only."""

import secrets
from datetime import timedelta

from sqlalchemy import delete, exists, select

from jkn.database import insert_into, session
from jkn.models import Account, EventKind, KnownDevice
from jkn.services import clock, security_events
from jkn.services.security_events import Client
from jkn.services.tokens import digest

# Who signs in for the first time this soon after the account was made is whoever made it.
_FRESH = timedelta(days=1)


def is_known(token: str | None, account_id: int | None) -> bool:
    """Whether this account was signed in to from the browser that holds this token."""
    if not token or account_id is None:
        return False
    known = select(KnownDevice.account_id).where(
        KnownDevice.token_digest == digest(token), KnownDevice.account_id == account_id
    )
    return session.scalar(known) is not None


def remember(token: str | None, account: Account, client: Client) -> str:
    """Add this browser to the account's in the transaction under way; returns its token. The
    owner is told of one that is new.

    Several people may share a phone. A token that nobody ever had is not taken up: somebody
    may have planted it.
    """
    of_token = KnownDevice.token_digest == digest(token or "")
    of_account = KnownDevice.account_id == account.id
    is_anybodys, is_known_here, has_any = session.execute(
        select(
            exists().where(of_token),
            exists().where(of_token, of_account),
            exists().where(of_account),
        )
    ).one()
    if token is None or not is_anybodys:
        token = secrets.token_urlsafe(32)
    now = clock.now()
    session.execute(
        insert_into(KnownDevice)
        .values(token_digest=digest(token), account_id=account.id, last_sign_in_at=now)
        .on_conflict_do_update(
            index_elements=["token_digest", "account_id"], set_={"last_sign_in_at": now}
        )
    )
    is_fresh = not has_any and now - account.created_at < _FRESH
    if not is_known_here and not is_fresh:
        security_events.add(EventKind.AUTHN_NEW_DEVICE, client, account_id=account.id)
    return token


def forget_all(account_id: int) -> None:
    """No browser is known any more, in the transaction under way: the next sign-in from each is
    told as a new one."""
    session.execute(delete(KnownDevice).where(KnownDevice.account_id == account_id))
