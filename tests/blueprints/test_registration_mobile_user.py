"""Daftar → Pendaftaran Pengguna Mobile: for people who are insured (product.md 1.2)."""

from datetime import date

import pytest

from jkn.models import Channel, EndedReason, EventKind
from tests.support.clients.page_client import PageClient
from tests.support.steps.activity_steps import kinds_of
from tests.support.steps.recovery_steps import (
    messages,
)
from tests.support.steps.registration_steps import (
    CHOSEN,
    CLOSED,
    MOBILE_USER,
    PASSWORD_STEP,
    PHONE_STEP,
    TERMS_STEP,
    accounts_of,
    answer_by_record,
    as_written,
    begin_as_mobile_user,
    choose_password,
    drafts,
    give_phone,
    insured,
    prove_phone,
)
from tests.support.steps.sign_in_steps import sign_in, try_to_sign_in
from tests.support.world.clock import Clock
from tests.support.world.factories import make_account, make_participant, new_nik

OWN = "0813 8877 6655"
OWN_STORED = "+6281388776655"


@pytest.mark.both_databases
@pytest.mark.parametrize("by", ["nik", "card_number"])
def test_the_recorded_phone_is_enough(client: PageClient, by: str) -> None:
    participant, _ = insured(phone=OWN_STORED)
    begin_as_mobile_user(client, getattr(participant, by))
    assert client.url == PHONE_STEP
    give_phone(client, OWN)
    assert client.url == TERMS_STEP
    choose_password(prove_phone(client))
    assert client.url == "/masuk"
    assert "Akun Anda sudah terdaftar" in client.text
    (account,) = accounts_of(participant.nik or "")
    assert (account.participant_id, account.phone) == (participant.id, OWN_STORED)
    assert (account.name, account.birth_date) == (participant.name, participant.birth_date)
    assert (account.limited_until, account.phone_new_until) == (None, None)
    assert messages("registered") == []
    client.get("/beranda")
    assert client.url == "/masuk"
    try_to_sign_in(client, participant.card_number, CHOSEN)
    assert client.url == "/beranda"


def test_the_card_number_is_no_password_though_the_nik_was_typed(client: PageClient) -> None:
    participant, _ = insured(phone=OWN_STORED)
    give_phone(begin_as_mobile_user(client, participant.nik or ""), OWN)
    choose_password(prove_phone(client), f"x{participant.card_number}")
    assert client.status == 422
    assert "Kata sandi memuat NIK, nomor kartu" in client.text


def test_another_phone_brings_questions_a_warning_and_limited_mode(client: PageClient) -> None:
    participant, _ = insured()
    give_phone(begin_as_mobile_user(client, participant.nik or ""))
    assert client.url == "/daftar/pertanyaan/1"
    answer_by_record(client, participant)
    assert drafts()[0].answers is None
    choose_password(prove_phone(client))
    assert client.url == "/masuk"
    told = messages("registered")
    assert {(channel, it.recipient) for channel, it in told} == {
        (Channel.SMS, participant.phone),
        (Channel.EMAIL, participant.email),
    }
    try_to_sign_in(client, participant.nik or "", CHOSEN)
    assert "Akun dibatasi sampai 4 Mei 2026, 09.30 WIB" in client.text


def test_a_person_who_never_had_a_phone_on_record_answers_too(client: PageClient) -> None:
    participant, _ = insured(phone=None, email=None)
    give_phone(begin_as_mobile_user(client, participant.nik or ""))
    answer_by_record(client, participant)
    choose_password(prove_phone(client))
    (account,) = accounts_of(participant.nik or "")
    assert account.unconfirmed_since is not None
    assert messages("registered") == []


def test_wrong_answers_do_not_tell_which_and_end_after_three(
    client: PageClient, clock: Clock
) -> None:
    participant, _ = insured()
    give_phone(begin_as_mobile_user(client, participant.nik or ""))
    for _ in range(2):
        answer_by_record(client, participant, mother="Orang Lain", birth_place="X", facility="X")
        assert client.errors == {"answer": "Ada jawaban yang tidak cocok. Jawab lagi semuanya"}
    answer_by_record(client, participant, mother="Orang Lain", birth_place="X", facility="X")
    assert client.url == CLOSED
    give_phone(client.follow("Pakai nomor HP yang terdaftar"))
    assert client.url == CLOSED
    assert messages() == []
    client.follow("Kembali")
    give_phone(client, as_written(participant.phone or ""))
    assert client.url == TERMS_STEP


def test_nobody_finds_out_a_recorded_phone_by_trying_one_after_the_other(
    client: PageClient, clock: Clock
) -> None:
    participant, _ = insured(phone=OWN_STORED)
    statuses = []
    for turn in range(12):
        visitor = begin_as_mobile_user(client.another(), participant.nik or "")
        give_phone(visitor, f"0813 8877 {turn:04}")
        statuses.append(visitor.status)
    assert statuses == [200] * 10 + [429] * 2
    # The right phone has to wait, too, or it could be told from the others.
    give_phone(visitor, OWN)
    assert visitor.errors == {
        "phone": "Terlalu banyak nomor dicoba untuk NIK ini. Coba lagi pukul 09.35 WIB"
    }
    assert messages() == []
    owner = begin_as_mobile_user(client.another().move_to("203.0.113.10"), participant.nik or "")
    assert give_phone(owner, OWN).url == TERMS_STEP
    clock.advance(minutes=5)
    give_phone(visitor, OWN)
    assert visitor.url == TERMS_STEP


