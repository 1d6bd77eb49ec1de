"""Buat PIN, Ubah PIN and Lupa PIN (product.md 3.3; R42, R43, R44, R62)."""

import pytest
from sqlalchemy import text

from jkn.models import Channel
from tests.support.clients.page_client import PageClient
from tests.support.steps.pin_steps import (
    CHANGE,
    CHOOSE,
    CREATE,
    OTHER_PIN,
    PIN,
    TYPE_CODE,
    ask_for_pin_code,
    hash_of,
    look,
    pin_code,
    prove_for_pin,
    set_pin,
    with_pin,
)
from tests.support.steps.recovery_steps import CODE, ask_for_code, messages, newest_code
from tests.support.steps.sign_in_steps import LOCKED_OUT, sign_in, signed_out_on, try_to_sign_in
from tests.support.world.clock import Clock
from tests.support.world.connected import ConnectedDatabase
from tests.support.world.factories import PASSWORD, make_account


@pytest.mark.both_databases
def test_a_pin_is_made_by_password_and_code(client: PageClient) -> None:
    sign_in(client, make_account()).get("/profil").follow(
        "Buat PIN 6 angka, untuk melihat data pribadi"
    )
    assert (client.url, client.heading) == (CREATE, "Buat PIN")
    client.submit("Kirim kode", {"Kata sandi akun": PASSWORD})
    assert client.url == TYPE_CODE
    assert "Langkah 2 dari 3" in client.text
    client.submit("Lanjut", {CODE: pin_code()})
    assert "Langkah 3 dari 3" in client.text
    set_pin(client)
    assert client.url == "/profil"
    assert "PIN berhasil dibuat" in client.text
    assert client.shows("Ubah PIN Lupa PIN? Lewat sini juga")
    assert "PIN baru sudah berlaku" in client.get("/notifikasi").text


def test_the_code_says_what_it_is_for_and_where_it_went(client: PageClient) -> None:
    account = make_account(phone="+6281234567890")
    ask_for_pin_code(sign_in(client, account))
    assert "nomor HP 0812 •••• disamarkan 7890" in client.text
    ((channel, content),) = messages("code:pin")
    assert (channel, content.recipient) == (Channel.SMS, account.phone)
    assert "untuk membuat PIN baru" in content.text


def test_without_a_phone_the_code_goes_by_email(client: PageClient) -> None:
    account = make_account(phone=None, email="siti.aminah@contoh.id")
    ask_for_pin_code(sign_in(client, account))
    assert "email s••• disamarkan @contoh.id" in client.text
    client.submit("Lanjut", {CODE: pin_code()})
    assert client.url == CHOOSE


def test_without_any_channel_the_way_on_is_named(client: PageClient) -> None:
    sign_in(client, make_account(phone=None, email=None)).get(CREATE)
    assert client.heading == "PIN belum bisa dibuat"
    assert client.shows("Hubungi 165")


def test_every_channel_is_told_with_a_way_to_undo_it(client: PageClient) -> None:
    account = make_account()
    set_pin(prove_for_pin(sign_in(client, account)))
    told = messages("pin_changed")
    assert [channel for channel, _ in told] == [Channel.SMS, Channel.EMAIL]
    assert all("/bukan-saya/" in content.text for _, content in told)


def test_a_wrong_password_asks_again_and_sends_nothing(client: PageClient) -> None:
    ask_for_pin_code(sign_in(client, make_account()), "bukan ini")
    assert client.status == 422
    assert client.errors == {"password": "Kata sandi tidak cocok. Coba lagi"}
    assert messages("code:pin") == []
    client.submit("Kirim kode", {"Kata sandi akun": ""})
    assert client.errors == {"password": "Masukkan kata sandi"}


def test_wrong_passwords_count_like_failed_sign_ins(client: PageClient) -> None:
    account = make_account()
    sign_in(client, account)
    for _ in range(5):
        ask_for_pin_code(client, "bukan ini")
    ask_for_pin_code(client)
    assert client.status == 429
    assert client.errors == {"password": "Terlalu sering salah. Coba lagi pukul 09.31 WIB"}
    assert client.next_steps == LOCKED_OUT
    try_to_sign_in(signed_out_on(client), account.nik)
    assert try_to_sign_in(signed_out_on(client), account.nik).status == 429


@pytest.mark.parametrize(
    ("pin", "again", "field", "words"),
    [
        ("", "", "pin", "Masukkan PIN baru"),
        ("48291", None, "pin", "PIN harus 6 angka"),
        ("4829157", None, "pin", "PIN harus 6 angka"),
        ("48a915", None, "pin", "PIN harus 6 angka"),
        ("😀" * 6, None, "pin", "PIN harus 6 angka"),
        ("4" * 10_000, None, "pin", "PIN harus 6 angka"),
        ("123456", None, "pin", "mudah ditebak"),
        ("111111", None, "pin", "mudah ditebak"),
        ("050285", None, "pin", "tanggal lahir"),
        (PIN, OTHER_PIN, "confirmation", "Kedua PIN tidak sama"),
    ],
)
def test_a_pin_is_refused_with_the_reason(
    client: PageClient, pin: str, again: str | None, field: str, words: str
) -> None:
    account = make_account()
    prove_for_pin(sign_in(client, account))
    set_pin(client, pin, again)
    assert client.status == 422
    assert words in client.errors[field]
    assert hash_of(account) is None
    assert set_pin(client).url == "/profil"


