"""Masuk for people who cannot read the picture: automatic check and spoken digits, in Chromium."""

from datetime import UTC, datetime
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Phone, with_other_settings
from tests.support.clients.chromium import (
    NARROW,
    HeldBack,
    accessibility_findings,
    in_both_schemes,
    phone,
    sideways_overflow,
)
from tests.support.pages.page_objects import HomePage, SignInPage
from tests.support.world.running_app import RunningApp

CHALLENGE = "**/captcha/masuk/otomatis"
SOUND = "**/captcha/suara/*"
SAVES_DATA = "Object.defineProperty(navigator, 'connection', { value: { saveData: true } })"
# Many at once: the limit holds for ten seconds by the real clock, however busy the machine is.
SPEND_THE_LIMIT = """async () => {
  const how = { redirect: "manual", cache: "no-store" };
  const ask = async () => (await fetch("/captcha/masuk", how)).status;
  while (!(await Promise.all(Array.from({ length: 70 }, ask))).includes(429));
}"""
LOW_BATTERY = """
Navigator.prototype.getBattery = async () => ({ charging: false, level: 0.1 });
"""


def filled(page: Page, running: RunningApp) -> SignInPage:
    """Masuk with everything in it; the check begins by itself."""
    person = running.identity("ppu_active")
    return SignInPage(page).open().fill(person.nik, person.password)


def with_picture(page: Page, running: RunningApp) -> SignInPage:
    """Masuk with everything in it but the digits."""
    person = running.identity("ppu_active")
    return SignInPage(page).open().fill(person.nik, person.password, captcha="")


def tab_to(page: Page, element_id: str) -> None:
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("() => document.activeElement.id") == element_id:
            return
    raise AssertionError(f"Tab does not lead to {element_id}")


def test_the_number_alone_begins_the_check_and_no_picture_is_loaded(
    page: Page, running: RunningApp
) -> None:
    person, asked = running.identity("ppu_active"), []
    page.on("request", lambda it: asked.append(it.url.partition("/captcha/")[2]))
    form = SignInPage(page).open()
    expect(form.captcha.whole).to_contain_text("Cek otomatis")
    tab_to(page, "number")
    page.keyboard.type(person.nik[:12])
    expect(form.captcha.whole).to_contain_text("Cek otomatis")
    page.keyboard.type(person.nik[12:])
    form.captcha.expect_checked()
    tab_to(page, "password")
    page.keyboard.type(person.password)
    page.keyboard.press("Enter")
    HomePage(page).expect_open(person)
    assert [it for it in asked if it] == ["masuk/otomatis"]


def test_a_form_sent_before_the_check_is_done_need_not_be_sent_again(
    page: Page, running: RunningApp
) -> None:
    sent = []
    page.on("request", lambda it: sent.append(it.method) if it.method == "POST" else None)
    asked = HeldBack(page, CHALLENGE)
    form = filled(page, running)
    form.submit()
    expect(page.locator("#live")).to_have_text("Memeriksa, lalu dikirim…")
    asked.first().continue_()
    HomePage(page).expect_open(running.identity("ppu_active"))
    assert sent == ["POST"]


def test_whoever_asks_gets_the_picture_and_the_check_ends(page: Page, running: RunningApp) -> None:
    asked = HeldBack(page, CHALLENGE)
    form = filled(page, running)
    asked.first()
    # The request is aborted, so no late answer can come.
    with page.expect_event("requestfailed", lambda it: it.url.endswith("/otomatis")):
        form.link("Pakai gambar").click()
    expect(form.captcha.digits).to_be_focused()
    expect(form.captcha.picture).to_be_visible()
    expect(form.captcha.proof).to_have_value("")
    form.submit()
    expect(page.locator("#captcha_answer-error")).to_have_text("Kesalahan: Ketik 5 angka di gambar")
    expect(form.captcha.digits).to_be_visible()
    form.captcha.digits.fill("12345")
    form.password.fill(running.identity("ppu_active").password)
    form.submit()
    HomePage(page).expect_open(running.identity("ppu_active"))


