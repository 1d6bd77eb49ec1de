"""The audit log: what happened to an account's security, written in the transaction that did it.

What the owner should know is written with it, so that no flow can forget to tell them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from types import MappingProxyType

from jkn.database import session, transactional
from jkn.models import Account, AuditEvent, EventKind
from jkn.services.basics import clock
from jkn.services.basics.device_names import device_name
from jkn.services.messaging import alerts, notifications
from jkn.services.messaging.event_catalogue import EVENTS
from jkn.services.messaging.notifications import Fact
from jkn.services.throttling import rate_limits
from jkn.services.throttling.rate_limits import RateLimit
from jkn.services.throttling.retry_after import RetryAfter

LONGEST_USER_AGENT = 300
_NO_FACTS: Mapping[str, Fact] = MappingProxyType({})
# Events that cost nothing to cause must not fill a table that nobody may delete from. Sixty at once
# are more than one person's mistakes in an hour, and enough to recognise an attack. After them one
# a minute, which is 1,440 rows a day at most, shows that it goes on.
FREELY_CAUSED = RateLimit(burst=60, interval=timedelta(minutes=1))


@dataclass(frozen=True)
class Client:
    """Where a request comes from: network address, what the browser calls itself, and the token of
    its cookie by which accounts know it; None: it has none. `sent`: stands for the request itself
    (`journeys.repeats`); empty: nobody sends it again. `cookie`: the session cookie that came with
    it. `phone_model`: for the owner's list of sessions alone, never for a log or a message; None:
    the browser does not tell."""

    address: str
    user_agent: str
    device_token: str | None = field(default=None, repr=False)
    sent: bytes = field(default=b"", repr=False)
    cookie: str = field(default="", repr=False)
    phone_model: str | None = field(default=None, repr=False)


# Somebody at 165, by a command on the server.
OPERATOR = Client("operator", "flask accounts")
# The worker, when the day of something has come.
BY_ITSELF = Client("worker", "jkn.worker")


def log(
    kind: EventKind,
    client: Client,
    *,
    account_id: int | None = None,
    session_id: int | None = None,
    count: int | None = None,
    purpose: str | None = None,
    warns: bool = True,
    but_not_to: str | None = None,
    facts: Mapping[str, Fact] = _NO_FACTS,
) -> None:
    """Add an event to the transaction under way, and tell the owner what the catalogue says.

    `purpose`: what a code was for, in the owner's language; it is told, not logged. `warns`: False
    where no channel need be told, since it can only have been the owner. `but_not_to`: the phone of
    the person who did it just now. `facts`: what else the notification's words need; told, not
    logged. Change the account's channels before the call: they decide where
    warnings go.
    """
    session.add(
        AuditEvent(
            happened_at=clock.now(),
            kind=kind,
            account_id=account_id,
            session_id=session_id,
            count=count,
            source=client.address,
            user_agent=client.user_agent[:LONGEST_USER_AGENT],
        )
    )
    news = EVENTS[kind].news
    if news is None or (count or 0) < news.from_count:
        return
    device = device_name(client.user_agent)
    notifications.add(
        account_id,
        news.topic,
        device=device.name,
        device_kind=device.kind,
        count=count,
        purpose=purpose,
        **facts,
    )
    if news.on_every_channel and warns and account_id is not None:
        account = session.get_one(Account, account_id)
        alerts.send(account, news.topic, but_not_to=but_not_to)


def log_sampled(
    kind: EventKind,
    client: Client,
    *,
    account_id: int | None = None,
    session_id: int | None = None,
) -> None:
    """The same for events that anybody can cause as often as they like: as many as FREELY_CAUSED
    allows, then one event that says that there were more.

    An event of a known account takes from the rate limit of that account, so that no stranger
    behind the same address can hide it. All others take from the rate limit of the source.
    """
    key = rate_limits.source_key(client.address, "events")
    if account_id is not None:
        key = rate_limits.limit_key("events of an account", str(account_id))
    if take(key, FREELY_CAUSED, client, account_id=account_id) is None:
        log(kind, client, account_id=account_id, session_id=session_id)


def take(
    key: bytes, limit: RateLimit, client: Client, *, account_id: int | None = None
) -> RetryAfter | None:
    """Take one from a rate limit; None: there was one left. Logs it when there was none."""
    retry_after = rate_limits.take(key, limit)
    if retry_after is not None:
        log_rate_limited(key, limit.whole_after, client, account_id=account_id)
    return retry_after


def take_of_source(client: Client, what: str, limit: RateLimit) -> RetryAfter | None:
    """The same from the limits of the client's source."""
    retry_after = rate_limits.take_of_source(client.address, what, limit)
    if retry_after is not None:
        key = rate_limits.source_key(client.address, what)
        log_rate_limited(key, limit.whole_after, client)
    return retry_after


def log_rate_limited(
    key: bytes, again_after: timedelta, client: Client, *, account_id: int | None = None
) -> None:
    """Log that a limit turned somebody away: once, and again each time that `again_after` has
    passed and it still does. For a rate limit this is the time in which it becomes whole."""
    if rate_limits.is_first_turned_away(key, again_after):
        log(EventKind.EXCESS_RATE_LIMIT, client, account_id=account_id)


@transactional
def log_refusal(kind: EventKind, client: Client, account_id: int | None) -> None:
    """`log_sampled` in a transaction of its own, for a refusal that changed nothing else."""
    log_sampled(kind, client, account_id=account_id)


@transactional
def log_rate_limited_request(
    key: bytes, again_after: timedelta, client: Client, account_id: int | None
) -> None:
    """`log_rate_limited` in a transaction of its own, for a request that changed nothing else."""
    log_rate_limited(key, again_after, client, account_id=account_id)
