"""The place of an address as somebody chose it."""

import pytest

from jkn.services.basics.region_choice import RegionChoice, usual_postal_codes


@pytest.mark.parametrize(
    ("code", "postal_codes"),
    [
        ("32.76.05.1004", ["16411"]),
        ("32.76.05", ["16411", "16412", "16416", "16417", "16418"]),
        ("92.01", []),
        ("99", []),
        ("", []),
    ],
)
def test_a_village_has_one_usual_postal_code_and_a_district_those_of_its_villages(
    code: str, postal_codes: list[str]
) -> None:
    assert usual_postal_codes(code) == postal_codes


def test_an_unusual_postal_code_is_known_to_be_one() -> None:
    assert RegionChoice("32.76.05.1004", "16411").is_postal_code_usual
    assert not RegionChoice("32.76.05.1004", "16412").is_postal_code_usual
    assert RegionChoice("32.76.05", "16412", "Mekar Asri").is_postal_code_usual
    assert not RegionChoice("32.76.05", "16499", "Mekar Asri").is_postal_code_usual
