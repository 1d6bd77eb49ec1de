"""Default deny: what is public is listed here, everything else asks for a sign-in."""

import pytest
from flask import Flask
from werkzeug.routing import Rule

from tests.blueprints.journeys import sign_in
from tests.support.factories import make_account
from tests.support.page_client import PageClient

PUBLIC = {
    "captcha.picture",
    "captcha.refresh",
    "captcha.sound",
    "captcha.work",
    "display.large_text",
    "help.index",
    "landing.index",
    "pwa.manifest",
    "pwa.offline",
    "pwa.service_worker",
    "reports.content_security",
    "sign_in.index",
}
# Forms that browsers, not people, send without a token.
WITHOUT_TOKEN = {"reports.content_security"}
# Fits every kind of argument, or leads to a 404 that says nothing either.
ANY_VALUE = "1"

pytestmark = pytest.mark.parametrize("database_copies", ["sqlite"], indirect=True)


def rules(app: Flask, *, public: bool) -> list[Rule]:
    return [
        it
        for it in app.url_map.iter_rules()
        if getattr(app.view_functions[it.endpoint], "is_public", False) == public
    ]


def address_of(app: Flask, rule: Rule) -> str:
    with app.test_request_context():
        return app.url_for(rule.endpoint, **dict.fromkeys(rule.arguments, ANY_VALUE))


def unsafe_methods(rule: Rule) -> set[str]:
    return (rule.methods or set()) & {"POST", "PUT", "PATCH", "DELETE"}


def test_the_public_endpoints_are_these(app: Flask) -> None:
    assert {it.endpoint for it in rules(app, public=True)} == PUBLIC


def test_every_other_route_sends_a_stranger_to_sign_in(app: Flask) -> None:
    private = rules(app, public=False)
    assert {"home.index", "card.index", "sign_out.index"} <= {it.endpoint for it in private}
    for rule in private:
        for method in {"GET", *unsafe_methods(rule)} & (rule.methods or set()):
            answer = app.test_client().open(address_of(app, rule), method=method)
            assert (answer.status_code, answer.location) == (303, "/masuk"), (method, rule)


def test_a_stranger_inside_a_page_leaves_the_whole_page(app: Flask) -> None:
    for rule in rules(app, public=False):
        if "GET" in (rule.methods or set()):
            answer = app.test_client().get(address_of(app, rule), headers={"HX-Request": "true"})
            assert answer.status_code == 204, rule
            assert answer.headers["HX-Redirect"] == "/masuk", rule
            assert answer.data == b"", rule


@pytest.mark.parametrize("token", [{}, {"csrf_token": "x"}], ids=["no-token", "wrong-token"])
def test_every_unsafe_request_needs_a_token(app: Flask, token: dict[str, str]) -> None:
    visitor = PageClient(app)
    sign_in(visitor, make_account())
    asked = set()
    for rule in app.url_map.iter_rules():
        for method in unsafe_methods(rule):
            for headers in ({}, {"HX-Request": "true"}):
                answer = app.test_client(use_cookies=False).open(
                    address_of(app, rule),
                    method=method,
                    data=token,
                    headers={"Cookie": visitor.cookies.header(), **headers},
                )
                if rule.endpoint in WITHOUT_TOKEN:
                    assert answer.status_code == 204, rule
                else:
                    assert answer.status_code == 400, rule
                    assert "terlalu lama terbuka" in answer.text, rule
            asked.add(rule.endpoint)
    assert asked >= {"sign_in.index", "sign_out.index", "display.large_text", *WITHOUT_TOKEN}
    assert visitor.get("/beranda").url == "/beranda"


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}], ids=str
)
def test_a_request_from_another_site_is_refused(app: Flask, headers: dict[str, str]) -> None:
    for rule in app.url_map.iter_rules():
        for method in unsafe_methods(rule):
            answer = app.test_client().open(address_of(app, rule), method=method, headers=headers)
            assert answer.status_code in (400, 403), rule
            if rule.endpoint in WITHOUT_TOKEN:
                assert answer.status_code == 403
