"""Fills an empty database with the sample world, in one transaction."""

import json
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select

from jkn.database import Base, blind_index, session, transactional
from jkn.models import (
    Account,
    Address,
    ChangeRow,
    ChangeState,
    EndedReason,
    Facility,
    FacilityKind,
    FacilityWord,
    Family,
    MemberChange,
    Notification,
    Participant,
    ParticipantKind,
    RegistryPerson,
    Relationship,
    Segment,
)
from jkn.sample import PASSWORD
from jkn.sample.dates import resolve
from jkn.sample.world import Person, Row, day, nik_of, people, rows
from jkn.services.basics.clock import JAKARTA
from jkn.services.facilities.facility_words import word_rows
from jkn.services.membership.change_values import ROWS, Value, to_json
from jkn.services.messaging.event_catalogue import news_of

Progress = Callable[[int, int], None]

_FACTS = ("device", "device_kind", "purpose", "what", "whose")


def is_loaded() -> bool:
    """Whether the database holds the sample world, or other data in its place."""
    return session.scalar(select(Facility.code).limit(1)) is not None


def loaded_on() -> date | None:
    """The day of loading, from which relative dates were counted; None when nothing is loaded.
    `identities` needs it, since NIKs with a relative birth date were fixed on that day.

    It is found by somebody who died a fixed number of days before it.
    """
    row = next(row for row in rows("registry") if row["died_on"])
    index = blind_index("registry_people.nik", row["nik"])
    died_on = session.scalar(
        select(RegistryPerson.died_on).where(RegistryPerson.nik_index.in_(index))
    )
    return died_on and died_on + (date.max - resolve(row["died_on"], date.max))


def _say_nothing(done: int, total: int) -> None: ...


@transactional
def load(
    *, today: date, hash_password: Callable[[str], str], progress: Progress = _say_nothing
) -> dict[str, int]:
    """Write everything, and return how many rows each file gave; empty when the world is there
    already. Killed half-way, it leaves nothing behind; two calls at once leave one world.

    `today`: the day from which relative dates are counted. `progress` is called with the rows done
    and the rows in all.
    """
    counts: Counter[str] = Counter()
    if is_loaded():
        return counts
    writer = _Writer(today, hash_password)
    total = sum(1 for table in writer.tables for _ in rows(table))
    for table, record_of in writer.tables.items():
        for row in rows(table):
            session.add(record_of(row))
            counts[table] += 1
            progress(counts.total(), total)
        session.flush()
    return counts


