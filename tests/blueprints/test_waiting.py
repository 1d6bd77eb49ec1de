"""What a person is told who has to wait after wrong passwords, and that it tells strangers
nothing."""

import re

import pytest
from flask import Flask

from jkn.database import transaction
from jkn.services.credentials.passwords import turn
from jkn.services.throttling import rate_limits
from jkn.services.throttling.rate_limits import FAILURES_OF_A_SOURCE
from tests.support.clients.page_client import PageClient
from tests.support.steps.sign_in_steps import (
    LOCKED_OUT,
    send_sign_in,
    sign_in,
    sign_out,
    try_to_sign_in,
)
from tests.support.world.clock import Clock
from tests.support.world.factories import PASSWORD, make_account, new_nik


def fail(client: PageClient, number: str, times: int = 5) -> None:
    for _ in range(times):
        try_to_sign_in(client, number, "bukan kata sandinya")


def test_the_page_says_until_when_and_what_else_can_be_done(client: PageClient) -> None:
    account = make_account()
    fail(client, account.nik)
    try_to_sign_in(client, account.nik)
    assert client.status == 429
    assert client.errors == {"number": "Terlalu sering salah. Coba lagi pukul 09.31 WIB"}
    assert client.value("NIK atau nomor kartu") == account.nik
    assert client.next_steps == LOCKED_OUT
    assert "165" in client.text


def test_after_the_wait_the_same_page_lets_in(client: PageClient, clock: Clock) -> None:
    account = make_account()
    fail(client, account.nik)
    try_to_sign_in(client, account.nik)
    clock.advance(seconds=31)
    send_sign_in(client, account.nik)
    assert client.url == "/beranda"


def test_another_browser_waits_too(client: PageClient) -> None:
    account = make_account()
    fail(client, account.nik)
    assert try_to_sign_in(client.another(), account.nik).status == 429


def test_unknown_people_wait_in_the_same_words(client: PageClient) -> None:
    account = make_account()
    pages = []
    for number in (account.nik, new_nik(account.birth_date)):
        fail(client, number)
        try_to_sign_in(client, number, PASSWORD)
        pages.append((client.status, client.text))
    assert pages[0] == pages[1]


def test_a_closed_password_names_the_way_back(client: PageClient, clock: Clock) -> None:
    account = make_account()
    for _ in range(100):
        try_to_sign_in(client, account.nik, "bukan kata sandinya")
        clock.advance(hours=1, seconds=1)
        if client.heading != "Masuk":
            pytest.fail(client.text)
    try_to_sign_in(client, account.nik)
    assert client.status == 429
    assert re.search("diblokir.*Lupa Kata Sandi", client.errors["number"])
    assert client.next_steps == LOCKED_OUT


BUSY = "Sedang ramai. Tunggu sebentar, lalu coba lagi"


@pytest.mark.settings(web_threads=2)
def test_in_a_crowd_sign_in_asks_to_come_back_and_pages_stay_open(client: PageClient) -> None:
    account = make_account()
    client.get("/masuk")
    with turn():
        send_sign_in(client, account.nik)
        assert client.status == 503
        assert BUSY in client.text
        # With htmx only a line is swapped, so the browser still has the captcha and what was typed.
        assert client.with_htmx or client.value("NIK atau nomor kartu") == account.nik
        assert client.another().get("/bantuan").status == 200
    send_sign_in(client, account.nik)
    assert client.url == "/beranda"


def test_a_neighbour_of_somebody_who_fails_is_told_the_truth(client: PageClient) -> None:
    with transaction():
        while rate_limits.take_of_source("127.0.0.1", "passwords", FAILURES_OF_A_SOURCE) is None:
            pass
    try_to_sign_in(client, make_account().nik)
    assert client.status == 429
    (words,) = client.errors.values()
    assert words.startswith("Terlalu banyak percobaan dari jaringan ini. Coba lagi pukul 09.3")
    assert "Bisa juga dari HP yang pernah Anda pakai masuk." in client.text
    assert client.next_steps == LOCKED_OUT


def test_a_stranger_does_not_make_the_owners_phone_wait(app: Flask, client: PageClient) -> None:
    account = make_account()
    sign_out(sign_in(client, account))
    stranger = PageClient(app)
    fail(stranger, account.nik, 6)
    assert stranger.status == 429
    try_to_sign_in(client, account.nik)
    assert client.url == "/beranda"
