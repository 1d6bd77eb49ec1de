"""The step where a code is typed, as every journey shows it."""

import re

import pytest
from flask import Flask
from sqlalchemy import func, select

from jkn.database import session, transaction
from jkn.models import OutboxMessage
from jkn.services.credentials import code_sendings
from jkn.services.messaging.outbox import Content
from jkn.services.throttling import rate_limits
from tests.support.clients.page_client import PageClient
from tests.support.steps import trial_flow
from tests.support.world.clock import Clock

LABEL = "Kode 6 angka"


@pytest.fixture(autouse=True)
def _with_a_journey(own_app: Flask) -> None:
    trial_flow.add_to(own_app)


def begun(client: PageClient, channel: str = "sms") -> PageClient:
    return client.get(f"/percobaan/{channel}")


def code(shown: str = r"[0-9]{6}") -> str:
    session.rollback()
    message = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id.desc())).first()
    assert message is not None
    found = re.search(shown, Content.from_json(message.content or "").text)
    session.rollback()
    assert found is not None
    return found.group()


def sent() -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(OutboxMessage)) or 0


def wrong() -> str:
    return f"{(int(code()) + 1) % 1_000_000:06}"


def test_the_page_says_where_the_code_went_and_how_long_it_lives(client: PageClient) -> None:
    begun(client)
    assert client.heading == "Masukkan kode dari SMS"
    assert "Langkah 2 dari 4" in client.text
    assert "kami kirim ke 0812•••• disamarkan 7890 pukul 09.30 WIB" in client.text
    assert "Berlaku sampai 09.40 WIB" in client.text
    assert "Tidak menerima SMS?" in client.text
    assert client.shows("Kirim lewat email saja")
    assert "Hubungi 165" in client.text
    assert "Jangan beri kode ini ke siapa pun, termasuk petugas." in client.text


def test_one_field_that_phones_fill_in(client: PageClient) -> None:
    begun(client)
    field = client.document.by_id("code")
    assert field is not None
    assert field.get("inputmode") == "numeric"
    assert field.get("autocomplete") == "one-time-code"
    assert len([it for it in client.document.elements("input") if it.get("type") == "text"]) == 1


def test_an_email_is_called_one(client: PageClient) -> None:
    begun(client, "email")
    assert client.heading == "Masukkan kode dari email"
    assert "spam" in client.text
    client.submit("Lanjut", {LABEL: wrong()})
    assert client.error(LABEL) == "Kesalahan: Kode tidak cocok. Periksa email terakhir"


def test_the_right_code_leads_on(client: PageClient) -> None:
    begun(client).submit("Lanjut", {LABEL: code()})
    assert client.url == "/bantuan"


def test_a_wrong_code_is_said_and_stays_in_the_field(client: PageClient) -> None:
    begun(client)
    typed = wrong()
    client.submit("Lanjut", {LABEL: typed})
    assert client.status == 422
    assert client.errors == {"code": "Kode tidak cocok. Periksa SMS terakhir"}
    assert client.title.startswith("Kesalahan: ")
    assert client.value(LABEL) == typed


@pytest.mark.parametrize(
    ("typed", "words"),
    [("", "Masukkan kode"), ("  ", "Masukkan kode"), ("12345", "Kode harus 6 angka"),
     ("1234567", "Kode harus 6 angka"), ("abc", "Kode harus 6 angka"),
     ("١٢٣٤٥٦", "Kode harus 6 angka"), ("😀" * 6, "Kode harus 6 angka")],
)  # fmt: skip
def test_what_is_no_code_is_said_in_words(client: PageClient, typed: str, words: str) -> None:
    begun(client).submit("Lanjut", {LABEL: typed})
    assert client.status == 422
    assert client.errors == {"code": words}


