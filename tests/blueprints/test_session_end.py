"""The end of a session: the warning, the tap that prolongs it, and signing in again."""

import pytest
from flask import session

from tests.support.clients.markup import Element
from tests.support.clients.page_client import PageClient
from tests.support.steps.sign_in_steps import send_sign_in, sign_in, sign_out
from tests.support.world.clock import Clock
from tests.support.world.factories import make_account

EXPIRED = "Akun Anda keluar otomatis"


def watch(client: PageClient) -> Element | None:
    return client.document.by_id("session-watch")


def seconds(client: PageClient) -> int:
    found = watch(client)
    assert found is not None
    return int(found.get("data-seconds", ""))


def ask(client: PageClient) -> PageClient:
    """The request that the page makes by itself."""
    return client.fetch("/sesi", "session-watch")


def post(client: PageClient, address: str, referrer: str) -> str | None:
    """Send a form from a page that was opened long ago."""
    headers = {
        "Cookie": client.cookies.header(),
        "Referer": referrer,
        "Sec-Fetch-Site": "same-origin",
    }
    answer = client.app.test_client(use_cookies=False).post(address, headers=headers)
    client.cookies.take(answer.headers.getlist("Set-Cookie"))
    return answer.location


def has_dialog(client: PageClient) -> bool:
    return any(True for _ in client.document.elements("dialog"))


def test_every_page_of_somebody_signed_in_knows_how_long_it_lives(
    as_browser: PageClient, clock: Clock
) -> None:
    assert watch(as_browser.get("/")) is None
    sign_in(as_browser, make_account())
    for address in ("/beranda", "/kartu", "/keluar", "/bantuan", "/ini-tidak-ada"):
        assert seconds(as_browser.get(address)) == 1800, address
        assert not has_dialog(as_browser)
    assert watch(as_browser.get("/luring")) is None
    clock.advance(minutes=20)
    assert seconds(as_browser.get("/beranda")) == 1800


def test_two_minutes_before_the_end_there_is_a_dialog(client: PageClient, clock: Clock) -> None:
    sign_in(client, make_account())
    clock.advance(minutes=27, seconds=59)
    ask(client)
    assert (seconds(client), has_dialog(client)) == (121, False)
    clock.advance(seconds=1)
    ask(client)
    assert (seconds(client), has_dialog(client)) == (120, True)
    assert "Anda masih di sini?" in client.text
    assert client.shows("Tetap masuk")
    assert client.shows("Keluar sekarang")


def test_asking_keeps_nobody_signed_in(client: PageClient, clock: Clock) -> None:
    sign_in(client, make_account())
    for minute in range(1, 30):
        clock.advance(minutes=1)
        assert seconds(ask(client)) == 1800 - 60 * minute
    clock.advance(minutes=1)
    assert ask(client).url == "/masuk"
    assert client.get("/beranda").url == "/masuk"
    assert EXPIRED in client.text


@pytest.mark.parametrize("address", ["/sw.js", "/manifest.webmanifest", "/luring"])
def test_what_browsers_fetch_by_themselves_keeps_nobody_signed_in(
    as_browser: PageClient, clock: Clock, address: str
) -> None:
    sign_in(as_browser, make_account())
    clock.advance(minutes=20)
    with_cookies = {"Cookie": as_browser.cookies.header()}
    stranger = as_browser.app.test_client(use_cookies=False)
    assert stranger.get(address, headers=with_cookies).status_code == 200
    assert seconds(ask(as_browser)) == 600


def test_one_tap_gives_half_an_hour_more(client: PageClient, clock: Clock) -> None:
    sign_in(client, make_account()).get("/profil")
    clock.advance(minutes=29)
    # Without htmx the dialog never opens; the form in it would work all the same.
    ask(client).submit("Tetap masuk")
    assert seconds(client) == 1800
    assert not has_dialog(client)
    assert (client.url, client.heading) == ("/profil", "Profil")
    clock.advance(minutes=29)
    assert client.get("/beranda").url == "/beranda"


def test_another_tab_that_was_used_counts(client: PageClient, clock: Clock) -> None:
    sign_in(client, make_account())
    other = client.another(with_cookies=True)
    clock.advance(minutes=28)
    assert has_dialog(ask(client))
    other.get("/kartu")
    clock.advance(seconds=20)
    assert not has_dialog(ask(client))
    assert seconds(client) == 1780


