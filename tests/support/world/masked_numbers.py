"""A number of which only the ends are shown: to the eye, to the ear, and both as a page has it."""

from typing import Protocol


class Numbered(Protocol):
    """Whoever has a NIK: an account, or somebody of the sample world."""

    @property
    def nik(self) -> str: ...


def dotted(person: Numbered) -> str:
    """As it is seen."""
    return f"{person.nik[:4]} •••• •••• {person.nik[-4:]}"


def said(person: Numbered) -> str:
    """As a screen reader says it."""
    return f"{person.nik[:4]} disamarkan {person.nik[-4:]}"


def masked(person: Numbered) -> str:
    """As the text of a page has it, dots and word."""
    return f"{person.nik[:4]} •••• •••• disamarkan {person.nik[-4:]}"
