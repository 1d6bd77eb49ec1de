"""`make screenshots`: a picture of every page of every journey, in the looks that people choose.

Pictures go to `screenshots/<look>/<page>.png`; the four that the manifest shows before somebody
installs the app go to `screenshots/manifest/` in the size and format that it names, and the small
ones of the README to `screenshots/readme/`.
"""

import shutil
import sys
from collections import ChainMap
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.support.clients.chromium import (
    NARROW,
    TYPEFACES,
    launch_options,
    on_a_tall_screen,
    phone_options,
    typefaces,
)
from tests.support.pages.page_objects import SignInPage, sign_in
from tests.support.screens import (
    activity_screens,
    display_screens,
    facility_screens,
    family_screens,
    participant_screens,
    passkey_screens,
    profile_screens,
    recovery_screens,
    region_screens,
    registration_screens,
    username_screens,
)
from tests.support.screens.screens import Step, at, walked
from tests.support.world.app_database import long_messages, receive
from tests.support.world.databases import ROOT
from tests.support.world.running_app import RunningApp, running_app

FOLDER = ROOT / "screenshots"
_MANIFEST = {"landing": "/", "masuk": "/masuk", "beranda": "/beranda", "kartu": "/kartu"}

_README = {
    "landing": "light/01-landing",
    "masuk": "light/02-masuk",
    "lupa-kata-sandi": "light/14-cara",
    "sidik-jari": "light/k14-masuk-known",
    "beranda": "light/20-beranda",
    "profil": "light/k07-profil-on",
    "beranda-gelap": "dark/20-beranda",
}
# A phone of 360 × 740 pixels.
_README_SIZE = (252, 518)
# In pages: several times the length of the list.
_LONGEST_NEWS = 20


@dataclass(frozen=True)
class Look:
    """How somebody sees the app."""

    name: str
    options: dict[str, Any] = field(default_factory=dict)
    has_large_text: bool = False


LOOKS = (
    Look("light"),
    Look("dark", {"color_scheme": "dark"}),
    Look("320-pixels", {"viewport": NARROW, "screen": NARROW}),
    Look("large-text", has_large_text=True),
    Look("large-text-320-pixels", {"viewport": NARROW, "screen": NARROW}, has_large_text=True),
    Look("without-javascript", {"java_script_enabled": False}),
    Look("landscape", {"viewport": {"width": 740, "height": 360}}),
    Look("tablet", {"viewport": {"width": 820, "height": 1180}}),
)


def _typed(number: str, password: str, captcha: str | None = None) -> Step:
    def step(page: Page, _running: RunningApp) -> None:
        form = SignInPage(page).open().fill(number, password, captcha)
        form.submit()
        page.locator("[aria-invalid=true]").first.wait_for()

    return step


def _searched(words: str) -> Step:
    def step(page: Page, _running: RunningApp) -> None:
        page.goto("/bantuan")
        # Without JavaScript there is no search, only the list.
        if page.get_by_label("Cari bantuan").is_visible():
            page.get_by_label("Cari bantuan").fill(words)

    return step


def _outbox_preview(page: Page, running: RunningApp) -> None:
    receive(running, *long_messages())
    page.goto("/dev/kotak-keluar")


def _shown_password(page: Page, _running: RunningApp) -> None:
    form = SignInPage(page).open().fill("3276051703840001", "kata sandi yang panjang", "")
    if form.button("Tampilkan").is_visible():
        form.button("Tampilkan").click()


def _as(persona: str, address: str) -> Step:
    def step(page: Page, running: RunningApp) -> None:
        page.context.clear_cookies(name="jkn")
        sign_in(page, running.identity(persona))
        page.goto(address)

    return step


def _first_member(page: Page, _running: RunningApp) -> None:
    page.goto("/kartu")
    page.locator(".list a[href^='/kartu/']").first.click()
    page.wait_for_url("**/kartu/*")


def _more_news(page: Page, _running: RunningApp) -> None:
    more = page.get_by_role("link", name="Tampilkan yang lebih lama")
    for _ in range(_LONGEST_NEWS):
        if not more.is_visible():
            return
        leads_to = more.get_attribute("href")
        more.click()
        # Wait until the older items were added below, or opened as a page without JavaScript.
        expect(page.locator(f"a[href='{leads_to}']")).to_have_count(0)
    raise AssertionError("there is always more news")


