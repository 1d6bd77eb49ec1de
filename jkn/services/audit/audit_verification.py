"""Whether the audit log is still what it was when it was sealed (security.md R79)."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy import func, select

from jkn.database import session
from jkn.encryption import NotReadable
from jkn.logs import loggable
from jkn.models import AuditEvent, AuditSeal
from jkn.services.audit.audit_seals import BEGINNING, Seal, events_after, seals_after

_LOWEST = -(2**63)
_HEAD = re.compile(r"([1-9][0-9]{0,17}):([A-Z]{64})")


@dataclass(frozen=True)
class Head:
    """The newest seal and its digest, as logs show it. An operator who notes it elsewhere can tell
    later when the newest seals were cut off."""

    seal_id: int
    digest: str

    def __str__(self) -> str:
        return f"{self.seal_id}:{self.digest}"


def read_head(text: str) -> Head | None:
    """The head that an operator noted earlier; None when the text is none."""
    match = _HEAD.fullmatch(text.strip())
    return match and Head(int(match[1]), match[2])


def seal_count() -> int:
    """How many seals there are."""
    return session.scalar(select(func.count()).select_from(AuditSeal)) or 0


class Audit:
    """One look at every seal and every event, a batch at a time. The figures are complete when
    `findings` has ended; `head` is None without any seal."""

    def __init__(self, noted: Head | None = None) -> None:
        self.sealed = 0
        self.unsealed = 0
        self.oldest_unsealed: str | None = None
        self.head: Head | None = None
        self._noted = noted

    def findings(self, progress: Callable[[], None]) -> Iterator[str]:
        """What is wrong, one sentence each. `progress` is called after each seal."""
        before, is_before_sound, proved_to = BEGINNING, True, 0
        # Ids begin with 1; an event with a lower one was put there by somebody else.
        yield from self._about_events({}, _LOWEST, 0)
        for seal in _every_seal():
            is_sound = seal.digest == seal.right_digest()
            yield from self._about_its_place(seal, before)
            if not is_sound:
                yield f"seal {seal.id} was changed"
            else:
                if is_before_sound and seal.id == before.id + 1 and seal.previous != before.digest:
                    yield f"seal {seal.id} does not follow on seal {before.id}"
                if seal.after_id > proved_to:
                    yield f"events after {proved_to} up to {seal.after_id} are not proved by a seal"
                entries = seal.digests()
                self.sealed += len(entries)
                yield from self._about_events(entries, seal.after_id, seal.last_id)
                proved_to = seal.last_id
            before, is_before_sound = seal, is_sound
            progress()
        if before.last_id != proved_to:
            yield f"events after {proved_to} are not proved by a seal"
        if self._noted is not None and self._noted.seal_id > before.id:
            yield f"seal {self._noted.seal_id} is missing: the newest seals were cut off"
        if before is not BEGINNING:
            self.head = Head(before.id, _shown(before))
        self._count_what_follows(proved_to)

    def _about_its_place(self, seal: Seal, before: Seal) -> Iterator[str]:
        if seal.id == before.id + 2:
            yield f"seal {before.id + 1} is missing"
        elif seal.id > before.id + 2:
            yield f"seals {before.id + 1} to {seal.id - 1} are missing"
        if self._noted and self._noted.seal_id == seal.id and self._noted.digest != _shown(seal):
            yield f"seal {seal.id} is not the one that was noted"

    def _about_events(self, noted: dict[int, bytes], after: int, up_to: int) -> Iterator[str]:
        while events := events_after(after, up_to):
            for event in events:
                digest = noted.pop(event.id, None)
                try:
                    if digest is None:
                        yield f"event {event.id} was added later"
                    elif event.digest() != digest:
                        yield f"event {event.id} was changed"
                except NotReadable:
                    yield f"event {event.id} was changed, or its data key is missing"
            after = events[-1].id
        for event_id in sorted(noted):
            yield f"event {event_id} is missing"

    def _count_what_follows(self, proved_to: int) -> None:
        later = select(func.count()).where(AuditEvent.id > proved_to)
        self.unsealed = session.scalar(later) or 0
        if oldest := events_after(proved_to):
            self.oldest_unsealed = str(oldest[0].happened_at)


def _every_seal() -> Iterator[Seal]:
    after = _LOWEST
    while seals := seals_after(after):
        yield from seals
        after = seals[-1].id


def _shown(seal: Seal) -> str:
    return loggable(seal.digest) if isinstance(seal.digest, bytes) else "?"
