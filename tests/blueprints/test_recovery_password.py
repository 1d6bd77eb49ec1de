"""The new password at the end of Lupa Kata Sandi, and the reasons to refuse it."""

import pytest

from tests.support.clients.page_client import PageClient
from tests.support.steps.recovery_steps import (
    prove_by_code,
    set_password,
)
from tests.support.steps.sign_in_steps import try_to_sign_in
from tests.support.world.factories import PASSWORD, make_account


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("", "Masukkan kata sandi baru"),
        ("pendek", "Kata sandi paling sedikit 8 huruf"),
        ("x" * 129, "Kata sandi paling banyak 128 huruf"),
        ("mobilejkn2026!!", "memakai nama aplikasi"),
        ("bismillah123", "terlalu umum"),
        (PASSWORD, "Ini kata sandi Anda yang sekarang"),
    ],
)
def test_a_password_is_refused_with_the_reason(
    client: PageClient, password: str, words: str
) -> None:
    account = make_account()
    prove_by_code(client, account)
    set_password(client, password)
    assert client.status == 422
    assert words in client.errors["password"]
    set_password(client)
    assert client.url == "/masuk"


def test_the_own_numbers_are_refused(client: PageClient) -> None:
    account = make_account()
    prove_by_code(client, account)
    for password in (f"{account.nik}x", f"ab{(account.phone or '')[3:]}", "05021985 05021985"):
        set_password(client, password)
        assert client.status == 422, password


def test_the_same_letter_typed_on_two_phones_is_the_same(client: PageClient) -> None:
    account = make_account()
    prove_by_code(client, account)
    set_password(client, "caf\u00e9 di ujung")
    assert try_to_sign_in(client, account.nik, "cafe\u0301 di ujung").url == "/beranda"
