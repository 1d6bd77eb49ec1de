"""The questions of Daftar are announced before they come, and each of them shows the other door:
somebody who is not insured cannot answer any (product.md 1.2)."""

from collections.abc import Callable
from datetime import date

import pytest

from tests.support.clients.page_client import PageClient
from tests.support.steps.recovery_steps import QUESTIONS, answer_all, begin, choose, messages
from tests.support.steps.registration_steps import (
    CLOSED,
    CODE_ALONE,
    CODE_OR_QUESTIONS,
    DOORS,
    MOBILE_USER,
    NEW_USER,
    PHONE,
    PHONE_STEP,
    TERMS_STEP,
    agree,
    answer_by_record,
    as_written,
    begin_as_mobile_user,
    begin_as_new_user,
    choose_password,
    give_code,
    give_phone,
    insured,
    own_phone,
)
from tests.support.world.clock import Clock
from tests.support.world.factories import make_resident, new_nik

OTHER_DOOR = "Belum punya kartu JKN, KIS, atau BPJS? Daftar sebagai Pengguna baru"
UNTIL = "4 Mei 2026, 09.30 WIB"


def unknown() -> str:
    return new_nik(date(1985, 2, 5))


def closed(client: PageClient, number: str) -> PageClient:
    """After three wrong rounds."""
    give_phone(begin_as_mobile_user(client, number), own_phone())
    for _ in range(3):
        answer_all(client, None)
    return client


# The doors


def test_the_doors_are_divided_by_what_people_know(client: PageClient) -> None:
    client.get(DOORS)
    assert client.heading == "Sudah punya kartu JKN, KIS, atau BPJS?"
    client.follow("Pendaftaran Pengguna Mobile Sudah punya kartu, belum punya akun")
    assert client.url == MOBILE_USER
    client.follow(OTHER_DOOR)
    assert client.url == NEW_USER
    client.get(DOORS).follow("Pengguna baru Belum punya kartu, atau tidak tahu")
    assert client.url == NEW_USER


# Announced


@pytest.mark.parametrize(
    ("begin_at", "who_gets_a_code"),
    [
        (
            lambda client: begin_as_mobile_user(client, unknown()),
            "Nomor yang ada di data peserta: kode langsung kami kirim.",
        ),
        (
            lambda client: begin_as_new_user(client, make_resident()),
            "Belum peserta, atau nomornya ada di data peserta: kode langsung kami kirim.",
        ),
    ],
    ids=["Pengguna Mobile", "Pengguna baru"],
)
def test_the_phone_says_when_questions_come_and_the_button_is_true_of_both(
    client: PageClient, begin_at: Callable[[PageClient], PageClient], who_gets_a_code: str
) -> None:
    begin_at(client)
    assert who_gets_a_code in client.text
    assert "jawab 3 pertanyaan dulu, lalu kode kami kirim" in client.text
    assert "Pertanyaan menjaga data Anda dari orang lain." in client.text
    assert "Anda bisa mencoba 3 kali. Setelah itu, sekali sehari" in client.text
    assert client.shows(CODE_OR_QUESTIONS)
    assert not client.shows(CODE_ALONE)


def test_each_question_says_why_how_many_how_often_and_when_the_code_comes(
    client: PageClient,
) -> None:
    give_phone(begin_as_mobile_user(client, unknown()))
    for number in (1, 2, 3):
        assert f"Pertanyaan {number} dari 3" in client.text
        assert "Jadi kami perlu memastikan ini Anda" in client.text
        assert f"Kalau ketiganya cocok, kode kami kirim ke {PHONE}" in client.text
        assert "Anda bisa mencoba 3 kali. Setelah itu, sekali sehari" in client.text
        client.submit("Lanjut", {client.heading: "Tidak tahu"})


def test_how_often_one_may_still_try_is_told_truly(client: PageClient, clock: Clock) -> None:
    give_phone(begin_as_mobile_user(client, number := unknown()))
    for left in ("2 kali", "1 kali"):
        answer_all(client, None)
        assert f"Anda bisa mencoba {left} lagi. Setelah itu, sekali sehari" in client.text
        phone = begin_as_mobile_user(client.another(), number)
        assert f"Anda bisa mencoba {left} lagi. Setelah itu, sekali sehari" in phone.text
    answer_all(client, None)
    clock.advance(hours=24)
    begin_as_mobile_user(client, number)
    assert "Hari ini Anda bisa mencoba 1 kali" in client.text
    give_phone(client)
    assert "Hari ini Anda bisa mencoba 1 kali" in client.text


def test_after_right_answers_the_button_says_that_a_code_comes(client: PageClient) -> None:
    participant, _ = insured()
    give_phone(begin_as_mobile_user(client, participant.nik or ""))
    answer_by_record(client, participant)
    assert client.url == TERMS_STEP
    client.follow("Kembali")
    assert client.shows(CODE_ALONE)
    assert "pertanyaan" not in client.text
    assert give_phone(client).url == TERMS_STEP


