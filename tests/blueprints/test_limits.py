"""One address cannot have captchas drawn without end, and nobody else is held back (R12,
R80-R82)."""

from collections import Counter

import pytest
from flask import Flask

from jkn import create_app
from jkn.extensions import limiter
from jkn.settings import Settings
from tests.support.clients.forms import fill
from tests.support.clients.page_client import PageClient
from tests.support.world.clock import Clock
from tests.support.world.ports import reserved_port
from tests.support.world.programs import ToolMissing, skip_without
from tests.support.world.redis_server import running_redis

ALLOWED = 60
WAIT = "Terlalu banyak percobaan. Tunggu sebentar."
REFRESH = "/captcha/masuk"

pytestmark = pytest.mark.parametrize("database_copies", ["sqlite"], indirect=True)


def statuses(app: Flask, url: str, times: int, source: str = "203.0.113.7") -> Counter[int]:
    client = app.test_client()
    return Counter(
        client.get(url, environ_base={"REMOTE_ADDR": source}).status_code for _ in range(times)
    )


def test_three_hundred_refreshes_in_ten_seconds_end(app: Flask) -> None:
    assert statuses(app, REFRESH, 300) == {303: ALLOWED, 429: 300 - ALLOWED}


@pytest.mark.parametrize(
    ("url", "usual"),
    [
        ("/captcha/gambar/tidak.webp", 404),
        ("/captcha/suara/tidak.wav", 404),
        ("/captcha/masuk/otomatis", 200),
    ],
)
def test_everything_that_is_made_for_a_captcha_is_limited(app: Flask, url: str, usual: int) -> None:
    assert statuses(app, url, ALLOWED + 1) == {usual: ALLOWED, 429: 1}


def test_reports_of_browsers_are_limited_without_a_page(app: Flask) -> None:
    client = app.test_client()
    answers = [client.post("/laporan-csp", data=b"{}") for _ in range(ALLOWED + 1)]
    assert Counter(it.status_code for it in answers) == {204: ALLOWED, 429: 1}
    assert answers[-1].data == b""


def test_ten_seconds_later_it_goes_on(app: Flask, clock: Clock) -> None:
    statuses(app, REFRESH, ALLOWED + 1)
    clock.advance(seconds=11)
    assert statuses(app, REFRESH, 1) == {303: 1}


def test_pages_and_other_addresses_stay_open(app: Flask) -> None:
    statuses(app, REFRESH, ALLOWED + 1)
    assert statuses(app, "/masuk", 100) == {200: 100}
    assert statuses(app, REFRESH, ALLOWED, "203.0.113.8") == {303: ALLOWED}


def test_a_home_with_ipv6_is_one_address(app: Flask) -> None:
    statuses(app, REFRESH, ALLOWED, "2001:db8:1:2::7")
    assert statuses(app, REFRESH, 1, "2001:db8:1:2:3:4:5:6") == {429: 1}
    assert statuses(app, REFRESH, 1, "2001:db8:1:3::7") == {303: 1}
    # A mapped IPv4 address stands for one phone, not for the whole of IPv4.
    statuses(app, REFRESH, ALLOWED, "::ffff:203.0.113.9")
    assert statuses(app, REFRESH, 1, "::ffff:203.0.113.10") == {303: 1}


def test_an_address_that_is_none_is_limited_too(app: Flask) -> None:
    assert statuses(app, REFRESH, ALLOWED + 1, "unknown") == {303: ALLOWED, 429: 1}


@pytest.mark.settings(proxy_hops=1)
def test_the_address_comes_from_the_configured_hop(app: Flask) -> None:
    """A forwarded address that the client writes neither helps it nor harms others."""
    client = app.test_client()
    answers = [
        client.get(REFRESH, headers={"X-Forwarded-For": f"198.51.100.{number}, 203.0.113.7"})
        for number in range(ALLOWED + 1)
    ]
    assert [it.status_code for it in answers].count(429) == 1
    headers = {"X-Forwarded-For": "203.0.113.7, 198.51.100.1"}
    assert client.get(REFRESH, headers=headers).status_code == 303


def test_without_a_proxy_nobody_names_an_own_address(app: Flask) -> None:
    client = app.test_client()
    codes = [
        client.get(REFRESH, headers={"X-Forwarded-For": f"198.51.100.{number}"}).status_code
        for number in range(ALLOWED + 1)
    ]
    assert codes.count(429) == 1


def test_a_browser_gets_our_own_page(as_browser: PageClient) -> None:
    statuses(as_browser.app, REFRESH, ALLOWED, "127.0.0.1")
    as_browser.get(REFRESH)
    assert as_browser.status == 429
    assert as_browser.heading == "Terlalu banyak percobaan"
    assert "60" not in as_browser.text


def test_with_htmx_only_the_captcha_says_so(as_htmx: PageClient) -> None:
    as_htmx.get("/masuk")
    token = dict(fill(as_htmx.document, "MASUK", {}).fields)["captcha_token"]
    statuses(as_htmx.app, REFRESH, ALLOWED, "127.0.0.1")
    as_htmx.follow("Ganti gambar")
    assert as_htmx.status == 429
    assert as_htmx.heading == "Masuk"
    assert as_htmx.text.count(WAIT) == 1
    submission = fill(as_htmx.document, "MASUK", {"NIK atau nomor kartu": "1"})
    assert dict(submission.fields)["captcha_token"] == token, "the captcha shown still counts"
    assert as_htmx.response is not None
    assert as_htmx.response.headers["HX-Retarget"] == "#captcha-notice"


def test_the_words_go_with_the_next_picture(as_htmx: PageClient, clock: Clock) -> None:
    as_htmx.get("/masuk")
    statuses(as_htmx.app, REFRESH, ALLOWED, "127.0.0.1")
    assert WAIT in as_htmx.follow("Ganti gambar").text
    clock.advance(seconds=11)
    assert WAIT not in as_htmx.follow("Ganti gambar").text


def test_several_processes_count_together_in_redis(settings: Settings) -> None:
    try:
        with running_redis() as url:
            shared = settings.model_copy(update={"redis_url": url})
            assert statuses(create_app(shared), REFRESH, ALLOWED) == {303: ALLOWED}
            assert statuses(create_app(shared), REFRESH, 1) == {429: 1}
            assert statuses(create_app(settings), REFRESH, 1) == {303: 1}
    except ToolMissing as missing:
        skip_without(missing)


def test_without_its_store_it_counts_in_memory(settings: Settings) -> None:
    with reserved_port() as nobodys:
        nobody = f"redis://127.0.0.1:{nobodys}/0"
        app = create_app(settings.model_copy(update={"redis_url": nobody}))
        try:
            assert statuses(app, REFRESH, ALLOWED + 40) == {303: ALLOWED, 429: 40}
            assert statuses(app, "/masuk", 1) == {200: 1}
        finally:
            # The limiter is shared by all tests of this process, so it is mended.
            limiter._storage_dead = False
