"""Bytes that a slow phone has to wait for (experience.md 1). Sizes are printed with `-rP`."""

import brotli
import pytest
from flask import Flask
from werkzeug.test import TestResponse

from jkn.assets import Assets
from tests.support.page_client import PageClient

CSS = 8 * 1024
JS = 22 * 1024
SERVICE_WORKER = 3 * 1024
FIRST_RESPONSE = 14_000
CAPTCHA_PICTURE = 3 * 1024
CAPTCHA_SOUND = 35_000
LOGGED_OUT = ("/", "/masuk", "/bantuan", "/luring", "/ini-tidak-ada")

pytestmark = pytest.mark.parametrize("database_copies", ["sqlite"], indirect=True)


@pytest.fixture
def assets(app: Flask) -> Assets:
    built: Assets = app.extensions["assets"]
    return built


def fetch(app: Flask, url: str) -> TestResponse:
    """A phone's first request, without any cookie."""
    return app.test_client().get(url, headers={"Accept-Encoding": "gzip, br"}, buffered=True)


def on_the_wire(answer: TestResponse) -> int:
    """Status line, headers and body as HTTP/1.1 sends them."""
    head = f"HTTP/1.1 {answer.status}\r\n" + "".join(f"{k}: {v}\r\n" for k, v in answer.headers)
    return len(head.encode()) + 2 + len(answer.data)


def within(what: str, size: int, budget: int) -> bool:
    print(f"{what}: {size} of {budget} bytes")
    return 0 < size <= budget


@pytest.mark.parametrize(("suffix", "budget"), [(".css", CSS), (".js", JS)])
def test_all_of_a_kind_together_is_small(
    app: Flask, assets: Assets, suffix: str, budget: int
) -> None:
    size = 0
    for name in [it for it in assets.urls if it.endswith(suffix)]:
        answer = fetch(app, assets.url(name))
        assert answer.status_code == 200
        assert answer.headers["Content-Encoding"] == "br"
        size += len(answer.data)
    assert within(f"all {suffix}", size, budget)


def test_a_static_file_never_changes(app: Flask, assets: Assets) -> None:
    for name in assets.urls:
        answer = fetch(app, assets.url(name))
        assert answer.status_code == 200
        assert "immutable" in answer.headers["Cache-Control"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "Access-Control-Allow-Origin" not in answer.headers


def test_the_service_worker_is_small(app: Flask) -> None:
    answer = fetch(app, "/sw.js")
    assert answer.status_code == 200
    assert answer.headers["Content-Encoding"] == "br"
    assert within("sw.js", len(answer.data), SERVICE_WORKER)


@pytest.mark.parametrize("url", LOGGED_OUT)
def test_the_first_answer_fits_one_congestion_window(app: Flask, url: str) -> None:
    answer = fetch(app, url)
    assert answer.headers.get("Content-Encoding") == "br"
    # Everything the first paint needs is in it.
    assert b"<style>" in brotli.decompress(answer.data)
    assert within(url, on_the_wire(answer), FIRST_RESPONSE)


@pytest.mark.settings(captcha="picture")
@pytest.mark.parametrize(
    ("mimetype", "budget"), [("image/webp", CAPTCHA_PICTURE), ("audio/wav", CAPTCHA_SOUND)]
)
def test_a_captcha_is_small(as_browser: PageClient, mimetype: str, budget: int) -> None:
    document = as_browser.get("/masuk").document
    picture = next(document.elements("img")).get("src", "")
    sound = document.by_id("captcha-sound")
    assert sound is not None
    as_browser.get(picture if mimetype == "image/webp" else sound.get("href", ""))
    assert as_browser.response is not None
    assert as_browser.response.mimetype == mimetype
    assert within(mimetype, len(as_browser.response.data), budget)
