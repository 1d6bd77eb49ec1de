"""The first door with a real HTTP registry that hangs, lies or attacks (R66, R67, R100)."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from flask import Flask

from jkn.services.access import identity_check
from tests.support.clients.page_client import PageClient
from tests.support.gateways.http_stub import Exchange, HttpStub, http_stub
from tests.support.gateways.registry_answers import NIK, giving, record, registry_on, without
from tests.support.gateways.sms_gateways import Behaviour, answering
from tests.support.gateways.time_limits import over_when
from tests.support.rules.canaries import CANARIES
from tests.support.steps.registration_steps import (
    NEW_USER,
    PHONE_STEP,
    accounts_of,
    choose_password,
    drafts,
    give_phone,
    prove_phone,
)
from tests.support.steps.sign_in_steps import CAPTCHA
from tests.support.world.collected_logs import collected_logs

AWAY = "Data belum bisa diperiksa"
TYPED = {"NIK": NIK, "Nama lengkap": "hendra  wibowo", "Hari": "17", "Bulan": "3", "Tahun": "1984"}


@pytest.fixture
def stub(app: Flask) -> Iterator[HttpStub]:
    """The registry of the app under test; each test says how it behaves."""
    with http_stub(giving(record())) as stub:
        identity_check.registry.provide(registry_on(stub, failures=100))
        CANARIES.add("nik", NIK)
        yield stub


def ask(client: PageClient, **changes: str) -> PageClient:
    client.get(NEW_USER)
    typed = {**TYPED, **changes, "Ketik angka di gambar": CAPTCHA}
    return client.submit("Verifikasi Data", typed)


def test_the_whole_way_with_the_real_one(client: PageClient, stub: HttpStub) -> None:
    choose_password(prove_phone(give_phone(ask(client))))
    assert client.url == "/beranda"
    (account,) = accounts_of(NIK)
    assert (account.name, account.birth_date) == ("HENDRA WIBOWO", date(1984, 3, 17))
    assert [it.path for it in stub.received] == ["/get_json/CALL_NIK"]


def test_nobody_found_and_wrong_data_get_one_answer(client: PageClient, stub: HttpStub) -> None:
    ask(client, **{"Nama lengkap": "Orang Lain"})
    wrong = (client.status, client.errors, client.heading)
    stub.behave = giving({"RESPON": "Data Tidak Ditemukan"})
    ask(client)
    assert (client.status, client.errors, client.heading) == wrong
    assert wrong[0] == 422


def hang(exchange: Exchange) -> None:
    exchange.hang()


def reset(exchange: Exchange) -> None:
    exchange.reset()


HOSTILE: dict[str, Behaviour | Callable[[], Behaviour]] = {
    "silent": hang,
    "broken off": reset,
    "failing": answering(500, b"<h1>Oracle error NIK 3276051703840001</h1>"),
    "a page": answering(200, b"<html><body>Login</body></html>"),
    "elsewhere": answering(302, b"", Location="http://127.0.0.1:1/"),
    "another encoding": answering(200, '{"content":[{"NIK":"é"}]}'.encode("utf-16")),
    "another NIK": giving(record(NIK="3276054211860002")),
    "a name of 2 MB": giving(record(NAMA_LGKP="A" * 2_000_000)),
    "a second header": giving(record(NAMA_LGKP="HENDRA\r\nBcc: x@evil.example")),
    "a template": giving(record(NAMA_LGKP="{{7*7}}")),
    "markup": giving(record(NAMA_LGKP="<img src=x onerror=alert(1)>")),
    "control characters": giving(record(ALAMAT="JL.\x00KEMUNING")),
    "a field too few": giving(without("NAMA_LGKP_IBU")),
}


@pytest.mark.parametrize("database_copies", ["sqlite"], indirect=True)
@pytest.mark.parametrize("behave", HOSTILE.values(), ids=HOSTILE.keys())
def test_what_cannot_be_used_ends_on_a_page_that_keeps_what_was_typed(
    client: PageClient, stub: HttpStub, behave: Any
) -> None:
    stub.behave = behave
    with collected_logs() as lines, over_when(lambda: stub.held):
        ask(client)
    assert (client.url, client.status, client.heading) == (NEW_USER, 424, AWAY)
    assert {label: client.value(label) for label in TYPED} == TYPED
    assert client.shows("Daftar sebagai Pengguna Mobile")
    assert not any(it in client.html for it in ("7*7", "onerror", "Bcc", "Oracle", "KEMUNING"))
    said = [line for line in lines if "registry_failed" in line]
    assert len(said) == 1
    assert not any(it in said[0] for it in (NIK, "HENDRA", "Bcc", "onerror", "Oracle"))
    assert drafts() == []


def test_as_soon_as_it_answers_the_same_page_goes_on(client: PageClient, stub: HttpStub) -> None:
    stub.behave = reset
    ask(client)
    assert client.heading == AWAY
    stub.behave = giving(record())
    client.submit("Verifikasi Data", {"Ketik angka di gambar": CAPTCHA})
    assert client.url == PHONE_STEP


def test_a_name_with_apostrophe_and_dots_goes_through_to_the_page(
    client: PageClient, stub: HttpStub
) -> None:
    stub.behave = giving(record(NAMA_LGKP="SITI MA'RUFAH, S.PD."))
    choose_password(prove_phone(give_phone(ask(client, **{"Nama lengkap": "Siti Marufah"}))))
    assert client.url == "/beranda"
    assert "SITI MA'RUFAH, S.PD." in client.text
