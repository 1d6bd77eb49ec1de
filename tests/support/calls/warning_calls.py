"""Warnings that somebody gets, and what *Bukan saya* in them leads to."""

from sqlalchemy import select

from jkn.database import session, transaction
from jkn.models import Account, Disavowal
from jkn.services import alerts, tokens
from jkn.services.alerts import Alert


def warned(account: Account) -> str:
    """A link's token that freezes this account."""
    token = "W" * 22
    with transaction():
        alerts.send(account, Alert.PASSWORD_CHANGED)
        session.flush()
        link = session.scalars(select(Disavowal).order_by(Disavowal.id.desc()).limit(1)).one()
        link.token_digest = tokens.digest(token)
    return token
