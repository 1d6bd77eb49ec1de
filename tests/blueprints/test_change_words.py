"""The words for rows that may not be changed."""

from datetime import date

import pytest

from jkn.services.changes.who_may import Reason, Refused
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