def test_too_many_wrong_codes_lead_to_one_that_is_too_long_to_be_guessed(
    client: PageClient, clock: Clock
) -> None:
    begun(client)
    for _ in range(5):
        client.submit("Lanjut", {LABEL: wrong()})
    client.submit("Lanjut", {LABEL: code()})
    assert client.status == 429
    assert client.errors == {"code": "Terlalu sering salah. Minta kode baru yang 12 angka"}
    assert client.next_steps == ["Kirim kode baru"]
    clock.advance(minutes=2)
    client.submit("Kirim ulang")
    assert "Kode 12 angka kami kirim ke" in client.text
    client.submit("Lanjut", {"Kode 12 angka": "123456"})
    assert client.status == 429, "one of six digits is still not looked at"
    client.submit("Lanjut", {"Kode 12 angka": "1234"})
    assert client.errors == {"code": "Kode harus 12 angka"}
    client.submit("Lanjut", {"Kode 12 angka": code(r"[0-9]{4} [0-9]{4} [0-9]{4}")})
    assert client.url == "/bantuan"


def test_wrong_long_codes_say_until_when(client: PageClient, clock: Clock) -> None:
    begun(client)
    for _ in range(5):
        client.submit("Lanjut", {LABEL: wrong()})
    clock.advance(minutes=2)
    client.submit("Kirim ulang")
    for number in range(6):
        client.submit("Lanjut", {"Kode 12 angka": f"{number:012}"})
    assert client.status == 429
    assert client.errors == {"code": "Terlalu sering salah. Coba lagi pukul 10.02 WIB"}
    assert client.next_steps == ["Kirim lewat email saja"]


def test_another_code_too_soon_says_when(client: PageClient, clock: Clock) -> None:
    begun(client)
    clock.advance(seconds=30)
    client.submit("Kirim ulang")
    assert client.status == 429
    assert client.errors == {"code": "Minta kode baru mulai pukul 09.31 WIB"}
    assert sent() == 1


def test_another_code_is_sent_and_loading_again_sends_no_third(
    client: PageClient, clock: Clock
) -> None:
    begun(client)
    first = code()
    clock.advance(minutes=2)
    client.submit("Kirim ulang")
    assert client.status == 200
    assert "Kode baru sudah kami kirim" in client.text
    assert "pukul 09.32 WIB" in client.text
    client.get(client.url)
    assert "Kode baru sudah kami kirim" not in client.text
    assert sent() == 2
    client.submit("Lanjut", {LABEL: first})
    assert client.url == "/bantuan"


def test_an_expired_code_sends_a_new_one_and_says_so(client: PageClient, clock: Clock) -> None:
    begun(client)
    old = code()
    clock.advance(minutes=11)
    client.submit("Lanjut", {LABEL: old})
    assert client.status == 422
    assert client.errors == {"code": "Kode sudah lewat. Kode baru sudah kami kirim"}
    assert sent() == 2
    client.submit("Lanjut", {LABEL: code()})
    assert client.url == "/bantuan"


def test_a_person_who_comes_back_after_the_code_is_over_is_offered_a_new_one(
    client: PageClient, clock: Clock
) -> None:
    begun(client)
    clock.advance(minutes=11)
    client.get("/percobaan/kode")
    assert "Belum ada kode yang berlaku" in client.text
    assert sent() == 1, "looking sends nothing"
    client.submit("Kirim kode baru")
    assert "Berlaku sampai 09.51 WIB" in client.text


def test_a_fourth_code_from_one_source_is_refused_with_the_time(
    client: PageClient, clock: Clock
) -> None:
    begun(client)
    for _ in range(2):
        clock.advance(minutes=2)
        client.submit("Kirim ulang")
    clock.advance(minutes=2)
    client.submit("Kirim ulang")
    assert client.errors == {"code": "Minta kode baru mulai pukul 09.50 WIB"}
    old = code()
    clock.advance(minutes=11)
    client.submit("Lanjut", {LABEL: old})
    assert client.errors == {"code": "Kode sudah lewat. Minta kode baru mulai pukul 09.50 WIB"}


def test_a_person_behind_a_spent_source_is_told_that_nothing_was_sent(
    client: PageClient, clock: Clock
) -> None:
    begun(client)
    source = "127.0.0.1"
    with transaction():
        while rate_limits.take_of_source(source, "codes", code_sendings.OF_A_SOURCE) is None:
            pass
    clock.advance(seconds=61)
    client.submit("Kirim ulang")
    assert client.status == 429
    assert client.errors["code"].startswith("Terlalu banyak permintaan kode. Coba lagi pukul 09.3")
    assert client.errors["code"].endswith("atau dari HP yang biasa Anda pakai")
    assert sent() == 1
