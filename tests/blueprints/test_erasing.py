"""Keluar dan hapus semua data di HP ini: as if nobody had ever used the app here."""

import pytest
from flask import Flask
from sqlalchemy import select

from jkn.database import session
from jkn.models import (
    AuditEvent,
    EventKind,
    KnownDevice,
    Notification,
    SavedUsername,
    SessionEnd,
    SignInSession,
)
from tests.support.clients.forms import fill
from tests.support.clients.page_client import PageClient
from tests.support.steps.sign_in_steps import remember, remember_and_leave, send_sign_in, sign_in
from tests.support.world.clock import Clock
from tests.support.world.factories import make_account
from tests.support.world.rows import all_rows, changes

ERASE = "Keluar dan hapus semua data di HP ini"


def erase(client: PageClient) -> PageClient:
    return client.get("/keluar").submit(ERASE)


@pytest.mark.both_databases
def test_everything_of_this_phone_is_gone(client: PageClient) -> None:
    siti, budi = make_account(), make_account()
    remember_and_leave(client, siti)
    client.get("/").submit("Huruf besar")
    client.get("/masuk?nomor=lain")
    remember(send_sign_in(client, budi.nik))
    thief = client.another(with_cookies=True)
    erase(client)
    assert client.url == "/data-dihapus"
    assert "Semua data aplikasi di HP ini sudah dihapus" in client.text
    session.rollback()
    assert session.scalars(select(SavedUsername)).all() == []
    assert session.scalars(select(KnownDevice)).all() == []
    assert set(session.scalars(select(SignInSession.ended_by))) == {SessionEnd.SIGN_OUT}
    # Only the new session cookie is there, which the first page needs for its forms.
    assert set(client.cookies.values) <= {"jkn"}
    assert "large" not in next(client.document.elements("html")).get("class", "")
    assert "Masuk sebagai" not in client.get("/masuk").text
    # A copy of the cookies from before is worth nothing.
    assert thief.get("/beranda").url == "/masuk"
    assert "Masuk sebagai" not in thief.text


def test_other_phones_keep_theirs(client: PageClient) -> None:
    account = make_account()
    other = remember_and_leave(client.another(), account)
    remember(sign_in(client, account))
    erase(client)
    assert "Masuk sebagai" in other.get("/masuk").text


def test_the_next_sign_in_is_told_as_one_from_a_new_device(
    client: PageClient, clock: Clock
) -> None:
    account = make_account()
    clock.advance(days=2)
    sign_in(client, account)
    clock.advance(minutes=1)
    erase(client)
    told = select(Notification.id).where(Notification.topic == "new_device")
    session.rollback()
    before = len(session.scalars(told).all())
    sign_in(client, account)
    session.rollback()
    assert len(session.scalars(told).all()) == before + 1


def test_looking_changes_nothing(client: PageClient) -> None:
    remember(sign_in(client, make_account()))
    before, cookies = all_rows(), dict(client.cookies.values)
    client.get("/keluar")
    client.get("/keluar/hapus-semua")
    assert client.status == 405
    assert changes(before, all_rows()) == []
    assert client.cookies.values == cookies


def test_setuju_alone_keeps_what_the_phone_remembers(client: PageClient) -> None:
    remember(sign_in(client, make_account())).get("/keluar").submit("Setuju")
    assert client.url == "/"
    assert "Masuk sebagai" in client.get("/masuk").text


def test_in_two_tabs_it_does_no_harm(client: PageClient) -> None:
    sign_in(client, make_account()).get("/keluar")
    other_tab = client.another(with_cookies=True).get("/keluar")
    client.submit(ERASE)
    other_tab.submit(ERASE)
    assert other_tab.url == "/data-dihapus"
    session.rollback()
    ended = select(AuditEvent.id).where(AuditEvent.kind == EventKind.SESSION_ENDED)
    assert len(session.scalars(ended).all()) == 1


def test_it_is_done_also_when_the_session_ran_out_meanwhile(
    client: PageClient, clock: Clock
) -> None:
    remember(sign_in(client, make_account()))
    client.get("/keluar")
    clock.advance(minutes=31)
    client.submit(ERASE)
    assert client.url == "/data-dihapus"
    session.rollback()
    assert session.scalars(select(SavedUsername)).all() == []
    assert "Masuk sebagai" not in client.get("/masuk").text


def test_a_person_who_is_signed_in_is_not_told_that_everything_is_gone(client: PageClient) -> None:
    assert sign_in(client, make_account()).get("/data-dihapus").url == "/beranda"


@pytest.mark.parametrize("with_htmx", [False, True])
@pytest.mark.settings(base_url="https://jkn.example", trusted_hosts=("jkn.example",))
def test_the_browser_is_told_to_forget_everything(app: Flask, with_htmx: bool) -> None:
    client = PageClient(app, base_url="https://jkn.example")
    client.get("/").submit("Huruf besar")
    remember(sign_in(client, make_account())).get("/keluar")
    submission = fill(client.document, ERASE, {})
    answer = app.test_client(use_cookies=False).post(
        submission.action,
        base_url="https://jkn.example",
        data=dict(submission.fields),
        headers={
            "Cookie": client.cookies.header(),
            "Referer": "https://jkn.example/keluar",
            **({"HX-Request": "true"} if with_htmx else {}),
        },
    )
    leads_to = answer.headers["HX-Redirect"] if with_htmx else answer.location
    assert leads_to == "/data-dihapus"
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    # Every cookie that the browser holds, and a browser takes it away only with these traits.
    gone = {it.partition("=")[0]: it for it in answer.headers.getlist("Set-Cookie")}
    assert set(gone) >= set(client.cookies.values) == {"__Host-jkn", "__Host-hp", "__Host-huruf"}
    for cookie in gone.values():
        assert "Max-Age=0" in cookie or "01 Jan 1970" in cookie
        for trait in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"):
            assert trait in cookie
