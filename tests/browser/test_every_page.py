"""What holds for every page on a small phone: nobody is shut out by eyes, hands or screen."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Phone
from tests.support.browser import (
    NARROW,
    accessibility_findings,
    in_both_schemes,
    sideways_overflow,
)
from tests.support.page_objects import sign_in
from tests.support.running_app import RunningApp
from tests.support.screenshots import JOURNEYS

# Long names, many members, reminders, no card at all.
PERSONAS = (
    "ppu_active",
    "name_of_60_letters",
    "name_of_one_word",
    "arrears",
    "ppu_ending",
    "ppu_just_ended",
    "newborn_mother",
    "ppu_older_children",
    "account_without_membership",
)

CARDS = "cards of many"
of_every_journey = pytest.mark.parametrize("journey", [*JOURNEYS, CARDS])


def cards(page: Page, running: RunningApp, persona: str) -> Iterator[str]:
    """Beranda, the own card and those of the family."""
    page.context.clear_cookies(name="jkn")
    sign_in(page, running.identity(persona))
    page.goto("/kartu")
    members = page.locator(".list a[href^='/kartu/']").evaluate_all(
        "links => links.map(link => link.getAttribute('href'))"
    )
    for address in ("/beranda", "/kartu", *members):
        page.goto(address)
        yield f"{address} of {persona}"


def pages_of(journey: str, page: Page, running: RunningApp) -> Iterator[str]:
    """Open one page after the other."""
    if journey == CARDS:
        for persona in PERSONAS:
            yield from cards(page, running, persona)
    for name, open_page in JOURNEYS.get(journey, {}).items():
        open_page(page, running)
        yield name


_SMALL_TARGETS = """() => [...document.querySelectorAll("a, button, input, summary")]
  .filter(it => it.type !== "hidden" && it.checkVisibility() && !it.matches(".skip"))
  .map(it => it.matches("[type=radio], [type=checkbox]") ? it.closest("label") : it)
  .filter(it => !it.closest("p"))  // a link in a sentence is exempt (WCAG 2.5.8)
  .map(it => [it.outerHTML.slice(0, 80), it.getBoundingClientRect()])
  .filter(([, box]) => box.height < 47.9 || box.width < 47.9)
  .map(([html, box]) => `${box.width.toFixed(1)}×${box.height.toFixed(1)} ${html}`)"""

_SMALL_TEXT = """() => {
  const found = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !parent.checkVisibility()) continue;
    const size = parseFloat(getComputedStyle(parent).fontSize);
    if (size < 15) found.add(`${size}px ${walker.currentNode.data.trim().slice(0, 40)}`);
  }
  return [...found];
}"""


@of_every_journey
def test_every_page_is_for_every_eye_and_thumb(
    page: Page, running: RunningApp, journey: str
) -> None:
    found: dict[str, list[str]] = {}
    names = []
    for name in pages_of(journey, page, running):
        names.append(name)
        found[f"{name}: too small to touch"] = page.evaluate(_SMALL_TARGETS)
        found[f"{name}: smaller than 15 pixels"] = page.evaluate(_SMALL_TEXT)
        for scheme in in_both_schemes(page):
            found[f"{name} ({scheme})"] = accessibility_findings(page)
    assert {where: problems for where, problems in found.items() if problems} == {}
    assert len(names) >= len(JOURNEYS.get(journey, PERSONAS))


def test_the_looks_do_find_what_is_wrong(page: Page) -> None:
    page.goto("/masuk")
    assert page.evaluate(_SMALL_TARGETS) == []
    page.evaluate(
        """() => {
          document.querySelector('label[for=number]').remove();
          document.documentElement.removeAttribute('lang');
          document.querySelector('h1').style.fontSize = '14px';
          document.querySelector('button[type=submit]').style.cssText = 'min-height:0;height:40px';
        }"""
    )
    axe = "\n".join(accessibility_findings(page))
    assert "html-has-lang" in axe
    assert "label" in axe
    assert [it[:10] for it in page.evaluate(_SMALL_TARGETS)] == ["328.0×40.0"]
    assert page.evaluate(_SMALL_TEXT) == ["14px Masuk"]


@of_every_journey
@pytest.mark.parametrize("text", ["usual", "large"])
def test_no_page_scrolls_sideways_at_320_pixels(
    new_phone: Phone, running: RunningApp, journey: str, text: str
) -> None:
    context = new_phone(viewport=NARROW, screen=NARROW)
    is_large = "1" if text == "large" else "0"
    context.add_cookies([{"name": "huruf", "value": is_large, "url": running.url}])
    page = context.new_page()
    wide = {}
    for name in pages_of(journey, page, running):
        size = page.evaluate("() => getComputedStyle(document.documentElement).fontSize")
        assert size == ("16px" if text == "usual" or "luring" in name else "20px"), name
        if (overflow := sideways_overflow(page)) > 0:
            wide[name] = overflow
    assert wide == {}


def test_a_page_that_scrolls_sideways_is_noticed(new_phone: Phone) -> None:
    page = new_phone(viewport=NARROW, screen=NARROW).new_page()
    page.goto("/")
    assert sideways_overflow(page) == 0
    page.evaluate("() => { document.querySelector('main').style.minWidth = '400px' }")
    assert sideways_overflow(page) >= 80


@dataclass(frozen=True)
class Stop:
    """Where the focus is: the element and whether its ring can be seen."""

    name: str
    is_visible: bool
    has_ring: bool


_STOP = """() => {
  const it = document.activeElement;
  const outline = it => it && getComputedStyle(it).outlineStyle === "solid";
  const box = it.getBoundingClientRect();
  const bars = [...document.querySelectorAll(".bottom-nav")].filter(bar => !bar.contains(it));
  const isCovered = bars.some(bar => {
    const other = bar.getBoundingClientRect();
    return getComputedStyle(bar).position === "fixed" && box.bottom > other.top + 1;
  });
  return {
    name: (it.getAttribute("aria-label") || it.name || it.textContent).trim(),
    is_visible: box.bottom > 0 && box.top < innerHeight && !isCovered,
    has_ring: [it, it.nextElementSibling].some(outline),
  };
}"""


def test_the_keyboard_alone_is_enough(page: Page, running: RunningApp) -> None:
    person = running.identity("ppu_active")
    page.goto("/")
    page.keyboard.press("Tab")
    assert focused(page).name == "Langsung ke isi"
    press_until(page, lambda stop: stop.name == "Masuk/Daftar")
    page.keyboard.press("Enter")
    page.wait_for_url("**/masuk")
    press_until(page, lambda stop: stop.name == "identity_type")
    for name, text in (
        ("number", person.nik),
        ("password", person.password),
        ("captcha_answer", "12345"),
    ):
        press_until(page, lambda stop, name=name: stop.name == name)
        page.keyboard.type(text)
    press_until(page, lambda stop: stop.name == "MASUK")
    page.keyboard.press("Enter")
    page.wait_for_url("**/beranda")
    for word, address in (("Lainnya", "**/lainnya"), ("Keluar", "**/keluar")):
        press_until(page, lambda stop, word=word: stop.name == word)
        page.keyboard.press("Enter")
        page.wait_for_url(address)
    press_until(page, lambda stop: stop.name == "Setuju")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{running.url}/")


def press_until(page: Page, is_there: Callable[[Stop], bool]) -> None:
    """Press Tab until the focus is where it should go; every stop shows where it is."""
    stops = []
    for _ in range(40):
        page.keyboard.press("Tab")
        stop = focused(page)
        stops.append(stop.name)
        assert stop.is_visible, f"the focus is out of sight on {stop.name!r}"
        assert stop.has_ring, f"no focus ring on {stop.name!r}"
        if is_there(stop):
            return
    raise AssertionError(f"Tab does not lead there, only to {stops}")


def focused(page: Page) -> Stop:
    return Stop(**page.evaluate(_STOP))
