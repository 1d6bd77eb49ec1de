"""What browsers may ask for before anybody taps, and what they get for the rest."""

import fnmatch
import json

import pytest
from flask import Flask

from tests.support.clients.page_client import PageClient
from tests.support.steps.sign_in_steps import sign_in
from tests.support.world.clock import Clock
from tests.support.world.factories import make_account
from tests.support.world.queries import QueryCounter

AHEAD = {"Sec-Purpose": "prefetch"}
# From a browser's line for addresses, or to make the whole page ready.
PRERENDER = {"Sec-Purpose": "prefetch;prerender"}
HEADER = "Speculation-Rules"


def rules_url(client: PageClient, page: str) -> str | None:
    """Where the rules are that come with this page; None: it has none."""
    client.get(page)
    assert client.response is not None
    named = client.response.headers.get(HEADER)
    return named.strip('"') if named else None


@pytest.mark.parametrize("page", ["/", "/bantuan", "/bantuan/lupa-pin", "/syarat-ketentuan"])
def test_who_is_not_signed_in_may_fetch_ahead(client: PageClient, page: str) -> None:
    assert rules_url(client, page) is not None


@pytest.mark.parametrize("page", ["/masuk", "/daftar", "/lupa-kata-sandi", "/luring", "/tidak"])
def test_no_other_page_tells_browsers_to(client: PageClient, page: str) -> None:
    assert rules_url(client, page) is None


def test_somebody_signed_in_fetches_nothing_ahead(client: PageClient) -> None:
    sign_in(client, make_account())
    assert rules_url(client, "/bantuan") is None


def test_the_rules_stay_and_name_only_what_is_answered(app: Flask, client: PageClient) -> None:
    with app.test_client().get(rules_url(client, "/") or "") as answer:
        assert answer.mimetype == "application/speculationrules+json"
        assert "immutable" in answer.headers["Cache-Control"]
        (rule,) = json.loads(answer.data)["prefetch"]
    assert rule["eagerness"] == "moderate"
    pages = [
        it.rule
        for it in app.url_map.iter_rules()
        if any(fnmatch.fnmatch(it.rule, pattern) for pattern in rule["where"]["href_matches"])
    ]
    assert len(pages) >= 4
    for page in pages:
        path = page.replace("<slug>", "lupa-pin")
        assert app.test_client().get(path, headers=AHEAD).status_code == 200, path


@pytest.mark.parametrize("headers", [AHEAD, PRERENDER], ids=["fetched", "made ready"])
def test_all_else_is_refused_before_anybody_is_looked_up(
    app: Flask, as_browser: PageClient, queries: QueryCounter, headers: dict[str, str]
) -> None:
    sign_in(as_browser, make_account())
    cookie = as_browser.cookies.header()
    refused = 0
    for rule in app.url_map.iter_rules():
        is_open = rule.endpoint.partition(".")[0] in ("help", "terms")
        if is_open or rule.arguments or "GET" not in (rule.methods or ()):
            continue
        with queries.at_most(0):
            answer = app.test_client(use_cookies=False).get(
                rule.rule, headers={**headers, "Cookie": cookie}
            )
        assert (answer.status_code, answer.data) == (403, b""), rule.rule
        assert "Set-Cookie" not in answer.headers, rule.rule
        refused += 1
    assert refused > 30


def test_what_is_fetched_ahead_prolongs_no_session(as_browser: PageClient, clock: Clock) -> None:
    sign_in(as_browser, make_account())
    clock.advance(minutes=20)
    as_browser.get("/bantuan", **AHEAD)
    assert as_browser.status == 200
    clock.advance(minutes=11)
    assert as_browser.get("/beranda").url == "/masuk"