def test_after_twelve_hours_there_is_nothing_to_prolong(
    as_browser: PageClient, clock: Clock
) -> None:
    sign_in(as_browser, make_account())
    for _ in range(29):
        clock.advance(minutes=24)
        as_browser.get("/beranda")
    clock.advance(minutes=22)
    assert seconds(as_browser.get("/beranda")) == 120
    assert has_dialog(as_browser)
    assert "Waktu masuk 12 jam hampir habis" in as_browser.text
    assert as_browser.shows("Mengerti")
    assert not as_browser.shows("Tetap masuk")
    clock.advance(minutes=2)
    assert as_browser.get("/beranda").url == "/masuk"


def test_a_page_that_asks_too_late_leaves_the_rest_to_who_is_there(
    client: PageClient, clock: Clock
) -> None:
    """A request that the page makes by itself changes nothing in the browser; a reload leads to
    Masuk."""
    account = make_account()
    sign_in(client, account).get("/profil")
    clock.advance(minutes=31)
    assert ask(client).url == "/masuk"
    assert EXPIRED not in client.text
    assert client.get("/profil").url == "/masuk"
    assert EXPIRED in client.text
    assert send_sign_in(client, account.nik).url == "/profil"


def test_the_notice_waits_for_who_reads_it(as_browser: PageClient, clock: Clock) -> None:
    """Two tabs ask, one after the other, before either of them is at Masuk."""
    sign_in(as_browser, make_account())
    clock.advance(minutes=31)
    for _ in range(2):
        post(as_browser, "/sesi/perpanjang", "http://localhost/kartu")
    assert EXPIRED in as_browser.get("/masuk").text
    assert EXPIRED not in as_browser.get("/masuk").text


def test_a_form_sent_too_late_leads_back_to_the_page_it_stood_on(
    as_browser: PageClient, clock: Clock
) -> None:
    account = make_account()
    sign_in(as_browser, account)
    clock.advance(minutes=31)
    assert post(as_browser, "/notifikasi/dibaca", "http://localhost/kartu?a=1") == "/masuk"
    as_browser.get("/masuk")
    assert send_sign_in(as_browser, account.nik).url == "/kartu"


def test_a_form_with_an_address_of_its_own_leads_back_there(
    as_browser: PageClient, clock: Clock
) -> None:
    account = make_account()
    sign_in(as_browser, account)
    clock.advance(minutes=31)
    post(as_browser, "/akses-terbatas", "http://localhost/kartu")
    as_browser.get("/masuk")
    # Nobody is in limited mode here, which leads on to Beranda.
    with as_browser.app.test_request_context(headers={"Cookie": as_browser.cookies.header()}):
        assert session["goes_on_to"] == ["/akses-terbatas", account.id, False]


@pytest.mark.parametrize(
    "referrer", ["https://evil.example/kartu", "", "http://localhost/keluar", "http://[bad"]
)
def test_a_form_from_no_page_of_ours_leads_to_beranda(
    as_browser: PageClient, clock: Clock, referrer: str
) -> None:
    account = make_account()
    sign_in(as_browser, account)
    clock.advance(minutes=31)
    post(as_browser, "/sesi/perpanjang", referrer)
    as_browser.get("/masuk")
    assert send_sign_in(as_browser, account.nik).url == "/beranda"


def test_keluar_sent_too_late_does_not_come_back(client: PageClient, clock: Clock) -> None:
    account = make_account()
    sign_in(client, account).get("/keluar")
    clock.advance(minutes=31)
    client.submit("Setuju")
    assert client.url == "/masuk"
    assert send_sign_in(client, account.nik).url == "/beranda"


def test_after_keluar_nothing_says_that_a_session_expired(client: PageClient) -> None:
    sign_in(client, make_account())
    sign_out(client)
    assert EXPIRED not in client.get("/profil").text
    assert client.url == "/masuk"


def test_a_page_left_open_in_another_tab_changes_nothing_here(as_browser: PageClient) -> None:
    sign_in(as_browser, make_account()).get("/profil")
    sign_out(as_browser)
    as_browser.get("/masuk")
    response = as_browser.app.test_client(use_cookies=False).get(
        "/sesi", headers={"Cookie": as_browser.cookies.header(), "HX-Request": "true"}
    )
    assert response.status_code == 204
    assert response.headers.getlist("Set-Cookie") == []


def test_a_page_that_closes_by_itself_keeps_nobody_signed_in(
    client: PageClient, clock: Clock
) -> None:
    sign_in(client, make_account())
    for _ in range(2):
        clock.advance(minutes=10)
        assert client.get("/profil?otomatis=1").url == "/profil?otomatis=1"
    clock.advance(minutes=10)
    assert client.get("/profil").url == "/masuk"
