"""`make screenshots`: a picture of every page of every journey, the way different people see it.

Pictures go to `screenshots/<look>/<page>.png`; the four that the manifest shows before somebody
installs the app go to `screenshots/manifest/` in the size and format that it names, and the small
ones of the README to `screenshots/readme/`.
"""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.support.browser import NARROW, launch_options, on_a_tall_screen, phone_options
from tests.support.databases import ROOT
from tests.support.inside import long_messages, receive
from tests.support.page_objects import RecoveryPages, SignInPage, sign_in
from tests.support.recovery_world import answers_of, begin_anew, newest_message
from tests.support.running_app import RunningApp, running_app

FOLDER = ROOT / "screenshots"
_MANIFEST = {"landing": "/", "masuk": "/masuk", "beranda": "/beranda", "kartu": "/kartu"}

_README = {
    "landing": "light/01-landing",
    "masuk": "light/02-masuk",
    "lupa-kata-sandi": "light/14-cara",
    "beranda": "light/20-beranda",
    "beranda-gelap": "dark/20-beranda",
}
_README_SIZE = (252, 520)

Step = Callable[[Page, RunningApp], None]

_NEW_PASSWORD = "teh manis di beranda"
_OF_WAY = {"SMS": "ppu_active", "Email": "ppu_ending", "Pertanyaan": "ppu_active_spouse"}


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
    Look("tablet", {"viewport": {"width": 820, "height": 1180}}),
)


def _at(address: str) -> Step:
    def step(page: Page, _running: RunningApp) -> None:
        page.goto(address)

    return step


def _typed(number: str, password: str, captcha: str) -> Step:
    def step(page: Page, _running: RunningApp) -> None:
        form = SignInPage(page).open().fill(number, password, captcha)
        form.submit()
        page.locator("[aria-invalid=true]").first.wait_for()

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
    page.locator("main a[href^='/kartu/']").first.click()
    page.wait_for_url("**/kartu/*")


def _more_news(page: Page, _running: RunningApp) -> None:
    more = page.get_by_role("link", name="Tampilkan lagi")
    while more.is_visible():
        leads_to = more.get_attribute("href")
        more.click()
        # Added below, or without JavaScript on a page of its own.
        expect(page.locator(f"a[href='{leads_to}']")).to_have_count(0)


def _recovery(way: str) -> Step:
    """As far as what follows a way chosen, for somebody who asks for nothing else."""

    def step(page: Page, running: RunningApp) -> None:
        page.context.clear_cookies(name="jkn")
        begin_anew(running)
        person = running.identity(_OF_WAY[way])
        RecoveryPages(page).open().begin(person.nik).choose(way)
        page.wait_for_url(lambda url: not url.endswith("/cara"))

    return step


def _recovery_pressed(button: str = "Lanjut") -> Step:
    """The page that is open, sent as it is."""

    def step(page: Page, _running: RunningApp) -> None:
        page.get_by_role("button", name=button).click()
        page.locator("[aria-invalid=true]").first.wait_for()

    return step


def _recovery_start(page: Page, _running: RunningApp) -> None:
    RecoveryPages(page).open()


def _recovery_ways(page: Page, running: RunningApp) -> None:
    RecoveryPages(page).open().begin(running.identity("ppu_active").nik)


def _recovery_wrong_code(page: Page, _running: RunningApp) -> None:
    RecoveryPages(page).give_code("000000")
    page.locator("[aria-invalid=true]").first.wait_for()


def _recovery_answered(page: Page, running: RunningApp) -> None:
    """Every question right, as far as the new password."""
    known = answers_of(running, running.identity(_OF_WAY["Pertanyaan"]).nik)
    steps = RecoveryPages(page)
    for number in (1, 2, 3):
        page.get_by_text(f"Pertanyaan {number} dari 3").wait_for()
        steps.answer.fill(known[steps.heading.inner_text()])
        steps.next()
    page.wait_for_url("**/kata-sandi")


def _recovery_done(page: Page, _running: RunningApp) -> None:
    RecoveryPages(page).set_password(_NEW_PASSWORD)


def _limited(address: str) -> Step:
    def step(page: Page, running: RunningApp) -> None:
        if page.url.endswith("/masuk"):
            person = running.identity(_OF_WAY["Pertanyaan"])
            SignInPage(page).fill(person.nik, _NEW_PASSWORD).submit()
            page.wait_for_url("**/beranda")
        page.goto(address)

    return step


def _disavowed(page: Page, running: RunningApp) -> None:
    page.goto(newest_message(running, "sms", "bukan-saya").link)


def _frozen(page: Page, _running: RunningApp) -> None:
    page.get_by_role("button", name="Bukan saya, bekukan akun").click()
    page.wait_for_url("**/selesai")


