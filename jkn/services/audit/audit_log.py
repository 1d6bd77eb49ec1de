"""The record of what touched an account's security, written with the act it tells of; what the
owner should know is told in the same breath, so that no flow can forget to."""

from dataclasses import dataclass
from datetime import timedelta

from jkn.database import session, transactional
from jkn.models import Account, AuditEvent, EventKind
from jkn.services.basics import clock
from jkn.services.basics.device_names import device_name
from jkn.services.messaging import alerts, notifications
from jkn.services.messaging.event_catalogue import EVENTS
from jkn.services.throttling import rate_limits
from jkn.services.throttling.rate_limits import RateLimit
from jkn.services.throttling.retry_after import RetryAfter

LONGEST_USER_AGENT = 300
# What costs nothing to cause must not fill a record that nobody may delete from. Sixty at once are
# more than a person errs in an hour and enough to see what an attack is; then one a minute, which
# is 1,440 rows a day at most, shows that it goes on.
FREELY_CAUSED = RateLimit(burst=60, interval=timedelta(minutes=1))


@dataclass(frozen=True)
class Client:
    """Where a request comes from: network address and what the browser calls itself."""

    address: str
    user_agent: str


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
) -> None:
    """Add an event to the transaction under way, and tell the owner what the catalogue says.

    `purpose`: what a code was for, as the owner reads it; it is not recorded. `warns`: False where
    a flow knows that it was nobody else, so that no channel need be told. `but_not_to`: the phone
    of whoever did it just now. What decides where warnings go is to be changed before.
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
    """The same for what can be caused freely, as often as anybody likes: so many, then one event
    that says there were more. Whose account is known spends a budget of its own, so that no
    stranger behind the same address hides what happens to it; everybody else that of the source.
    """
    key = rate_limits.source_key(client.address, "events")
    if account_id is not None:
        key = rate_limits.limit_key("events of an account", str(account_id))
    if take(key, FREELY_CAUSED, client, account_id=account_id) is None:
        log(kind, client, account_id=account_id, session_id=session_id)


def take(
    key: bytes, budget: RateLimit, client: Client, *, account_id: int | None = None
) -> RetryAfter | None:
    """Take one from a budget; None: there was one left. Who is turned away is recorded."""
    wait = rate_limits.take(key, budget)
    if wait is not None:
        log_rate_limited(key, budget.whole_after, client, account_id=account_id)
    return wait


def log_rate_limited(
    key: bytes, again_after: timedelta, client: Client, *, account_id: int | None = None
) -> None:
    """Record that a limit holds somebody back: once, and once more when it still does `again_after`
    that. For a budget that is the time in which it would have become whole."""
    if rate_limits.is_first_turned_away(key, again_after):
        log(EventKind.EXCESS_RATE_LIMIT, client, account_id=account_id)


@transactional
def log_refusal(kind: EventKind, client: Client, account_id: int | None) -> None:
    """Record something that was refused, and that changed nothing else: so many times, as it is
    freely caused."""
    log_sampled(kind, client, account_id=account_id)


@transactional
def log_rate_limited_request(
    key: bytes, again_after: timedelta, client: Client, account_id: int | None
) -> None:
    """The same as `note_turned_away`, where nothing else is changed."""
    log_rate_limited(key, again_after, client, account_id=account_id)
