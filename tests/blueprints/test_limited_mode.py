"""Limited mode, the day after a password was set by answers alone: everything can be read, and
nothing sensitive can be changed (R26)."""

import pytest
from flask import Flask

from jkn.models import Account, EventKind
from jkn.web.access import not_limited
from jkn.web.rendering import leave_for
from tests.support.clients.page_client import PageClient
from tests.support.rules.canaries import CANARIES
from tests.support.steps.activity_steps import kinds_of
from tests.support.steps.mid_journey_steps import somebody
from tests.support.steps.recovery_steps import (
    CODE,
    NEW_PASSWORD,
    messages,
    own,
    prove_by_answers,
    prove_by_code,
    set_password,
)
from tests.support.steps.sign_in_steps import sign_in, try_to_sign_in
from tests.support.world.clock import Clock
from tests.support.world.factories import make_account


@pytest.fixture
def account() -> Account:
    """An account of somebody with a family, so that every question has an answer."""
    return somebody()


def in_limited_mode(client: PageClient, account: Account) -> PageClient:
    set_password(prove_by_answers(client, account))
    try_to_sign_in(client, account.nik, NEW_PASSWORD)
    assert client.url == "/beranda", client.text
    return client


def opening_code() -> str:
    text = messages("code:full_access")[-1][1].text
    code = next(word for word in text.replace(":", " ").split() if word.isdigit())
    CANARIES.add("code", code)
    return code


@pytest.mark.both_databases
def test_every_page_says_what_is_closed_and_until_when(
    client: PageClient, account: Account
) -> None:
    in_limited_mode(client, account)
    for page in ("/beranda", "/kartu", "/lainnya", "/notifikasi", "/bantuan"):
        client.get(page)
        assert "Akun dibatasi sampai 4 Mei 2026, 09.30 WIB" in client.text, page
    client.follow("Buka dengan kode")
    assert client.heading == "Akun dibatasi sampai 4 Mei 2026, 09.30 WIB"
    assert "Langkah 1 dari 2" in client.text
    for page in ("/akses-terbatas", "/profil", "/profil/biometrik"):
        assert client.get(page).text.count("4 Mei 2026") == 1, f"{page} says it once"


def test_numbers_are_masked(client: PageClient, account: Account) -> None:
    number = own(account).card_number
    grouped = " ".join(number[start : start + 4] for start in range(0, 13, 4))
    in_limited_mode(client, account)
    for page in ("/beranda", "/kartu", f"/kartu/{account.participant_id}"):
        client.get(page)
        assert grouped not in client.text
        assert number not in client.text
    open_with_code(client)
    assert grouped in client.get("/beranda").text


def open_with_code(client: PageClient, way: str = "SMS Ke nomor HP yang terdaftar") -> PageClient:
    client.get("/akses-terbatas").submit("Kirim kode", {"Kirim kode lewat": way})
    return client.submit("Lanjut", {CODE: opening_code()})


@pytest.mark.parametrize("way", ["SMS Ke nomor HP yang terdaftar", "Email Ke email yang terdaftar"])
def test_a_code_opens_everything_at_once(client: PageClient, account: Account, way: str) -> None:
    in_limited_mode(client, account)
    open_with_code(client, way)
    assert client.url == "/beranda"
    assert "Akun Anda terbuka penuh lagi" in client.text
    assert "Akun dibatasi" not in client.text
    assert client.get("/akses-terbatas").url == "/beranda"
    assert "Akun Anda terbuka penuh lagi" in client.get("/notifikasi").text


def test_a_copy_of_the_cookie_from_before_the_code_is_dead(
    client: PageClient, account: Account
) -> None:
    in_limited_mode(client, account)
    copy = client.another(with_cookies=True)
    assert copy.get("/beranda").url == "/beranda"
    open_with_code(client)
    assert client.get("/profil").url == "/profil"
    assert copy.get("/profil").url == "/masuk"


