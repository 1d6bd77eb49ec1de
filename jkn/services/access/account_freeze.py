"""*Bukan saya*: a person who was warned of something that they did not do freezes the account.

It stays frozen until they recover it by a code to a registered channel. After a call, an operator
can allow the other ways of recovery again (security.md R26, R27).
"""

from sqlalchemy import select, update

from jkn.database import blind_index, lock_row, session, transactional
from jkn.models import Account, EventKind, FreezeLink, SessionEnd
from jkn.services.access import endings
from jkn.services.audit import audit_log
from jkn.services.audit.audit_log import OPERATOR, Client
from jkn.services.basics import clock
from jkn.services.basics.tokens import digest
from jkn.services.messaging import account_channels

# What the audit log names as the client when an operator ran the command.


def is_link_live(token: str) -> bool:
    """Whether the link of a warning still freezes. Asking does not use it up."""
    found = select(FreezeLink.id).where(
        FreezeLink.token_digest == digest(token),
        FreezeLink.used_at.is_(None),
        FreezeLink.expires_at > clock.now(),
    )
    return session.scalar(found) is not None


@transactional
def freeze(token: str, client: Client) -> bool:
    """Close the account of this link: no password, PIN or passkey opens it, every session ends, and
    every journey to it ends. False: the link was used, has expired, or never existed."""
    used = session.execute(
        update(FreezeLink)
        .where(
            FreezeLink.token_digest == digest(token),
            FreezeLink.used_at.is_(None),
            FreezeLink.expires_at > clock.now(),
        )
        .values(used_at=clock.now())
        .returning(FreezeLink.account_id, FreezeLink.gives_phone_back)
    ).one_or_none()
    if used is None:
        return False
    account = lock_row(Account, used.account_id)
    if account is None:
        return False
    close(account, client, gives_phone_back=used.gives_phone_back)
    return True


def close(account: Account, client: Client, *, gives_phone_back: bool) -> None:
    """Freeze this account, which the caller has locked, in the transaction under way.
    `gives_phone_back`: the recorded phone becomes the account's again."""
    account.frozen_at = clock.now()
    if gives_phone_back:
        account_channels.give_phone_back(account)
    # The stranger that the warning was about may have chosen the password or the PIN, or know it.
    account.password_hash = ""
    if account.pin_hash is not None:
        account.pin_hash = ""
    endings.end_all(account.id, SessionEnd.FREEZE, client)
    audit_log.log(EventKind.ACCOUNT_FROZEN, client, account_id=account.id)


@transactional
def unfreeze(nik: str) -> bool:
    """Allow every way of recovery again; the password stays closed until then. For operators, after
    the person called. False: there is no such account, or it is not frozen."""
    account = session.scalars(
        update(Account)
        .where(
            Account.nik_index.in_(blind_index("accounts.nik", nik)), Account.frozen_at.is_not(None)
        )
        .values(frozen_at=None)
        .returning(Account)
    ).one_or_none()
    if account is None:
        return False
    audit_log.log(EventKind.ACCOUNT_UNFROZEN, OPERATOR, account_id=account.id)
    return True