class _Writer:
    """Turns rows of the files into rows of the database, and remembers those that later rows refer
    to."""

    def __init__(self, today: date, hash_password: Callable[[str], str]) -> None:
        self.today = today
        self.hash_password = hash_password
        self.people: dict[str, Person] = people(today)
        self.families: dict[str, Family] = {}
        self.participants: dict[str, Participant] = {}
        self.accounts: dict[str, Account] = {}
        self.tables: dict[str, Callable[[Row], Base]] = {
            "facilities": self.facility,
            "families": self.family,
            "participants": self.participant,
            "registry": self.registry_person,
            "accounts": self.account,
            "notifications": self.notification,
            "member_changes": self.member_change,
        }

    def facility(self, row: Row) -> Facility:
        words = word_rows(row["code"], row["name"])
        session.add_all(FacilityWord(**it) for it in words)
        return Facility(
            code=row["code"],
            kind=FacilityKind(row["kind"]),
            name=row["name"],
            address=row["address"],
            phone=None,
            regency_code=row["district_code"][:5],
            district_code=row["district_code"],
            latitude=float(row["latitude"]),
            longitude=float(row["longitude"]),
            is_point_exact=True,
            capacity=int(row["capacity"]),
            enrolled=int(row["enrolled"]),
            open_from=None,
            open_until=None,
        )

    def family(self, row: Row) -> Family:
        family = Family(
            family_card_number=row["family_card_number"],
            street=row["street"],
            rt=row["rt"],
            rw=row["rw"],
            village_code=row["village_code"],
            postal_code=row["postal_code"],
            paid_through=day(row["paid_through"], self.today),
        )
        self.families[row["family"]] = family
        return family

    def participant(self, row: Row) -> Participant:
        participant = Participant(
            family=self.families[row["family"]],
            nik=nik_of(row, self.today),
            card_number=row["card_number"],
            name=row["name"],
            birth_place=row["birth_place"],
            birth_date=resolve(row["birth_date"], self.today),
            sex=row["sex"],
            relationship=Relationship(row["relationship"]),
            mother_name=row["mother_name"],
            segment=Segment(row["segment"]),
            kind=ParticipantKind(row["kind"]),
            care_class=row["care_class"],
            care_class_since=resolve(row["care_class_since"], self.today),
            primary_facility_code=row["primary_facility_code"] or None,
            primary_facility_since=day(row["primary_facility_since"], self.today),
            dental_facility_code=row["dental_facility_code"] or None,
            active_from=resolve(row["active_from"], self.today),
            active_until=day(row["active_until"], self.today),
            ended_reason=EndedReason(row["ended_reason"]) if row["ended_reason"] else None,
            phone=row["phone"] or None,
            email=row["email"] or None,
        )
        self.participants[row["nik"]] = participant
        return participant

    def registry_person(self, row: Row) -> RegistryPerson:
        return RegistryPerson(
            nik=nik_of(row, self.today),
            family_card_number=row["family_card_number"],
            name=row["name"],
            birth_place=row["birth_place"],
            birth_date=resolve(row["birth_date"], self.today),
            sex=row["sex"],
            relationship_code=int(row["relationship_code"]),
            mother_name=row["mother_name"],
            street=row["street"],
            rt=row["rt"],
            rw=row["rw"],
            village_code=row["village_code"],
            postal_code=row["postal_code"],
            died_on=day(row["died_on"], self.today),
        )

    def account(self, row: Row) -> Account:
        person = self.people[row["nik"]]
        created_on = resolve(row["created_on"], self.today)
        account = self.accounts[row["nik"]] = Account(
            participant=self.participants.get(row["nik"]),
            nik=person.nik,
            name=person.name,
            birth_date=person.birth_date,
            phone=row["phone"] or None,
            email=row["email"] or None,
            password_hash=self.hash_password(PASSWORD),
            created_at=datetime.combine(created_on, time(), UTC),
        )
        return account

    def notification(self, row: Row) -> Notification:
        facts: dict[str, str | int] = {name: row[name] for name in _FACTS if row[name]}
        if row["count"]:
            facts["count"] = int(row["count"])
        at = time.fromisoformat(row["happened_at"])
        happened_at = datetime.combine(resolve(row["happened_on"], self.today), at, JAKARTA)
        return Notification(
            account_id=self.accounts[row["nik"]].id,
            topic=news_of(row["topic"]).topic,
            facts=json.dumps(facts),
            happened_at=happened_at,
            read_at=happened_at + timedelta(hours=2) if row["is_read"] == "yes" else None,
        )

    def member_change(self, row: Row) -> MemberChange:
        kind, state = ChangeRow(row["row"]), ChangeState(row["state"])
        value, asked_on = _value(kind, row["value"]), resolve(row["asked_on"], self.today)
        participant = self.participants[row["participant"]]
        is_applied = state is ChangeState.APPLIED
        if is_applied and kind is ChangeRow.DOMICILE:
            # Where people live is written here alone; all other rows stand with the participants.
            ROWS[kind].write(participant, value, asked_on)
        ended_on = day(row["ended_on"], self.today)
        return MemberChange(
            participant_id=participant.id,
            row=kind,
            value=to_json(kind, value),
            value_before=to_json(kind, _value(kind, row["value_before"])) if is_applied else None,
            effective_on=resolve(row["effective_on"], self.today),
            state=state,
            asked_by_id=self.accounts[row["asked_by"]].id,
            reference=f"UD-{asked_on:%y%m}-{row['reference']}",
            asked_at=datetime.combine(asked_on, time(0, 0, 20), JAKARTA),
            ended_at=ended_on and datetime.combine(ended_on, time(0, 1), JAKARTA),
        )


def _value(kind: ChangeRow, text: str) -> Value:
    """A cell's value: an address has its five parts between bars, an empty cell is None."""
    if kind is ChangeRow.DOMICILE and text:
        return Address(*text.split("|"))
    return text or None
