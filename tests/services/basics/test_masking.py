"""What a masked number or name still shows."""

import re

from jkn.services.basics.masking import initials, mask_card_number, mask_nik


def test_a_masked_nik_shows_the_first_and_the_last_four_digits() -> None:
    assert mask_nik("3276054502850001") == "3276 •••• •••• 0001"


def test_a_masked_card_number_shows_the_first_and_the_last_four_digits() -> None:
    assert mask_card_number("0001234567890") == "0001 ••••• 7890"


def test_numbers_that_differ_in_the_middle_look_alike() -> None:
    """The mask shows nothing of the hidden part, not even its length in another way."""
    assert mask_nik("3276111111110001") == mask_nik("3276999999990001")
    assert mask_card_number("0001111117890") == mask_card_number("0001999997890")
    assert len(re.findall("•", mask_nik("3276054502850001"))) == 8
    assert len(re.findall("•", mask_card_number("0001234567890"))) == 5


def test_a_masked_name_shows_two_letters_at_most() -> None:
    assert initials("Siti Nur Aminah binti Abdul Gani") == "S. N."
    assert initials("Siti Aminah") == "S. A."
    assert initials(" budi  ") == "B."
    assert initials("") == ""
