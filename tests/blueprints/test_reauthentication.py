"""Konfirmasi: the password once more before what is hard to undo (R46, R49)."""

import pytest
from flask import Flask

from jkn.models import Account
from jkn.web.rendering import leave_for
from tests.support.clients.page_client import PageClient
from tests.support.steps.sign_in_steps import LOCKED_OUT, sign_in, signed_out_on, try_to_sign_in
from tests.support.world.clock import Clock
from tests.support.world.factories import PASSWORD

FIELD = "Kata sandi akun"


@pytest.fixture(autouse=True)
def weighty_page(own_app: Flask) -> None:
    @own_app.route("/berat", methods=["GET", "POST"])
    def weighty() -> object:
        return leave_for("/bantuan")


def test_within_twenty_minutes_nothing_is_asked(
    client: PageClient, account: Account, clock: Clock
) -> None:
    sign_in(client, account)
    clock.advance(minutes=19, seconds=59)
    assert client.get("/berat").url == "/bantuan"
    clock.advance(seconds=1)
    assert client.get("/berat").url == "/konfirmasi"


@pytest.mark.both_databases
def test_the_password_leads_on_to_where_they_were_going(
    client: PageClient, account: Account, clock: Clock
) -> None:
    sign_in(client, account)
    clock.advance(minutes=25)
    client.get("/berat").submit("Lanjut", {FIELD: PASSWORD})
    assert client.url == "/bantuan"
    clock.advance(minutes=19)
    assert client.get("/berat").url == "/bantuan", "twenty minutes from then"


def test_a_wrong_password_leads_nowhere_and_is_counted(
    client: PageClient, account: Account, clock: Clock
) -> None:
    sign_in(client, account)
    clock.advance(minutes=25)
    client.get("/berat").submit("Lanjut", {FIELD: ""})
    assert client.errors == {"password": "Masukkan kata sandi"}
    for _ in range(5):
        client.submit("Lanjut", {FIELD: "bukan ini"})
        assert client.errors == {"password": "Kata sandi tidak cocok. Coba lagi"}
    client.submit("Lanjut", {FIELD: PASSWORD})
    assert client.status == 429
    assert client.next_steps == LOCKED_OUT
    assert try_to_sign_in(signed_out_on(client), account.nik).status == 429
    assert client.get("/berat").url == "/konfirmasi"


def test_a_copy_of_the_cookie_from_before_is_dead(
    client: PageClient, account: Account, clock: Clock
) -> None:
    sign_in(client, account)
    clock.advance(minutes=25)
    client.get("/berat")
    thief = client.another(with_cookies=True)
    client.submit("Lanjut", {FIELD: PASSWORD})
    assert thief.get("/beranda").url == "/masuk"
    assert client.get("/beranda").url == "/beranda"


def test_the_owner_is_told_of_wrong_passwords_before_the_right_one(
    client: PageClient, account: Account, clock: Clock
) -> None:
    sign_in(client, account)
    clock.advance(minutes=25)
    client.get("/berat")
    for _ in range(3):
        client.submit("Lanjut", {FIELD: "bukan ini"})
    client.submit("Lanjut", {FIELD: PASSWORD})
    assert "Kata sandi benar setelah beberapa kali salah" in client.get("/notifikasi").text


def test_after_a_recent_sign_in_nothing_is_asked(client: PageClient, account: Account) -> None:
    assert sign_in(client, account).get("/konfirmasi").url == "/profil"


def test_the_old_password_does_not_count_once_it_was_changed(
    client: PageClient, account: Account, clock: Clock
) -> None:
    sign_in(client, account)
    other = sign_in(client.another(), account)
    clock.advance(minutes=25)
    client.get("/berat")
    other.get("/profil/kata-sandi").submit(
        "Simpan",
        {
            "Kata sandi lama": PASSWORD,
            "Kata sandi baru": "teh manis di beranda",
            "Ulangi kata sandi baru": "teh manis di beranda",
            "Ketik angka di gambar": "12345",
        },
    )
    assert other.url == "/masuk"
    assert client.submit("Lanjut", {FIELD: PASSWORD}).url == "/masuk"
