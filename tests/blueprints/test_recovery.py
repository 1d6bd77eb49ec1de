"""Lupa Kata Sandi by a code: the way through, and every wrong turn."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from jkn.database import session, transaction
from jkn.models import Account, Channel, EventKind, KnownDevice, Notification, SecurityEvent, Topic
from jkn.models import RecoveryStage as Stage
from jkn.services import waits
from jkn.services.clock import now
from tests.blueprints.journeys import sign_in, try_to_sign_in
from tests.blueprints.recoveries import (
    CODE,
    EMAIL,
    NEW_PASSWORD,
    QUESTIONS,
    SMS,
    answer_all,
    ask_for_code,
    attempts,
    begin,
    choose,
    give_code,
    link_in,
    messages,
    newest_code,
    prove_by_code,
    set_password,
)
from tests.support.clock import Clock
from tests.support.factories import PASSWORD, make_account, make_participant, new_nik
from tests.support.forms import fill
from tests.support.page_client import PageClient

START, METHOD = "/lupa-kata-sandi", "/lupa-kata-sandi/cara"
TYPE_CODE, PASSWORD_STEP = "/lupa-kata-sandi/kode", "/lupa-kata-sandi/kata-sandi"
STEPS = [METHOD, TYPE_CODE, "/lupa-kata-sandi/pertanyaan", "/lupa-kata-sandi/pertanyaan/1",
         PASSWORD_STEP, "/lupa-kata-sandi/cara-lain"]  # fmt: skip
BORN = date(1990, 1, 1)
OVER = "Permintaan sebelumnya sudah berakhir"


def events(account: Account) -> list[EventKind]:
    session.rollback()
    mine = select(SecurityEvent.kind).where(SecurityEvent.account_id == account.id)
    return list(session.scalars(mine.order_by(SecurityEvent.id)))


def told(account: Account) -> set[Topic]:
    session.rollback()
    mine = select(Notification.topic).where(Notification.account_id == account.id)
    return set(session.scalars(mine))


@pytest.mark.parametrize("way", [SMS, EMAIL])
def test_a_code_leads_to_a_new_password_that_opens_the_account(
    client: PageClient, way: str
) -> None:
    account = make_account()
    begin(client, account.nik)
    assert client.url == METHOD
    assert client.heading == "Bagaimana kami mengenali Anda?"
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
    assert "Akses terbatas" not in client.text


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
    assert {link_in(it) for _, it in written} == {link_in(written[0][1])}
    assert link_in(written[0][1]).startswith("/bukan-saya/")
    assert told(account) == {Topic.CODE_ASKED, Topic.PASSWORD_CHANGED}
    assert events(account) == [EventKind.AUTHN_CODE_SENT, EventKind.AUTHN_PASSWORD_CHANGE]


def test_browsers_that_were_known_are_new_ones_afterwards(client: PageClient) -> None:
    account = make_account(created_at=now() - timedelta(days=30))
    thief = sign_in(client.another(), account)
    set_password(prove_by_code(client, account))
    session.rollback()
    assert session.scalars(select(KnownDevice)).all() == []
    try_to_sign_in(thief, account.nik, NEW_PASSWORD)
    assert Topic.NEW_DEVICE in told(account)


def test_a_closed_password_is_open_again(client: PageClient, clock: Clock) -> None:
    account = make_account()
    with transaction():
        for _ in range(100):
            waits.take_try(waits.person_key(account.nik), waits.PASSWORD_TRIES)
            clock.advance(hours=2)
    try_to_sign_in(client, account.nik)
    assert "Buat yang baru lewat Lupa kata sandi" in client.text
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
    assert as_browser.errors["nik"].startswith("Terlalu banyak permintaan. Coba lagi 09.3")


# Out of order, twice, in two tabs


def test_without_a_beginning_every_step_leads_to_it(client: PageClient) -> None:
    for step in STEPS:
        client.get(step)
        assert client.url == START
        assert OVER not in client.text


def test_the_stage_is_the_only_judge(client: PageClient) -> None:
    account = make_account()
    begin(client, account.nik)
    for step in STEPS:
        assert client.get(step).url == METHOD, step
    choose(client, SMS)
    for step in STEPS[1:]:
        assert client.get(step).url == TYPE_CODE, step
    give_code(client)
    for step in STEPS:
        assert client.get(step).url == PASSWORD_STEP, step
    set_password(client)
    for step in STEPS:
        assert client.get(step).url == "/masuk", step


def test_the_last_step_first_changes_nothing(client: PageClient) -> None:
    account = make_account()
    prove_by_code(client, account)
    last = fill(client.document, "Simpan kata sandi baru", {"Kata sandi baru": NEW_PASSWORD,
                "Ulangi kata sandi baru": NEW_PASSWORD})  # fmt: skip
    victim = make_account()
    begin(client, victim.nik)
    client.send(last)
    assert client.url == METHOD
    for owner in (account, victim):
        assert sign_in(client.another(), owner).url == "/beranda"


@pytest.mark.parametrize("minutes", [31, 61])
def test_an_attempt_that_is_over_says_so_on_every_page(
    client: PageClient, clock: Clock, minutes: int
) -> None:
    account = make_account()
    ways = {
        METHOD: lambda: begin(client, account.nik),
        TYPE_CODE: lambda: ask_for_code(client, account.nik),
        "/lupa-kata-sandi/pertanyaan/1": lambda: choose(begin(client, account.nik), QUESTIONS),
        PASSWORD_STEP: lambda: prove_by_code(client, account),
    }
    for step, way in ways.items():
        way()
        assert client.url == step
        clock.advance(minutes=minutes)
        client.get(step)
        assert client.url == START
        assert OVER in client.text
        assert OVER not in client.get(START).text


def test_a_form_sent_after_the_time_is_over_changes_nothing(
    client: PageClient, clock: Clock
) -> None:
    account = make_account()
    prove_by_code(client, account)
    clock.advance(minutes=31)
    set_password(client)
    assert client.url == START
    assert OVER in client.text
    assert sign_in(client.another(), account).url == "/beranda"


def test_beginning_again_in_the_same_browser_ends_the_first(client: PageClient) -> None:
    account = make_account()
    ask_for_code(client, account.nik)
    begin(client, account.nik)
    assert [it.stage for it in attempts()] == [Stage.CANCELLED, Stage.METHOD]


def test_two_phones_go_side_by_side_and_the_first_to_finish_ends_the_other(
    client: PageClient, clock: Clock
) -> None:
    account = make_account()
    other = ask_for_code(client.another(), account.nik)
    clock.advance(minutes=2)
    prove_by_code(client, account)
    assert other.get(TYPE_CODE).url == TYPE_CODE
    set_password(client)
    other.get(TYPE_CODE)
    assert other.url == START
    assert OVER in other.text


def test_a_code_of_one_phone_is_worthless_on_another(client: PageClient, clock: Clock) -> None:
    account = make_account()
    ask_for_code(client, account.nik)
    code = newest_code()
    clock.advance(minutes=2)
    other = ask_for_code(client.another(), account.nik)
    give_code(other, code)
    assert other.errors == {"code": "Kode tidak cocok. Periksa SMS terakhir"}


def test_two_tabs_save_two_passwords_and_only_the_first_counts(client: PageClient) -> None:
    account = make_account()
    prove_by_code(client, account)
    tab = client.another(with_cookies=True).get(PASSWORD_STEP)
    set_password(client)
    set_password(tab, "kata sandi yang lain lagi")
    assert tab.url == "/masuk"
    assert try_to_sign_in(client, account.nik, NEW_PASSWORD).url == "/beranda"


def test_signing_in_meanwhile_ends_it(client: PageClient) -> None:
    account = make_account()
    prove_by_code(client, account)
    sign_in(client.another(), account)
    set_password(client)
    assert client.url == START
    assert OVER in client.text


def test_back_and_another_way_keep_the_code_that_was_sent(client: PageClient, clock: Clock) -> None:
    account = make_account()
    ask_for_code(client, account.nik)
    code = newest_code()
    client.follow("Kembali")
    choose(client, SMS)
    assert client.url == TYPE_CODE
    assert len(messages("code:recovery")) == 1, "the code that lives is good enough"
    client.follow("Kirim kode lewat email")
    choose(client, EMAIL)
    assert client.errors == {"way": "Kode baru bisa diminta pukul 09.31 WIB"}
    clock.advance(minutes=2)
    choose(client, EMAIL)
    assert client.url == TYPE_CODE
    give_code(client, code)
    assert client.url == PASSWORD_STEP


def test_no_way_chosen_is_said(client: PageClient) -> None:
    begin(client, make_account().nik)
    client.submit("Lanjut")
    assert client.errors == {"way": "Pilih SMS, Email, atau Pertanyaan Data Pribadi"}


def test_another_ones_attempt_needs_their_browser(client: PageClient) -> None:
    account = make_account()
    ask_for_code(client, account.nik)
    code = newest_code()
    stranger = client.another()
    assert stranger.get(TYPE_CODE).url == START
    begin(stranger, make_account().nik)
    choose(stranger, SMS)
    give_code(stranger, code)
    assert stranger.status == 422


def test_proof_makes_the_token_before_it_worthless(client: PageClient) -> None:
    """R46: who copied the cookie before the code was right has nothing."""
    account = make_account()
    ask_for_code(client, account.nik)
    copied = client.another(with_cookies=True)
    give_code(client)
    assert client.url == PASSWORD_STEP
    assert copied.get(PASSWORD_STEP).url == START


# The new password


@pytest.mark.parametrize(
    ("password", "again", "field", "words"),
    [
        ("", "", "password", "Masukkan kata sandi baru"),
        ("pendek", None, "password", "Kata sandi paling sedikit 8 huruf"),
        ("x" * 129, None, "password", "Kata sandi paling banyak 128 huruf"),
        ("mobilejkn2026!!", None, "password", "mudah ditebak"),
        ("bismillah123", None, "password", "terlalu umum"),
        (NEW_PASSWORD, "lain sama sekali", "confirmation", "Kedua kata sandi tidak sama"),
        (PASSWORD, None, "password", "Ini kata sandi Anda sekarang"),
    ],
)
def test_a_password_is_refused_with_the_reason(
    client: PageClient, password: str, again: str | None, field: str, words: str
) -> None:
    account = make_account()
    prove_by_code(client, account)
    set_password(client, password, again)
    assert client.status == 422
    assert words in client.errors[field]
    set_password(client)
    assert client.url == "/masuk"


def test_the_own_numbers_are_refused(client: PageClient) -> None:
    account = make_account()
    prove_by_code(client, account)
    for password in (f"{account.nik}x", f"ab{(account.phone or '')[3:]}", "05021985 05021985"):
        set_password(client, password)
        assert client.status == 422, password


def test_the_same_letter_typed_on_two_phones_is_the_same(client: PageClient) -> None:
    account = make_account()
    prove_by_code(client, account)
    set_password(client, "caf\u00e9 di ujung", "caf\u00e9 di ujung")
    assert try_to_sign_in(client, account.nik, "cafe\u0301 di ujung").url == "/beranda"


# Who has no account, or no channel


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


def test_the_code_field_is_the_shared_one(client: PageClient) -> None:
    ask_for_code(client, make_account().nik)
    assert client.value(CODE) == ""
    assert client.shows("Jawab pertanyaan data pribadi")
    assert client.shows("Kirim kode lewat email")
