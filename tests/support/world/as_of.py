"""The sample world's files read as of a day, without a database."""

from dataclasses import dataclass
from datetime import date

from jkn.sample.dates import resolve
from jkn.sample.world import Row, nik_of, rows

# An ordinary day, and those on which months and years are easily miscounted.
DAYS = [
    date(2026, 11, 21),
    date(2026, 12, 31),
    date(2027, 1, 31),
    date(2027, 3, 31),
    date(2028, 2, 29),
    date(2029, 3, 1),
]


def column(table: str, name: str) -> list[str]:
    """The cells of a column that are not empty."""
    return [row[name] for row in rows(table) if row[name]]


@dataclass(frozen=True)
class Someone:
    """A persona's rows; empty where a file has none. Dates are as of `today`."""

    today: date
    participant: Row
    registry: Row
    account: Row

    def __getattr__(self, name: str) -> str:
        """A cell of the participant's row."""
        return self.participant[name]

    def day(self, name: str) -> date:
        """A date of the participant, or of the registry's record for who is not one."""
        return resolve((self.participant or self.registry)[name], self.today)

    @property
    def nik(self) -> str | None:
        return nik_of(self.participant or self.registry, self.today)

    @property
    def family(self) -> Row:
        """The insured family that this participant belongs to."""
        slug = self.participant["family"]
        return next(row for row in rows("families") if row["family"] == slug)

    @property
    def relatives(self) -> list[Row]:
        """The participants of the same family, this one included."""
        return [row for row in rows("participants") if row["family"] == self.participant["family"]]

    @property
    def registry_family(self) -> list[Row]:
        """Everyone whom the registry has on the same family card, this one included."""
        number = self.registry["family_card_number"]
        return [row for row in rows("registry") if row["family_card_number"] == number]

    @property
    def primary_facility(self) -> Row:
        code = self.participant["primary_facility_code"]
        return next(row for row in rows("facilities") if row["code"] == code)

    @property
    def age(self) -> int:
        born, today = self.day("birth_date"), self.today
        return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def someone(persona: str, today: date) -> Someone:
    """The person who plays this persona. Raises StopIteration when nobody does."""
    key = next(row["identity"] for row in rows("personas") if row["persona"] == persona)

    def row_of(table: str) -> Row:
        return next((it for it in rows(table) if key in (it["nik"], it.get("card_number"))), {})

    return Someone(today, row_of("participants"), row_of("registry"), row_of("accounts"))
