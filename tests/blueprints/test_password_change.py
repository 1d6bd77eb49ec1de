"""Ubah Kata Sandi (product.md 3.4; R05)."""

import pytest

from jkn.models import Account, Channel, EventKind
from tests.support.clients.page_client import PageClient
from tests.support.steps.activity_steps import kinds_of
from tests.support.steps.mid_journey_steps import be_limited
from tests.support.steps.recovery_steps import messages
from tests.support.steps.sign_in_steps import (
    CAPTCHA,
    LOCKED_OUT,
    send_sign_in,
    sign_in,
    signed_out_on,
    try_to_sign_in,
)
from tests.support.world.factories import PASSWORD, make_account

PAGE = "/profil/kata-sandi"
NEW = "teh manis di beranda"

# The same letters, as two keyboards write them.
COMPOSED, TAKEN_APART = "caf\u00e9 di pojok", "cafe\u0301 di pojok"


def change(
    client: PageClient,
    old: str = PASSWORD,
    new: str = NEW,
    again: str | None = None,
    captcha: str = CAPTCHA,
) -> PageClient:
    """Fill the form that is open and press Simpan."""
    return client.submit(
        "Simpan",
        {
            "Kata sandi lama": old,
            "Kata sandi baru": new,
            "Ulangi kata sandi baru": new if again is None else again,
            "Ketik angka di gambar": captcha,
        },
    )


@pytest.mark.both_databases
def test_afterwards_everybody_signs_in_again(client: PageClient, account: Account) -> None:
    other = sign_in(client.another(), account)
    sign_in(client, account).get("/profil").follow("Ubah Kata Sandi")
    thief = client.another(with_cookies=True)
    change(client)
    assert client.url == "/masuk"
    assert "Kata sandi baru sudah tersimpan" in client.text
    for browser in (client, other, thief):
        assert browser.get("/beranda").url == "/masuk"
    assert try_to_sign_in(client, account.nik, PASSWORD).status == 422
    assert try_to_sign_in(client, account.nik, NEW).url == "/beranda"


def test_who_signs_in_next_is_not_led_to_a_page_of_who_was_here(
    client: PageClient, account: Account
) -> None:
    change(sign_in(client, account).get(PAGE))
    assert client.get("/kartu").url == "/masuk"
    assert send_sign_in(client, make_account().nik).url == "/beranda"


def test_every_channel_is_told_with_a_way_to_undo_it(client: PageClient, account: Account) -> None:
    change(sign_in(client, account).get(PAGE))
    told = messages("password_changed")
    assert [channel for channel, _ in told] == [Channel.SMS, Channel.EMAIL]
    assert all("/bukan-saya/" in content.text for _, content in told)
    try_to_sign_in(client, account.nik, NEW)
    assert "Kata sandi diganti" in client.get("/notifikasi").text


def test_this_phone_stays_known_and_others_are_new(client: PageClient, account: Account) -> None:
    sign_in(client.another(), account)
    change(sign_in(client, account).get(PAGE))
    before = try_to_sign_in(client, account.nik, NEW).get("/notifikasi").text.count("Masuk dari")
    other = client.another()
    try_to_sign_in(other, account.nik, NEW)
    assert other.get("/notifikasi").text.count("Masuk dari") == before + 1


def test_a_wrong_old_password_changes_nothing(client: PageClient, account: Account) -> None:
    change(sign_in(client, account).get(PAGE), old="bukan ini")
    assert client.status == 422
    assert client.errors == {"old_password": "Kata sandi tidak cocok. Coba lagi"}
    assert client.get("/beranda").url == "/beranda"
    assert try_to_sign_in(client.another(), account.nik).url == "/beranda"
    assert messages("password_changed") == []