def test_a_slow_check_brings_the_picture_and_whichever_is_first_is_sent(
    page: Page, running: RunningApp
) -> None:
    page.clock.install(time=datetime(2030, 1, 1, 12, tzinfo=UTC))
    asked = HeldBack(page, CHALLENGE)
    person, form = running.identity("ppu_active"), SignInPage(page).open()
    # From now on time stands still, or a busy machine would add its own to it.
    page.clock.pause_at(datetime(2030, 1, 1, 13, tzinfo=UTC))
    form.fill(person.nik, person.password)
    held = asked.first()
    page.clock.fast_forward(2900)
    expect(form.captcha.digits).to_be_hidden()
    page.clock.fast_forward(200)
    expect(form.captcha.picture).to_be_visible()
    expect(page.locator("#live")).to_contain_text("Masih memeriksa")
    # What somebody is typing into does not go away.
    form.captcha.digits.fill("1")
    held.continue_()
    expect(form.captcha.proof).not_to_have_value("")
    expect(form.captcha.digits).to_be_visible()
    form.captcha.digits.fill("12345")
    page.clock.resume()
    form.submit()
    HomePage(page).expect_open(person)


def test_a_check_that_grew_old_is_made_anew_before_the_form_goes(
    page: Page, running: RunningApp
) -> None:
    page.clock.install()
    form = filled(page, running)
    form.captcha.expect_checked()
    old = form.captcha.proof.input_value()
    page.clock.fast_forward(240_001)
    with page.expect_request(lambda it: it.method == "POST") as sent:
        form.submit()
    (proof,) = parse_qs(sent.value.post_data or "")["captcha_proof"]
    assert proof != old
    HomePage(page).expect_open(running.identity("ppu_active"))


def test_a_check_that_fails_gives_the_picture_back(page: Page, running: RunningApp) -> None:
    page.route(CHALLENGE, lambda route: route.abort("internetdisconnected"))
    form = filled(page, running)
    failed = page.locator("#live").filter(has_text="Gagal. Ketik angka di gambar")
    expect(failed).to_be_attached()
    expect(form.captcha.picture).to_be_visible()
    page.evaluate("() => { document.getElementById('live').textContent = '' }")
    page.unroute(CHALLENGE)
    too_many = {"status": 429, "content_type": "text/html", "body": "<h1>Terlalu banyak</h1>"}
    page.route(CHALLENGE, lambda route: route.fulfill(**too_many))
    form.captcha.again.click()
    expect(failed).to_be_attached()
    expect(form.captcha.picture).to_be_visible()
    page.unroute(CHALLENGE)
    form.captcha.again.click()
    form.captcha.expect_checked()


def test_without_network_the_form_says_so_and_checks_anew_when_it_is_sent_again(
    new_phone: Phone, running: RunningApp
) -> None:
    # A service worker that is being installed would say by itself that there is no network.
    page = new_phone(service_workers="block").new_page()
    person = running.identity("ppu_active")
    form = SignInPage(page).open()
    page.context.set_offline(True)
    form.fill(person.nik, person.password).submit()
    expect(form.error_summary).to_contain_text("Tidak ada sambungan internet")
    expect(form.password).to_have_value(person.password)
    page.context.set_offline(False)
    form.submit()
    HomePage(page).expect_open(person)


@pytest.mark.parametrize("why", [SAVES_DATA, LOW_BATTERY], ids=["data saver", "low battery"])
def test_a_phone_that_saves_is_asked_first(new_phone: Phone, running: RunningApp, why: str) -> None:
    context = new_phone()
    context.add_init_script(why)
    page, person = context.new_page(), running.identity("ppu_active")
    asked = HeldBack(page, CHALLENGE)
    form = SignInPage(page).open()
    expect(form.captcha.again).to_be_visible()
    form.number.fill(person.nik)
    form.password.fill(person.password)
    expect(form.captcha.whole).to_have_attribute("data-state", "asked")
    expect(form.captcha.picture).to_be_visible()
    assert asked.count == 0
    form.captcha.again.click()
    asked.first().continue_()
    form.captcha.expect_checked()
    form.submit()
    HomePage(page).expect_open(person)


def test_without_cryptography_there_is_the_picture_and_165(page: Page) -> None:
    page.add_init_script("Object.defineProperty(crypto, 'subtle', { value: undefined })")
    form = SignInPage(page).open()
    expect(form.captcha.picture).to_be_visible()
    expect(form.captcha.again).to_be_hidden()
    expect(form.captcha.whole).to_contain_text("Tidak jelas? Tekan Dengarkan.")
    expect(form.link("Hubungi 165")).to_be_visible()


