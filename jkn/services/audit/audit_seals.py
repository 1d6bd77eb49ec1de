"""Seals over the audit log, made by the worker in batches, so that sign-ins never wait for each
other's place in a chain (security.md R79).

Each seal holds a keyed digest of every event of its stretch. Its own digest covers those and the
seal before. The key is not in the database: somebody who can only write there cannot make a seal.
A digest covers what an event says, not how it is stored, so a new data key breaks no seal.
"""

import hmac
import json
import struct
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from typing import Any

import structlog
from sqlalchemy import ColumnElement, LargeBinary, cast, func, select, type_coerce
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.types import NullType

from jkn.database import UtcDateTime, insert_into, keyring, session, transaction
from jkn.encryption import NotReadable, derive_key
from jkn.logs import loggable
from jkn.models import AuditEvent, AuditSeal
from jkn.services.basics import clock
from jkn.services.basics.runtime import part
from jkn.settings import Settings

BATCH = 1000
# An event gets its id when it is written, but is seen only when it is committed: on PostgreSQL a
# lower id may appear after a higher one. No transaction should take this long, even where clocks
# differ. An event that takes longer all the same is reported as added later, never left out.
SETTLED_AFTER = timedelta(minutes=5)
_MOST_BATCHES = 100
_TIME = "%Y-%m-%d %H:%M:%S.%f"
_ENTRY = struct.Struct(">q16s")

_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Event:
    """An event as the database has it, which somebody may have changed; times as UTC text."""

    id: int
    happened_at: Any
    kind: Any
    account_id: Any
    count: Any
    session_id: Any
    source: Any
    user_agent: Any

    def digest(self) -> bytes:
        """The digest that a seal keeps of it. Raises NotReadable for values that this app never
        writes, and for a source whose data key is not in the ring."""
        source = keyring().decrypt("security_events.source", self.source)
        told = [self.id, self.happened_at, self.kind, self.account_id, self.count,
                self.session_id, source, self.user_agent]  # fmt: skip
        try:
            return _keyed(["event", *told])[:16]
        except TypeError as error:
            raise NotReadable("security_events") from error


@dataclass(frozen=True)
class Seal:
    """A seal as the database has it, which somebody may have changed. `sealed_at`: UTC text."""

    id: int
    after_id: Any
    last_id: Any
    entries: Any
    previous: Any
    digest: Any
    sealed_at: Any

    def right_digest(self) -> bytes | None:
        """The digest that it must have. None: it holds values that this app never writes."""
        told = [self.id, self.after_id, self.last_id, self.sealed_at]
        try:
            return _keyed(["seal", *told, self.previous.hex(), self.entries.hex()])
        except (AttributeError, TypeError):
            return None

    def digests(self) -> dict[int, bytes]:
        """The digest of each event by its id. Only for a seal whose digest is right."""
        return dict(_ENTRY.iter_unpack(self.entries))


# Stands for the seal before the first one.
BEGINNING = Seal(0, 0, 0, b"", bytes(32), bytes(32), "")


@part
def _key(settings: Settings) -> bytes:
    # Made of the pepper, which never changes: old seals must stay right when secret keys and data
    # keys are rotated.
    return derive_key(settings.pepper, "event seals")


def seal_due() -> int:
    """Seal the events that are older than `SETTLED_AFTER`, batch by batch; returns how many.
    Several workers at once make one chain."""
    sealed = 0
    for _ in range(_MOST_BATCHES):
        events = _seal_batch()
        sealed += events
        if events < BATCH:
            break
    return sealed


def events_after(after_id: int, up_to: int | None = None) -> list[Event]:
    """The next events in the order of their ids, one batch at most. `up_to`: the last id."""
    wanted = select(
        AuditEvent.id,
        _text(AuditEvent.happened_at),
        _text(AuditEvent.kind),
        AuditEvent.account_id,
        AuditEvent.count,
        AuditEvent.session_id,
        type_coerce(AuditEvent.source, NullType()),
        _text(AuditEvent.user_agent),
    ).where(AuditEvent.id > after_id)
    if up_to is not None:
        wanted = wanted.where(AuditEvent.id <= up_to)
    rows = session.execute(wanted.order_by(AuditEvent.id).limit(BATCH)).all()
    session.rollback()  # No transaction stays open while digests are made.
    return [
        Event(
            number, _plain(at), _plain(kind), account_id, count, session_id, source, _plain(agent)
        )
        for number, at, kind, account_id, count, session_id, source, agent in rows
    ]


def seals_after(seal_id: int, most: int = 20) -> list[Seal]:
    """The next seals in the order of their ids."""
    wanted = select(
        AuditSeal.id,
        AuditSeal.after_id,
        AuditSeal.last_id,
        type_coerce(AuditSeal.entries, NullType()),
        type_coerce(AuditSeal.previous, NullType()),
        type_coerce(AuditSeal.digest, NullType()),
        _text(AuditSeal.sealed_at),
    ).where(AuditSeal.id > seal_id)
    rows = session.execute(wanted.order_by(AuditSeal.id).limit(most)).all()
    session.rollback()
    return [
        Seal(number, after_id, last_id, entries, previous, digest, _plain(at))
        for number, after_id, last_id, entries, previous, digest, at in rows
    ]


def _seal_batch() -> int:
    newest = select(AuditSeal.id, AuditSeal.last_id, AuditSeal.digest)
    found = session.execute(newest.order_by(AuditSeal.id.desc()).limit(1)).one_or_none()
    seal_id, after_id, previous = found or (0, 0, BEGINNING.digest)
    settled_by = (clock.now() - SETTLED_AFTER).strftime(_TIME)
    events = list(takewhile(lambda it: it.happened_at < settled_by, events_after(after_id)))
    if not events:
        return 0
    now = clock.now()
    entries = b"".join(_ENTRY.pack(it.id, it.digest()) for it in events)
    last_id = events[-1].id
    seal = Seal(
        seal_id + 1, after_id, last_id, entries, previous, b"", now.astimezone(UTC).strftime(_TIME)
    )
    seal = replace(seal, digest=seal.right_digest())
    if not _is_first_to_keep(seal, now):
        return 0
    # A log kept elsewhere shows when the newest seals were cut off (flask audit verify --head).
    _log.info("events_sealed", seal=seal.id, events=len(events), digest=loggable(seal.digest))
    return len(events)


def _is_first_to_keep(seal: Seal, now: datetime) -> bool:
    """Whether this seal is kept, and not that of another worker. The transaction is this one
    statement: on SQLite every other writer waits for it."""
    values = {**vars(seal), "sealed_at": now}
    with transaction():
        kept = session.execute(
            insert_into(AuditSeal).values(values).on_conflict_do_nothing().returning(AuditSeal.id)
        )
        return kept.first() is not None


def _text(column: InstrumentedAttribute[Any]) -> ColumnElement[Any]:
    """A column as it is stored. Read through its type, one value that cannot be understood would
    raise, and so hide all the others."""
    if session.get_bind().dialect.name == "sqlite":
        return cast(column, LargeBinary)
    if isinstance(column.type, UtcDateTime):
        return func.to_char(func.timezone("UTC", column), "YYYY-MM-DD HH24:MI:SS.US")
    return type_coerce(column, NullType())


def _plain(stored: Any) -> Any:
    return stored.decode(errors="surrogateescape") if isinstance(stored, bytes) else stored


def _keyed(told: Sequence[Any]) -> bytes:
    """The keyed digest of these values. JSON keeps neighbours, numbers, text and None apart."""
    return hmac.digest(_key(), json.dumps(told).encode(), "sha256")
