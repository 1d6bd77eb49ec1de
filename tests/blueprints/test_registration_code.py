"""The last steps of Daftar: the code that proves the phone, and the password."""

import pytest
from sqlalchemy import select

from jkn.database import session
from jkn.models import Account
from tests.support.clients.forms import fill
from tests.support.clients.page_client import PageClient
from tests.support.steps.recovery_steps import CODE
from tests.support.steps.registration_steps import (
    CODE_STEP,
    PHONE,
    accounts_of,
    agree,
    begin_as_mobile_user,
    begin_as_new_user,
    choose_password,
    give_phone,
    insured,
    newest_code,
    reach_password,
)
from tests.support.world.factories import make_resident


def test_without_a_code_there_are_other_ways(client: PageClient) -> None:
    agree(give_phone(begin_as_new_user(client, make_resident())))
    client.follow("SMS tetap tidak datang")
    assert client.heading == "SMS tidak datang"
    assert PHONE in client.text
    client.follow("Kembali ke kode")
    assert client.url == CODE_STEP


def test_five_wrong_codes_bring_a_wait_whatever_the_door(client: PageClient) -> None:
    participant, _ = insured(phone="+6281388776655")
    agree(give_phone(begin_as_mobile_user(client, participant.card_number)))
    right = newest_code()
    for _ in range(5):
        client.submit("Lanjut", {CODE: "000000" if right != "000000" else "000001"})
    client.submit("Lanjut", {CODE: right})
    assert client.status == 429
    assert client.errors["code"].startswith("Terlalu sering salah.")
    assert accounts_of(participant.nik or "") == []


@pytest.mark.parametrize(
    ("password", "again", "error"),
    [
        ("", "", "Masukkan kata sandi baru"),
        ("kopi", "kopi", "Kata sandi paling sedikit 8 huruf"),
        ("12345678", "12345678", "Kata sandi ini terlalu umum dan mudah ditebak. Pilih yang lain"),
        ("kopi susu", "kopi tubruk", "Kedua kata sandi tidak sama. Ketik lagi keduanya"),
        ("x81388776655", "", "Kata sandi memuat NIK, nomor kartu, atau nomor HP Anda."),
    ],
)
def test_a_password_is_refused_with_the_reason(
    client: PageClient, password: str, again: str, error: str
) -> None:
    reach_password(client)
    choose_password(client, password, again)
    assert client.status == 422
    assert any(it.startswith(error) for it in client.errors.values())
    assert session.scalars(select(Account)).all() == []
    choose_password(client)
    assert client.url == "/beranda"


def test_extra_fields_set_nothing(client: PageClient) -> None:
    """R61: no name of a column is taken from a form."""
    resident = make_resident()
    reach_password(client, resident)
    submission = fill(
        client.document,
        "Registrasi",
        {
            "Kata sandi baru": "teh manis di beranda",
            "Ulangi kata sandi baru": "teh manis di beranda",
        },
    )
    extra = {"participant_id": "1", "limited_until": "", "nik": "1", "phone": "0", "door": "x"}
    submission.fields.extend(extra.items())
    client.send(submission)
    (account,) = accounts_of(resident.nik)
    assert (account.participant_id, account.phone) == (None, "+6281388776655")
