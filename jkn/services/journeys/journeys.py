"""What all journeys share: how they begin, are found by their tokens, move on, and end.

Functions that change a row join the transaction of the command that calls them. A command is given
a row that was found a moment before, holds it, and then moves it on.
"""

from enum import StrEnum
from functools import cache
from typing import TypeVar

from sqlalchemy import ColumnElement, Delete, bindparam, delete, select, update

from jkn.database import session
from jkn.models import Journey
from jkn.services.basics import clock
from jkn.services.basics.tokens import digest
from jkn.services.journeys import repeats

J = TypeVar("J", bound=Journey)


def begin(journey: J, sent: bytes = b"") -> str:
    """Add a new row; returns its token, derived from what was `sent` if that is given. An account
    has one journey of a kind at a time: one that was begun before, in whatever browser, ends."""
    if journey.OF_ACCOUNT:
        end_all(journey.account_id, type(journey))
    token = repeats.next_token(type(journey), sent)
    journey.token_digest = digest(token)
    journey.expires_at = clock.now() + journey.LIFE
    session.add(journey)
    session.flush()
    return token


def find(kind: type[J], token: str | None, account_id: int | None = None) -> J | None:
    """The row of this token, also at its end: a person whose answer got lost comes back to ask.
    None when its time is over (unless the kind has a stage EXPIRED), when something ended it, and
    when it belongs to another account than `account_id`.

    The row stays as it was read, even if it changes in the database: `hold` tells a command that.
    """
    return _found(kind, account_id, kind.token_digest == digest(token or ""))


def find_left(kind: type[J], token: str, account_id: int | None = None) -> J | None:
    """The row that had this token before, as long as the request that rotated it leads on. Only to
    ask for that request once more: the row is somewhere that this token does not open."""
    return _found(kind, account_id, *repeats.was_rotated(kind, token))


def was_left_by(journey: Journey, token: str) -> bool:
    """Whether the row has another token than this one by now."""
    return journey.token_digest != digest(token)


def _found(kind: type[J], account_id: int | None, *which: ColumnElement[bool]) -> J | None:
    row = session.scalars(select(kind).where(*which)).first()
    if row is None or (kind.OF_ACCOUNT and row.account_id != account_id):
        return None
    session.expunge(row)
    is_there = row.is_at_its_end or kind.EXPIRED is not None or row.expires_at > clock.now()
    return row if is_there else None


def stage_of(journey: Journey) -> StrEnum:
    """The stage at which the person is now: EXPIRED when the time is over and the kind has it."""
    is_over = not journey.is_at_its_end and journey.expires_at <= clock.now()
    stage: StrEnum = journey.EXPIRED if is_over and journey.EXPIRED else journey.stage
    return stage


def hold(seen: J, *stages: StrEnum) -> J | None:
    """The row as it is now, locked until the transaction under way ends. None when it is at none of
    these stages any more, its token was rotated, or its time is over; the next page then shows
    where it is. One conditional statement, so that of two tabs only one goes on."""
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
    """Move a held row on, and set these values. At an end, what the kind calls FORGOTTEN is
    wiped."""
    if to in held.ENDS:
        values |= held.FORGOTTEN
    for name, value in (values | {"stage": to}).items():
        setattr(held, name, value)


def rotate(
    held: Journey, to: StrEnum, sent: bytes = b"", old_token: str | None = None, **values: object
) -> str:
    """The same, and rotate the row's token, which is returned: a copy of the old token may not do
    what the journey may do from now on (ASVS 7.2.4). `sent`: the request, which leads on again when
    its answer gets lost (`repeats`). `old_token`: that came with it; None: the row's own."""
    token = repeats.next_token(type(held), sent)
    advance(
        held,
        to,
        token_digest=digest(token),
        previous_digest=held.token_digest if old_token is None else digest(old_token),
        rotated_at=clock.now(),
        **values,
    )
    return token


def end(kind: type[J], token: str | None) -> None:
    """End the journey of this token, by deleting its row. A row that is at an end stays."""
    is_of_token = kind.token_digest == digest(token or "")
    session.execute(delete(kind).where(is_of_token, kind.stage.not_in(kind.ENDS)))


def end_all(account_id: int | None, *kinds: type[Journey]) -> None:
    """End the account's journeys, of these kinds or of all; rows that are at an end stay. A command
    that locks the account, too, does so before."""
    for kind in kinds or tuple(Journey.kinds):
        session.execute(_ending(kind), {"of_account": account_id})


# Executed with every sign-in. Built once: building takes as long as executing.
@cache
def _ending(kind: type[Journey]) -> Delete:
    is_of_account = kind.account_id == bindparam("of_account")
    return (
        delete(kind)
        .where(is_of_account, kind.stage.not_in(kind.ENDS))
        .execution_options(synchronize_session=False)
    )