STEPS: dict[str, Step] = {
    "01-landing": _at("/"),
    "02-masuk": _at("/masuk"),
    "03-masuk-password-shown": _shown_password,
    "04-masuk-empty": _typed("", "", ""),
    "05-masuk-wrong-length": _typed("327605170384", "kata sandi", "12345"),
    "06-masuk-refused": _typed("3276051703840001", "bukan kata sandi", "12345"),
    "07-masuk-wrong-captcha": _typed("3276051703840001", "bukan kata sandi", "54321"),
    "08-bantuan": _at("/bantuan"),
    "09-luring": _at("/luring"),
    "10-not-found": _at("/ini-tidak-ada"),
    "11-kotak-keluar": _outbox_preview,
    "12-lupa-kata-sandi": _recovery_start,
    "13-lupa-kata-sandi-empty": _recovery_pressed(),
    "14-cara": _recovery_ways,
    "15-cara-empty": _recovery_pressed(),
    "20-beranda": _as("ppu_active", "/beranda"),
    "21-kartu": _at("/kartu"),
    "22-kartu-member": _first_member,
    "23-lainnya": _at("/lainnya"),
    "24-bantuan-signed-in": _at("/bantuan"),
    "25-keluar": _at("/keluar"),
    "26-notifikasi": _at("/notifikasi"),
    "27-notifikasi-further-down": _more_news,
    "30-beranda-longest-name": _as("name_of_60_letters", "/beranda"),
    "31-kartu-longest-name": _at("/kartu"),
    "32-beranda-arrears": _as("arrears", "/beranda"),
    "33-kartu-arrears": _at("/kartu"),
    "34-beranda-ending": _as("ppu_ending", "/beranda"),
    "35-beranda-ended": _as("ppu_just_ended", "/beranda"),
    "36-beranda-newborn": _as("newborn_mother", "/beranda"),
    "37-beranda-family-of-deceased": _as("family_of_deceased", "/beranda"),
    "38-beranda-many-children": _as("ppu_older_children", "/beranda"),
    "39-beranda-one-word": _as("name_of_one_word", "/beranda"),
    "40-beranda-not-a-participant": _as("account_without_membership", "/beranda"),
    "41-kartu-not-a-participant": _at("/kartu"),
    "50-kode-sms": _recovery("SMS"),
    "51-kode-wrong": _recovery_wrong_code,
    "52-kode-email": _recovery("Email"),
    "53-pertanyaan": _recovery("Pertanyaan"),
    "54-pertanyaan-empty": _recovery_pressed(),
    "55-kata-sandi-baru": _recovery_answered,
    "56-kata-sandi-baru-empty": _recovery_pressed("Simpan kata sandi baru"),
    "57-masuk-afterwards": _recovery_done,
    "58-beranda-limited": _limited("/beranda"),
    "59-akses-terbatas": _limited("/akses-terbatas"),
    "60-bukan-saya": _disavowed,
    "61-bukan-saya-done": _frozen,
    "62-tautan-dead": _at("/lupa-kata-sandi/tautan"),
}


def take_all(browser: Browser, running: RunningApp, folder: Path) -> Iterator[Path]:
    """Every page in every look; yields each picture's path."""
    for look in LOOKS:
        context = browser.new_context(**phone_options(running.url, **look.options))
        page = context.new_page()
        page.emulate_media(reduced_motion="reduce")
        if look.has_large_text:
            context.add_cookies([{"name": "huruf", "value": "1", "url": running.url}])
        for name, step in STEPS.items():
            step(page, running)
            path = folder / look.name / f"{name}.png"
            with on_a_tall_screen(page):
                page.screenshot(path=path)
            yield path
        context.close()


def take_for_manifest(browser: Browser, running: RunningApp, folder: Path) -> None:
    """What the browser shows before the app is installed: exactly one phone screen each."""
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
    """The top of some of the pictures, as much as a phone shows at once."""
    (folder / "readme").mkdir()
    for name, source in _README.items():
        with Image.open(folder / f"{source}.png") as picture:
            width, height = _README_SIZE
            top = (0, 0, picture.width, picture.width * height // width)
            small = picture.resize(_README_SIZE, Image.Resampling.LANCZOS, box=top)
            small.save(folder / "readme" / f"{name}.webp", "WEBP", quality=80, method=6)


def main() -> None:
    """Take them all, and say where they are."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    with running_app() as running, sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_options())
        # Before anything else: every walk makes news that the bell counts.
        take_for_manifest(browser, running, FOLDER / "manifest")
        total = len(LOOKS) * len(STEPS)
        for number, path in enumerate(take_all(browser, running, FOLDER), start=1):
            print(f"{number:4} of {total}  {path.relative_to(FOLDER)}", flush=True)
        browser.close()
    shrink_for_readme(FOLDER)
    print(FOLDER)


if __name__ == "__main__":
    main()
