"""Browsers from which somebody has signed in. A browser is known by the token in its cookie, of
which only a digest is kept."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, bindparam, delete, exists, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute

from jkn.database import put_into, session
from jkn.models import Account, EventKind, KnownDevice, PasskeyDevice, SavedUsername
from jkn.services.audit import audit_log
from jkn.services.audit.audit_log import Client
from jkn.services.basics import clock
from jkn.services.basics.tokens import digest, new_secret
from jkn.services.journeys import repeats

# A first sign-in this soon after the account was made is by the person who made it.
_FRESH = timedelta(days=1)

_OF_TOKEN = KnownDevice.token_digest == bindparam("token")
_OF_ACCOUNT = KnownDevice.account_id == bindparam("account")
_IS_SAVED = (
    SavedUsername.token_digest == bindparam("token"),
    SavedUsername.account_id == bindparam("account"),
)
_IS_KNOWN = select(exists().where(_OF_TOKEN, _OF_ACCOUNT))
# A browser that no account knows any more, as after a recovery, keeps its saved usernames and its
# passkeys.
_IS_ANYBODYS = or_(
    exists().where(_OF_TOKEN),
    exists().where(SavedUsername.token_digest == bindparam("token")),
    exists().where(PasskeyDevice.token_digest == bindparam("token")),
)
# Executed with every sign-in. Built once: building takes as long as executing.
_WHOSE = select(
    _IS_ANYBODYS,
    exists().where(_OF_TOKEN, _OF_ACCOUNT),
    exists().where(_OF_ACCOUNT),
    exists().where(*_IS_SAVED),
)


def is_known(token: str | None, account_id: int | None) -> bool:
    """Whether somebody has signed in to this account from the browser that has this token. Without
    an account the answer costs the same, so that it does not show who has one."""
    if not token:
        return False
    asked = {"token": digest(token), "account": account_id}
    return bool(session.scalar(_IS_KNOWN, asked))


def is_known_to(account_id: InstrumentedAttribute[int], token: str | None) -> ColumnElement[bool]:
    """The same as a column of a query that finds the account."""
    of_token = KnownDevice.token_digest == digest(token or "")
    return exists().where(of_token, KnownDevice.account_id == account_id)


def remember(account: Account, client: Client) -> str:
    """Make this browser known to the account, in the transaction under way; returns the browser's
    token. The owner is told of a new browser.

    Several people may share a phone. A token that this app did not hand out is replaced: somebody
    may have planted it.
    """
    token = client.device_token
    asked = {"token": digest(token or ""), "account": account.id}
    is_anybodys, is_known_here, has_any, is_saved_here = session.execute(_WHOSE, asked).one()
    if token is None or not is_anybodys:
        token = repeats.next_token(KnownDevice, client.sent)
    now = clock.now()
    if is_saved_here:
        # The sign-in page lists the person who signed in last first.
        session.execute(update(SavedUsername).where(*_IS_SAVED).values(last_used_at=now), asked)
    session.execute(
        put_into(KnownDevice),
        {"token_digest": digest(token), "account_id": account.id, "last_sign_in_at": now},
    )
    is_fresh = not has_any and now - account.created_at < _FRESH
    if not is_known_here and not is_fresh:
        audit_log.log(EventKind.AUTHN_NEW_DEVICE, client, account_id=account.id)
    return token


def own_token(token: str | None) -> str:
    """This token if something is kept for it; otherwise a new one. In the transaction under way."""
    if token is None or not session.scalar(select(_IS_ANYBODYS), {"token": digest(token)}):
        return new_secret()
    return token


def forget_all(account_id: int, *, but: str | None = None) -> None:
    """Make the account's browsers unknown, in the transaction under way: the next sign-in from each
    is told as one from a new device. `but`: the token of the browser that stays known."""
    forgotten = delete(KnownDevice).where(KnownDevice.account_id == account_id)
    if but is not None:
        forgotten = forgotten.where(KnownDevice.token_digest != digest(but))
    session.execute(forgotten)


def forget(account_id: int, digests: Sequence[bytes]) -> None:
    """Make browsers unknown to this account, in the transaction under way. `digests`: of their
    tokens."""
    session.execute(
        delete(KnownDevice).where(
            KnownDevice.account_id == account_id, KnownDevice.token_digest.in_(digests)
        )
    )


def forget_browser(token: str | None) -> None:
    """Make this browser unknown to every account, in the transaction under way."""
    session.execute(delete(KnownDevice).where(KnownDevice.token_digest == digest(token or "")))
