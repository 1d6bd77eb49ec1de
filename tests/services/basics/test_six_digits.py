"""All codes are equally likely (security.md R13)."""

from collections import Counter

from jkn.services.basics import six_digits


def test_every_digit_is_as_likely_as_any_other_at_every_place() -> None:
    drawn = [six_digits.draw() for _ in range(20_000)]
    assert {len(it) for it in drawn} == {6}
    for place in range(6):
        counted = Counter(it[place] for it in drawn)
        chi_square = sum((counted[digit] - 2_000) ** 2 / 2_000 for digit in "0123456789")
        # With 9 degrees of freedom, fair digits exceed this once in 10^10 runs.
        assert chi_square < 65


def test_a_code_may_begin_with_zeros() -> None:
    assert six_digits.read("000 123") == "000123"


def test_each_digit_may_stand_between_three_separators_and_not_more() -> None:
    assert six_digits.read("   ".join("123456") + "   ") == "123456"
    assert six_digits.read("   ".join("123456") + "    ") is None
