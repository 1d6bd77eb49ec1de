"""Lupa Kata Sandi by a code, and everything that can go wrong."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from jkn.database import session, transaction
from jkn.models import Account, AuditEvent, Channel, EventKind, KnownDevice, Notification
from jkn.services.basics.clock import now
from jkn.services.throttling import failure_counters
from tests.support.clients.forms import fill
from tests.support.clients.page_client import PageClient
from tests.support.steps.activity_steps import kinds_of
from tests.support.steps.recovery_steps import (
    CODE,
    EMAIL,
    METHOD,
    NEW_PASSWORD,
    PASSWORD_STEP,
    QUESTIONS,
    SMS,
    START,
    TYPE_CODE,
    answer_all,
    ask_for_code,
    attempts,
    begin,
    choose,
    give_code,
    link_in,
    messages,
    prove_by_code,
    set_password,
)
from tests.support.steps.sign_in_steps import sign_in, try_to_sign_in
from tests.support.world.clock import Clock
from tests.support.world.factories import make_account, make_participant, new_nik

BORN = date(1990, 1, 1)


def events(account: Account) -> list[EventKind]:
    session.rollback()
    mine = select(AuditEvent.kind).where(AuditEvent.account_id == account.id)
    return list(session.scalars(mine.order_by(AuditEvent.id)))


def told(account: Account) -> set[str]:
    session.rollback()
    mine = select(Notification.topic).where(Notification.account_id == account.id)
    return set(session.scalars(mine))


@pytest.mark.both_databases
@pytest.mark.parametrize("way", [SMS, EMAIL])
def test_a_code_leads_to_a_new_password_that_opens_the_account(
    client: PageClient, way: str
) -> None:
    account = make_account()
    begin(client, account.nik)
    assert client.url == METHOD
    assert client.heading == "Pilih cara verifikasi"
    choose(client, way)
    assert client.url == TYPE_CODE
    assert ("nomor HP yang terdaftar" if way == SMS else "email yang terdaftar") in client.text
    give_code(client)
    assert client.heading == "Buat kata sandi baru"
    set_password(client)
    assert client.url == "/masuk"
    assert "Kata sandi baru sudah tersimpan" in client.text
    try_to_sign_in(client, account.nik, NEW_PASSWORD)
    assert client.url == "/beranda"
    assert "Akun dibatasi" not in client.text


def test_the_old_password_is_dead_and_everybody_was_signed_out(client: PageClient) -> None:
    account = make_account()
    elsewhere = sign_in(client.another(), account)
    set_password(prove_by_code(client, account))
    assert elsewhere.get("/beranda").url == "/masuk"
    assert "Nomor atau kata sandi tidak cocok" in try_to_sign_in(client, account.nik).text


def test_every_channel_and_the_bell_tell_the_owner(client: PageClient) -> None:
    account = make_account()
    set_password(prove_by_code(client, account))
    written = messages("password_changed")
    assert {(channel, it.recipient) for channel, it in written} == {
        (Channel.SMS, account.phone),
        (Channel.EMAIL, account.email),
    }
    links = {link_in(it) for _, it in written}
    assert len(links) == 2
    assert all(it.startswith("/bukan-saya/") for it in links)
    assert told(account) == {"code_asked", "password_changed"}
    assert events(account) == [EventKind.AUTHN_CODE_SENT, EventKind.AUTHN_PASSWORD_CHANGE]


def test_browsers_that_were_known_are_new_ones_afterwards(client: PageClient) -> None:
    account = make_account(created_at=now() - timedelta(days=30))
    thief = sign_in(client.another(), account)
    set_password(prove_by_code(client, account))
    session.rollback()
    assert session.scalars(select(KnownDevice)).all() == []
    try_to_sign_in(thief, account.nik, NEW_PASSWORD)
    assert "new_device" in told(account)


def test_a_closed_password_is_open_again(client: PageClient, clock: Clock) -> None:
    account = make_account()
    with transaction():
        for _ in range(100):
            failure_counters.count_attempt(
                failure_counters.person_key(account.nik), failure_counters.PASSWORD_BACKOFF
            )
            clock.advance(hours=2)
    try_to_sign_in(client, account.nik)
    assert "Buat yang baru lewat Lupa Kata Sandi" in client.text
    set_password(prove_by_code(client, account))
    assert try_to_sign_in(client, account.nik, NEW_PASSWORD).url == "/beranda"


def test_asking_changes_nothing_for_the_owner(client: PageClient, clock: Clock) -> None:
    """R23: a stranger asks fifty times; the owner still signs in."""
    account = make_account()
    for _ in range(50):
        ask_for_code(client, account.nik)
        clock.advance(minutes=1)
    assert sign_in(client.another(), account).url == "/beranda"


# The first page


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "Masukkan NIK"),
        ("abc", "NIK hanya berisi angka 0 sampai 9"),
        ("٣٢٧٦٠٥٤٥٠٢٨٥٠٠٠١", "NIK hanya berisi angka 0 sampai 9"),
        ("327605450285", "NIK harus 16 angka. Anda mengisi 12 angka"),
        ("0001340648885", "NIK harus 16 angka. Anda mengisi 13 angka"),
        ("😀" * 16, "NIK hanya berisi angka 0 sampai 9"),
    ],
)
def test_what_is_no_nik_is_said_and_kept(client: PageClient, typed: str, words: str) -> None:
    begin(client, typed)
    assert client.status == 422
    assert client.errors == {"nik": words}
    assert client.value("NIK") == typed
    assert client.title.startswith("Kesalahan: ")


def test_a_wrong_captcha_begins_nothing_and_keeps_the_nik(client: PageClient) -> None:
    nik = make_account().nik
    begin(client, nik, captcha="54321")
    assert client.status == 422
    # With htmx only the captcha was swapped: the field is as it was typed.
    assert client.with_htmx or client.value("NIK") == nik
    assert client.was_swapped == client.with_htmx
    assert client.error("Ketik angka di gambar").startswith("Kesalahan: Angka tidak cocok")
    assert attempts() == []


def test_a_captcha_of_another_form_is_refused(client: PageClient) -> None:
    account = make_account()
    token = next(
        it.get("value") or ""
        for it in client.get("/masuk").document.elements("input")
        if it.get("name") == "captcha_token"
    )
    client.get(START)
    form = fill(client.document, "Lanjut", {"NIK": account.nik, "Ketik angka di gambar": "12345"})
    form.fields = [
        (name, token if name == "captcha_token" else value) for name, value in form.fields
    ]
    client.send(form)
    assert client.status == 422
    assert attempts() == []


def test_one_source_cannot_begin_without_end(as_browser: PageClient) -> None:
    for _ in range(60):
        begin(as_browser, new_nik(BORN))
    begin(as_browser, new_nik(BORN))
    assert as_browser.status == 429
    assert as_browser.errors["nik"].startswith("Terlalu banyak permintaan. Coba lagi pukul 09.3")
    begin(as_browser, new_nik(BORN))
    assert kinds_of(None) == [EventKind.EXCESS_RATE_LIMIT]


# People without an account or without a channel


def test_a_participant_without_an_account_is_told_after_the_code(client: PageClient) -> None:
    participant = make_participant()
    ask_for_code(client, participant.nik or "")
    assert [it.recipient for _, it in messages()] == [participant.phone]
    give_code(client)
    assert client.heading == "Anda belum punya akun"
    assert client.get(PASSWORD_STEP).heading == "Anda belum punya akun"


def test_an_account_without_a_channel_gets_no_further_than_the_code(client: PageClient) -> None:
    account = make_account(phone=None, email=None)
    for way in (SMS, EMAIL):
        ask_for_code(client.another(), account.nik, way)
    assert messages() == []


def test_right_answers_without_a_channel_name_the_office(client: PageClient) -> None:
    account = make_account(phone=None, email=None)
    choose(begin(client, account.nik), QUESTIONS)
    answer_all(client, session.get_one(Account, account.id).participant)
    assert client.heading == "Kata sandi tidak bisa diganti di sini"


@pytest.mark.parametrize("missing", ["phone", "email"])
def test_right_answers_are_enough_where_one_channel_can_warn(
    client: PageClient, missing: str
) -> None:
    account = make_account(**{missing: None})
    choose(begin(client, account.nik), QUESTIONS)
    answer_all(client, session.get_one(Account, account.id).participant)
    assert client.heading == "Buat kata sandi baru"


def test_the_code_field_is_the_shared_one(client: PageClient) -> None:
    ask_for_code(client, make_account().nik)
    assert client.value(CODE) == ""
    assert client.shows("Jawab pertanyaan data pribadi")
    assert client.shows("Kirim kode lewat email")