def test_wrong_old_passwords_count_like_failed_sign_ins(
    client: PageClient, account: Account
) -> None:
    sign_in(client, account).get(PAGE)
    for _ in range(3):
        change(client, old="bukan ini")
    for _ in range(2):
        try_to_sign_in(signed_out_on(client), account.nik, "bukan ini")
    change(client)
    assert client.status == 429
    assert client.errors == {"old_password": "Terlalu sering salah. Coba lagi pukul 09.31 WIB"}
    assert client.next_steps == LOCKED_OUT
    assert try_to_sign_in(signed_out_on(client), account.nik).status == 429


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"old": ""}, "old_password", "Masukkan kata sandi lama"),
        ({"new": ""}, "password", "Masukkan kata sandi baru"),
        ({"new": "pendek"}, "password", "paling sedikit 8 huruf"),
        ({"new": "x" * 129}, "password", "paling banyak 128"),
        ({"new": "mobilejkn2026!!"}, "password", "memakai nama aplikasi"),
        ({"new": PASSWORD}, "password", "Kata sandi baru sama dengan yang lama"),
        ({"again": "lain sama sekali"}, "confirmation", "Kedua kata sandi tidak sama"),
        ({"captcha": ""}, "captcha_answer", "Ketik 5 angka"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    client: PageClient, account: Account, values: dict[str, str], field: str, words: str
) -> None:
    change(sign_in(client, account).get(PAGE), **values)
    assert client.status == 422
    assert list(client.errors) == [field]
    assert words in client.errors[field]
    assert change(client).url == "/masuk"


@pytest.mark.parametrize(("new", "again"), [(COMPOSED, TAKEN_APART), (TAKEN_APART, COMPOSED)])
def test_the_same_letters_of_two_keyboards_are_the_same_password(
    client: PageClient, account: Account, new: str, again: str
) -> None:
    change(sign_in(client, account).get(PAGE), new=new, again=again)
    assert client.url == "/masuk"
    for typed in (COMPOSED, TAKEN_APART):
        assert try_to_sign_in(client.another(), account.nik, typed).url == "/beranda"


def test_whether_it_holds_an_own_number_is_told_only_to_who_knows_the_old_one(
    client: PageClient, account: Account
) -> None:
    sign_in(client, account).get(PAGE)
    change(client, old="bukan ini", new=f"{account.nik}x")
    assert list(client.errors) == ["old_password"]
    change(client, new=f"{account.nik}x", captcha="54321")
    assert "NIK" not in client.text.partition("Ubah Kata Sandi")[0]
    assert client.error("Kata sandi baru") == ""


def test_it_is_told_so_often_and_no_more(client: PageClient, account: Account) -> None:
    sign_in(client, account).get(PAGE)
    for _ in range(20):
        change(client, new=f"{account.nik}x")
        assert "NIK" in client.errors["password"]
    change(client, new=f"{account.nik}x")
    assert client.status == 429
    assert list(client.errors) == ["password"]
    assert "NIK" not in client.errors["password"]
    change(client, new=f"{account.nik}x")
    assert kinds_of(account).count(EventKind.EXCESS_RATE_LIMIT) == 1
    assert change(client).url == "/masuk", "a good one is taken all the same"


def test_the_right_old_password_is_never_held_against_anybody(
    client: PageClient, account: Account
) -> None:
    sign_in(client, account).get(PAGE)
    for _ in range(6):
        change(client, new=PASSWORD)
        change(client, new=f"{account.nik}x")
    assert change(client).url == "/masuk"


def test_the_own_numbers_are_refused(client: PageClient, account: Account) -> None:
    sign_in(client, account).get(PAGE)
    for password in (f"{account.nik}x", "05021985 05021985", account.name.replace(" ", "")):
        assert change(client, new=password).status == 422, password


def test_a_wrong_captcha_counts_no_try_and_changes_only_the_captcha(
    client: PageClient, account: Account
) -> None:
    sign_in(client, account).get(PAGE)
    for _ in range(6):
        change(client, old="bukan ini", captcha="54321")
        assert client.status == 422
        assert "Angka tidak cocok" in client.error("Ketik angka di gambar")
    assert client.was_swapped == client.with_htmx
    assert change(client).url == "/masuk"


def test_password_managers_find_the_page(client: PageClient, account: Account) -> None:
    assert client.get("/.well-known/change-password").url == "/masuk"
    try_to_sign_in(client, account.nik)
    assert client.get("/.well-known/change-password").url == PAGE
    fields = {it.get("name"): it.get("autocomplete") for it in client.document.elements("input")}
    assert fields["old_password"] == "current-password"
    assert fields["password"] == fields["confirmation"] == "new-password"


def test_limited_mode_keeps_it_closed(client: PageClient) -> None:
    be_limited(client)
    assert client.get(PAGE).url == "/akses-terbatas"


def test_two_tabs_change_it_once(client: PageClient, account: Account) -> None:
    sign_in(client, account).get(PAGE)
    tab = client.another(with_cookies=True)
    tab.get(PAGE)
    change(client)
    change(tab, new="kopi tubruk pagi hari")
    assert tab.url == "/masuk"
    assert try_to_sign_in(tab, account.nik, NEW).url == PAGE, "where they were going"
