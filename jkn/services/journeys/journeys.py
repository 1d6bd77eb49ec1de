"""What all journeys share: begun, found by their tokens, moved on, ended, purged.

What changes a row joins the transaction of the command that calls it. A command is handed a row
that was found a moment before, holds it, and then moves it on.
"""

from enum import StrEnum
from functools import cache
from typing import TypeVar

from sqlalchemy import Delete, bindparam, delete, select, update

from jkn.database import session
from jkn.models import Journey
from jkn.services.basics import clock
from jkn.services.basics.tokens import digest, new_token

J = TypeVar("J", bound=Journey)


def begin(journey: J) -> str:
    """Add a new row; returns its token. Whoever is signed in is on one journey of a kind at a time:
    what was begun before, in whatever browser, ends."""
    if journey.OF_ACCOUNT:
        end_all(journey.account_id, type(journey))
    token = new_token()
    journey.token_digest = digest(token)
    journey.expires_at = clock.now() + journey.LIFE
    session.add(journey)
    session.flush()
    return token


def find(kind: type[J], token: str | None, account_id: int | None = None) -> J | None:
    """The row of this token, also at its end: whoever lost the answer comes back to ask. None when
    its time is over (unless the journey has a stage that says so), when something ended it, and
    for a journey of somebody else than `account_id`.

    What comes back stays as it was read, whatever becomes of the row meanwhile: a command finds
    out by `hold`."""
    found = select(kind).where(kind.token_digest == digest(token or ""))
    row = session.scalars(found).one_or_none()
    if row is None or (kind.OF_ACCOUNT and row.account_id != account_id):
        return None
    session.expunge(row)
    is_there = row.is_at_its_end or kind.EXPIRED is not None or row.expires_at > clock.now()
    return row if is_there else None


def stage_of(journey: Journey) -> StrEnum:
    """Where its person is now."""
    is_over = not journey.is_at_its_end and journey.expires_at <= clock.now()
    stage: StrEnum = journey.EXPIRED if is_over and journey.EXPIRED else journey.stage
    return stage


def hold(seen: J, *stages: StrEnum) -> J | None:
    """The row as it is now, which nobody else changes until the transaction under way ends. None
    when it is at none of these stages any more, goes on under another token, or its time is over:
    then the next page says where it is. One conditional statement, so that of two tabs one gets
    on."""
    kind = type(seen)
    return session.scalars(
        update(kind)
        .where(
            kind.id == seen.id,
            kind.token_digest == seen.token_digest,
            kind.stage.in_(stages),
            kind.expires_at > clock.now(),
        )
        .values(stage=kind.stage)
        .returning(kind)
        .execution_options(populate_existing=True)
    ).one_or_none()


def advance(held: Journey, to: StrEnum, **values: object) -> None:
    """Move a row on that is held. At its end it keeps nothing but where it is."""
    if to in held.ENDS:
        values |= held.FORGOTTEN
    for name, value in (values | {"stage": to}).items():
        setattr(held, name, value)


def rotate(held: Journey, to: StrEnum, **values: object) -> str:
    """The same, and from now on under another token, which is returned: what it may do now, a copy
    of the old token may not (ASVS 7.2.4)."""
    token = new_token()
    advance(held, to, token_digest=digest(token), **values)
    return token


def end(kind: type[J], token: str | None) -> None:
    """Nobody goes on with the row of this token, unless it is at its end."""
    is_of_token = kind.token_digest == digest(token or "")
    session.execute(delete(kind).where(is_of_token, kind.stage.not_in(kind.ENDS)))


def end_all(account_id: int | None, *kinds: type[Journey]) -> None:
    """Whoever is under way to this account, or in it, begins anew: on every journey there is, or on
    those of these kinds. Whoever locks the account, too, does so before."""
    for kind in kinds or tuple(Journey.kinds):
        session.execute(_ending(kind), {"of_account": account_id})


# With every sign-in: built once, since building costs as much as asking.
@cache
def _ending(kind: type[Journey]) -> Delete:
    is_of_account = kind.account_id == bindparam("of_account")
    return (
        delete(kind)
        .where(is_of_account, kind.stage.not_in(kind.ENDS))
        .execution_options(synchronize_session=False)
    )
