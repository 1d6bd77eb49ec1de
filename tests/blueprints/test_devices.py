"""Perangkat & sesi: where the account is open, and ending it there (R50, R59)."""

import logging

import pytest
from sqlalchemy import select

from jkn.database import session
from jkn.models import Account, Notification
from jkn.services.sessions.sessions import MOST_AT_ONCE
from tests.support.clients.page_client import PageClient
from tests.support.steps.mid_journey_steps import be_limited
from tests.support.steps.sign_in_steps import sign_in, try_to_sign_in
from tests.support.world.clock import Clock
from tests.support.world.factories import PASSWORD, make_account

PAGE = "/profil/perangkat"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1"


def newest_account() -> Account:
    session.rollback()
    return session.scalars(select(Account).order_by(Account.id.desc())).first() or make_account()


def on_iphone(client: PageClient, account: Account) -> PageClient:
    return sign_in(client.another().move_to("198.51.100.7", **{"User-Agent": IPHONE}), account)


def test_every_phone_is_named_with_its_times(
    client: PageClient, account: Account, clock: Clock
) -> None:
    on_iphone(client, account)
    clock.advance(minutes=12)
    sign_in(client, account).get("/profil").follow(
        "Perangkat & sesi HP mana saja yang masuk ke akun Anda"
    )
    rows = [
        " ".join(it.itertext())
        for it in client.document.elements("li")
        if "Terakhir dipakai" in "".join(it.itertext())
    ]
    assert len(rows) == 2
    assert "Anda di sini" in rows[0]
    assert "Anda di sini" not in rows[1]
    assert "Safari di iPhone" in rows[1]
    assert "Masuk: Hari ini 09.30 WIB" in rows[1]
    assert "Terakhir dipakai: Hari ini 09.30 WIB" in rows[1]
    assert "198.51.100.7" not in client.html


@pytest.mark.both_databases
def test_the_model_of_a_phone_stands_here_and_nowhere_else(
    client: PageClient, account: Account, caplog: pytest.LogCaptureFixture
) -> None:
    asked = client.get("/masuk").response
    assert asked is not None
    assert asked.headers["Accept-CH"] == "Sec-CH-UA-Model"
    caplog.set_level(logging.DEBUG)
    model = '"SM-A135F"'
    phone = client.another().move_to("198.51.100.7", **{"Sec-CH-UA-Model": model})
    try_to_sign_in(phone, account.nik)
    assert "Tipe SM-A135F" in phone.get(PAGE).text
    assert "Tipe SM-A135F" in sign_in(client, account).get(PAGE).text
    for page in ("/beranda", "/profil", "/profil/aktivitas", "/notifikasi", "/profil/biometrik"):
        assert "A135F" not in client.get(page).html
    session.rollback()
    told = [it.facts for it in session.scalars(select(Notification))]
    assert told, "a new phone is told of"
    assert "A135F" not in f"{told} {caplog.text}"


@pytest.mark.both_databases
def test_one_phone_ends_another(client: PageClient, account: Account) -> None:
    other = on_iphone(client, account)
    sign_in(client, account).get(PAGE).submit("Keluarkan Safari di iPhone")
    assert client.url == PAGE
    assert "Sudah dikeluarkan" in client.text
    assert "iPhone" not in client.text
    other.get("/beranda")
    assert other.url == "/masuk"
    assert "Akun Anda keluar otomatis" in other.text


def test_all_others_are_ended_at_once(client: PageClient, account: Account) -> None:
    others = [on_iphone(client, account) for _ in range(3)]
    stranger = sign_in(client.another(), make_account())
    sign_in(client, account).get(PAGE).submit("Keluarkan semua yang lain")
    assert client.url == PAGE
    assert not client.shows("Keluarkan semua yang lain")
    assert {it.get("/beranda").url for it in others} == {"/masuk"}
    assert stranger.get("/beranda").url == "/beranda"


def test_riwayat_names_the_phone_that_was_signed_out(client: PageClient, account: Account) -> None:
    on_iphone(client, account)
    sign_in(client, account).get(PAGE).submit("Keluarkan semua yang lain")
    shown = client.get("/profil/aktivitas").text
    assert "Dikeluarkan lewat HP lain" in shown
    assert "Dikeluarkan lewat HP lain Safari di iPhone" in shown


def test_twice_does_no_harm(client: PageClient, account: Account) -> None:
    on_iphone(client, account)
    sign_in(client, account).get(PAGE)
    tab = client.another(with_cookies=True)
    tab.get(PAGE)
    client.submit("Keluarkan Safari di iPhone")
    tab.submit("Keluarkan Safari di iPhone")
    assert (tab.url, tab.status) == (PAGE, 200)


def test_what_is_over_is_not_shown(client: PageClient, account: Account, clock: Clock) -> None:
    on_iphone(client, account)
    clock.advance(minutes=31)
    assert "iPhone" not in sign_in(client, account).get(PAGE).text


def test_a_password_given_long_ago_is_asked_for_first(
    client: PageClient, account: Account, clock: Clock
) -> None:
    sign_in(client, account)
    clock.advance(minutes=15)
    other = on_iphone(client, account)
    clock.advance(minutes=6)
    client.get(PAGE).submit("Keluarkan Safari di iPhone")
    assert client.url == "/konfirmasi"
    assert other.get("/beranda").url == "/beranda"
    client.submit("Lanjut", {"Kata sandi akun": PASSWORD})
    assert client.url == PAGE
    assert "Belum ada yang dikeluarkan" in client.text
    client.submit("Keluarkan Safari di iPhone")
    assert other.get("/beranda").url == "/masuk"


def test_limited_mode_ends_nobody(client: PageClient) -> None:
    be_limited(client)
    account = newest_account()
    other = on_iphone(client, account)
    for button in ("Keluarkan Safari di iPhone", "Keluarkan semua yang lain"):
        assert client.get(PAGE).url == PAGE
        client.submit(button)
        assert client.url == "/akses-terbatas"
    assert other.get("/beranda").url == "/beranda"


def test_an_account_is_open_on_ten_phones_at_most(
    client: PageClient, account: Account, clock: Clock
) -> None:
    first = sign_in(client, account)
    for _ in range(MOST_AT_ONCE - 1):
        clock.advance(seconds=1)
        sign_in(client.another(), account)
    assert first.get("/beranda").url == "/beranda"
    clock.advance(seconds=1)
    newest = sign_in(client.another(), account)
    assert first.get("/beranda").url == "/masuk", "the one that was used longest ago makes room"
    assert newest.get(PAGE).text.count("Terakhir dipakai") == MOST_AT_ONCE


def test_no_longer_signed_in_somewhere_is_no_way_around_the_password(
    client: PageClient, account: Account
) -> None:
    try_to_sign_in(client, account.nik, "bukan ini")
    assert client.get(PAGE).url == "/masuk"
