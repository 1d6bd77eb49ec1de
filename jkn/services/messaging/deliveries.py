"""Hands the outbox's messages over to gateways: at least once, with an idempotency key each.

A worker that takes a message moves `due_at` on, so that no other worker takes it meanwhile. If it
is killed, another one takes the message when that time has come.

A message with an end of its own, which is a code, is tried until then. Any other is tried for a
week, however often that is: a gateway that is away for some days loses no warning (security.md
R119).
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import ColumnElement, func, select, update

from jkn.database import session, transactional
from jkn.encryption import NotReadable
from jkn.gateways import email, sms
from jkn.gateways.outgoing import (
    Accepted,
    AtRest,
    Email,
    EmailGateway,
    Permanent,
    Sms,
    SmsGateway,
    Temporary,
)
from jkn.models import Channel, MessageState, OutboxMessage
from jkn.services.basics import clock
from jkn.services.basics.runtime import part
from jkn.services.messaging.outbox import Content
from jkn.settings import Settings

# As long as the *Bukan saya* link of a warning is good. Not just the 72 hours of R119: after
# a weekend without a worker, messages must outlive a gateway that cannot take all of them at once.
LIFE = timedelta(days=7)
# Longer than the slowest hand-over, even when every gateway times out.
HELD = timedelta(seconds=60)
_FIRST_GAP = timedelta(seconds=2)
_LONGEST_GAP = timedelta(minutes=30)
_LONGEST_REST = timedelta(minutes=2)

_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Taken:
    """A message that this worker holds until `held_until`, which also tells this worker from a
    later one: whoever takes a message moves that time further on. `tries`: this one included."""

    id: int
    idempotency_key: str
    channel: Channel
    topic: str
    tries: int
    created_at: datetime
    expires_at: datetime | None
    held_until: datetime

    @property
    def age(self) -> timedelta:
        """How long ago it was written."""
        return clock.now() - self.created_at


@dataclass(frozen=True)
class Gateways:
    """The gateways that messages are handed to."""

    sms: SmsGateway
    email: EmailGateway


@part
def gateways(settings: Settings) -> Gateways:
    """The gateways that the settings name. Only a worker makes them."""
    return Gateways(sms.from_settings(settings), email.from_settings(settings))


def deliver_due(most: int = 1000) -> int:
    """Hand over what is due until nothing is, or `most` were looked at; returns how many."""
    for done in range(most):
        taken = take_due()
        if taken is None:
            return done
        hand_over(taken)
    return most


@transactional
def wipe_expired() -> int:
    """End the messages that are too old to be sent, and wipe their texts; returns how many."""
    late = (OutboxMessage.state == MessageState.WAITING) & (OutboxMessage.expires_at <= clock.now())
    ended = _ended(MessageState.EXPIRED, None, "expired")
    rows = session.execute(
        update(OutboxMessage).where(late).values(**ended).returning(OutboxMessage.id)
    )
    return len(rows.all())


def gap_after(tries: int) -> timedelta:
    """How long to wait after this many tries: 2 s doubling to half an hour."""
    return _spread(min(_FIRST_GAP * (1 << min(tries - 1, 20)), _LONGEST_GAP))


def gap_of_rest(age: timedelta, seconds: float) -> timedelta:
    """How long a message of this age waits for gateways that rest for `seconds`: for the end of the
    rest, and then a quarter of its age, up to two minutes. Thousands that gathered in an outage are
    so not taken every few seconds, and each is taken within minutes after it."""
    return timedelta(seconds=seconds) + _spread(max(_FIRST_GAP, min(age / 4, _LONGEST_REST)))


def _spread(gap: timedelta) -> timedelta:
    """With a random part, so that messages that failed together are not tried together."""
    return gap * (0.75 + secrets.randbelow(501) / 1000)


def hand_over(taken: Taken) -> None:
    """Hand a message over to a gateway, and note what became of it."""
    log = _log.bind(message=taken.idempotency_key, topic=taken.topic, tries=taken.tries)
    if taken.expires_at is not None and taken.expires_at <= clock.now():
        _end(taken, MessageState.EXPIRED, None, "expired")
        log.warning("message_expired")
        return
    try:
        accepted = _SENDERS[taken.channel](taken.idempotency_key, _content_of(taken))
    except Permanent as refused:
        _end(taken, MessageState.DEAD, None, refused.problem)
        log.error("message_refused", problem=refused.problem)
    except AtRest as rest:
        # No line: the failures that began the rest have theirs, and thousands may wait for its end.
        _wait_for_end(taken, rest)
    except Temporary as refused:
        _put_off(taken, refused.problem)
        log.warning("message_put_off", problem=refused.problem)
    except Exception as broken:  # An unforeseen fault in one message must not stop the others.
        _put_off(taken, type(broken).__name__)
        log.exception("message_broke")
    else:
        _end(taken, MessageState.HANDED_OVER, accepted, None)
        log.info("message_handed_over", gateway=accepted.gateway)


def _send_sms(idempotency_key: str, content: Content) -> Accepted:
    return gateways().sms.send(Sms(idempotency_key, content.recipient, content.text))


def _send_email(idempotency_key: str, content: Content) -> Accepted:
    return gateways().email.send(
        Email(idempotency_key, content.recipient, content.subject, content.text, content.html)
    )


_SENDERS: dict[Channel, Callable[[str, Content], Accepted]] = {
    Channel.SMS: _send_sms,
    Channel.EMAIL: _send_email,
}


def _content_of(taken: Taken) -> Content:
    """The message's content. Raises Permanent when it cannot be read: no later try would help."""
    try:
        written = session.scalar(select(OutboxMessage.content).where(OutboxMessage.id == taken.id))
        return Content.from_json(written or "")
    except (NotReadable, ValueError, TypeError) as error:
        raise Permanent("unreadable") from error
    finally:
        session.rollback()  # Gives the connection back: a gateway may take its time.


