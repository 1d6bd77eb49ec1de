"""Checks of every page on a small phone: for all eyes, hands and screens."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page

from tests.support.clients.cascade import differences
from tests.support.clients.chromium import (
    TYPEFACES,
    accessibility_findings,
    on_a_narrow_screen,
    on_a_zoomed_screen,
    sideways_overflow,
    typefaces,
)
from tests.support.pages.page_objects import sign_in
from tests.support.screens.screens import walked
from tests.support.screens.screenshots import JOURNEYS
from tests.support.world.programs import ToolMissing, skip_without, want_typeface
from tests.support.world.running_app import RunningApp

# Long names, many members, reminders, no card at all.
PERSONAS = (
    "name_of_60_letters",
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
    yield from walked(JOURNEYS.get(journey, {}), page, running)


# A link among the words of a sentence is exempt (WCAG 2.5.8); one that is a sentence of its own is
# not, whatever stands before it in its paragraph.
_SMALL_TARGETS = r"""() => {
  const isInSentence = link => {
    const [before, ...after] = link.closest("p")?.innerText.split(link.innerText) ?? [""];
    return /[\p{L}\d,;:]\s*$/u.test(before) || /^\s*[\p{L}\d,;]/u.test(after.join(" "));
  };
  return [...document.querySelectorAll("a, button, input, summary")]
    .filter(it => it.type !== "hidden" && it.checkVisibility() && !it.matches(".skip"))
    .map(it => it.matches("[type=radio], [type=checkbox]") ? it.closest("label") : it)
    .filter(it => !isInSentence(it))
    .map(it => [it.outerHTML.slice(0, 80), it.getBoundingClientRect()])
    .filter(([, box]) => box.height < 47.9 || box.width < 47.9)
    .map(([html, box]) => `${box.width.toFixed(1)}×${box.height.toFixed(1)} ${html}`);
}"""

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


def choose_large_text(page: Page, running: RunningApp) -> None:
    page.context.add_cookies([{"name": "huruf", "value": "1", "url": running.url}])


def has_large_text(page: Page) -> bool:
    size = page.evaluate("() => getComputedStyle(document.documentElement).fontSize")
    assert size in ("16px", "20px")
    return bool(size == "20px")


def set_large_text(page: Page, *, on: bool) -> None:
    """Set the class in the open page, since a page that answers a form cannot be loaded again."""
    page.evaluate("on => document.documentElement.classList.toggle('large', on)", on)


# What was compared on some page already, and the skeletons that axe has judged without a finding.
_compared: set[str] = set()
_judged: set[str] = set()

# What the rules of axe go by but for words: elements, what they are and whether they can be seen,
# how they point at each other, their colours, and whether there is a text. Of equal neighbours,
# as in a list, one counts. Ids and labels are numbered as they come: equal ones stay
# equal.
_SKELETON = r"""() => {
  const numbers = new Map();
  const number = (id) => numbers.get(id) ?? numbers.set(id, numbers.size).get(id);
  const pointing = new Set(["id", "for", "name", "form", "href", "aria-labelledby",
    "aria-describedby", "aria-controls", "aria-owns"]);
  const naming = new Set(["aria-label", "alt", "title"]);
  const said = /^(value|placeholder|src|srcset|d|datetime|action|hx-.*)$/;
  const attribute = ({ name, value }) => {
    if (name === "href" && !value.startsWith("#")) return "href";
    if (pointing.has(name)) return name + value.trim().replace("#", "").split(/\s+/).map(number);
    if (naming.has(name)) return name + (value.trim() && number(value));
    return said.test(name) ? name + Boolean(value.trim()) : name + value;
  };
  const seen = (it) => {
    const { color, backgroundColor, backgroundImage, opacity, fontSize, fontWeight, display,
      visibility } = getComputedStyle(it);
    return [color, backgroundColor, backgroundImage, opacity, fontSize, fontWeight, display,
      visibility];
  };
  const skeleton = (it) => {
    if (it.nodeType === Node.TEXT_NODE) return it.data.trim() && "text";
    if (it.nodeType !== Node.ELEMENT_NODE) return "";
    if (it.matches("script, style")) return it.tagName;
    const own = [it.tagName, ...[...it.attributes].map(attribute), ...seen(it)].join();
    const inside = [...it.childNodes].map(skeleton).filter(Boolean);
    return `<${own}>${inside.filter((one, at) => one !== inside[at - 1]).join("")}</>`;
  };
  return skeleton(document.documentElement);
}"""

# Dates, times, the parts of e-mail addresses and words, as long as those of names are, that go on
# in the next line.
_TORN = r"""() => {
  const found = [];
  const range = document.createRange();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode;
    // Messages as a phone shows them may be torn as a phone does.
    if (!text.parentElement.checkVisibility() || text.parentElement.closest(".bubble")) continue;
    const isAddress = text.parentElement.textContent.includes("@");
    const words = isAddress
      ? /[^\s@.-]+/g
      : /\d\d?(?= \p{L}+ \d{4})|\d\d\.\d\d|\d{4}|(?<!\p{L})\p{L}{2,14}(?!\p{L})/gu;
    for (const { 0: word, index } of text.data.matchAll(words)) {
      range.setStart(text, index);
      range.setEnd(text, index + word.length);
      const lines = new Set([...range.getClientRects()].map(({ top }) => Math.round(top)));
      if (lines.size > 1) found.push(`${word} of ${text.parentElement.textContent.trim()}`);
    }
  }
  return found;
}"""


def looks_at(page: Page, judged: set[str] | None = None) -> Iterator[tuple[str, list[str]]]:
    """Run every check on the page, which is left as it was, but for the dark. `judged`: skeletons
    of pages that axe need not judge again; that of a page without findings is added."""
    is_large = has_large_text(page)
    yield "looks otherwise than its sheet with layers", differences(page, _compared)
    with on_a_narrow_screen(page):
        if is_large:
            yield "scrolls sideways in large text", overflow(page)
            yield "a word is torn in large text", page.evaluate(_TORN)
            set_large_text(page, on=False)
        yield "scrolls sideways", overflow(page)
    with on_a_zoomed_screen(page):
        yield "scrolls sideways at twice its size", overflow(page)
    yield "too small to touch", small_targets(page)
    yield "smaller than 15 pixels", page.evaluate(_SMALL_TEXT)
    skeleton = None if judged is None else page.evaluate(_SKELETON)
    if judged is None or skeleton not in judged:
        page.emulate_media(color_scheme="light", reduced_motion="reduce")
        yield "axe", (in_light := accessibility_findings(page))
        page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        yield "axe in the dark", (in_dark := accessibility_findings(page, of_colours=True))
        if judged is not None and not in_light + in_dark:
            judged.add(skeleton)
    if is_large:
        set_large_text(page, on=True)


def small_targets(page: Page) -> list[str]:
    """What is smaller than a fingertip."""
    return list(page.evaluate(_SMALL_TARGETS))


def overflow(page: Page) -> list[str]:
    """By how much the page is wider than the screen, if it is."""
    pixels = sideways_overflow(page)
    return [f"by {pixels} pixels"] if pixels > 0 else []


@of_every_journey
def test_every_page_is_for_every_eye_and_thumb(
    page: Page, running: RunningApp, pytestconfig: pytest.Config, journey: str
) -> None:
    """Whatever is measured is measured on every page. What axe judges depends on the elements of a
    page, not on its words, so it runs once for pages that differ in words only; `--thorough` runs
    it on every page."""
    choose_large_text(page, running)
    judged = None if pytestconfig.getoption("thorough") else _judged
    found: dict[str, list[str]] = {}
    names = []
    for name in pages_of(journey, page, running):
        names.append(name)
        # The offline page is the same for everybody, so it has no large text.
        assert has_large_text(page) == ("luring" not in name), name
        found |= {f"{name}: {look}": problems for look, problems in looks_at(page, judged)}
    assert {where: problems for where, problems in found.items() if problems} == {}
    assert len(names) >= len(JOURNEYS.get(journey, PERSONAS))


_COMPUTED = """() => [...document.querySelectorAll("*")].map(it => {
  const style = getComputedStyle(it);
  return it.tagName + [...style].map(name => name + style.getPropertyValue(name)).join();
})"""


def test_text_is_as_large_by_script_as_it_is_by_choice(page: Page, running: RunningApp) -> None:
    # The first page of a visit holds the style sheet in itself; this test is about later pages.
    page.goto("/")
    page.goto("/masuk")
    usual = page.evaluate(_COMPUTED)
    set_large_text(page, on=True)
    by_script = page.evaluate(_COMPUTED)
    choose_large_text(page, running)
    page.goto("/masuk")
    assert page.evaluate(_COMPUTED) == by_script
    set_large_text(page, on=False)
    assert page.evaluate(_COMPUTED) == usual
    assert by_script != usual


def test_the_letters_are_those_of_phones(page: Page, running: RunningApp) -> None:
    """Whether words fit is judged by what people see."""
    try:
        for name in TYPEFACES:
            want_typeface(name)
    except ToolMissing as missing:
        skip_without(missing)
    sign_in(page, running.identity("ppu_active"))
    page.goto("/kartu")
    assert typefaces(page) == TYPEFACES


def test_the_checks_do_find_what_is_wrong(page: Page) -> None:
    page.goto("/masuk")
    assert small_targets(page) == []
    page.evaluate("""() => {
      const main = document.querySelector("main");
      main.insertAdjacentHTML("beforeend", "<p>Baca <a href='/a'>syarat</a> kami.</p>");
      main.insertAdjacentHTML("beforeend", "<p>Sudah punya? <a href='/b'>Masuk</a>.</p>");
    }""")
    (lone,) = small_targets(page)
    assert "/b" in lone
    page.evaluate("() => document.querySelectorAll('a[href=\"/b\"]').forEach(it => it.remove())")
    page.evaluate(
        """() => {
          document.querySelector('label[for=number]').remove();
          document.documentElement.removeAttribute('lang');
          document.querySelector('h1').style.fontSize = '14px';
          document.querySelector('button[type=submit]').style.cssText = 'min-height:0;height:40px';
        }"""
    )
    found = dict(looks_at(page))
    axe = "\n".join(found["axe"])
    assert "html-has-lang" in axe
    assert "label" in axe
    assert [it[:10] for it in found["too small to touch"]] == ["328.0×40.0"]
    assert found["smaller than 15 pixels"] == ["14px Masuk"]


def test_a_torn_word_is_noticed(page: Page, running: RunningApp) -> None:
    choose_large_text(page, running)
    page.goto("/masuk")
    page.evaluate(
        """() => {
          document.querySelector("h1").textContent = `nama@${"panjang".repeat(5)}.example`;
        }"""
    )
    found = dict(looks_at(page))["a word is torn in large text"]
    assert found[0].partition(" ")[0] == "panjang" * 5


def test_colours_that_are_too_weak_in_the_dark_are_noticed(page: Page) -> None:
    page.goto("/masuk")
    page.evaluate(
        """() => {
          const sheet = new CSSStyleSheet();
          sheet.replaceSync("@media (prefers-color-scheme: dark) { h1 { color: #333 } }");
          document.adoptedStyleSheets.push(sheet);
        }"""
    )
    found = dict(looks_at(page))
    assert found["axe"] == []
    assert [it[:14] for it in found["axe in the dark"]] == ["color-contrast"]


@pytest.mark.parametrize("text", ["usual", "large"])
def test_a_page_that_scrolls_sideways_is_noticed(
    page: Page, running: RunningApp, text: str
) -> None:
    if text == "large":
        choose_large_text(page, running)
    page.goto("/")
    assert [problems for look, problems in looks_at(page) if "sideways" in look and problems] == []
    # One width is too wide in both sizes of text, the other in large text only.
    widths = {"usual": "400px", "large": "17.25rem"}
    page.evaluate("it => { document.querySelector('main').style.minWidth = it }", widths[text])
    wide = {look for look, problems in looks_at(page) if "sideways" in look and problems}
    narrow = "scrolls sideways" if text == "usual" else "scrolls sideways in large text"
    assert wide == {narrow, "scrolls sideways at twice its size"}


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
