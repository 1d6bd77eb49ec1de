"""The record of what touched an account's security, written with the act it tells of; what the
owner should know is told in the same breath, so that no flow can forget to."""

from dataclasses import dataclass
from datetime import timedelta

from jkn.database import session, transactional
from jkn.models import EventKind, SecurityEvent, Topic
from jkn.services import clock, notifications, waits
from jkn.services.device_names import device_name
from jkn.services.waits import Budget, Wait

LONGEST_USER_AGENT = 300
# What costs nothing to cause must not fill a record that nobody may delete from. Sixty at once are
# more than a person errs in an hour and enough to see what an attack is; then one a minute, which
# is 1,440 rows a day at most, shows that it goes on.
FREELY_CAUSED = Budget(burst=60, interval=timedelta(minutes=1))


@dataclass(frozen=True)
class Client:
    """Where a request comes from: network address and what the browser calls itself."""

    address: str
    user_agent: str


@dataclass(frozen=True)
class _News:
    """What the owner reads. With fewer failed tries than `from_count` it is no news: anybody's
    finger slips."""

    topic: Topic
    from_count: int = 0


# Every kind is decided here; None: it stays in the record (ASVS 6.3.5).
_NEWS: dict[EventKind, _News | None] = {
    EventKind.AUTHN_LOGIN_SUCCESS: None,
    EventKind.AUTHN_LOGIN_SUCCESS_AFTER_FAIL: _News(Topic.ENTERED_AFTER_FAILURES, from_count=3),
    EventKind.AUTHN_LOGIN_FAIL: None,
    EventKind.AUTHN_LOGIN_FAIL_MAX: _News(Topic.WRONG_PASSWORDS),
    EventKind.AUTHN_LOGIN_LOCK: _News(Topic.PASSWORD_CLOSED),
    EventKind.AUTHN_NEW_DEVICE: _News(Topic.NEW_DEVICE),
    EventKind.EXCESS_RATE_LIMIT: None,
    EventKind.AUTHN_CAPTCHA_FAIL: None,
    EventKind.AUTHN_CODE_SENT: _News(Topic.CODE_ASKED),
    EventKind.AUTHN_CODE_FAIL: None,
    EventKind.AUTHN_CODE_FAIL_MAX: _News(Topic.WRONG_CODES),
    EventKind.AUTHN_ANSWERS_SUCCESS: _News(Topic.ANSWERS_RIGHT),
    EventKind.AUTHN_ANSWERS_FAIL: None,
    EventKind.AUTHN_ANSWERS_FAIL_MAX: _News(Topic.WRONG_ANSWERS),
    EventKind.AUTHN_PASSWORD_CHANGE: _News(Topic.PASSWORD_CHANGED),
    EventKind.AUTHN_CONFIRMED: _News(Topic.ENTERED_AFTER_FAILURES, from_count=3),
    EventKind.AUTHN_PIN_CHANGE: _News(Topic.PIN_CHANGED),
    EventKind.AUTHN_PIN_FAIL: None,
    EventKind.AUTHN_PIN_FAIL_MAX: _News(Topic.PIN_CLOSED),
    EventKind.AUTHN_PASSKEY_SUCCESS: None,
    EventKind.AUTHN_PASSKEY_FAIL: None,
    EventKind.AUTHN_PASSKEY_CONFIRMED: None,
    EventKind.PASSKEY_ON: _News(Topic.PASSKEY_ON),
    EventKind.PASSKEY_ADDED: _News(Topic.PASSKEY_ADDED),
    EventKind.PASSKEY_RENAMED: None,
    EventKind.PASSKEY_OFF: _News(Topic.PASSKEY_OFF),
    EventKind.PASSKEY_REMOVED: _News(Topic.PASSKEY_REMOVED),
    EventKind.PASSKEYS_REMOVED: None,
    EventKind.SENSITIVE_UNLOCKED: None,
    EventKind.IDENTITY_NO_MATCH: None,
    EventKind.ACCOUNT_CREATED: _News(Topic.REGISTERED),
    EventKind.REGISTRATION_REPEATED: _News(Topic.REGISTERED_AGAIN),
    EventKind.ACCOUNT_FROZEN: _News(Topic.FROZEN),
    EventKind.ACCOUNT_UNFROZEN: _News(Topic.UNFROZEN),
    EventKind.LIMITED_MODE_ENDED: _News(Topic.FULL_ACCESS),
    EventKind.USERNAME_SAVED: None,
    EventKind.USERNAME_FORGOTTEN: None,
    EventKind.SESSION_ENDED: None,
    EventKind.SESSION_EXPIRED: None,
    EventKind.SESSION_USED_AFTER_END: None,
    EventKind.AUTHZ_FAIL: None,
    EventKind.LIMITED_MODE_REFUSED: None,
    EventKind.SEQUENCE_FAIL: None,
}


def add(
    kind: EventKind,
    client: Client,
    *,
    account_id: int | None = None,
    session_id: int | None = None,
    count: int | None = None,
    purpose: str | None = None,
) -> None:
    """Add an event to the transaction under way, and the news of it where it is news.

    `purpose`: what a code was for, as the owner reads it; it is not recorded.
    """
    session.add(
        SecurityEvent(
            happened_at=clock.now(),
            kind=kind,
            account_id=account_id,
            session_id=session_id,
            count=count,
            source=client.address,
            user_agent=client.user_agent[:LONGEST_USER_AGENT],
        )
    )
    news = _NEWS[kind]
    if news is not None and (count or 0) >= news.from_count:
        device = device_name(client.user_agent)
        notifications.add(
            account_id,
            news.topic,
            device=device.name,
            device_kind=device.kind,
            count=count,
            purpose=purpose,
        )


def add_bounded(
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
    key = waits.source_key(client.address, "events")
    if account_id is not None:
        key = waits.budget_key("events of an account", str(account_id))
    if take(key, FREELY_CAUSED, client, account_id=account_id) is None:
        add(kind, client, account_id=account_id, session_id=session_id)


def take(
    key: bytes, budget: Budget, client: Client, *, account_id: int | None = None
) -> Wait | None:
    """Take one from a budget; None: there was one left. Who is turned away is recorded."""
    wait = waits.take(key, budget)
    if wait is not None:
        note_turned_away(key, budget.whole_after, client, account_id=account_id)
    return wait


def note_turned_away(
    key: bytes, again_after: timedelta, client: Client, *, account_id: int | None = None
) -> None:
    """Record that a limit holds somebody back: once, and once more when it still does `again_after`
    that. For a budget that is the time in which it would have become whole."""
    if waits.is_first_turned_away(key, again_after):
        add(EventKind.EXCESS_RATE_LIMIT, client, account_id=account_id)


@transactional
def record(kind: EventKind, client: Client, account_id: int | None) -> None:
    """Record something that was refused, and that changed nothing else: so many times, as it is
    freely caused."""
    add_bounded(kind, client, account_id=account_id)


@transactional
def record_turned_away(
    key: bytes, again_after: timedelta, client: Client, account_id: int | None
) -> None:
    """The same as `note_turned_away`, where nothing else is changed."""
    note_turned_away(key, again_after, client, account_id=account_id)
