"""Simpan Data Username in Profil, and *Bukan saya*: on and off, on this phone only."""

import pytest
from flask import Flask
from sqlalchemy import select

from jkn.database import session
from jkn.models import AuditEvent, EventKind, Notification, SavedUsername
from jkn.services.basics.masking import initials
from tests.support.clients.forms import fill
from tests.support.clients.page_client import PageClient
from tests.support.steps.sign_in_steps import (
    remember,
    remember_and_leave,
    send_saved,
    send_sign_in,
    sign_in,
    sign_out,
)
from tests.support.world.factories import make_account
from tests.support.world.masked_numbers import masked, said

SWITCH = "Simpan Data Username"
OFF = ("false", "Mati")
ON = ("true", "Menyala")


def switch(client: PageClient) -> tuple[str | None, str]:
    """Whether it is on, and what it says."""
    client.get("/profil")
    return shown(client)


def shown(client: PageClient) -> tuple[str | None, str]:
    button = client.document.by_id("saved-username-switch")
    assert button is not None
    assert client.document.name_of(button) == SWITCH
    return button.get("aria-checked"), " ".join(button.itertext()).split()[-1]


def saved() -> int:
    session.rollback()
    return len(session.scalars(select(SavedUsername.id)).all())


def kinds() -> list[EventKind]:
    session.rollback()
    about = (EventKind.USERNAME_SAVED, EventKind.USERNAME_FORGOTTEN)
    events = select(AuditEvent.kind).where(AuditEvent.kind.in_(about))
    return list(session.scalars(events.order_by(AuditEvent.id)))


@pytest.mark.both_databases
def test_it_is_off_until_it_is_tapped_and_says_so(client: PageClient) -> None:
    sign_in(client, make_account())
    assert switch(client) == OFF
    client.submit(SWITCH)
    assert shown(client) == ON
    assert switch(client) == ON
    client.submit(SWITCH)
    assert shown(client) == OFF
    assert switch(client) == OFF
    assert kinds() == [EventKind.USERNAME_SAVED, EventKind.USERNAME_FORGOTTEN]
    # The owner did it on this very phone, so it is recorded without a notification.
    assert session.scalars(select(Notification.id)).all() == []


def test_with_htmx_only_the_row_changes(as_htmx: PageClient) -> None:
    remember(sign_in(as_htmx, make_account()))
    assert as_htmx.response is not None
    assert as_htmx.response.headers["HX-Retarget"] == "#saved-username"
    assert as_htmx.html.strip().startswith("<li")
    assert as_htmx.url == "/profil"


def test_without_htmx_profil_opens_again(as_browser: PageClient) -> None:
    remember(sign_in(as_browser, make_account()))
    assert as_browser.url == "/profil"
    assert as_browser.heading == "Profil"


def test_a_second_tap_on_a_slow_phone_undoes_nothing(client: PageClient) -> None:
    sign_in(client, make_account()).get("/profil")
    slow = client.another(with_cookies=True)
    slow.document, slow.url = client.document, client.url
    client.submit(SWITCH)
    slow.submit(SWITCH)
    assert shown(slow) == ON
    assert kinds() == [EventKind.USERNAME_SAVED]


def test_it_is_of_one_person_on_one_phone(client: PageClient) -> None:
    siti, budi = make_account(), make_account()
    remember_and_leave(client, siti)
    other_phone = sign_in(client.another(), siti)
    assert switch(other_phone) == OFF
    client.get("/masuk?nomor=lain")
    send_sign_in(client, budi.nik)
    assert switch(client) == OFF


def test_a_phone_without_a_token_is_given_one(client: PageClient) -> None:
    sign_in(client, make_account())
    del client.cookies.values["hp"]
    remember(client)
    assert switch(client) == ON
    assert client.cookies.values["hp"]