def test_the_same_six_digits_may_be_typed_in_two_ways(client: PageClient) -> None:
    account = make_account()
    prove_for_pin(sign_in(client, account))
    assert (
        set_pin(client, f"\u200e{PIN[:3]} {PIN[3:]}", f"{PIN[:3]}\u2013{PIN[3:]}").url == "/profil"
    )


def test_the_end_of_the_own_numbers_is_refused(client: PageClient) -> None:
    account = make_account(phone="+6281239074651")
    prove_for_pin(sign_in(client, account))
    for pin in (account.nik[-6:], account.nik[:6], "074651"):
        set_pin(client, pin)
        assert client.status == 422, pin
        assert "PIN ini bagian dari" in client.errors["pin"] or "mudah" in client.errors["pin"]


@pytest.mark.parametrize("typed", ["482 915", "482-915", "４８２９１５"])
def test_a_pin_may_be_grouped(client: PageClient, typed: str) -> None:
    account = make_account()
    set_pin(prove_for_pin(sign_in(client.another(), account)), typed)
    assert look(sign_in(client, account), PIN).url == "/profil/data"
    assert look(sign_in(client.another(), account), typed).url == "/profil/data"


@pytest.mark.settings(argon2_cost="safe")
def test_a_pin_is_kept_as_a_hash_unlike_that_of_a_password(
    client: PageClient, database: ConnectedDatabase
) -> None:
    first, second = make_account(password=PIN + "ab"), make_account()
    for account, password in ((first, PIN + "ab"), (second, PASSWORD)):
        browser = try_to_sign_in(client.another(), account.nik, password)
        ask_for_pin_code(browser, password).submit("Lanjut", {CODE: pin_code()})
        set_pin(browser)
    hashes = [hash_of(first), hash_of(second)]
    assert hashes[0] != hashes[1], "each has a salt of its own"
    assert all((it or "").startswith("$argon2id$v=19$m=19456,t=2,p=1$") for it in hashes)
    with database.engine.connect() as connection:
        for table in ("accounts", "pin_changes", "security_events", "notifications"):
            rows = connection.execute(text(f"SELECT * FROM {table}")).all()
            assert PIN not in str(rows)


def test_the_pin_is_changed_by_the_one_that_they_have(client: PageClient) -> None:
    account = make_account()
    with_pin(client, account).get("/profil").follow("Ubah PIN Lupa PIN? Lewat sini juga")
    client.submit("Verifikasi", {"PIN saat ini": PIN})
    assert client.url == CHOOSE
    assert "Langkah 2 dari 2" in client.text
    set_pin(client, PIN)
    assert client.errors == {"pin": "PIN baru sama dengan yang lama. Pilih yang lain"}
    set_pin(client, OTHER_PIN)
    assert (client.url, "PIN berhasil diperbarui" in client.text) == ("/profil", True)
    other = sign_in(client.another(), account)
    assert look(other, PIN).errors != {}
    assert look(other, OTHER_PIN).url == "/profil/data"


def test_lupa_pin_leads_to_a_new_one_without_the_old(client: PageClient, clock: Clock) -> None:
    account = make_account()
    with_pin(client, account).get(CHANGE).follow("Lupa PIN?")
    assert client.heading == "Lupa PIN"
    clock.advance(minutes=2)
    set_pin(prove_for_pin(client), OTHER_PIN)
    assert look(sign_in(client.another(), account), OTHER_PIN).url == "/profil/data"


def test_a_wrong_code_leads_nowhere(client: PageClient) -> None:
    ask_for_pin_code(sign_in(client, make_account()))
    client.submit("Lanjut", {CODE: f"{(int(pin_code()) + 1) % 1_000_000:06}"})
    assert client.status == 422
    assert client.get(CHOOSE).url == TYPE_CODE


def test_going_back_a_page_keeps_the_code_that_was_sent(client: PageClient) -> None:
    ask_for_pin_code(sign_in(client, make_account()))
    ask_for_pin_code(client)
    assert len(messages("code:pin")) == 1
    assert "Kode 6 angka kami kirim ke" in client.text
    assert client.submit("Lanjut", {CODE: pin_code()}).url == CHOOSE


def test_a_code_of_another_browser_is_worth_nothing(client: PageClient, clock: Clock) -> None:
    account = make_account()
    ask_for_pin_code(sign_in(client.another(), account))
    first = pin_code()
    clock.advance(minutes=2)
    ask_for_pin_code(sign_in(client, account))
    assert client.submit("Lanjut", {CODE: first}).status == 422
    assert client.submit("Lanjut", {CODE: pin_code()}).url == CHOOSE


def test_a_code_for_something_else_is_worth_nothing(client: PageClient) -> None:
    account = make_account()
    ask_for_code(client.another(), account.nik)
    other = newest_code()
    ask_for_pin_code(sign_in(client, account))
    assert client.submit("Lanjut", {CODE: other}).status == 422


def test_the_pin_signs_nobody_in(client: PageClient) -> None:
    account = make_account()
    with_pin(client, account)
    stranger = try_to_sign_in(client.another(), account.nik, PIN)
    assert (stranger.url, stranger.status) == ("/masuk", 422)
    assert stranger.get(CHOOSE).url == "/masuk"
