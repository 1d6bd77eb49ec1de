"""How long rows are kept: one table of rules, and one function that deletes what no rule keeps
(security.md R18, R107; UU PDP 27/2022, article 43)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Table, delete, select, true, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from jkn.database import session, transactional
from jkn.models import (
    Account,
    FailureCounter,
    FamilyLink,
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
    SignInHint,
    SpentCaptcha,
    SpentRateLimit,
)
from jkn.services.basics import clock
from jkn.services.messaging import alerts
from jkn.services.throttling import retry_after

# How many rows are deleted at once: others who write must not wait for all of them.
_BATCH = 1000
# A browser forgets its own token after a year without a sign-in.
_BROWSERS = timedelta(days=400)


@dataclass(frozen=True)
class Rule:
    """Rows are deleted once `column` is older than `kept`, if `also` is true of them. A column of
    numbers holds milliseconds since 1970."""

    column: InstrumentedAttribute[Any]
    kept: timedelta
    also: ColumnElement[bool] | None = None

    @property
    def table(self) -> Table:
        """The table that it deletes from."""
        table: Table = self.column.property.columns[0].table
        return table

    def is_over(self, now: datetime) -> ColumnElement[bool]:
        """The condition under which a row is deleted."""
        limit: object = now - self.kept
        if self.column.type.python_type is int:
            limit = retry_after.milliseconds(now - self.kept)
        return (self.column < limit) & (true() if self.also is None else self.also)


def rules() -> list[Rule]:
    """All rules. Journeys are not named here: each kind says by itself how long it is kept."""
    return [
        *(Rule(kind.expires_at, kind.KEPT) for kind in Journey.kinds),
        # However often somebody comes back: by then the registry's answer may be out of date.
        Rule(RegistrationDraft.started_at, timedelta(days=2)),
        Rule(PasskeyCeremony.expires_at, timedelta()),
        Rule(SignInHint.expires_at, timedelta()),
        Rule(OneTimeCode.expires_at, timedelta(hours=1)),
        Rule(SendingLog.sent_1, timedelta(hours=1)),
        Rule(SpentCaptcha.expires_at, timedelta()),
        # A counter that is closed for ever stays: waiting for some months must not open it again.
        Rule(
            FailureCounter.last_try,
            timedelta(days=90),
            FailureCounter.not_before < retry_after.milliseconds(clock.now()),
        ),
        Rule(SpentRateLimit.whole_at, timedelta()),
        Rule(FreezeLink.expires_at, timedelta()),
        # Good for as long as the account waits, and for a week after somebody confirmed it.
        Rule(
            FamilyLink.sent_at,
            alerts.LINK_LIFE,
            FamilyLink.account_id.in_(select(Account.id).where(Account.unconfirmed_since.is_(None)))
            & FamilyLink.account_id.not_in(
                select(FamilyLink.account_id).where(
                    FamilyLink.used_at > clock.now() - alerts.LINK_LIFE
                )
            ),
        ),
        Rule(KnownDevice.last_sign_in_at, _BROWSERS),
        # The passkeys themselves have no rule: they stay.
        Rule(PasskeyDevice.last_used_at, _BROWSERS),
        Rule(SavedUsername.last_used_at, _BROWSERS),
        # Dead messages stay, for an operator to look at.
        Rule(
            OutboxMessage.finished_at,
            timedelta(days=30),
            OutboxMessage.state.in_(
                (MessageState.HANDED_OVER, MessageState.EXPIRED, MessageState.NOBODY)
            ),
        ),
    ]


def purge_by_table() -> Iterator[tuple[str, int]]:
    """Delete what no rule keeps; yields for each rule its table's name and how many rows went."""
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
        # The condition once more: somebody may have touched the row meanwhile.
        .where(key.in_(batch), is_over)
        .returning(rule.column)
    )
    return len(gone.all())
