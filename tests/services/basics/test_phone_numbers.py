"""Mobile numbers of Indonesia however they are written, and nothing else (product.md 8)."""

import pytest

from jkn.services.basics.phone_numbers import read_phone


@pytest.mark.parametrize(
    "typed",
    [
        "081234567890",
        "0812 3456 7890",
        "0812-3456-7890",
        "(0812) 3456.7890",
        "+6281234567890",
        "+62 812 3456 7890",
        "6281234567890",
        "81234567890",
        " 081234567890 ",
        "０８１２３４５６７８９０",
        "0812\u00a03456\u00a07890",
        "00 62 812 3456 7890",
        "(0062) 812-3456-7890",
        "0062 0812 3456 7890",
        "+62 (0)812 3456 7890",
        "＋６２ ８１２ ３４５６ ７８９０",
        "\u202a+62 812\u20113456\u20117890\u202c",
    ],
)
def test_one_number_has_one_form(typed: str) -> None:
    assert read_phone(typed) == "+6281234567890"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "0812",
        "0812345678901234",
        "0211234567",
        "+60123456789",
        "0060123456789",
        "006281234",
        "+14155550123",
        "0800123456",
        "081234abc890",
        "٠٨١٢٣٤٥٦٧٨٩٠",
        "081234567890 / 081234567891",
        "081234567890\r\nBcc: x",
        "0812" + " " * 40 + "34567890",
        "8" * 5000,
        "😀",
    ],
)
def test_anything_else_is_no_number(typed: str) -> None:
    assert read_phone(typed) is None