# The way to the other door


@pytest.mark.parametrize("is_insured", [True, False])
def test_every_question_and_the_closed_page_show_everybody_the_other_door(
    client: PageClient, is_insured: bool
) -> None:
    number = (insured()[0].nik or "") if is_insured else unknown()
    give_phone(begin_as_mobile_user(client, number), own_phone())
    for _ in range(9):
        assert client.url.startswith("/daftar/pertanyaan/")
        assert client.shows(OTHER_DOOR)
        client.submit("Lanjut", {client.heading: "Tidak tahu"})
    assert client.url == CLOSED
    assert client.shows("Daftar sebagai Pengguna baru")


@pytest.mark.parametrize("is_closed", [False, True])
def test_who_is_not_insured_gets_an_account_from_there_and_types_nothing_twice(
    client: PageClient, is_closed: bool
) -> None:
    resident = make_resident()
    give_phone(begin_as_mobile_user(client, resident.nik))
    for _ in range(3 if is_closed else 0):
        answer_all(client, None)
    assert client.url == (CLOSED if is_closed else "/daftar/pertanyaan/1")
    client.follow("Daftar sebagai Pengguna baru" if is_closed else OTHER_DOOR)
    assert client.value("NIK") == resident.nik
    born = resident.birth_date
    client.submit(
        "Verifikasi Data",
        {
            "Nama lengkap": resident.name,
            "Hari": str(born.day),
            "Bulan": str(born.month),
            "Tahun": str(born.year),
            "Ketik angka di gambar": "12345",
        },
    )
    assert client.url == PHONE_STEP
    assert client.value("Nomor HP") == PHONE
    assert client.errors == {}
    agree(give_phone(client))
    client.follow("Ubah nomor HP")
    assert client.errors == {}, "questions that are closed concern nobody who is not asked any"
    give_phone(client)
    choose_password(give_code(client))
    assert client.url == "/beranda"


def test_at_the_first_door_there_is_no_other(client: PageClient) -> None:
    """Only who is insured is asked there."""
    give_phone(begin_as_new_user(client, insured()[1]), own_phone())
    assert "Pengguna baru" not in client.text
    assert client.shows("Pakai nomor HP lain")
    for _ in range(3):
        answer_all(client, None)
    assert client.url == CLOSED
    assert "Pengguna baru" not in client.text


def test_lupa_kata_sandi_asks_with_its_own_reason_and_other_ways(client: PageClient) -> None:
    choose(begin(client, nik := unknown()), QUESTIONS)
    assert "Tiga jawaban ini memastikan bahwa ini Anda" in client.text
    assert "Kalau ketiganya cocok, Anda membuat kata sandi baru" in client.text
    assert "Anda bisa mencoba 3 kali. Setelah itu, sekali sehari" in client.text
    assert client.shows("Belum pernah punya akun? Daftar dulu")
    client.follow("Pakai kode SMS atau email")
    assert client.url == "/lupa-kata-sandi/cara"
    answer_all(choose(client, QUESTIONS), None)
    assert "Anda bisa mencoba 2 kali lagi. Setelah itu, sekali sehari" in client.text
    assert nik not in client.text


# Closed


def test_closed_questions_have_a_page_with_every_way_on(client: PageClient) -> None:
    participant, _ = insured()
    closed(client, participant.nik or "")
    assert (client.url, client.status) == (CLOSED, 200)
    assert client.heading == "Pertanyaan ditutup sementara"
    assert f"Pertanyaan terbuka lagi {UNTIL}" in client.text
    assert client.shows("Hubungi 165")
    client.follow("Pakai nomor HP yang terdaftar")
    assert client.url == PHONE_STEP
    assert f"Nomor lain: pertanyaan terbuka lagi {UNTIL}" in client.text
    assert client.shows(CODE_ALONE)
    give_phone(client, "0813 1111 2222")
    assert client.url == CLOSED
    assert messages() == []
    client.follow("Kembali")
    assert client.value("Nomor HP") == "0813 1111 2222"
    give_phone(client, as_written(participant.phone or ""))
    assert client.url == TERMS_STEP


def test_the_closed_page_leads_on_when_the_time_is_over(client: PageClient, clock: Clock) -> None:
    closed(client, number := unknown())
    clock.advance(hours=24)
    begin_as_mobile_user(client, number)
    assert client.get(CLOSED).url == PHONE_STEP


def test_a_question_that_was_closed_meanwhile_says_so_before_it_is_answered(
    client: PageClient,
) -> None:
    give_phone(begin_as_mobile_user(client, number := unknown()))
    closed(client.another(), number)
    assert client.get("/daftar/pertanyaan/1").url == CLOSED
