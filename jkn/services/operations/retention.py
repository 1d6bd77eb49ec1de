"""How long rows are kept: one table of rules, and one way to delete what they do not cover any more
(security.md R18, R107; UU PDP 27/2022, article 43)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Table, delete, select, true, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from jkn.database import session, transactional
from jkn.models import (
    FailureCounter,
    FreezeLink,
    Journey,
    KnownDevice,
    MessageState,
    OneTimeCode,
    OutboxMessage,
    PasskeyCeremony,
    PasskeyDevice,
    RegistrationDraft,
    SavedUsername,
    SendingLog,
    SpentCaptcha,
    SpentRateLimit,
)
from jkn.services.basics import clock
from jkn.services.throttling import retry_after

# So many at once: whoever writes meanwhile must not wait for all of them.
_BATCH = 1000
# A browser forgets its own token after a year without a sign-in.
_BROWSERS = timedelta(days=400)


@dataclass(frozen=True)
class Rule:
    """Rows go once `column` is older than `kept`, if `also` is true of them. Columns of numbers are
    times in milliseconds."""

    column: InstrumentedAttribute[Any]
    kept: timedelta
    also: ColumnElement[bool] | None = None

    @property
    def table(self) -> Table:
        """What it deletes from."""
        table: Table = self.column.property.columns[0].table
        return table

    def is_over(self, now: datetime) -> ColumnElement[bool]:
        """Whether the rule keeps a row no longer."""
        limit: object = now - self.kept
        if self.column.type.python_type is int:
            limit = retry_after.milliseconds(now - self.kept)
        return (self.column < limit) & (true() if self.also is None else self.also)


def rules() -> list[Rule]:
    """All of them. A journey need not be named: it says by itself how long it is kept."""
    return [
        *(Rule(kind.expires_at, kind.KEPT) for kind in Journey.kinds),
        # However often somebody comes back: what the registry said is no news by then.
        Rule(RegistrationDraft.started_at, timedelta(days=2)),
        Rule(PasskeyCeremony.expires_at, timedelta()),
        Rule(OneTimeCode.expires_at, timedelta(hours=1)),
        Rule(SendingLog.sent_1, timedelta(hours=1)),
        Rule(SpentCaptcha.expires_at, timedelta()),
        # What was closed for ever stays: keeping still for a season must not open it again.
        Rule(
            FailureCounter.last_try,
            timedelta(days=90),
            FailureCounter.not_before < retry_after.milliseconds(clock.now()),
        ),
        Rule(SpentRateLimit.whole_at, timedelta()),
        Rule(FreezeLink.expires_at, timedelta()),
        Rule(KnownDevice.last_sign_in_at, _BROWSERS),
        # The passkeys themselves stay.
        Rule(PasskeyDevice.last_used_at, _BROWSERS),
        Rule(SavedUsername.last_used_at, _BROWSERS),
        # Dead ones wait for an operator.
        Rule(
            OutboxMessage.finished_at,
            timedelta(days=30),
            OutboxMessage.state.in_(
                (MessageState.HANDED_OVER, MessageState.EXPIRED, MessageState.NOBODY)
            ),
        ),
    ]


def purge_by_table() -> Iterator[tuple[str, int]]:
    """Delete what no rule keeps: a table's name, and how many of its rows went, for each rule."""
    for rule in rules():
        gone = 0
        while gone % _BATCH == 0 and (more := _delete_batch(rule)):
            gone += more
        yield rule.table.name, gone


def purge() -> int:
    """The same; returns how many rows went in all."""
    return sum(rows for _, rows in purge_by_table())


@transactional
def _delete_batch(rule: Rule) -> int:
    key, is_over = tuple_(*rule.table.primary_key), rule.is_over(clock.now())
    batch = select(*key.clauses).where(is_over).limit(_BATCH)
    gone = session.execute(
        delete(rule.table)
        # Asked again: somebody may have touched it meanwhile.
        .where(key.in_(batch), is_over)
        .returning(rule.column)
    )
    return len(gone.all())
