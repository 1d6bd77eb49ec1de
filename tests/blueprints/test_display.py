"""Huruf besar: before and after signing in, on this phone only."""

import pytest

from tests.blueprints.journeys import sign_in
from tests.support.factories import make_account
from tests.support.page_client import PageClient


def is_large(client: PageClient) -> bool:
    return "large" in next(client.document.elements("html")).get("class", "").split()


def test_huruf_besar_holds_on_every_page_and_goes_again(client: PageClient) -> None:
    client.get("/")
    assert not is_large(client)
    client.submit("Huruf besar")
    assert client.url == "/"
    assert is_large(client)
    assert is_large(client.get("/masuk"))
    client.get("/").submit("Huruf besar")
    assert not is_large(client)


def test_a_second_tap_on_a_slow_phone_undoes_nothing(client: PageClient) -> None:
    client.get("/")
    slow = client.another(with_cookies=True)
    slow.document, slow.url = client.document, client.url
    client.submit("Huruf besar")
    slow.cookies = client.cookies
    slow.submit("Huruf besar")
    assert is_large(slow)


def test_huruf_besar_survives_keluar(client: PageClient) -> None:
    sign_in(client, make_account())
    client.get("/lainnya").submit("Huruf besar")
    assert is_large(client)
    client.get("/keluar").submit("Setuju")
    assert is_large(client)


@pytest.mark.parametrize("referrer", ["https://evil.example/", "http://localhost//evil.example"])
def test_it_returns_only_to_a_page_of_ours(as_browser: PageClient, referrer: str) -> None:
    as_browser.get("/")
    token = next(as_browser.document.elements("input")).get("value", "")
    answer = as_browser.app.test_client(use_cookies=False).post(
        "/tampilan/huruf-besar",
        data={"on": "1", "csrf_token": token},
        headers={
            "Cookie": as_browser.cookies.header() or "",
            "Referer": referrer,
            "Sec-Fetch-Site": "same-origin",
        },
    )
    assert answer.status_code == 303
    assert answer.location == "/"
