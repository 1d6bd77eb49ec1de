"""Signed-in sessions: opened, looked up, used, given rotated tokens, ended."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, bindparam, or_, select, update
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.attributes import set_committed_value

from jkn.database import session, transactional
from jkn.models import Account, EventKind, KnownDevice, SessionEnd, SignInSession
from jkn.services.audit import audit_log
from jkn.services.audit.audit_log import Client
from jkn.services.basics import clock
from jkn.services.basics.tokens import digest
from jkn.services.credentials import known_devices, sign_in_hints
from jkn.services.journeys import repeats
from jkn.services.sessions.session_lifetime import IDLE, LONGEST

# How many phones may be signed in to one account at once. One more ends the session that was not
# used for longest (ASVS 7.1.2).
MOST_AT_ONCE = 10
# How often at most the use of a session is written down: a page should not cost a write.
_SEEN_EVERY = timedelta(minutes=1)

_IS_LIVE = (
    SignInSession.ended_at.is_(None)
    & (SignInSession.last_used_at > bindparam("idle_since"))
    & (SignInSession.started_at > bindparam("begun_after"))
)
# Beside each time that a proof sets stands the passkey that gave the proof.
_GIVEN_BY = {
    "confirmed_at": "confirmed_by_passkey_id",
    "unlocked_until": "unlocked_by_passkey_id",
}
_LAST_USED_FIRST = (SignInSession.last_used_at.desc(), SignInSession.id.desc())
# Executed for every page and every sign-in. Built once: building takes as long as executing.
_LIVE = (
    select(SignInSession)
    .where(SignInSession.token_digest == bindparam("digest"), _IS_LIVE)
    .options(joinedload(SignInSession.account, innerjoin=True))
)
_LIVE_OF_ACCOUNT = (
    select(SignInSession)
    .where(SignInSession.account_id == bindparam("account_id"), _IS_LIVE)
    .order_by(*_LAST_USED_FIRST)
)
_SURPLUS = _LIVE_OF_ACCOUNT.with_only_columns(SignInSession.id).offset(MOST_AT_ONCE)


@dataclass(frozen=True)
class SignedIn:
    """The new session's token, and the token that makes this browser a known one.
    `offers_passkey`: it is time to offer *Login dengan Biometrik*."""

    session_token: str
    device_token: str
    offers_passkey: bool = False


def open_session(
    account: Account,
    client: Client,
    device_token: str | None = None,
    *,
    failed_before: int = 0,
    by: EventKind = EventKind.AUTHN_LOGIN_SUCCESS,
    passkey_id: int | None = None,
) -> str:
    """Add a session to the transaction under way and return its token, kept nowhere else.

    `device_token`: by which the account knows the browser. `failed_before`: attempts that had
    failed since the last success, of which the owner is told.
    `by`: the event that the audit log names where none had failed. `passkey_id`: the passkey that
    opened it; None: a password. The same request finds the session again (`find_opened`): what it
    came with counts as the token before. Sign-in hints of the account have served.
    """
    sign_in_hints.forget(account.id)
    token = repeats.next_token(SignInSession, client.sent)
    now = clock.now()
    record = SignInSession(
        account_id=account.id,
        token_digest=digest(token),
        previous_digest=digest(client.cookie) if client.sent else None,
        rotated_at=now if client.sent else None,
        device_digest=None if device_token is None else digest(device_token),
        user_agent=client.user_agent[: audit_log.LONGEST_USER_AGENT],
        phone_model=client.phone_model,
        started_at=now,
        last_used_at=now,
        opened_by_passkey_id=passkey_id,
    )
    session.add(record)
    session.flush()
    _make_room(account.id, client)
    after_failing = EventKind.AUTHN_LOGIN_SUCCESS_AFTER_FAIL
    audit_log.log(
        after_failing if failed_before else by,
        client,
        account_id=account.id,
        session_id=record.id,
        count=failed_before or None,
    )
    return token


def find_opened(client: Client) -> SignedIn | None:
    """The session that this very request has opened a moment ago, when its answer got lost."""
    token = repeats.find(SignInSession, client.cookie, client.sent)
    record = look_up(token) if token else None
    if token is None or record is None:
        return None
    own, new = client.device_token, repeats.next_token(KnownDevice, client.sent)
    return SignedIn(token, own if own and digest(own) == record.device_digest else new)


def look_up(token: str) -> SignInSession | None:
    """The live session of this token, or None. For requests that a page sends by itself: it does
    not note that the session was used."""
    return _live(token)


def resume(token: str) -> SignInSession | None:
    """The live session of this token, with its account, or None. Notes that it was used."""
    record = _live(token)
    if record is None or clock.now() - record.last_used_at < _SEEN_EVERY:
        return record
    # Taken out of the session, so that the new transaction does not load them again.
    known, seen = (record, record.account), record.id
    for row in known:
        session.expunge(row)
    now = clock.now()
    if not _note_use(seen, now):
        return None
    set_committed_value(record, "last_used_at", now)
    session.add_all(known)
    return record


@transactional
def _note_use(session_id: int, now: datetime) -> bool:
    """False when the session was ended a moment ago."""
    noted = session.execute(
        update(SignInSession)
        .where(SignInSession.id == session_id, SignInSession.ended_at.is_(None))
        .values(last_used_at=now)
        .returning(SignInSession.id)
    )
    return noted.first() is not None


@transactional
def end(session_id: int, client: Client) -> None:
    """Sign out: from now on the token, and every copy of it, opens nothing. Doing it twice does no
    harm."""
    ended = session.execute(
        update(SignInSession)
        .where(SignInSession.id == session_id, SignInSession.ended_at.is_(None))
        .values(ended_at=clock.now(), ended_by=SessionEnd.SIGN_OUT)
        .returning(SignInSession.account_id)
    ).scalar_one_or_none()
    if ended is not None:
        audit_log.log(EventKind.SESSION_ENDED, client, account_id=ended, session_id=session_id)


def end_all(account_id: int, how: SessionEnd, client: Client, *, but: int | None = None) -> None:
    """Sign out everywhere, in the transaction under way. `but`: the id of a session that goes
    on."""
    which: ColumnElement[bool] = SignInSession.ended_at.is_(None)
    if but is not None:
        which = which & (SignInSession.id != but)
    _end(account_id, which, how, client)


def live_of(account: Account) -> list[SignInSession]:
    """The account's live sessions; the one that was used last comes first."""
    return list(session.scalars(_LIVE_OF_ACCOUNT, _asked(account_id=account.id)))


