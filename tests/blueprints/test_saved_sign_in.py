"""Masuk where somebody is remembered: no number is typed, and nothing is given away (R28, R51)."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select, update

from jkn.database import session, transaction
from jkn.models import Account, AuditEvent, EventKind, SavedUsername
from jkn.services.basics import clock
from jkn.services.basics.masking import initials, mask_nik
from jkn.services.credentials import known_devices
from jkn.web import rendering
from tests.support.clients.forms import control_named, fill, labels
from tests.support.clients.page_client import PageClient
from tests.support.clients.page_observers import Seen, look
from tests.support.rules.canaries import Canaries
from tests.support.steps.sign_in_steps import (
    remember,
    remember_and_leave,
    send_saved,
    send_sign_in,
    sign_in,
    sign_out,
    signed_out_on,
)
from tests.support.world.clock import Clock
from tests.support.world.factories import make_account
from tests.support.world.masked_numbers import masked, said
from tests.support.world.queries import QueryCounter

NUMBER = "NIK atau nomor kartu"
WRONG = "bukan kata sandinya"
GONE = "Nomor tersimpan sudah tidak ada. Ketik nomor Anda"
NO_MATCH = "Kata sandi tidak cocok dengan nomor ini. Periksa lagi"


def _dotted(account: Account) -> str:
    """The visible digits and what stands between them in the page."""
    return str(rendering.masked(mask_nik(account.nik)))


def line(account: Account) -> str:
    """The same where several people are remembered."""
    return f"{said(account)} Inisial {initials(account.name)}"


def send_line(client: PageClient, line: str) -> PageClient:
    """Send the form with another line than the page has."""
    filled = fill(client.document, "MASUK", {"Kata sandi": WRONG, "Ketik angka di gambar": "12345"})
    filled.fields = [(name, line if name == "saved" else it) for name, it in filled.fields]
    return client.send(filled)


@pytest.mark.both_databases
def test_the_number_is_there_masked_and_need_not_be_typed(client: PageClient) -> None:
    account = make_account()
    remember_and_leave(client, account).get("/masuk")
    assert masked(account) in client.text
    assert labels(client.document) == ["Kata sandi", "Ketik angka di gambar"]
    assert account.name not in client.html
    assert send_saved(client).url == "/beranda"
    assert account.name in client.text


def test_nothing_that_the_phone_holds_or_gets_tells_the_number(client: PageClient) -> None:
    account = make_account()
    canaries = Canaries()
    for kind in ("nik", "name", "phone", "email"):
        canaries.add(kind, getattr(account, kind))
    remember_and_leave(client, account).get("/masuk")
    assert client.response is not None
    held = "\n".join([client.html, str(client.response.headers), client.cookies.header()])
    assert canaries.found_in(held) == []
    assert set(client.cookies.values) == {"jkn", "hp"}


def test_a_phone_that_remembers_nobody_is_asked_for_a_number(client: PageClient) -> None:
    account = make_account()
    before = client.another().get("/masuk").text
    sign_out(sign_in(client, account))
    assert client.get("/masuk").text == client.get("/masuk?nomor=lain").text == before


def test_the_next_person_types_another_number(client: PageClient) -> None:
    siti, budi = make_account(), make_account()
    remember_and_leave(client, siti).get("/masuk").follow("Pakai nomor lain")
    assert client.value(NUMBER) == ""
    assert send_sign_in(client, budi.nik, WRONG).value(NUMBER) == budi.nik
    assert masked(siti) not in client.text
    client.follow("Pakai nomor tersimpan")
    assert masked(siti) in client.text
    client.follow("Pakai nomor lain")
    assert send_sign_in(client, budi.nik).url == "/beranda"
    assert budi.name in client.text


def test_a_new_picture_without_javascript_leaves_the_form_as_it_is(
    as_browser: PageClient,
) -> None:
    remember_and_leave(as_browser, make_account()).get("/masuk?nomor=lain").follow("Ganti gambar")
    assert as_browser.value(NUMBER) == ""


def test_the_last_of_several_people_is_chosen(client: PageClient, clock: Clock) -> None:
    siti, budi, rani = (make_account() for _ in range(3))
    remember_and_leave(client, siti, budi, rani).get("/masuk")
    assert client.document.name_of(control_named(client.document, "Masuk sebagai")) == line(rani)
    assert "checked" in control_named(client.document, "Masuk sebagai").attrib
    clock.advance(minutes=1)
    send_saved(client, whom=line(siti))
    assert siti.name in client.text
    sign_out(client).get("/masuk")
    assert client.document.name_of(control_named(client.document, "Masuk sebagai")) == line(siti)
    assert send_saved(client).url == "/beranda"
    assert siti.name in client.text


def test_a_wrong_password_keeps_the_choice_and_says_so_at_the_password(
    client: PageClient,
) -> None:
    siti, budi = make_account(), make_account()
    remember_and_leave(client, siti, budi).get("/masuk")
    send_saved(client, WRONG, whom=line(siti))
    assert client.status == 422
    assert client.errors == {"password": NO_MATCH}
    assert client.error("Kata sandi") == f"Kesalahan: {NO_MATCH}"
    assert client.value("Kata sandi") == ""
    assert send_saved(client).url == "/beranda"
    assert siti.name in client.text


def test_everything_empty_names_every_field(client: PageClient) -> None:
    remember_and_leave(client, make_account()).get("/masuk").submit("MASUK")
    assert client.errors == {
        "password": "Masukkan kata sandi",
        "captcha_answer": "Ketik 5 angka di gambar",
    }


def test_a_wrong_captcha_asks_only_for_a_new_one(client: PageClient) -> None:
    account = make_account()
    remember_and_leave(client, account).get("/masuk")
    send_saved(client, captcha="00000")
    assert client.status == 422
    assert "Angka tidak cocok" in client.error("Ketik angka di gambar")
    assert masked(account) in client.text
    if client.with_htmx:
        assert "<form" not in client.html
    assert send_saved(client).url == "/beranda"


def test_a_line_that_is_gone_or_was_never_theirs_asks_for_the_number(client: PageClient) -> None:
    remember_and_leave(client, make_account())
    stranger, account = client.another(), make_account()
    remember_and_leave(stranger, account).get("/masuk")
    session.rollback()
    foreign = session.scalars(select(SavedUsername.id).order_by(SavedUsername.id)).first()
    pages = []
    for line in (str(foreign), "999999999", "0", "x", "", "9" * 300):
        send_line(stranger.get("/masuk"), line)
        assert stranger.status == 422
        assert stranger.errors == {"number": GONE}
        assert stranger.value(NUMBER) == ""
        assert stranger.value("Kata sandi") == ""
        pages.append(stranger.text)
    assert len(set(pages)) == 1
    session.rollback()
    failed = select(AuditEvent.id).where(AuditEvent.kind == EventKind.AUTHN_LOGIN_FAIL)
    assert session.scalars(failed).all() == [], "nobody's password was tried"
    assert send_sign_in(stranger, account.nik).url == "/beranda"


def test_forgotten_in_another_tab_the_form_asks_for_the_number(client: PageClient) -> None:
    account = make_account()
    remember_and_leave(client, account).get("/masuk")
    client.another(with_cookies=True).get("/masuk").submit("Bukan saya")
    send_saved(client)
    assert client.errors == {"number": GONE}
    assert send_sign_in(client, account.nik).url == "/beranda"


CLOSED: dict[str, Callable[[], dict[str, object]]] = {
    "frozen": lambda: {"frozen_at": clock.now(), "password_hash": ""},
    "closed": lambda: {"password_hash": ""},
}


@pytest.mark.parametrize("how", CLOSED)
def test_a_closed_account_reads_and_costs_as_a_wrong_password(
    client: PageClient, queries: QueryCounter, how: str
) -> None:
    costs, seen = [], list[Seen]()
    # Both people have the same masked number.
    for changes in (dict[str, object](), CLOSED[how]()):
        account = make_account()
        phone = remember_and_leave(client.another(), account)
        with transaction():
            of_account = update(Account).where(Account.id == account.id)
            session.execute(of_account.values(**{"frozen_at": None, **changes}))
        pages: Seen = []
        for _ in range(3):
            phone.get("/masuk")
            with queries.counted() as statements:
                send_saved(phone, WRONG)
            look(phone, pages)
            costs.append([it.split()[0] for it in statements])
        seen.append([(*it[:3], it[3].replace(_dotted(account), "…")) for it in pages])
    assert costs[:3] == costs[3:]
    assert without_ids(seen[0]) == without_ids(seen[1])
    assert NO_MATCH in seen[1][0][3]


def without_ids(pages: Seen) -> Seen:
    """The pages without the ids of lines, which differ for everybody."""
    return [(*it[:3], re.sub(r'name="saved" value="\d+"', "…", it[3])) for it in pages]


def test_tries_by_saved_and_by_typed_number_are_counted_as_one(client: PageClient) -> None:
    account = make_account()
    remember_and_leave(client, account)
    for _ in range(3):
        send_saved(client.get("/masuk"), WRONG)
        assert client.errors == {"password": NO_MATCH}
    send_sign_in(signed_out_on(client).get("/masuk?nomor=lain"), account.nik, WRONG)
    send_saved(client.get("/masuk"), WRONG)
    assert client.status == 422
    send_saved(client)
    assert client.status == 429
    assert "Terlalu sering salah. Coba lagi pukul" in client.errors["password"]
    assert masked(account) in client.text


def test_the_token_alone_opens_nothing_and_shows_no_more_than_the_mask(
    client: PageClient,
) -> None:
    account = make_account()
    remember_and_leave(client, account)
    thief = client.another()
    thief.cookies.values["hp"] = client.cookies.values["hp"]
    for address in ("/beranda", "/profil", "/kartu", "/notifikasi", "/keluar"):
        assert thief.get(address).url == "/masuk"
    for address in ("/", "/bantuan", "/lupa-kata-sandi", "/daftar"):
        assert masked(account) not in thief.get(address).text
    assert masked(account) in thief.get("/masuk").text
    assert thief.cookies.values["hp"] == client.cookies.values["hp"]


@pytest.mark.parametrize("event", ["sign_out", "recovery"])
def test_what_ends_a_session_leaves_the_number_saved(client: PageClient, event: str) -> None:
    account = make_account()
    remember_and_leave(client, account)
    if event == "recovery":
        with transaction():
            known_devices.forget_all(account.id)
    token = client.cookies.values["hp"]
    for _ in range(2):
        assert send_saved(client.get("/masuk")).url == "/beranda"
        sign_out(client)
    assert client.cookies.values["hp"] == token


def test_keluar_says_that_the_number_stays(client: PageClient) -> None:
    sign_in(client, make_account())
    assert "tetap tersimpan" not in client.get("/keluar").text
    assert "tetap tersimpan" in remember(client).get("/keluar").text


def test_signing_in_with_a_saved_number_costs_few_queries(
    client: PageClient, queries: QueryCounter
) -> None:
    remember_and_leave(client, make_account()).get("/masuk")
    with queries.at_most(23):
        send_saved(client)
