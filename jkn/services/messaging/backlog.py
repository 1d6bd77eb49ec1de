"""The state of the outbox, for operators: figures and states, never recipients or texts."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import func, select

from jkn.database import session
from jkn.models import Channel, MessageState, OutboxMessage
from jkn.services.basics import clock

# A worker looks several times a second; what a killed worker held is due again after a minute.
LONGEST_OVERDUE = timedelta(minutes=2)
_LATELY = timedelta(hours=1)
_TOLD = (MessageState.HANDED_OVER, MessageState.EXPIRED, MessageState.DEAD)


@dataclass
class Standing:
    """The messages of one channel. `oldest`: the age of the oldest waiting one. `overdue`: for how
    long one has been due without being taken; one that is put off after a failure is not due.
    `dead`: those that were given up and are still kept. `finished`: those that ended in the last
    hour, by state."""

    waiting: int = 0
    oldest: timedelta = timedelta()
    overdue: timedelta = timedelta()
    dead: int = 0
    finished: dict[MessageState, int] = field(default_factory=lambda: dict.fromkeys(_TOLD, 0))


@dataclass(frozen=True)
class Backlog:
    """Every channel of this release, and those of a newer release that have messages."""

    channels: dict[Channel, Standing]

    @property
    def overdue(self) -> timedelta:
        """The longest of all channels: a worker takes messages of every channel."""
        return max(it.overdue for it in self.channels.values())

    @property
    def is_worked_on(self) -> bool:
        """False when no worker takes messages: none runs, or they cannot keep up."""
        return self.overdue <= LONGEST_OVERDUE


@dataclass(frozen=True)
class Line:
    """One message as operators may see it. `problem` is None before the first failure."""

    idempotency_key: str
    channel: Channel
    topic: str
    state: MessageState
    tries: int
    age: timedelta
    problem: str | None


def standing() -> Backlog:
    """What waits and what is dead; `finished` stays at zero. Cheap enough for every health
    check."""
    now = clock.now()
    backlog = Backlog({channel: Standing() for channel in Channel})
    of = OutboxMessage
    waiting = select(of.channel, func.count(), func.min(of.created_at), func.min(of.due_at))
    for channel, number, created_at, due_at in session.execute(
        waiting.where(of.state == MessageState.WAITING).group_by(of.channel)
    ):
        found = backlog.channels.setdefault(channel, Standing())
        found.waiting = number
        found.oldest = now - created_at
        found.overdue = max(now - due_at, timedelta())
    dead = select(of.channel, func.count()).where(of.state == MessageState.DEAD)
    for channel, number in session.execute(dead.group_by(of.channel)):
        backlog.channels.setdefault(channel, Standing()).dead = number
    return backlog


def standing_and_last_hour() -> Backlog:
    """The same with what ended in the last hour. This reads each of those rows."""
    backlog = standing()
    of = OutboxMessage
    lately = select(of.channel, of.state, func.count()).where(
        of.state.in_(_TOLD), of.finished_at > clock.now() - _LATELY
    )
    for channel, state, number in session.execute(lately.group_by(of.channel, of.state)):
        backlog.channels.setdefault(channel, Standing()).finished[state] = number
    return backlog


def troubled(state: MessageState | None = None, most: int = 200) -> Sequence[Line]:
    """The oldest messages that are dead or have waited for too long, or all in `state`; `most` of
    them at most."""
    of = OutboxMessage
    now = clock.now()
    late = (of.state == MessageState.WAITING) & (of.created_at < now - LONGEST_OVERDUE)
    wanted = (of.state == MessageState.DEAD) | late if state is None else of.state == state
    rows = select(
        of.idempotency_key, of.channel, of.topic, of.state, of.tries, of.created_at, of.problem
    )
    return [
        Line(*row[:5], age=_age(now, row.created_at), problem=row.problem)
        for row in session.execute(rows.where(wanted).order_by(of.created_at).limit(most))
    ]


def _age(now: datetime, created_at: datetime) -> timedelta:
    return timedelta(seconds=int((now - created_at).total_seconds()))
