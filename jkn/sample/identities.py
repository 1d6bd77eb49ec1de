"""Who is who in the sample world: the list that `flask sample list` prints."""

from dataclasses import dataclass
from datetime import date

from jkn.sample import PASSWORD
from jkn.sample.answers import Answers, answers
from jkn.sample.world import people, rows


@dataclass(frozen=True, slots=True)
class Identity:
    """`persona`: a short fixed name to find somebody by. `purpose`: which rule they stand for.
    `password`: None without an account. `birth_date`: None for people that no record knows.
    `phone`: None where the membership record has none. `answers`: to the questions about the
    record; empty for people without one."""

    persona: str
    name: str
    nik: str | None
    card_number: str | None
    birth_date: date | None
    phone: str | None
    password: str | None
    can_sign_in: bool
    purpose: str
    answers: Answers


def identities(today: date) -> list[Identity]:
    """Every persona of a world loaded on `today` (`loader.loaded_on()` knows the day)."""
    known = people(today)
    with_account = {row["nik"] for row in rows("accounts")}
    answered = answers()
    found = []
    for row in rows("personas"):
        key = row["identity"]
        person = known.get(key)  # None for people that no record knows
        found.append(
            Identity(
                persona=row["persona"],
                name=person.name if person else row["name"],
                nik=person.nik if person else key,
                card_number=person.card_number if person else None,
                birth_date=person.birth_date if person else None,
                phone=person.phone if person else None,
                password=PASSWORD if key in with_account else None,
                can_sign_in=key in with_account,
                purpose=row["purpose"],
                answers=answered.get(key, {}),
            )
        )
    return found


def identity(persona: str, today: date) -> Identity:
    """The identity of one persona. Raises LookupError for a name that is not in personas.csv."""
    for it in identities(today):
        if it.persona == persona:
            return it
    raise LookupError(persona)
