"""Masuk, as a person meets it."""

import pytest
from argon2 import PasswordHasher
from sqlalchemy import func, select

from jkn.database import session
from jkn.models import Account, AuditEvent, EventKind, SignInSession
from jkn.services.credentials import passwords
from tests.support.clients.forms import fill
from tests.support.clients.page_client import PageClient
from tests.support.steps.pin_steps import prove_for_pin, set_pin
from tests.support.steps.recovery_steps import link_in, messages
from tests.support.steps.sign_in_steps import CAPTCHA, send_sign_in, sign_in, try_to_sign_in
from tests.support.world.clock import Clock
from tests.support.world.factories import PASSWORD, make_account, make_participant, new_nik
from tests.support.world.queries import QueryCounter

NIK, CARD = "NIK Nomor KTP, 16 angka", "NOKA Nomor kartu, 13 angka"
NO_MATCH = "Nomor atau kata sandi tidak cocok"


def events() -> list[EventKind]:
    session.rollback()
    return list(session.scalars(select(AuditEvent.kind).order_by(AuditEvent.id)))


def picture(client: PageClient) -> str:
    return next(it.get("src", "") for it in client.document.elements("img"))


def sessions() -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(SignInSession)) or 0


@pytest.mark.both_databases
def test_nik_and_password_lead_to_beranda(client: PageClient) -> None:
    account = make_account()
    try_to_sign_in(client, account.nik)
    assert client.url == "/beranda"
    assert account.name in client.text
    assert events() == [EventKind.AUTHN_LOGIN_SUCCESS]


def test_a_password_that_was_hashed_at_another_cost_is_hashed_anew(client: PageClient) -> None:
    hasher = PasswordHasher(time_cost=2, memory_cost=8, parallelism=1)
    old = hasher.hash(passwords._peppered(PASSWORD))
    account = make_account(password_hash=old)
    try_to_sign_in(client, account.nik)
    assert client.url == "/beranda"
    session.rollback()
    kept = session.scalar(select(Account.password_hash))
    assert kept != old
    assert passwords.is_right(kept, PASSWORD)


def test_card_number_and_password_lead_to_beranda(client: PageClient) -> None:
    participant = make_participant()
    make_account(participant)
    client.get("/masuk").submit(
        "MASUK",
        {
            "Masuk dengan": CARD,
            "NIK atau nomor kartu": participant.card_number,
            "Kata sandi": PASSWORD,
            "Ketik angka di gambar": CAPTCHA,
        },
    )
    assert client.url == "/beranda"


def test_the_length_corrects_the_type_chosen(client: PageClient) -> None:
    participant = make_participant()
    make_account(participant)
    # The form opens with NIK chosen; a card number is typed.
    try_to_sign_in(client, participant.card_number)
    assert client.url == "/beranda"


@pytest.mark.parametrize("separator", [" ", "-", "  ", "."])
def test_a_number_may_be_grouped_as_people_write_it(client: PageClient, separator: str) -> None:
    nik = make_account().nik
    grouped = separator.join(nik[start : start + 4] for start in range(0, 16, 4))
    assert try_to_sign_in(client, f" {grouped} ").url == "/beranda"


def test_wrong_password_unknown_person_and_no_account_read_the_same(client: PageClient) -> None:
    account = make_account()
    without_account = make_participant()
    pages = []
    for number, password in (
        (account.nik, "bukan kata sandinya"),
        (new_nik(account.birth_date), PASSWORD),
        (without_account.nik or "", PASSWORD),
        (without_account.card_number, PASSWORD),
    ):
        try_to_sign_in(client, number, password)
        assert client.status == 422
        assert client.value("NIK atau nomor kartu") == number
        pages.append(client.text)
    assert NO_MATCH in pages[0]
    assert len(set(pages)) == 1
    assert sessions() == 0
    assert events() == [EventKind.AUTHN_LOGIN_FAIL] * 4


def test_the_refusal_comes_with_a_new_captcha_and_no_password(client: PageClient) -> None:
    account = make_account()
    client.get("/masuk")
    first = picture(client)
    send_sign_in(client, account.nik, "bukan kata sandinya")
    assert picture(client) != first
    assert client.value("Kata sandi") == ""
    assert client.title.startswith("Kesalahan: ")
    assert list(client.errors) == ["number"]


def test_a_wrong_captcha_asks_only_for_a_new_one(client: PageClient) -> None:
    account = make_account()
    try_to_sign_in(client, account.nik, captcha="00000")
    assert client.status == 422
    assert "Angka tidak cocok" in client.error("Ketik angka di gambar")
    assert client.value("Ketik angka di gambar") == ""
    assert events() == [EventKind.AUTHN_CAPTCHA_FAIL]
    send_sign_in(client, account.nik)
    assert client.url == "/beranda"


def test_with_htmx_a_wrong_captcha_swaps_nothing_but_the_captcha(as_htmx: PageClient) -> None:
    try_to_sign_in(as_htmx, make_account().nik, captcha="00000")
    assert as_htmx.response is not None
    assert as_htmx.response.headers["HX-Retarget"] == "#captcha"
    assert "<form" not in as_htmx.html
    assert 'type="password"' not in as_htmx.html


def test_without_htmx_a_wrong_captcha_keeps_the_number(as_browser: PageClient) -> None:
    nik = make_account().nik
    try_to_sign_in(as_browser, nik, captcha="00000")
    assert as_browser.value("NIK atau nomor kartu") == nik
    assert as_browser.value("Kata sandi") == ""


def test_a_wrong_captcha_says_nothing_about_the_password(client: PageClient) -> None:
    nik = make_account().nik
    right = try_to_sign_in(client, nik, PASSWORD, "00000").text
    wrong = try_to_sign_in(client, nik, "bukan kata sandinya", "00000").text
    assert right == wrong


