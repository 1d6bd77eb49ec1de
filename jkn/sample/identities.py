"""Who is who in the sample world: the list that `flask sample list` prints."""

from dataclasses import dataclass
from datetime import date

from jkn.sample import PASSWORD
from jkn.sample.world import people, rows


@dataclass(frozen=True, slots=True)
class Identity:
    """`persona` is a short fixed name to find somebody by; `purpose` says which rule they
    stand for. `password` is None for who has no account. `birth_date` is None for whom no record
    knows, `phone` for who has none on the membership record."""

    persona: str
    name: str
    nik: str | None
    card_number: str | None
    birth_date: date | None
    phone: str | None
    password: str | None
    can_sign_in: bool
    purpose: str


def identities(today: date) -> list[Identity]:
    """Every persona of a world loaded on `today` (`loader.loaded_on()` knows the day)."""
    known = people(today)
    with_account = {row["nik"] for row in rows("accounts")}
    found = []
    for row in rows("personas"):
        key = row["identity"]
        person = known.get(key)  # None for those whom no record knows
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
            )
        )
    return found


def identity(persona: str, today: date) -> Identity:
    """One of them. Raises LookupError for a name that is not in personas.csv."""
    for it in identities(today):
        if it.persona == persona:
            return it
    raise LookupError(persona)
