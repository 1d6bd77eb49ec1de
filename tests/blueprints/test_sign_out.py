"""Keluar, and the other ways in which a session ends."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from jkn.database import session
from jkn.models import AuditEvent, EventKind, SessionEnd, SignInSession
from tests.support.clients.forms import fill
from tests.support.clients.page_client import PageClient
from tests.support.steps.activity_steps import kinds_of
from tests.support.steps.sign_in_steps import send_sign_in, sign_in, sign_out
from tests.support.world.clock import Clock
from tests.support.world.factories import make_account


def ends() -> list[SessionEnd | None]:
    session.rollback()
    return list(session.scalars(select(SignInSession.ended_by).order_by(SignInSession.id)))


@pytest.mark.both_databases
def test_lainnya_keluar_setuju_returns_to_the_first_page(client: PageClient) -> None:
    sign_in(client, make_account())
    sign_out(client)
    assert client.url == "/"
    assert "Anda sudah keluar" in client.text
    assert client.shows("Masuk/Daftar")
    assert "Anda sudah keluar" not in client.get("/").text, "it is said once"
    assert ends() == [SessionEnd.SIGN_OUT]


def test_looking_at_keluar_ends_nothing(client: PageClient) -> None:
    sign_in(client, make_account())
    client.get("/keluar")
    assert client.status == 200
    assert ends() == [None]
    assert client.get("/beranda").url == "/beranda"


def test_a_cookie_copied_before_keluar_is_dead_afterwards(client: PageClient) -> None:
    sign_in(client, make_account())
    thief = client.another(with_cookies=True)
    assert thief.get("/beranda").url == "/beranda"
    sign_out(client)
    assert thief.get("/beranda").url == "/masuk"
    assert thief.get("/kartu").url == "/masuk"


def test_keluar_in_one_browser_leaves_the_other_signed_in(client: PageClient) -> None:
    account = make_account()
    sign_in(client, account)
    other = client.another()
    sign_in(other, account)
    sign_out(client)
    assert other.get("/beranda").url == "/beranda"


def test_keluar_twice_in_two_tabs_does_no_harm(client: PageClient) -> None:
    sign_in(client, make_account())
    client.get("/keluar")
    other_tab = client.another(with_cookies=True)
    other_tab.get("/keluar")
    client.submit("Setuju")
    other_tab.submit("Setuju")
    assert other_tab.url == "/masuk"
    assert ends() == [SessionEnd.SIGN_OUT]
    session.rollback()
    ended = select(func.count()).where(AuditEvent.kind == EventKind.SESSION_ENDED)
    assert session.scalar(ended) == 1


def test_the_cookie_before_signing_in_is_not_the_one_after(client: PageClient) -> None:
    account = make_account()
    client.get("/masuk")
    fixed = client.another(with_cookies=True)
    send_sign_in(client, account.nik)
    assert client.url == "/beranda"
    assert fixed.get("/beranda").url == "/masuk"


def test_an_invented_cookie_is_nobody(client: PageClient) -> None:
    sign_in(client, make_account())
    stranger = client.another()
    stranger.cookies.take(["jkn=invented.by.somebody; Path=/"])
    assert stranger.get("/beranda").url == "/masuk"


def test_thirty_idle_minutes_end_the_session_and_masuk_says_so(
    client: PageClient, clock: Clock
) -> None:
    sign_in(client, make_account())
    clock.advance(minutes=29)
    assert client.get("/kartu").url == "/kartu"
    clock.advance(minutes=29)
    assert client.get("/beranda").url == "/beranda"
    clock.advance(minutes=31)
    assert client.get("/beranda").url == "/masuk"
    assert "Akun Anda keluar otomatis" in client.text


def test_twelve_hours_end_the_session_however_busy(client: PageClient, clock: Clock) -> None:
    sign_in(client, make_account())
    for _ in range(28):
        clock.advance(minutes=25)
        assert client.get("/beranda").url == "/beranda"
    clock.advance(minutes=25)
    assert client.get("/beranda").url == "/masuk"


def test_a_fragment_asked_for_after_the_end_leaves_for_masuk(as_htmx: PageClient) -> None:
    sign_in(as_htmx, make_account())
    as_htmx.get("/keluar")
    other_tab = as_htmx.another(with_cookies=True)
    sign_out(other_tab)
    as_htmx.submit("Setuju")
    assert as_htmx.url == "/masuk"
    assert not as_htmx.was_swapped


@pytest.mark.settings(base_url="https://jkn.example", trusted_hosts=("jkn.example",))
def test_keluar_asks_the_browser_to_drop_its_cache_but_not_its_storage(app: Flask) -> None:
    client = PageClient(app, base_url="https://jkn.example")
    sign_in(client, make_account())
    client.get("/keluar")
    submission = fill(client.document, "Setuju", {})
    answer = app.test_client(use_cookies=False).post(
        "/keluar",
        base_url="https://jkn.example",
        data=dict(submission.fields),
        headers={
            "Cookie": client.cookies.header() or "",
            "Referer": "https://jkn.example/keluar",
        },
    )
    assert answer.status_code == 303
    assert answer.headers["Clear-Site-Data"] == '"cache"'


def test_a_session_that_ran_out_is_said_once(client: PageClient, clock: Clock) -> None:
    sign_in(client, make_account())
    clock.advance(minutes=31)
    assert "Akun Anda keluar otomatis" in client.get("/beranda").text
    assert "Akun Anda keluar otomatis" not in client.get("/beranda").text


# Where somebody is led who signs in after Keluar


@pytest.mark.parametrize("path", ["/kartu", "/kartu/{}", "/profil"])
def test_a_page_of_who_was_here_before_is_not_the_next_ones_first(
    client: PageClient, path: str
) -> None:
    """The Back button still knows its address (R117)."""
    first, second = make_account(), make_account()
    sign_out(sign_in(client, first))
    assert client.get(path.format(first.participant_id)).url == "/masuk"
    assert send_sign_in(client, second.nik).url == "/beranda"
    assert EventKind.AUTHZ_FAIL not in kinds_of(second)


def test_it_is_for_whom_it_was_kept(client: PageClient) -> None:
    first = make_account()
    sign_out(sign_in(client, first))
    client.get("/kartu").get("/profil").get(path := f"/kartu/{first.participant_id}")
    assert send_sign_in(client, first.nik).url == path


def test_an_address_that_names_somebody_is_kept_for_nobody_unknown(client: PageClient) -> None:
    """In a browser that was closed meanwhile nobody knows whose it was."""
    first, second = make_account(), make_account()
    assert client.get(f"/kartu/{first.participant_id}").url == "/masuk"
    assert send_sign_in(client, second.nik).url == "/beranda"
    assert EventKind.AUTHZ_FAIL not in kinds_of(second)


def test_an_address_that_is_the_same_for_all_is_kept_for_whoever_asked(client: PageClient) -> None:
    assert client.get("/kartu").url == "/masuk"
    assert send_sign_in(client, make_account().nik).url == "/kartu"