@transactional
def end_other(account: Account, session_id: int, client: Client) -> bool:
    """Sign one of the account's phones out. False: the account never had this session. Doing it
    twice does no harm."""
    of_account = (SignInSession.id == session_id) & (SignInSession.account_id == account.id)
    if session.scalar(select(SignInSession.id).where(of_account)) is None:
        return False
    which = of_account & SignInSession.ended_at.is_(None)
    _end(account.id, which, SessionEnd.ANOTHER_DEVICE, client)
    return True


@transactional
def end_others(account_id: int, session_id: int, client: Client) -> None:
    """Sign out every phone except the one of this session."""
    end_all(account_id, SessionEnd.ANOTHER_DEVICE, client, but=session_id)


def withdraw_key(
    account_id: int, passkey_id: int, client: Client, *, ends_others: int | None = None
) -> None:
    """Take back what a passkey that was removed gave to the account's sessions: step-ups and recent
    authentications; in the transaction under way. `ends_others`: the id of the session that goes
    on, where the others that the passkey opened are to end; None: they go on, too."""
    mine = update(SignInSession).where(
        SignInSession.account_id == account_id, SignInSession.ended_at.is_(None)
    )
    was_opened = SignInSession.opened_by_passkey_id == passkey_id
    taken: tuple[tuple[ColumnElement[bool], dict[str, object]], ...] = (
        (SignInSession.unlocked_by_passkey_id == passkey_id, {"unlocked_until": None}),
        (SignInSession.confirmed_by_passkey_id == passkey_id, {"confirmed_at": None}),
        (was_opened, {"lost_its_key": True}),
    )
    for which, values in taken:
        session.execute(mine.where(which).values(values))
    if ends_others is not None:
        still_open = was_opened & SignInSession.ended_at.is_(None)
        which = still_open & (SignInSession.id != ends_others)
        _end(account_id, which, SessionEnd.ANOTHER_DEVICE, client)


@dataclass(frozen=True)
class RotatedToken:
    """The token under which a session goes on."""

    token: str


def rotate_token(
    session_id: int, sent: bytes = b"", *, passkey_id: int | None = None, **values: datetime
) -> RotatedToken | None:
    """Rotate the token of a live session and set `values`, in the transaction under way: a copy of
    the old token may not do what the session may do from now on (ASVS 7.2.4). `sent`: the request,
    which leads on again when its answer gets lost (`journeys.repeats`). `passkey_id`: the passkey
    that gave the values; None: a password, a PIN or a code. None is returned where the session was
    ended, or where a copy of this request was faster."""
    token = repeats.next_token(SignInSession, sent)
    given_by = {_GIVEN_BY[name]: passkey_id for name in values}
    rotated = session.scalar(
        update(SignInSession)
        .where(
            SignInSession.id == session_id,
            SignInSession.ended_at.is_(None),
            SignInSession.token_digest != digest(token),
        )
        .values(
            token_digest=digest(token),
            previous_digest=SignInSession.token_digest,
            rotated_at=clock.now(),
        )
        .values({**values, **given_by})
        .returning(SignInSession.id)
    )
    return None if rotated is None else RotatedToken(token)


def account_of(token: str) -> int | None:
    """The id of the account whose session has this token, or had it before the token was rotated or
    the session ended. None: no session."""
    known = (SignInSession.token_digest, SignInSession.previous_digest)
    is_of_token = or_(*(it == digest(token) for it in known))
    return session.scalar(select(SignInSession.account_id).where(is_of_token))


def _make_room(account_id: int, client: Client) -> None:
    ids = list(session.scalars(_SURPLUS, _asked(account_id=account_id)))
    if ids:
        _end(account_id, SignInSession.id.in_(ids), SessionEnd.TOO_MANY, client)


def _end(account_id: int, which: ColumnElement[bool], how: SessionEnd, client: Client) -> None:
    ended = session.execute(
        update(SignInSession)
        .where(SignInSession.account_id == account_id, which)
        .values(ended_at=clock.now(), ended_by=how)
        .returning(SignInSession.id, SignInSession.device_digest)
    ).all()
    for session_id, _ in ended:
        audit_log.log(EventKind.SESSION_ENDED, client, account_id=account_id, session_id=session_id)
    if how is SessionEnd.ANOTHER_DEVICE:
        # Whoever has that phone may be a stranger by now.
        known_devices.forget(account_id, [it for _, it in ended if it is not None])


def _live(token: str) -> SignInSession | None:
    return session.scalars(_LIVE, _asked(digest=digest(token))).one_or_none()


def _asked(**whose: object) -> dict[str, object]:
    now = clock.now()
    return {**whose, "idle_since": now - IDLE, "begun_after": now - LONGEST}
