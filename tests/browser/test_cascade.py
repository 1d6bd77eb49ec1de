"""What is served has no cascade layers: what they did is done by order. test_every_page.py compares
every page with its sheet as it was written."""

from playwright.sync_api import Page

from jkn import assets
from tests.support.clients.cascade import differences


def test_a_rule_that_its_layer_alone_lets_win_is_noticed(page: Page) -> None:
    page.goto("/")
    outweighed = "@layer base{main h1{top:1px}}@layer components{h1{top:2px}}"
    assert differences(page, set()) == []
    found = differences(page, set(), assets.layered_stylesheet() + outweighed)
    assert [it.rpartition("> ")[2] for it in found if " top:" in it] == ["top: 0px"]


def test_each_place_is_compared_once(page: Page) -> None:
    page.goto("/")
    known: set[str] = set()
    differences(page, known)
    assert len(known) > 30
    assert differences(page, known, "") == []
    assert differences(page, set(), "") != []
