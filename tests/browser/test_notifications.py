"""Notifikasi in the hand: the bell counts down as things are read, and nobody loses their place."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Phone
from tests.support.pages.page_objects import NotificationsPage, sign_in
from tests.support.world.running_app import RunningApp

PERSON = "ppu_active"


def is_focused(item: Locator) -> bool:
    return bool(item.evaluate("it => it === document.activeElement"))


def count_at_the_bell(news: NotificationsPage) -> int:
    name = news.bell.inner_text() if news.bell.count() else ""
    number = re.search(r"(\d+) belum dibaca", name)
    return int(number[1]) if number else 0


def test_one_that_says_it_all_is_marked_where_it_stands(
    new_phone: Phone, running: RunningApp
) -> None:
    page = new_phone().new_page()
    sign_in(page, running.identity(PERSON))
    news = NotificationsPage(page).open()
    mark = page.get_by_role("button", name="Tandai sudah dibaca")
    marked = news.items.filter(has=mark).first
    number = marked.get_attribute("id")
    before = count_at_the_bell(news)
    requests: list[str] = []
    page.on("request", lambda request: requests.append(f"{request.method} {request.url}"))
    mark.first.click()
    item = page.locator(f"#{number}")
    expect(item).not_to_contain_text("Baru")
    assert count_at_the_bell(news) == before - 1
    assert is_focused(item)
    assert len(requests) == 1
    assert requests[0].startswith("POST")


@pytest.mark.with_and_without_js
def test_all_are_read_with_one_tap(either_page: Page, running: RunningApp) -> None:
    sign_in(either_page, running.identity("arrears"))
    news = NotificationsPage(either_page).open()
    assert count_at_the_bell(news) >= 1
    news.button("Tandai semua sudah dibaca").click()
    expect(either_page.get_by_text("Semua sudah dibaca.")).to_be_visible()
    expect(news.unread).to_have_count(0)
    assert count_at_the_bell(news) == 0
    assert news.bell.inner_text().strip() == "Notifikasi"