def test_an_unknown_number_gets_no_further_than_the_questions(client: PageClient) -> None:
    give_phone(begin_as_mobile_user(client, new_nik(date(1985, 2, 5))))
    assert client.url == "/daftar/pertanyaan/1"
    for _ in range(3):
        for number in (1, 2, 3):
            assert client.url == f"/daftar/pertanyaan/{number}"
            client.submit("Lanjut", {client.heading: "Tidak tahu"})
    assert client.url == CLOSED
    assert messages() == []


def test_an_account_is_told_of_after_the_code_and_so_is_its_owner(client: PageClient) -> None:
    participant, _ = insured()
    account = make_account(participant)
    give_phone(begin_as_mobile_user(client, participant.card_number))
    answer_by_record(client, participant)
    assert messages("registered_again") == []
    prove_phone(client)
    assert client.heading == "Anda sudah punya akun"
    assert {(channel, it.recipient) for channel, it in messages("registered_again")} == {
        (Channel.SMS, account.phone),
        (Channel.EMAIL, account.email),
    }
    assert (account.phone or "") not in client.html
    owner = sign_in(client.another(), account)
    owner.get("/notifikasi")
    assert "Ada yang mendaftar dengan NIK Anda" in owner.text


@pytest.mark.parametrize("has_nik", [True, False])
def test_a_child_is_told_so_after_the_code(client: PageClient, has_nik: bool) -> None:
    born, numbers = date(2012, 4, 1), {} if has_nik else {"nik": None}
    child = make_participant(birth_date=born, phone=OWN_STORED, **numbers)
    give_phone(begin_as_mobile_user(client, child.card_number), OWN)
    assert client.url == TERMS_STEP
    prove_phone(client)
    assert client.heading == "Akun untuk usia 17 tahun ke atas"
    assert client.get(PASSWORD_STEP).url == "/daftar/cara-lain"


def test_a_person_who_has_no_nik_on_record_is_told_where_to_get_it_there(
    client: PageClient,
) -> None:
    grown_up = make_participant(nik=None, phone=OWN_STORED)
    give_phone(begin_as_mobile_user(client, grown_up.card_number), OWN)
    prove_phone(client)
    assert client.heading == "NIK belum ada di data peserta"


def test_a_person_who_is_recorded_as_dead_is_told_so_after_the_code(client: PageClient) -> None:
    participant, _ = insured(
        phone=OWN_STORED, active_until=date(2026, 3, 1), ended_reason=EndedReason.DEATH
    )
    give_phone(begin_as_mobile_user(client, participant.nik or ""), OWN)
    assert client.url == TERMS_STEP
    prove_phone(client)
    assert client.heading == "Pemilik NIK ini tercatat meninggal"


@pytest.mark.parametrize(
    ("number", "captcha", "error"),
    [
        ("", "12345", ("number", "Masukkan NIK atau nomor kartu")),
        ("1234", "12345", ("number", "NIK harus 16 angka, nomor kartu 13. Anda mengisi 4 angka")),
        ("٣٢٧٦٠٥٤٥٠٢٨٥٠٠٠١", "12345", ("number", "Nomor hanya berisi angka 0 sampai 9")),
        ("3276054502850001", "", ("captcha_answer", "Ketik 5 angka di gambar")),
    ],
)
def test_what_is_missing_is_said_where_it_is(
    client: PageClient, number: str, captcha: str, error: tuple[str, str]
) -> None:
    begin_as_mobile_user(client, number, captcha)
    assert (client.url, client.status) == (MOBILE_USER, 422)
    assert client.errors == dict([error])
    assert client.value("NIK atau nomor kartu") == number
    assert drafts() == []


def test_a_wrong_captcha_begins_nothing(client: PageClient) -> None:
    participant, _ = insured()
    begin_as_mobile_user(client, participant.nik or "", "99999")
    assert client.status == 422
    assert "Angka tidak cocok" in client.text
    assert drafts() == []


def test_one_source_may_begin_up_to_a_limit_and_then_bit_by_bit(
    as_browser: PageClient, clock: Clock
) -> None:
    for _ in range(60):
        begin_as_mobile_user(as_browser, new_nik(date(1985, 2, 5)))
        assert as_browser.url == PHONE_STEP
    begin_as_mobile_user(as_browser, new_nik(date(1985, 2, 5)))
    assert as_browser.status == 429
    assert as_browser.errors["number"].startswith("Terlalu banyak permintaan. Coba lagi pukul")
    assert kinds_of(None) == [EventKind.EXCESS_RATE_LIMIT]
    elsewhere = as_browser.another().move_to("203.0.113.10")
    begin_as_mobile_user(elsewhere, new_nik(date(1985, 2, 5)))
    assert elsewhere.url == PHONE_STEP
    clock.advance(seconds=20)
    begin_as_mobile_user(as_browser, new_nik(date(1985, 2, 5)))
    assert as_browser.url == PHONE_STEP
