"""The htmx configuration, read from the pages as they are sent (security.md R58)."""

import json
from collections.abc import Iterable
from typing import Any

import pytest
from flask import Flask

from jkn.settings import ROOT
from jkn.web.access import public
from tests.support.clients.crawling import crawl
from tests.support.clients.markup import Document
from tests.support.clients.page_client import PageClient
from tests.support.steps.sign_in_steps import sign_in
from tests.support.world.factories import make_account, make_family, make_participant

HARDENED: dict[str, object] = {
    "selfRequestsOnly": True,
    "allowEval": False,
    "allowScriptTags": False,
    # htmx would write a style element, which the content security policy forbids.
    "includeIndicatorStyles": False,
    # No private page is kept in the phone's storage; Back asks the server.
    "historyCacheSize": 0,
    "refreshOnHistoryMiss": True,
}
# Pages that no link leads to: offline, 404, limited mode, and the one for developers.
UNLINKED = ("/luring", "/tidak-ada", "/akses-terbatas", "/dev/kotak-keluar")

pytestmark = pytest.mark.parametrize("database_copies", ["sqlite"], indirect=True)


@pytest.fixture
def visitor(own_app: Flask, as_browser: PageClient) -> PageClient:
    """A visitor of an app that also has a failing route."""

    @own_app.get("/forced")
    @public
    def forced() -> str:
        raise ZeroDivisionError

    return as_browser


def config_of(document: Document) -> Any:
    """The configuration on the page; it fails if there is none or more than one."""
    (meta,) = [it for it in document.elements("meta") if it.get("name") == "htmx-config"]
    return json.loads(meta.get("content", ""))


def pages(visitor: PageClient, start: str) -> Iterable[tuple[str, Document]]:
    """All pages that links lead to, and the unlinked ones."""
    for path, page in crawl(visitor, start).items():
        yield path, page.document
    for path in (*UNLINKED, "/forced"):
        yield path, visitor.get(path).document
    assert visitor.status == 500


@pytest.mark.parametrize("where", ["logged out", "signed in"])
def test_on_every_page_htmx_runs_no_code_asks_nobody_else_and_keeps_nothing(
    visitor: PageClient, where: str
) -> None:
    start = "/"
    if where == "signed in":
        family = make_family()
        sign_in(visitor, make_account(make_participant(family)))
        start = "/beranda"
    configs = {path: config_of(document) for path, document in pages(visitor, start)}
    assert len(configs) > 10
    for path, config in configs.items():
        assert HARDENED.items() <= config.items(), path
        assert config == configs[start], f"{path} says something else"


def test_htmx_knows_each_word_of_it(visitor: PageClient) -> None:
    """htmx ignores a setting that it does not know, so a misspelt one would do nothing."""
    htmx = (ROOT / "jkn" / "static" / "vendor" / "htmx" / "htmx.min.js").read_text()
    own = htmx.partition("config:{")[2].partition("version:")[0]
    for name in config_of(visitor.get("/").document):
        assert f"{name}:" in own, name
