"""Who may change what in the sample world: each persona as the one who asks, × each member of the
family × each row.

`who_may.csv` holds the answers: `yes`, or the reason and the first day. `=` stands for the cell
before. A day is written as the sample world writes its dates, and counted on by the rule's time:
`month-start-1m then +3m`. Personas without an account are tried as if they had one. The days are
those after the tenth, when contributions are due.
"""

import csv
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from jkn.database import session
from jkn.models import Account, Participant
from jkn.sample.dates import resolve
from jkn.sample.loader import load
from jkn.sample.world import rows
from jkn.services.changes.household import household_of
from jkn.services.changes.who_may import (
    CHOSEN_ROWS,
    Allowed,
    Answer,
    Household,
    Reason,
    Refused,
    may,
)
from tests.support.world.as_of import DAYS, someone

TABLE = Path(__file__).with_name("who_may.csv")


def lines() -> list[dict[str, str]]:
    with TABLE.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def answers(line: dict[str, str], today: date) -> Iterator[Answer]:
    """What the table says for each of `CHOSEN_ROWS`."""
    written = ""
    for row in CHOSEN_ROWS:
        written = written if line[row] == "=" else line[row]
        reason, _, steps = written.partition(": ")
        first_day = today
        for step in steps.split(" then "):
            first_day = resolve(step or "today", first_day)
        yield (
            Allowed() if reason == "yes" else Refused(Reason(reason), first_day if steps else None)
        )


def asked_by(persona: str, today: date) -> tuple[Account, Household]:
    """The persona's account, or one that is made up, with the family."""
    name = someone(persona, today).name
    own = next(it for it in session.scalars(select(Participant)) if it.name == name)
    account = session.scalar(select(Account).where(Account.participant_id == own.id))
    account = account or Account(participant_id=own.id)
    household = household_of(account)
    return account, replace(household, with_account=household.with_account | {own.id})


def test_the_table_has_every_persona_and_every_member_once() -> None:
    expected = [
        (persona, relative["name"])
        for persona in (row["persona"] for row in rows("personas"))
        if someone(persona, DAYS[0]).participant
        for relative in someone(persona, DAYS[0]).relatives
    ]
    assert sorted((it["persona"], it["member"]) for it in lines()) == sorted(expected)


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("today", [it for it in DAYS if it.day > 10], ids=str)
def test_everybody_is_answered_as_the_table_says(today: date) -> None:
    load(today=today, hash_password=lambda password: password)
    households = {it: asked_by(it, today) for it in {line["persona"] for line in lines()}}
    for line in lines():
        account, household = households[line["persona"]]
        member = next(it for it in household.members if it.name == line["member"])
        for row, expected in zip(CHOSEN_ROWS, answers(line, today), strict=True):
            answer = may(account, member, household, row, today)
            assert answer == expected, (line["persona"], line["member"], row)
