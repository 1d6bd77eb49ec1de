"""When somebody is offered *Login dengan Biometrik*: after registration, after a recovery, and at
the second sign-in with a password; at most once in 30 days, and never after two refusals
(experience.md 4).

Only the page finds out whether this phone has a lock, so an offer is used up when its card was
seen, not when it was decided: elsewhere it may still come."""

from datetime import timedelta

from sqlalchemy import ColumnElement, case, exists, or_, select, update

from jkn.database import insert_into, session, transactional
from jkn.models import Account, PasskeyDevice, PasskeyOffer
from jkn.services.basics import clock
from jkn.services.basics.tokens import digest
from jkn.services.sessions import limited_mode

_FROM_SIGN_IN = 2
_QUIET_FOR = timedelta(days=30)
_MOST_REFUSALS = 2


def make_due(account_id: int) -> None:
    """The next sign-in may bring the offer, in the transaction under way."""
    last_before = _FROM_SIGN_IN - 1
    reached = case((PasskeyOffer.sign_ins < last_before, last_before), else_=PasskeyOffer.sign_ins)
    session.execute(
        insert_into(PasskeyOffer)
        .values(account_id=account_id, sign_ins=last_before, refusals=0)
        .on_conflict_do_update(index_elements=["account_id"], set_={"sign_ins": reached})
    )


def note_sign_in(account: Account, device_token: str) -> bool:
    """Count a sign-in with a password, in the transaction under way. True: offer it now. Never in
    limited mode, and never on a phone that has a passkey of the account."""
    session.execute(
        insert_into(PasskeyOffer)
        .values(account_id=account.id, sign_ins=1, refusals=0)
        .on_conflict_do_update(
            index_elements=["account_id"], set_={"sign_ins": PasskeyOffer.sign_ins + 1}
        )
    )
    if limited_mode.is_limited(account):
        return False
    has_key_here = exists().where(
        PasskeyDevice.token_digest == digest(device_token), PasskeyDevice.account_id == account.id
    )
    due = select(PasskeyOffer.account_id).where(_is_due(account.id), ~has_key_here)
    return session.scalar(due) is not None


@transactional
def note_seen(account_id: int) -> None:
    """The card was seen, so the offer is used up for 30 days."""
    _use_up(account_id)


@transactional
def refuse(account_id: int) -> None:
    """*Nanti saja*: count one refusal for each offer, however often the button is tapped. Who
    refuses has seen it, also where the page could not say so."""
    _use_up(account_id)
    is_open = or_(
        PasskeyOffer.refused_at.is_(None), PasskeyOffer.refused_at < PasskeyOffer.offered_at
    )
    session.execute(
        update(PasskeyOffer)
        .where(PasskeyOffer.account_id == account_id, PasskeyOffer.offered_at.is_not(None), is_open)
        .values(refusals=PasskeyOffer.refusals + 1, refused_at=clock.now())
    )


def _use_up(account_id: int) -> None:
    session.execute(update(PasskeyOffer).where(_is_due(account_id)).values(offered_at=clock.now()))


def _is_due(account_id: int) -> ColumnElement[bool]:
    quiet_since = clock.now() - _QUIET_FOR
    is_quiet_over = or_(PasskeyOffer.offered_at.is_(None), PasskeyOffer.offered_at <= quiet_since)
    return (
        (PasskeyOffer.account_id == account_id)
        & (PasskeyOffer.sign_ins >= _FROM_SIGN_IN)
        & (PasskeyOffer.refusals < _MOST_REFUSALS)
        & is_quiet_over
    )
