"""The words for rows that may not be changed, and for what stands in them."""

from datetime import date

import pytest

from jkn.models import Address
from jkn.services.changes.who_may import Reason, Refused
from jkn.web.change_values import Sight, address_words
from jkn.web.change_words import why_not
from tests.support.rules import plain_words


@pytest.mark.parametrize("reason", Reason, ids=str)
def test_every_reason_has_words_of_its_own_and_names_its_day(reason: Reason) -> None:
    words = why_not(Refused(reason))
    assert words not in [why_not(Refused(it)) for it in Reason if it is not reason]
    assert "Bisa diubah mulai" not in words
    with_day = why_not(Refused(reason, date(2026, 7, 1)))
    assert with_day == f"{words} Bisa diubah mulai 1 Juli 2026."
    assert list(plain_words.findings(with_day)) == []


@pytest.mark.parametrize(
    ("village_code", "words"),
    [
        (
            "32.76.05.1004",
            "Jalan Anggrek 5, RT 001/RW 002, Mekarjaya, Sukmajaya, Kota Depok, 16411",
        ),
        ("64.73.01.1001", "Jalan Anggrek 5, RT 001/RW 002, Kota Tarakan, 16411"),
        ("54.03.05.2001", "Jalan Anggrek 5, RT 001/RW 002, Timor Timur, 16411"),
    ],
)
def test_an_address_under_a_code_of_the_past_has_the_names_that_are_known(
    village_code: str, words: str
) -> None:
    address = Address("Jalan Anggrek 5", "001", "002", village_code, "16411")
    assert address_words(address, Sight.OPEN) == words
