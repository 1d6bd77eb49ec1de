"""A page loads the scripts of its elements, and those of elements that htmx adds later."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Phone
from tests.support.clients.chromium import await_service_worker
from tests.support.pages.page_objects import SignInPage, sign_in, sign_out
from tests.support.world.running_app import RunningApp

pytestmark = pytest.mark.service_worker

PERSON = "ppu_active"


def scripts(page: Page) -> list[str]:
    """The scripts in the page, without the digests in their names."""
    found = page.evaluate("() => [...document.scripts].map((it) => new URL(it.src).pathname)")
    return [it.removeprefix("/static/js/").split(".")[0] for it in found]


def kept_files(page: Page) -> dict[str, list[str]]:
    """The paths in the caches of this browser, by the name of the cache."""
    await_service_worker(page)
    found: dict[str, list[str]] = page.evaluate(
        """async () => {
          const found = {};
          for (const name of await caches.keys()) {
            const requests = await (await caches.open(name)).keys();
            found[name] = requests.map((it) => new URL(it.url).pathname);
          }
          return found;
        }"""
    )
    return found


def bring(page: Page, path: str) -> None:
    """Let htmx put the content of another address into this page."""
    page.evaluate("(path) => htmx.ajax('GET', path, '#main')", path)


def test_a_page_loads_the_scripts_of_its_elements_alone(page: Page) -> None:
    for path, expected in {
        "/syarat-ketentuan": ["common"],
        "/bantuan": ["common", "help"],
        "/faskes": ["common", "facilities"],
        "/": ["common", "install"],
        "/masuk": ["common", "access", "captcha"],
    }.items():
        page.goto(path)
        assert scripts(page) == expected


def test_what_htmx_brings_works_and_its_script_is_loaded_once(page: Page) -> None:
    page.goto("/syarat-ketentuan")
    form = SignInPage(page)
    for _ in range(2):
        bring(page, "/masuk")
        expect(form.heading).to_have_text("Masuk")
        form.captcha.expect_script()
    assert scripts(page) == ["common", "access", "captcha"]


def test_a_script_that_did_not_arrive_comes_with_the_next_answer(new_phone: Phone) -> None:
    page = new_phone(service_workers="block").new_page()
    tries: list[str] = []

    def lose_the_first(route: Route) -> None:
        tries.append(route.request.url)
        if len(tries) == 1:
            route.abort()
        else:
            route.continue_()

    page.route(re.compile("/static/js/captcha"), lose_the_first)
    page.goto("/syarat-ketentuan")
    form = SignInPage(page)
    bring(page, "/masuk")
    expect(form.link("Hubungi 165").first).to_be_visible()
    page.wait_for_function("() => document.scripts.length === 2")
    form.captcha.expect_script(is_there=False)
    bring(page, "/masuk")
    form.captcha.expect_script()
    assert len(tries) == 2


def test_a_page_that_knows_an_element_already_is_not_harmed_by_its_script(page: Page) -> None:
    """This happens to a page from before a release that moved the element to another script."""
    form = SignInPage(page).open()
    url = page.evaluate("() => [...document.scripts].map((it) => it.src).pop()")
    assert "/static/js/captcha." in url
    page.add_script_tag(url=f"{url}?once-more")
    form.captcha.ask_for_picture()
    form.link("Ganti gambar").click()
    expect(form.captcha.again).to_be_visible()


def test_the_style_sheet_of_a_first_page_is_kept_for_all_that_follow(page: Page) -> None:
    page.goto("/")
    path = page.evaluate("() => document.querySelector('style').dataset.file")
    kept = [it for files in kept_files(page).values() for it in files]
    assert path in kept
    is_the_same, kind = page.evaluate(
        """async (path) => {
          const kept = await caches.match(path);
          const sent = await fetch(`${path}?from-the-server`);
          return [(await kept.text()) === (await sent.text()), kept.headers.get("Content-Type")];
        }""",
        path,
    )
    assert is_the_same
    assert kind == "text/css"
    page.goto("/masuk")
    expect(SignInPage(page).button("MASUK")).to_have_css("border-radius", "14px")


def test_nothing_but_the_cache_of_this_version_stays(page: Page) -> None:
    page.goto("/")
    page.wait_for_function("() => navigator.serviceWorker.controller")
    page.context.clear_cookies()
    page.goto("/syarat-ketentuan")
    page.wait_for_load_state("load")
    assert [it for it in kept_files(page) if not it.startswith("jkn-")] == []


def test_the_script_of_a_single_page_outlives_keluar(page: Page, running: RunningApp) -> None:
    page.goto("/")
    page.wait_for_function("() => navigator.serviceWorker.controller")
    SignInPage(page).open()
    sign_in(page, running.identity(PERSON))
    sign_out(page)
    kept = [it for files in kept_files(page).values() for it in files]
    assert [it for it in kept if it.startswith("/static/js/access.")]
