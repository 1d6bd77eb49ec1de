"""Warnings to an account's owner, and the *Bukan saya* link in them."""

from sqlalchemy import select

from jkn.database import session, transaction
from jkn.models import Account, FreezeLink
from jkn.services.basics import tokens
from jkn.services.messaging import alerts


def warned(account: Account) -> str:
    """The token of a link that freezes this account."""
    token = "W" * 22
    with transaction():
        alerts.send(account, "password_changed")
        session.flush()
        link = session.scalars(select(FreezeLink).order_by(FreezeLink.id.desc()).limit(1)).one()
        link.token_digest = tokens.digest(token)
    return token