_STEPS: dict[str, Step] = {
    "01-landing": at("/"),
    "02-masuk": at("/masuk"),
    "03-masuk-password-shown": _shown_password,
    "04-masuk-empty": _typed("", "", ""),
    "05-masuk-wrong-length": _typed("327605170384", "kata sandi"),
    "06-masuk-refused": _typed("3276051703840001", "bukan kata sandi"),
    "07-masuk-wrong-captcha": _typed("3276051703840001", "bukan kata sandi", "54321"),
    "08-bantuan": at("/bantuan"),
    "08a-bantuan-search": _searched("ganti nomer hp"),
    "08b-bantuan-guide": at("/bantuan/nomor-hp-berganti"),
    "09-luring": at("/luring"),
    "10-not-found": at("/ini-tidak-ada"),
    "11-kotak-keluar": _outbox_preview,
    "20-beranda": _as("ppu_active", "/beranda"),
    "21-kartu": at("/kartu"),
    "22-kartu-member": _first_member,
    "23-lainnya": at("/lainnya"),
    "24-bantuan-signed-in": at("/bantuan"),
    "25-keluar": at("/keluar"),
    "26-notifikasi": at("/notifikasi"),
    "27-notifikasi-further-down": _more_news,
    "30-beranda-longest-name": _as("name_of_60_letters", "/beranda"),
    "31-kartu-longest-name": at("/kartu"),
    "32-beranda-arrears": _as("arrears", "/beranda"),
    "33-kartu-arrears": at("/kartu"),
    "34-beranda-ending": _as("ppu_ending", "/beranda"),
    "35-beranda-ended": _as("ppu_just_ended", "/beranda"),
    "36-beranda-newborn": _as("newborn_mother", "/beranda"),
    "37-beranda-family-of-deceased": _as("family_of_deceased", "/beranda"),
    "38-beranda-many-children": _as("ppu_older_children", "/beranda"),
    "39-beranda-one-word": _as("name_of_one_word", "/beranda"),
    "40-beranda-not-a-participant": _as("account_without_membership", "/beranda"),
    "41-kartu-not-a-participant": at("/kartu"),
}
JOURNEYS = {
    "entrance and cards": _STEPS,
    "activity": activity_screens.STEPS,
    "display and session": display_screens.STEPS,
    "facilities": facility_screens.STEPS,
    "family": family_screens.STEPS,
    "members": participant_screens.STEPS,
    "biometrics": passkey_screens.STEPS,
    "profile": profile_screens.STEPS,
    "recovery": recovery_screens.STEPS,
    "regions": region_screens.STEPS,
    "registration": registration_screens.STEPS,
    "saved numbers": username_screens.STEPS,
}
# Ordered by number, since many screens begin where the one before ended.
_ALL = dict(sorted(ChainMap({}, *JOURNEYS.values()).items()))


def take_all(
    browser: Browser, running: RunningApp, folder: Path, steps: dict[str, Step]
) -> Iterator[Path]:
    """These pages in every look; yields each picture's path."""
    for look in LOOKS:
        context = browser.new_context(**phone_options(running.url, **look.options))
        page = context.new_page()
        page.emulate_media(reduced_motion="reduce")
        if look.has_large_text:
            context.add_cookies([{"name": "huruf", "value": "1", "url": running.url}])
        for name in walked(steps, page, running):
            path = folder / look.name / f"{name}.png"
            with on_a_tall_screen(page):
                page.screenshot(path=path)
            yield path
        context.close()


def take_for_manifest(browser: Browser, running: RunningApp, folder: Path) -> None:
    """The pictures that browsers show before the app is installed: one phone screen each."""
    context = browser.new_context(**phone_options(running.url, device_scale_factor=1))
    page = context.new_page()
    page.emulate_media(reduced_motion="reduce")
    folder.mkdir(parents=True)
    for name, address in _MANIFEST.items():
        if name == "beranda":
            sign_in(page, running.identity("ppu_active"))
        page.goto(address)
        with Image.open(BytesIO(page.screenshot())) as picture:
            picture.save(folder / f"{name}.webp", "WEBP", quality=80, method=6)
    context.close()


def shrink_for_readme(folder: Path) -> None:
    """Cut some pictures to what a phone shows at once."""
    (folder / "readme").mkdir()
    for name, source in _README.items():
        with Image.open(folder / f"{source}.png") as picture:
            width, height = _README_SIZE
            top = (0, 0, picture.width, picture.width * height // width)
            small = picture.resize(_README_SIZE, Image.Resampling.LANCZOS, box=top)
            small.save(folder / "readme" / f"{name}.webp", "WEBP", quality=80, method=6)


def other_typefaces(browser: Browser, running: RunningApp) -> set[str]:
    """What the pictures show that no phone shows, because a typeface is not installed."""
    page = browser.new_page(base_url=running.url)
    sign_in(page, running.identity("ppu_active"))
    page.goto("/kartu")
    shown = typefaces(page)
    page.close()
    return shown - TYPEFACES


def main(*numbers: str) -> None:
    """Take them all, and say where they are. `numbers`: only the pages whose names begin so."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    steps = {name: step for name, step in _ALL.items() if name.startswith(numbers or "")}
    with running_app() as running, sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_options())
        if not numbers:
            # This comes first, since every walk makes notifications that the bell counts.
            take_for_manifest(browser, running, FOLDER / "manifest")
        total = len(LOOKS) * len(steps)
        for number, path in enumerate(take_all(browser, running, FOLDER, steps), start=1):
            print(f"{number:4} of {total}  {path.relative_to(FOLDER)}", flush=True)
        if strange := other_typefaces(browser, running):
            print(f"No phone shows {', '.join(strange)}: run tests/support/install_tools.sh")
        browser.close()
    if not numbers:
        shrink_for_readme(FOLDER)
    print(FOLDER)


if __name__ == "__main__":
    main(*sys.argv[1:])
