"""The headers and cookies of every answer."""

import re
from collections.abc import Mapping
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from jkn.database import session
from jkn.models import AuditEvent
from tests.support.clients.page_client import PageClient
from tests.support.steps.sign_in_steps import try_to_sign_in
from tests.support.world.factories import make_account

CSP = "Content-Security-Policy"
ON_EVERYTHING = {
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Reporting-Endpoints": 'csp="/laporan-csp"',
}
# The policy allows the inline style sheet of first pages by its hash.
POLICY = {
    "default-src 'self'",
    "style-src 'self' 'sha256-…'",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "form-action 'self'",
    "report-uri /laporan-csp",
    "report-to csp",
}
PATHS = [
    "/",
    "/masuk",
    "/beranda",
    "/tidak-ada",
    "/bantuan",
    "/sw.js",
    "/manifest.webmanifest",
    "/luring",
    "/static/tidak-ada.js",
    "/captcha/gambar/tidak-ada.webp",
]


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_is_hardened(app: Flask, path: str) -> None:
    answer = app.test_client().get(path)
    for name, value in ON_EVERYTHING.items():
        assert answer.headers[name] == value
    policy = re.sub("sha256-[A-Za-z0-9+/]{43}=", "sha256-…", answer.headers[CSP])
    assert set(policy.split("; ")) == POLICY
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_a_refusal_of_the_request_filter_is_kept_by_nobody_either(app: Flask) -> None:
    """That page, too, depends on the visitor: on large text, and on htmx."""
    answer = app.test_client().post("/masuk", json={})
    assert answer.status_code == 415
    assert set(answer.vary) >= {"Cookie", "HX-Request"}
    assert answer.headers["Cache-Control"] == "no-store"


def test_static_files_are_hardened_and_never_asked_for_again(app: Flask) -> None:
    for url in app.extensions["assets"].urls.values():
        answer = app.test_client().get(url)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "max-age=315360000, public, immutable"
        for name, value in ON_EVERYTHING.items():
            assert answer.headers[name] == value
        assert CSP in answer.headers
        answer.close()


def test_static_files_come_compressed(app: Flask) -> None:
    url = app.extensions["assets"].url("js/common.js")
    answer = app.test_client().get(url, headers={"Accept-Encoding": "gzip, br"})
    assert answer.headers["Content-Encoding"] == "br"
    answer.close()


@pytest.mark.parametrize("path", ["/beranda", "/kartu", "/peserta", "/lainnya", "/keluar"])
def test_private_pages_are_kept_by_nobody(client: PageClient, path: str) -> None:
    try_to_sign_in(client, make_account().nik)
    client.get(path)
    assert client.response is not None
    assert client.response.headers["Cache-Control"] == "no-store"
    assert "Cookie" in client.response.headers["Vary"]
    assert "HX-Request" in client.response.headers["Vary"]


def test_cookies_over_tls_are_bound_to_the_host(app: Flask) -> None:
    client = PageClient(app)
    client.get("/masuk")
    assert client.response is not None
    cookie = client.response.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


@pytest.mark.settings(base_url="https://jkn.example", trusted_hosts=("jkn.example",))
def test_over_tls_every_cookie_is_a_host_cookie(app: Flask) -> None:
    client = PageClient(app, base_url="https://jkn.example")
    try_to_sign_in(client, make_account().nik)
    client.get("/profil").submit("Huruf besar")
    client.get("/tampilan/mode-gelap").submit("Simpan", {"Warna layar": "Gelap Selalu gelap"})
    answer = app.test_client().get("/masuk", base_url="https://jkn.example")
    cookies = answer.headers.getlist("Set-Cookie")
    assert cookies
    for cookie in cookies:
        assert cookie.startswith("__Host-")
        assert "Secure" in cookie
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        assert "Path=/" in cookie
        assert "Domain" not in cookie
        assert len(cookie) < 4096


def remembered_source(client: PageClient, forwarded: str) -> str:
    """The address in the security event of a sign-in that came with this header."""
    sign_in_with = {"X-Forwarded-For": forwarded}
    client.get("/masuk", **sign_in_with)
    original = client._send

    def send(method: str, url: str, data: Any, headers: Mapping[str, str]) -> TestResponse:
        return original(method, url, data, {**headers, **sign_in_with})

    client._send = send  # type: ignore[method-assign]
    try_to_sign_in(client, make_account().nik)
    session.rollback()
    return session.scalars(select(AuditEvent.source)).one()


@pytest.mark.settings(proxy_hops=1)
def test_the_client_address_comes_from_the_configured_hop_only(as_browser: PageClient) -> None:
    assert remembered_source(as_browser, "6.6.6.6, 203.0.113.9") == "203.0.113.9"


def test_without_a_proxy_forwarded_addresses_are_ignored(as_browser: PageClient) -> None:
    assert remembered_source(as_browser, "6.6.6.6") == "127.0.0.1"
