"""An address in Indonesia, where a person lives."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Address:
    """`rt` and `rw`: neighbourhood numbers, as written. `village_code`: as the regions have it,
    "32.76.05.1004"."""

    street: str
    rt: str
    rw: str
    village_code: str
    postal_code: str
