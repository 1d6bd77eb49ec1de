"""Mode gelap: the chosen scheme holds from the first paint, whatever the phone is set to."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Phone
from tests.support.clients.chromium import Scheme
from tests.support.world.running_app import RunningApp

LIGHT, DARK = "rgb(243, 247, 246)", "rgb(13, 22, 24)"
PHONES: tuple[tuple[Scheme, str], ...] = (("light", "Gelap"), ("dark", "Terang"))
# Reads the background as early as a script can, which is what people see first.
FIRST_GROUND = """() => new PerformanceObserver((list, observer) => {
  observer.disconnect();
  window.firstGround = getComputedStyle(document.documentElement).backgroundColor;
}).observe({ type: "paint", buffered: true })"""


def ground(page: Page) -> str:
    return str(page.evaluate("() => getComputedStyle(document.documentElement).backgroundColor"))


def choose(page: Page, name: str) -> None:
    page.goto("/tampilan/mode-gelap")
    page.get_by_role("radio", name=re.compile(f"^{name}")).check()
    page.get_by_role("button", name="Simpan").click()
    expect(page.get_by_role("status").filter(has_text=f"Tersimpan: {name}")).to_be_visible()


def test_the_choice_wins_over_the_phone_but_on_the_offline_page(either_page: Page) -> None:
    page = either_page
    for phones, name in PHONES:
        of_phone, chosen = (LIGHT, DARK) if phones == "light" else (DARK, LIGHT)
        page.emulate_media(color_scheme=phones)
        choose(page, name)
        for address in ("/tampilan/mode-gelap", "/"):
            page.goto(address)
            assert ground(page) == chosen, (name, address)
        # Scroll bars and the browser's own controls follow.
        controls = page.evaluate("() => getComputedStyle(document.documentElement).colorScheme")
        assert controls == ("dark" if chosen == DARK else "light")
        page.goto("/luring")
        assert ground(page) == of_phone
    choose(page, "Ikut HP")
    assert ground(page) == DARK
    page.emulate_media(color_scheme="light")
    assert ground(page) == LIGHT


@pytest.mark.parametrize(("phones", "chosen"), [("light", "dark"), ("dark", "light")])
def test_nothing_flashes(
    new_phone: Phone, running: RunningApp, phones: Scheme, chosen: Scheme
) -> None:
    context = new_phone(color_scheme=phones)
    context.add_cookies([{"name": "warna", "value": chosen, "url": running.url}])
    context.add_init_script(f"({FIRST_GROUND})()")
    page = context.new_page()
    for address in ("/", "/masuk"):
        page.goto(address)
        page.wait_for_function("() => window.firstGround")
        assert page.evaluate("() => window.firstGround") == (DARK if chosen == "dark" else LIGHT)