def test_a_wrong_code_opens_nothing(client: PageClient, account: Account) -> None:
    in_limited_mode(client, account)
    client.get("/akses-terbatas").submit(
        "Kirim kode", {"Kirim kode lewat": "SMS Ke nomor HP yang terdaftar"}
    )
    code = opening_code()
    client.submit("Lanjut", {CODE: f"{(int(code) + 1) % 1_000_000:06}"})
    assert client.status == 422
    assert "Akun dibatasi" in client.get("/beranda").text


def test_a_code_of_another_session_opens_nothing(client: PageClient, account: Account) -> None:
    in_limited_mode(client, account)
    other = client.another()
    try_to_sign_in(other, account.nik, NEW_PASSWORD)
    client.get("/akses-terbatas").submit(
        "Kirim kode", {"Kirim kode lewat": "SMS Ke nomor HP yang terdaftar"}
    )
    other.get("/akses-terbatas/sms").submit("Lanjut", {CODE: opening_code()})
    assert other.status == 422


def test_a_missing_choice_is_asked_for(client: PageClient, account: Account) -> None:
    in_limited_mode(client, account).get("/akses-terbatas").submit("Kirim kode")
    assert client.errors == {"way": "Pilih SMS atau Email"}


def test_only_channels_that_there_are_can_be_chosen(client: PageClient) -> None:
    account = make_account(email=None)
    in_limited_mode(client, account).get("/akses-terbatas")
    assert "Ke email" not in client.text
    assert client.get("/akses-terbatas/email").url == "/akses-terbatas"


@pytest.mark.parametrize("page", ["kata-sandi", "pin/buat", "biometrik/nyalakan"])
def test_wherever_they_were_going_they_are_told(
    client: PageClient, account: Account, page: str
) -> None:
    in_limited_mode(client, account).get(f"/profil/{page}")
    client.submit("Kirim kode", {"Kirim kode lewat": "SMS Ke nomor HP yang terdaftar"})
    client.submit("Lanjut", {CODE: opening_code()})
    assert client.url == f"/profil/{page}"
    assert "Akun Anda terbuka penuh lagi" in client.text
    assert "Akun Anda terbuka penuh lagi" not in client.get("/profil").text


def test_it_ends_by_itself(client: PageClient, account: Account, clock: Clock) -> None:
    in_limited_mode(client, account)
    clock.advance(hours=24)
    try_to_sign_in(client, account.nik, NEW_PASSWORD)
    assert "Akun dibatasi" not in client.text


def test_what_is_sensitive_is_closed_and_leads_back_once_opened(
    own_app: Flask, client: PageClient, account: Account
) -> None:
    @own_app.route("/ubah-sesuatu", methods=["GET", "POST"])
    def change_something() -> object:
        return leave_for("/bantuan")

    in_limited_mode(client, account)
    assert client.get("/ubah-sesuatu").url == "/akses-terbatas"
    assert kinds_of(account)[-1] == EventKind.LIMITED_MODE_REFUSED
    client.submit("Kirim kode", {"Kirim kode lewat": "SMS Ke nomor HP yang terdaftar"})
    client.submit("Lanjut", {CODE: opening_code()})
    assert client.url == "/bantuan", "where they were going, and it is open now"


def test_without_limits_nothing_is_closed(own_app: Flask, client: PageClient) -> None:
    @own_app.get("/ubah-sesuatu")
    @not_limited
    def change_something() -> object:
        return leave_for("/bantuan")

    sign_in(client, make_account())
    assert client.get("/ubah-sesuatu").url == "/bantuan"


def test_a_code_later_takes_limited_mode_away(client: PageClient, account: Account) -> None:
    in_limited_mode(client, account)
    visitor = client.another()
    set_password(prove_by_code(visitor, account), "sate ayam madura")
    assert try_to_sign_in(visitor, account.nik, "sate ayam madura").url == "/beranda"
    assert "Akun dibatasi" not in visitor.text
