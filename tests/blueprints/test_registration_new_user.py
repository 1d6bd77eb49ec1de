"""Daftar → Pengguna baru: from the check by the population registry to an account (product.md
1.2)."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from jkn.database import session
from jkn.models import AuditEvent, Channel, Consent, ConsentPurpose, EventKind
from jkn.services.basics import clock as time
from jkn.services.basics import terms
from tests.support.clients.page_client import PageClient
from tests.support.steps.recovery_steps import link_in, messages
from tests.support.steps.registration_steps import (
    CHOSEN,
    CODE_STEP,
    NEW_USER,
    PASSWORD_STEP,
    PHONE,
    PHONE_STEP,
    TERMS_STEP,
    accounts_of,
    agree,
    answer_by_record,
    begin_as_new_user,
    choose_password,
    claim_of,
    drafts,
    give_code,
    give_phone,
    insured,
    make_resident_of,
    prove_phone,
)
from tests.support.steps.sign_in_steps import try_to_sign_in
from tests.support.world.factories import make_account, make_resident, new_nik

NO_MATCH = "Tidak cocok dengan data Dukcapil. Periksa NIK, nama, dan tanggal lahir"
CHECK_AGAIN = "Periksa lagi: tanggal lahir berbeda dari NIK. Kalau benar, lanjutkan"


def test_somebody_who_is_not_insured_gets_an_account_and_is_signed_in(client: PageClient) -> None:
    somebody_else, resident = make_account(participant_id=None), make_resident()
    client.get("/").follow("Daftar")
    assert client.heading == "Sudah punya kartu JKN, KIS, atau BPJS?"
    begin_as_new_user(client, resident)
    assert client.url == PHONE_STEP
    give_phone(client)
    assert client.url == TERMS_STEP
    agree(client)
    assert client.url == CODE_STEP
    assert f"kami kirim ke {PHONE} pukul" in client.text
    ((channel, sms),) = messages("code:registration")
    assert (channel, sms.recipient) == (Channel.SMS, "+6281388776655")
    assert "untuk mendaftar akun" in sms.text
    give_code(client)
    assert client.url == PASSWORD_STEP
    choose_password(client)
    assert client.url == "/beranda"
    assert "Akun Anda sudah terdaftar" in client.text
    assert "Anda belum menjadi peserta JKN" in client.text
    assert "Akun dibatasi" not in client.text
    (account,) = accounts_of(resident.nik)
    assert account.id != somebody_else.id
    assert (account.name, account.phone, account.email) == (resident.name, "+6281388776655", None)
    assert (account.participant_id, account.limited_until) == (None, None)


def test_a_participant_with_the_recorded_phone_sees_the_card(client: PageClient) -> None:
    participant, resident = insured(phone="+6281388776655")
    give_phone(begin_as_new_user(client, resident))
    assert client.url == TERMS_STEP
    choose_password(prove_phone(client))
    assert client.url == "/beranda"
    assert "Anda belum menjadi peserta" not in client.text
    assert "Akun dibatasi" not in client.text
    (account,) = accounts_of(resident.nik)
    assert account.participant_id == participant.id
    assert account.email == participant.email
    assert messages("registered") == []


def test_a_participant_with_another_phone_answers_first_and_begins_in_limited_mode(
    client: PageClient,
) -> None:
    participant, resident = insured()
    give_phone(begin_as_new_user(client, resident))
    assert client.url == "/daftar/pertanyaan/1"
    assert messages("code:registration") == []
    answer_by_record(client, participant)
    assert client.url == TERMS_STEP
    assert messages("registered") == []
    choose_password(prove_phone(client))
    assert client.url == "/beranda"
    assert "Akun dibatasi sampai 4 Mei 2026, 09.30 WIB" in client.text
    told = messages("registered")
    assert {(channel, it.recipient) for channel, it in told} == {
        (Channel.SMS, participant.phone),
        (Channel.EMAIL, participant.email),
    }
    assert all("/bukan-saya/" in link_in(it) for _, it in told)


def test_a_person_who_registered_signs_in_with_the_password(client: PageClient) -> None:
    resident = make_resident()
    choose_password(prove_phone(give_phone(begin_as_new_user(client, resident))))
    other = client.another()
    try_to_sign_in(other, resident.nik, CHOSEN)
    assert other.url == "/beranda"


def test_what_was_agreed_to_is_kept_as_proof(client: PageClient) -> None:
    resident = make_resident()
    choose_password(prove_phone(give_phone(begin_as_new_user(client, resident))))
    (account,) = accounts_of(resident.nik)
    (consent,) = session.scalars(select(Consent))
    shown = terms.current()
    assert (consent.account_id, consent.purpose) == (account.id, ConsentPurpose.ACCOUNT)
    assert (consent.version, consent.text_hash) == (shown.version, shown.text_hash)
    assert consent.given_at == time.now()


def test_it_leaves_these_events_and_no_new_device(client: PageClient) -> None:
    choose_password(prove_phone(give_phone(begin_as_new_user(client, make_resident()))))
    session.rollback()
    kinds = session.scalars(select(AuditEvent.kind).order_by(AuditEvent.id))
    assert list(kinds) == [
        EventKind.AUTHN_CODE_SENT,
        EventKind.ACCOUNT_CREATED,
        EventKind.AUTHN_LOGIN_SUCCESS,
    ]


# What does not match


@pytest.mark.parametrize("wrong", ["NIK", "Nama lengkap", "Hari"])
def test_every_mismatch_gets_one_answer_and_keeps_what_was_typed(
    client: PageClient, wrong: str
) -> None:
    resident = make_resident()
    changes = {
        "NIK": new_nik(resident.birth_date),
        "Nama lengkap": "Orang Lain",
        "Hari": "6",
    }
    begin_as_new_user(client, resident, **{wrong: changes[wrong]})
    if wrong == "Hari":
        client.submit("Verifikasi Data", {"Ketik angka di gambar": "12345"})
    assert (client.url, client.status) == (NEW_USER, 422)
    assert client.errors == {"nik": NO_MATCH}
    assert client.title.startswith("Kesalahan: ")
    assert client.value("NIK") == (changes["NIK"] if wrong == "NIK" else resident.nik)
    assert (
        client.value("Nama lengkap")
        == claim_of(resident, **{wrong: changes[wrong]})["Nama lengkap"]
    )
    assert client.value("Tahun") == "1985"
    assert resident.name not in client.text
    assert drafts() == []


@pytest.mark.parametrize("separator", [" ", "-", ".", "\u00a0"])
def test_a_nik_has_one_form_however_it_is_grouped(client: PageClient, separator: str) -> None:
    resident = make_resident()
    grouped = separator.join(resident.nik[at : at + 4] for at in range(0, 16, 4))
    begin_as_new_user(client, resident, NIK=grouped)
    assert client.url == PHONE_STEP
    assert [it.number for it in drafts()] == [resident.nik]


@pytest.mark.parametrize(
    ("registered", "typed"),
    [
        ("Muhammad Ilham Saputro", "moh. ilham  SAPUTRO"),
        ("Siti Ma'rufah", "SITI MARUFAH"),
        ("Kusuma Wardhani", "Hj. Kusuma Wardhani, S.Pd."),
        ("Mira Rachmadini", "Mira Rachmadini S.Pd"),
        ("Nur'aini", "Nur Aini"),
        ("Mhd. Abd. Rahman", "Muhammad Abdulrahman"),
    ],
)
def test_a_name_is_theirs_however_they_write_it(
    client: PageClient, registered: str, typed: str
) -> None:
    resident = make_resident(name=registered)
    begin_as_new_user(client, resident, **{"Nama lengkap": typed})
    assert client.url == PHONE_STEP


def test_a_nik_of_another_birth_date_is_asked_about_once_and_not_refused(
    client: PageClient,
) -> None:
    resident = make_resident(nik=new_nik(date(1985, 2, 15)), birth_date=date(1985, 2, 5))
    begin_as_new_user(client, resident)
    assert client.errors == {"birth_day": CHECK_AGAIN}
    client.submit("Verifikasi Data", {"Ketik angka di gambar": "12345"})
    assert client.url == PHONE_STEP


def test_who_is_older_than_a_hundred_is_not_asked_about_it(client: PageClient) -> None:
    resident = make_resident(nik=new_nik(date(1925, 2, 5)), birth_date=date(1925, 2, 5))
    begin_as_new_user(client, resident)
    assert client.url == PHONE_STEP


def test_once_asked_whatever_is_corrected_is_not_asked_about_again(client: PageClient) -> None:
    resident = make_resident(nik=new_nik(date(1985, 2, 15)), birth_date=date(1985, 2, 5))
    begin_as_new_user(client, resident, Hari="25")
    assert client.errors == {"birth_day": CHECK_AGAIN}
    client.submit("Verifikasi Data", {"Hari": "5", "Ketik angka di gambar": "12345"})
    assert client.url == PHONE_STEP


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"NIK": ""}, ("nik", "Masukkan NIK")),
        ({"NIK": "327605"}, ("nik", "NIK harus 16 angka. Anda mengisi 6 angka")),
        ({"NIK": "٣٢٧٦٠٥٤٥٠٢٨٥٠٠٠١"}, ("nik", "NIK hanya berisi angka 0 sampai 9")),
        ({"NIK": "0001234567890"}, ("nik", "NIK harus 16 angka. Anda mengisi 13 angka")),
        ({"Nama lengkap": "  "}, ("name", "Masukkan nama lengkap")),
        ({"Nama lengkap": "a" * 101}, ("name", "Nama paling banyak 100 huruf")),
        ({"Hari": "", "Bulan": "", "Tahun": ""}, ("birth_day", "Masukkan tanggal lahir")),
        ({"Bulan": ""}, ("birth_day", "Isi hari, bulan, dan tahun lahir")),
        (
            {"Hari": "31"},
            ("birth_day", "Tanggal itu tidak ada di kalender"),
        ),
        ({"Tahun": "85"}, ("birth_day", "Tahun lahir harus 4 angka. Contoh: 1990")),
        ({"Tahun": "2027"}, ("birth_day", "Tanggal lahir harus sudah lewat. Periksa tahunnya")),
        ({"Ketik angka di gambar": ""}, ("captcha_answer", "Ketik 5 angka di gambar")),
    ],
)
def test_what_is_missing_is_said_where_it_is(
    client: PageClient, changes: dict[str, str], error: tuple[str, str]
) -> None:
    begin_as_new_user(client, make_resident(), **changes)
    assert client.status == 422
    assert client.errors == dict([error])


def test_a_wrong_captcha_asks_nobody_and_keeps_everything(client: PageClient) -> None:
    resident = make_resident()
    begin_as_new_user(client, resident, **{"Ketik angka di gambar": "99999"})
    assert client.status == 422
    assert "Angka tidak cocok" in client.text
    # With htmx only the captcha was swapped, so the browser still has what was typed.
    assert client.with_htmx or client.value("NIK") == resident.nik
    assert drafts() == []


# People whom the registry knows, and who get no account


def years_ago(years: int, *, days: int = 0) -> date:
    today = time.today()
    return today.replace(year=today.year - years) + timedelta(days=days)


def test_under_17_is_told_so_once_everything_matched(client: PageClient) -> None:
    resident = make_resident(birth_date=years_ago(17, days=1))
    begin_as_new_user(client, resident, **{"Nama lengkap": "Orang Lain"})
    assert client.errors == {"nik": NO_MATCH}
    begin_as_new_user(client, resident)
    assert client.url == "/daftar/cara-lain"
    assert client.heading == "Akun untuk usia 17 tahun ke atas"
    client.get(PHONE_STEP)
    assert client.url == "/daftar/cara-lain"


def test_on_the_17th_birthday_an_account_is_theirs(client: PageClient) -> None:
    begin_as_new_user(client, make_resident(birth_date=years_ago(17)))
    assert client.url == PHONE_STEP


def test_a_person_who_is_recorded_as_dead_is_told_so_once_everything_matched(
    client: PageClient,
) -> None:
    resident = make_resident(died_on=date(2026, 3, 1))
    begin_as_new_user(client, resident, **{"Nama lengkap": "Orang Lain"})
    assert client.errors == {"nik": NO_MATCH}
    begin_as_new_user(client, resident)
    assert client.heading == "Pemilik NIK ini tercatat meninggal"
    assert messages() == []


def test_a_person_who_has_an_account_is_told_so_after_the_code_and_so_is_its_owner(
    client: PageClient,
) -> None:
    account = make_account(participant_id=None)
    begin_as_new_user(client, make_resident_of(account))
    give_phone(client)
    assert client.url == TERMS_STEP
    assert messages("registered_again") == []
    prove_phone(client)
    assert client.heading == "Anda sudah punya akun"
    assert client.shows("Masuk")
    assert client.shows("Lupa Kata Sandi")
    told = {(channel, it.recipient) for channel, it in messages("registered_again")}
    assert told == {(Channel.SMS, account.phone), (Channel.EMAIL, account.email)}
    assert accounts_of(account.nik) == [session.get_one(type(account), account.id)]


def test_a_person_who_forgot_having_an_account_is_not_warned_of_themselves(
    client: PageClient,
) -> None:
    participant, resident = insured(phone="+6281388776655")
    make_account(participant)
    give_phone(begin_as_new_user(client, resident))
    prove_phone(client)
    assert client.heading == "Anda sudah punya akun"
    assert messages("registered_again") == []