def test_where_no_script_came_the_picture_comes_after_a_while_or_by_a_link(
    page: Page, running: RunningApp
) -> None:
    page.route("**/*.js", lambda route: route.abort())
    person = running.identity("ppu_active")
    form = SignInPage(page).open()
    expect(form.captcha.picture).to_be_visible()
    form.link("Pakai gambar").click()
    form.fill(person.nik, person.password, captcha="12345").submit()
    HomePage(page).expect_open(person)


def test_dengarkan_plays_in_place_and_ends_by_a_tap_by_itself_and_with_its_picture(
    page: Page,
) -> None:
    form = SignInPage(page).open()
    form.captcha.ask_for_picture()
    form.link("Dengarkan").focus()
    page.keyboard.press("Enter")
    expect(form.link("Berhenti")).to_be_focused()
    audio = page.locator("captcha-sound audio")
    # 3: enough is there to go on playing (HTMLMediaElement.HAVE_FUTURE_DATA).
    page.wait_for_function("() => document.querySelector('captcha-sound audio').readyState >= 3")
    assert 4 < audio.evaluate("it => it.duration") < 5
    assert audio.evaluate("it => it.error") is None
    page.keyboard.press("Enter")
    expect(form.link("Dengarkan")).to_be_focused()
    assert audio.evaluate("it => it.paused") is True
    assert len(page.context.pages) == 1
    form.link("Dengarkan").click()
    expect(form.link("Berhenti")).to_be_visible()
    audio.evaluate("it => { it.currentTime = it.duration - 0.2 }")
    # The word comes back when the digits were said.
    expect(form.link("Dengarkan")).to_be_visible()
    assert audio.evaluate("it => it.ended") is True
    form.link("Dengarkan").click()
    expect(form.link("Berhenti")).to_be_visible()
    page.evaluate("() => { window.old = document.querySelector('captcha-sound audio') }")
    form.link("Ganti gambar").click()
    expect(form.link("Dengarkan")).to_be_visible()
    assert page.evaluate("() => window.old.paused") is True


def test_a_sound_that_is_gone_is_explained(page: Page) -> None:
    page.route(SOUND, lambda route: route.fulfill(status=404, body="", content_type="text/html"))
    form = SignInPage(page).open()
    form.captcha.ask_for_picture()
    form.link("Dengarkan").click()
    expect(page.get_by_role("alert")).to_have_text("Suara gagal diputar. Ganti gambar.")
    expect(form.link("Dengarkan")).to_be_visible()


def test_without_javascript_the_sound_opens_beside_the_form(new_phone: Phone) -> None:
    context = new_phone(java_script_enabled=False)
    form = SignInPage(context.new_page()).open()
    form.number.fill("3276")
    with context.expect_page() as opened:
        form.link("Dengarkan").click()
    opened.value.wait_for_load_state()
    assert opened.value.url.endswith(".wav")
    expect(form.number).to_have_value("3276")


def test_in_large_letters_at_320_pixels_every_state_fits_and_axe_finds_nothing(
    new_phone: Phone, running: RunningApp
) -> None:
    context = new_phone(viewport=NARROW, screen=NARROW)
    context.add_cookies([{"name": "huruf", "value": "1", "url": running.url}])
    page = context.new_page()
    form = filled(page, running)
    form.captcha.expect_checked()
    assert sideways_overflow(page) <= 0
    for scheme in in_both_schemes(page):
        assert accessibility_findings(page) == [], scheme
    with_picture(page, running)
    for scheme in in_both_schemes(page):
        assert accessibility_findings(page) == [], scheme
    form.link("Dengarkan").click()
    expect(form.link("Berhenti")).to_be_visible()
    assert sideways_overflow(page) <= 0


@with_other_settings
def test_too_many_refreshes_leave_the_form_as_it_is(browser: Browser, asking: RunningApp) -> None:
    """This uses another app, since the rate limit would also hold for the other walks."""
    with phone(browser, asking.url) as context:
        form = SignInPage(context.new_page()).open().fill("3276", "payung", captcha="1")
        form.page.evaluate(SPEND_THE_LIMIT)
        old_picture = form.captcha.picture.get_attribute("src")
        form.link("Ganti gambar").click()
        alert = form.page.get_by_role("alert")
        expect(alert).to_have_text("Terlalu banyak percobaan. Tunggu sebentar.")
        expect(form.link("Ganti gambar")).to_be_focused()
        typed = ((form.number, "3276"), (form.password, "payung"), (form.captcha.digits, "1"))
        for field, text in typed:
            expect(field).to_have_value(text)
        expect(form.captcha.picture).to_have_attribute("src", old_picture or "")
