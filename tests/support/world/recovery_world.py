"""What an owner has at hand during a recovery: messages, and the own membership record."""

import re
from dataclasses import dataclass

from sqlalchemy import delete, select, update

from jkn.database import session, transaction
from jkn.models import (
    Account,
    Channel,
    FailureCounter,
    Participant,
    SendingLog,
    SimulatedMessage,
    SpentRateLimit,
)
from tests.support.world.app_database import database_of
from tests.support.world.running_app import RunningApp
from tests.support.world.waiting import wait_until


@dataclass(frozen=True)
class Message:
    """A message as a person reads it."""

    text: str

    @property
    def code(self) -> str:
        """The six digits."""
        return str(re.findall(r"(?<![0-9])[0-9]{6}(?![0-9])", self.text)[0])

    @property
    def link(self) -> str:
        """The address of its link."""
        return str(re.findall(r"https?://\S+/\S+", self.text)[0])


def newest_message(
    running: RunningApp, channel: str, containing: str = "", to: str | None = None
) -> Message:
    """The newest message by "sms" or "email" that holds these words; waits for the worker. `to`: a
    phone in E.164 or an address; None: any recipient."""
    newest = (
        select(SimulatedMessage.text, SimulatedMessage.recipient)
        .where(SimulatedMessage.channel == Channel(channel))
        .order_by(SimulatedMessage.id.desc())
    )
    found: list[str] = []

    def has_arrived() -> bool:
        session.rollback()
        rows = session.execute(newest)
        found.extend(it for it, who in rows if containing in it and to in (None, who))
        return bool(found)

    with database_of(running):
        wait_until(has_arrived, f"an {channel} arrived that holds {containing!r}")
    return Message(found[0])


def begin_anew(running: RunningApp) -> None:
    """Delete the log of sent codes, failure counters, freezes and limits, as if nobody had asked
    for a code, failed or been frozen before."""
    with database_of(running), transaction():
        for table in (SendingLog, FailureCounter, SpentRateLimit):
            session.execute(delete(table))
        session.execute(update(Account).values(frozen_at=None, limited_until=None))


def answers_of(running: RunningApp, nik: str) -> dict[str, str]:
    """The answers in the membership record, by the question as the page puts it."""
    with database_of(running):
        people = list(session.scalars(select(Participant)))
        own = next(it for it in people if it.nik == nik)
        relatives = [it.name for it in people if it.family_id == own.family_id and it is not own]
        return {
            "Berapa nomor Kartu Keluarga (KK) Anda?": own.family.family_card_number,
            "Siapa nama ibu kandung Anda?": own.mother_name,
            "Di mana Anda lahir?": own.birth_place,
            "Apa nama faskes tingkat 1 Anda?": own.primary_facility.name
            if own.primary_facility
            else "",
            "Siapa nama salah satu anggota keluarga Anda?": relatives[0] if relatives else "",
        }
