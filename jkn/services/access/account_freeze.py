"""*Bukan saya*: whoever was warned of what they did not do closes the account, until a recovery by
a code to a registered channel, or an operator who was called, opens it (security.md R26, R27)."""

from sqlalchemy import select, update

from jkn.database import blind_index, lock_row, session, transactional
from jkn.models import Account, EventKind, FreezeLink, SessionEnd
from jkn.services.access import endings
from jkn.services.audit import audit_log
from jkn.services.audit.audit_log import Client
from jkn.services.basics import clock
from jkn.services.basics.tokens import digest
from jkn.services.messaging import account_channels

# What the record says of what was done on the operator's machine.
_OPERATOR = Client("operator", "flask accounts unfreeze")


def is_link_live(token: str) -> bool:
    """Whether the link of a warning still freezes. Looking uses nothing up."""
    found = select(FreezeLink.id).where(
        FreezeLink.token_digest == digest(token),
        FreezeLink.used_at.is_(None),
        FreezeLink.expires_at > clock.now(),
    )
    return session.scalar(found) is not None


@transactional
def freeze(token: str, client: Client) -> bool:
    """Close the account of this link: no password and no phone's key opens it, everybody is signed
    out, whoever is under way to it begins anew. False: the link leads nowhere any more."""
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
    account_id = used.account_id
    account = lock_row(Account, account_id)
    if account is None:
        return False
    account.frozen_at = clock.now()
    if used.gives_phone_back:
        account_channels.give_phone_back(account)
    # Whoever is meant may have chosen them, or know them.
    account.password_hash = ""
    if account.pin_hash is not None:
        account.pin_hash = ""
    session.flush()
    endings.end_all(account_id, SessionEnd.FREEZE, client)
    audit_log.log(EventKind.ACCOUNT_FROZEN, client, account_id=account_id)
    return True


@transactional
def unfreeze(nik: str) -> bool:
    """Let every way of recovery open the account again; the password stays closed until then.
    For operators, after the person called. False: no such account, or it is not frozen."""
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
    audit_log.log(EventKind.ACCOUNT_UNFROZEN, _OPERATOR, account_id=account.id)
    return True
