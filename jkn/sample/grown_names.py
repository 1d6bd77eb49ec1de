"""Names of grown people: common names, combined by chance."""

from jkn.gateways.regions import Sex
from jkn.sample.seeded_random import SeededRandom

_GIVEN: dict[Sex, tuple[str, ...]] = {
    "M": (
        "Adi", "Andika", "Arif", "Bagus", "Bayu", "Budi", "Dedi", "Dimas", "Eko", "Fajar",
        "Gilang", "Hadi", "Hendra", "Imam", "Indra", "Joko", "Kurnia", "Lukman", "Made", "Oka",
        "Pandu", "Rendra", "Rizki", "Rudi", "Satria", "Surya", "Taufik", "Wahyu", "Yoga", "Zaki",
    ),
    "F": (
        "Amelia", "Anisa", "Ayu", "Cahaya", "Citra", "Dewi", "Dian", "Eka", "Fitri", "Gita",
        "Hana", "Indah", "Intan", "Kartika", "Laras", "Lestari", "Maya", "Mega", "Nadia", "Nur",
        "Putri", "Rahma", "Ratih", "Rina", "Sari", "Sekar", "Sri", "Tiara", "Wulan", "Yanti",
    ),
}  # fmt: skip
_LAST = (
    "Abimanyu", "Anggara", "Ardhana", "Atmaja", "Baskara", "Cakrawala", "Danadyaksa", "Darmawan",
    "Firdausi", "Gumelar", "Hardjono", "Hartanto", "Iskandar", "Jatmiko", "Kartanegara",
    "Kusnadi", "Laksana", "Mahendra", "Mangunsong", "Nasution", "Nugraha", "Palupi", "Pamungkas",
    "Pangestu", "Permana", "Pranata", "Prasetya", "Rajagukguk", "Ramadhan", "Saputra", "Saragih",
    "Setiadi", "Sihombing", "Suharto", "Sumarna", "Suryana", "Tanjung", "Utama", "Wicaksana",
    "Wijayakusuma",
)  # fmt: skip
# The share of people with one given name only.
_ONE_NAME_OF = 1 / 3


def person_name(rng: SeededRandom, sex: Sex, last: str | None = None) -> str:
    """One or two given names and a last name: `last`, or by chance where that is None."""
    first, second = rng.pick(_GIVEN[sex]), rng.pick(_GIVEN[sex])
    given = first if first == second or rng.random() < _ONE_NAME_OF else f"{first} {second}"
    return f"{given} {last or last_name(rng)}"


def last_name(rng: SeededRandom) -> str:
    """A name that a family may share."""
    return rng.pick(_LAST)
