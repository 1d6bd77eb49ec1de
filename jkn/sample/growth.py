"""Grows the sample world by as many participants as are asked for, one batch in each transaction.

Everybody has a running number, and a card number made of it, so the database itself shows how far
growth has come: after a kill at any moment, the next call goes on there. Memory does not grow with
the world: a batch is made, written and forgotten.
"""

from collections.abc import Callable
from datetime import date

from sqlalchemy import select

from jkn.database import blind_index, session, transaction
from jkn.models import (
    Account,
    Facility,
    FacilityWord,
    Family,
    MemberChange,
    Participant,
    RegistryPerson,
)
from jkn.sample import PASSWORD
from jkn.sample.bulk import ids_for, put, refresh_statistics
from jkn.sample.grown_people import MOST, GrownFamily, card_number, family, family_of_person
from jkn.sample.grown_places import facilities_in
from jkn.sample.grown_rows import (
    account_row,
    change_row,
    family_row,
    has_change,
    participant_row,
    registry_row,
)
from jkn.services.credentials import passwords
from jkn.services.facilities.facility_words import word_rows

Progress = Callable[[int], None]

# Larger batches are hardly faster, and lose more when they are interrupted.
BATCH = 5_000


def grown() -> int:
    """How many grown participants the database holds."""
    # People are written in order: before a person who is there, everybody is there.
    there, missing = 0, MOST + 1
    while missing - there > 1:
        middle = (there + missing) // 2
        if _is_there(middle - 1):
            there = middle
        else:
            missing = middle
    return there


def _say_nothing(_done: int) -> None: ...


def grow(
    participants: int,
    *,
    today: date,
    progress: Progress = _say_nothing,
    batch: int = BATCH,
) -> None:
    """Add people until there are `participants` of them; nothing when there are as many or more.

    Heads of families get accounts. All of them share one hash of the sample password, since hashing
    takes longer than everything else together. `progress` is called with how many there are, after
    each `batch` of people. Raises ValueError for more than `MOST`.
    """
    if participants > MOST:
        raise ValueError(f"{MOST} participants at most")
    done = grown()
    if done >= participants:
        return
    password_hash = _hash_in_use() or passwords.hash_password(PASSWORD)
    while done < participants:
        end = min(done + batch, participants)
        with transaction():
            _write(done, end, today, password_hash)
        done = end
        progress(done)
    refresh_statistics(Facility, Family, RegistryPerson, Participant, Account, MemberChange)


def _is_there(person: int) -> bool:
    digests = blind_index("participants.card_number", card_number(person))
    found = select(Participant.id).where(Participant.card_number_index.in_(digests))
    return session.scalar(found) is not None


def _hash_in_use() -> str | None:
    """The first grown person's hash of the sample password; None when there is no such person, or
    they have another password by now."""
    digests = blind_index("accounts.nik", family(0).members[0].nik)
    found = select(Account.password_hash).where(Account.nik_index.in_(digests))
    password_hash = session.scalar(found)
    return password_hash if passwords.is_right(password_hash, PASSWORD) else None


def _write(start: int, end: int, today: date, password_hash: str) -> None:
    """The people whose running numbers lie from `start` to before `end`."""
    numbers = range(family_of_person(start), family_of_person(end - 1) + 1)
    families = [family(number) for number in numbers]
    new = [it for it in families if it.members[0].number >= start]
    people = [
        (it, member) for it in families for member in it.members if start <= member.number < end
    ]
    homes = dict(zip((it.family_card_number for it in new), ids_for(Family, len(new)), strict=True))
    ids = dict(
        zip((member.nik for _, member in people), ids_for(Participant, len(people)), strict=True)
    )
    facilities = [row for it in new if it.is_first_of_place for row in facilities_in(it.place)]
    put(Facility, facilities)
    put(FacilityWord, [it for row in facilities for it in word_rows(row["code"], row["name"])])
    put(Family, [{"id": homes[it.family_card_number]} | family_row(it, today) for it in new])
    if len(new) < len(families):
        homes |= _home_begun_before(families[0])
    put(RegistryPerson, [registry_row(it, member) for it, member in people])
    put(Participant, [participant_row(it, member, ids, homes, today) for it, member in people])
    put(Account, [account_row(it.members[0], ids, password_hash) for it in new])
    changing = [(it, member) for it, member in people if has_change(member)]
    put(MemberChange, [change_row(it, member, ids, today) for it, member in changing])


def _home_begun_before(begun: GrownFamily) -> dict[str, int]:
    """The id of a family that an earlier batch wrote."""
    number = begun.family_card_number
    digests = blind_index("families.family_card_number", number)
    found = select(Family.id).where(Family.family_card_number_index.in_(digests))
    return {number: session.scalars(found).one()}