@pytest.mark.parametrize(
    ("chosen", "typed", "words"),
    [
        (NIK, "", "Masukkan NIK"),
        (NIK, "327605450285000", "NIK harus 16 angka. Anda mengisi 15 angka"),
        (CARD, "", "Masukkan nomor kartu"),
        (
            CARD,
            "0001234",
            "Nomor kartu harus 13 angka. Anda mengisi 7 angka",
        ),
        (NIK, "3276o54502850001", "NIK hanya berisi angka 0 sampai 9"),
        (NIK, "٣٢٧٦٠٥٤٥٠٢٨٥٠٠٠١", "NIK hanya berisi angka 0 sampai 9"),
        (NIK, "３２７６０５４５０２８５０００１", "NIK hanya berisi angka 0 sampai 9"),
        (NIK, "🙂" * 16, "NIK hanya berisi angka 0 sampai 9"),
    ],
)
def test_a_number_that_cannot_be_is_explained(
    client: PageClient, chosen: str, typed: str, words: str
) -> None:
    client.get("/masuk").submit(
        "MASUK",
        {
            "Masuk dengan": chosen,
            "NIK atau nomor kartu": typed,
            "Kata sandi": PASSWORD,
            "Ketik angka di gambar": CAPTCHA,
        },
    )
    assert client.status == 422
    assert client.errors["number"] == words
    assert client.error("NIK atau nomor kartu") == f"Kesalahan: {words}"
    assert client.value("NIK atau nomor kartu") == typed
    assert events() == []


def test_everything_empty_names_every_field(client: PageClient) -> None:
    client.get("/masuk").submit("MASUK")
    assert client.errors == {
        "number": "Masukkan NIK",
        "password": "Masukkan kata sandi",
        "captcha_answer": "Ketik 5 angka di gambar",
    }


def test_ganti_gambar_draws_another_captcha_and_keeps_the_rest(as_htmx: PageClient) -> None:
    nik = make_account().nik
    as_htmx.get("/masuk")
    first = picture(as_htmx)
    as_htmx.follow("Ganti gambar")
    assert picture(as_htmx) != first
    assert send_sign_in(as_htmx, nik).url == "/beranda"


def test_ganti_gambar_works_without_javascript(as_browser: PageClient) -> None:
    as_browser.get("/masuk")
    first = picture(as_browser)
    as_browser.follow("Ganti gambar")
    assert as_browser.url == "/masuk"
    assert picture(as_browser) != first


def test_an_answered_captcha_cannot_be_sent_again(client: PageClient) -> None:
    account = make_account()
    client.get("/masuk")
    stale_tab = client.another(with_cookies=True)
    stale_tab.document, stale_tab.url = client.document, client.url
    send_sign_in(client, account.nik, "bukan kata sandinya")
    send_sign_in(stale_tab, account.nik)
    assert "Angka tidak cocok" in stale_tab.error("Ketik angka di gambar")
    assert sessions() == 0


def test_a_captcha_of_another_browser_is_refused(client: PageClient) -> None:
    account = make_account()
    other = client.another()
    other.get("/masuk")
    solved = other.document.by_id("captcha")
    assert solved is not None
    token = next(it.get("value", "") for it in solved.iter("input") if it.get("type") == "hidden")
    client.get("/masuk")
    submission = fill(
        client.document,
        "MASUK",
        {
            "NIK atau nomor kartu": account.nik,
            "Kata sandi": PASSWORD,
            "Ketik angka di gambar": CAPTCHA,
        },
    )
    submission.fields = [
        (name, token if name == "captcha_token" else value) for name, value in submission.fields
    ]
    client.send(submission)
    assert "Angka tidak cocok" in client.error("Ketik angka di gambar")


def test_a_captcha_older_than_five_minutes_is_refused(client: PageClient, clock: Clock) -> None:
    account = make_account()
    client.get("/masuk")
    clock.advance(minutes=5, seconds=1)
    send_sign_in(client, account.nik)
    assert "Angka tidak cocok" in client.error("Ketik angka di gambar")
    assert send_sign_in(client, account.nik).url == "/beranda"


def test_a_person_who_is_signed_in_is_led_past_masuk(client: PageClient) -> None:
    sign_in(client, make_account())
    assert client.get("/masuk").url == "/beranda"
    assert client.get("/").url == "/beranda"


def test_after_signing_in_the_person_is_where_they_wanted_to_go(client: PageClient) -> None:
    account = make_account()
    client.get("/kartu")
    assert client.url == "/masuk"
    send_sign_in(client, account.nik)
    assert client.url == "/kartu"


@pytest.mark.parametrize(
    "target", ["//evil.example", "/\\evil.example", "https:evil.example", "javascript:alert(1)"]
)
def test_an_address_in_the_query_leads_nowhere(client: PageClient, target: str) -> None:
    account = make_account()
    client.get(f"/masuk?next={target}")
    send_sign_in(client, account.nik)
    assert client.url == "/beranda"


def test_what_was_opened_before_a_sign_in_is_closed_after_it(client: PageClient) -> None:
    """Whoever signs in may be somebody else than the one who opened the link of a message here."""
    set_pin(prove_for_pin(sign_in(client.another(), make_account())))
    link = link_in(messages("pin_changed")[0][1])
    assert client.get(link).status == 200
    sign_in(client, make_account())
    assert client.get("/bukan-saya").status == 410


def test_masuk_leads_to_daftar(client: PageClient) -> None:
    client.get("/masuk").follow("Daftar")
    assert client.url == "/daftar"


def test_signing_in_costs_few_queries(client: PageClient, queries: QueryCounter) -> None:
    account = make_account()
    client.get("/masuk")
    with queries.at_most(20):
        send_sign_in(client, account.nik)