def test_a_planted_token_is_replaced(client: PageClient) -> None:
    sign_in(client, make_account())
    client.cookies.values["hp"] = "planted"
    remember(client)
    assert client.cookies.values["hp"] != "planted"
    thief = client.another()
    thief.cookies.values["hp"] = "planted"
    assert "Masuk sebagai" not in thief.get("/masuk").text


def test_off_means_gone_from_masuk(client: PageClient) -> None:
    account = make_account()
    remember_and_leave(client, account).get("/masuk")
    send_saved(client)
    assert client.url == "/beranda"
    client.get("/profil").submit(SWITCH)
    assert saved() == 0
    sign_out(client)
    client.get("/masuk")
    assert "Masuk sebagai" not in client.text
    assert client.value("NIK atau nomor kartu") == ""


def test_bukan_saya_forgets_the_number_and_says_so(client: PageClient) -> None:
    account = make_account()
    remember_and_leave(client, account).get("/masuk")
    client.submit("Bukan saya")
    assert client.url == "/masuk"
    assert "Nomor itu sudah dihapus dari HP ini" in client.text
    assert client.value("NIK atau nomor kartu") == ""
    assert account.nik[-4:] not in client.html
    assert saved() == 0
    assert kinds() == [EventKind.USERNAME_SAVED, EventKind.USERNAME_FORGOTTEN]
    assert "sudah dihapus" not in client.get("/masuk").text


def test_bukan_saya_in_two_tabs_does_no_harm(client: PageClient) -> None:
    remember_and_leave(client, make_account()).get("/masuk")
    other_tab = client.another(with_cookies=True).get("/masuk")
    client.submit("Bukan saya")
    other_tab.submit("Bukan saya")
    assert other_tab.url == "/masuk"
    assert "sudah dihapus" not in other_tab.text
    assert len(kinds()) == 2


def test_bukan_saya_of_one_leaves_the_others(client: PageClient) -> None:
    siti, budi = make_account(), make_account()
    remember_and_leave(client, siti, budi).get("/masuk")
    client.submit(f"Bukan saya {said(siti)} Inisial {initials(siti.name)}")
    assert siti.nik[-4:] not in client.html
    assert masked(budi) in client.text


def test_the_line_of_another_phone_cannot_be_taken_away(client: PageClient) -> None:
    remember_and_leave(client, make_account())
    stranger = client.another()
    remember_and_leave(stranger, make_account()).get("/masuk")
    session.rollback()
    foreign, own = session.scalars(select(SavedUsername.id).order_by(SavedUsername.id)).all()
    for saved_id in (str(foreign), "0", "x", "9" * 400, ""):
        submission = fill(stranger.document, "Bukan saya", {})
        submission.fields = [
            (name, saved_id if name == "saved" else value) for name, value in submission.fields
        ]
        stranger.send(submission)
        assert stranger.url == "/masuk"
        assert "sudah dihapus" not in stranger.text
    session.rollback()
    left = session.scalars(select(SavedUsername.id).order_by(SavedUsername.id)).all()
    assert left == [foreign, own]


@pytest.mark.settings(base_url="https://jkn.example", trusted_hosts=("jkn.example",))
def test_the_cookie_is_a_random_word_for_a_year(app: Flask) -> None:
    client = PageClient(app, base_url="https://jkn.example")
    account = make_account()
    remember(sign_in(client, account))
    submission = fill(client.get("/profil").document, SWITCH, {})
    fields = dict(submission.fields) | {"on": "1"}
    answer = app.test_client(use_cookies=False).post(
        "/profil/simpan-username",
        base_url="https://jkn.example",
        data=fields,
        headers={"Cookie": client.cookies.header(), "Referer": "https://jkn.example/profil"},
    )
    (cookie,) = (it for it in answer.headers.getlist("Set-Cookie") if it.startswith("__Host-hp="))
    token = cookie.partition("=")[2].partition(";")[0]
    assert len(token) == 43
    assert "Secure; HttpOnly; Path=/; SameSite=Lax" in cookie
    assert "Max-Age=31536000" in cookie