@transactional
def take_due() -> Taken | None:
    """The message that has been due for longest and that no worker has; None: there is none."""
    now = clock.now()
    is_due = (OutboxMessage.state == MessageState.WAITING) & (OutboxMessage.due_at <= now)
    # Channels of a newer release are left to its own workers: a try here would be lost.
    is_due &= OutboxMessage.channel.in_(list(Channel))
    next_due = (
        select(OutboxMessage.id)
        .where(is_due)
        .order_by(OutboxMessage.due_at)
        .limit(1)
        # This only keeps workers from queueing for one row; the WHERE below decides who gets it.
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    row = session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id == next_due, is_due)
        .values(tries=OutboxMessage.tries + 1, due_at=now + HELD)
        .returning(
            OutboxMessage.id,
            OutboxMessage.idempotency_key,
            OutboxMessage.channel,
            OutboxMessage.topic,
            OutboxMessage.tries,
            OutboxMessage.created_at,
            OutboxMessage.expires_at,
            OutboxMessage.due_at,
        )
    ).one_or_none()
    return None if row is None else Taken(*tuple(row))


def _put_off(taken: Taken, problem: str) -> None:
    _wait(taken, gap_after(taken.tries), problem)


def _wait_for_end(taken: Taken, rest: AtRest) -> None:
    """Put the message off without counting a try, since nobody was asked. What the last try met
    says more than that."""
    problem = func.coalesce(OutboxMessage.problem, rest.problem)
    _wait(taken, gap_of_rest(taken.age, rest.seconds), problem, tries=taken.tries - 1)


def _wait(taken: Taken, gap: timedelta, problem: str | ColumnElement[str], **more: Any) -> None:
    """Put the message off, or give it up: one that is no code only when its life is over."""
    if taken.expires_at is None and taken.age >= LIFE:
        _end(taken, MessageState.DEAD, None, problem)
    else:
        _write(taken, {"due_at": clock.now() + gap, "problem": problem, **more})


def _end(
    taken: Taken,
    state: MessageState,
    accepted: Accepted | None,
    problem: str | ColumnElement[str] | None,
) -> None:
    _write(taken, _ended(state, accepted, problem))


def _ended(
    state: MessageState, accepted: Accepted | None, problem: str | ColumnElement[str] | None
) -> dict[str, Any]:
    """The values of a finished message. The same statement wipes its text: a code must not lie
    about."""
    return {
        "state": state,
        "content": None,
        "finished_at": clock.now(),
        "gateway": accepted and accepted.gateway,
        "delivery_id": accepted and accepted.delivery_id,
        "problem": problem,
    }


@transactional
def _write(taken: Taken, values: dict[str, Any]) -> None:
    # Nothing changes when this worker took too long, and another one holds the message by now.
    session.execute(
        update(OutboxMessage)
        .where(
            OutboxMessage.id == taken.id,
            OutboxMessage.due_at == taken.held_until,
            OutboxMessage.state == MessageState.WAITING,
        )
        .values(**values)
    )
