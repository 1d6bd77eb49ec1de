"""Masuk for people who cannot read the picture: automatic check and spoken digits, in Chromium."""

import pytest
from playwright.sync_api import Browser, Page, Route, expect

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


def filled(page: Page, running: RunningApp) -> SignInPage:
    """Masuk with everything in it but the captcha."""
    person = running.identity("ppu_active")
    return SignInPage(page).open().fill(person.nik, person.password, captcha="")


def tab_to(page: Page, element_id: str) -> None:
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("() => document.activeElement.id") == element_id:
            return
    raise AssertionError(f"Tab does not lead to {element_id}")


def test_the_keyboard_alone_signs_in_without_reading_the_picture(
    page: Page, running: RunningApp
) -> None:
    person = running.identity("ppu_active")
    form = SignInPage(page).open()
    for element_id, text in (("number", person.nik), ("password", person.password)):
        tab_to(page, element_id)
        page.keyboard.type(text)
    tab_to(page, "captcha-auto")
    page.keyboard.press("Enter")
    form.expect_checked()
    expect(page.locator("#live")).to_have_text("Sudah diperiksa")
    expect(form.check).to_be_focused()
    page.keyboard.press("Tab")
    expect(form.button("MASUK")).to_be_focused()
    page.keyboard.press("Enter")
    HomePage(page).expect_open(person)


def test_while_it_works_it_says_so_and_can_be_stopped(page: Page, running: RunningApp) -> None:
    asked = HeldBack(page, CHALLENGE)
    form = filled(page, running)
    form.check.click()
    asked.first()
    expect(page.locator("#live")).to_have_text("Memeriksa otomatis…")
    expect(page.locator("#captcha")).to_contain_text("Memeriksa otomatis…")
    expect(form.picture).to_be_hidden()
    # The request is aborted, so no late answer can come.
    with page.expect_event("requestfailed", lambda it: it.url.endswith("/otomatis")):
        form.button("Batal").click()
    expect(form.picture).to_be_visible()
    expect(form.check).to_have_text("Periksa otomatis")
    expect(page.locator("[name=captcha_proof]")).to_have_value("")
    form.captcha.fill("12345")
    form.submit()
    HomePage(page).expect_open(running.identity("ppu_active"))


def test_a_check_that_is_through_can_be_taken_back(page: Page, running: RunningApp) -> None:
    form = filled(page, running)
    form.check.click()
    form.expect_checked()
    form.button("Batal").click()
    expect(form.captcha).to_be_visible()
    expect(page.locator("[name=captcha_proof]")).to_have_value("")


def test_a_form_sent_before_the_check_is_done_need_not_be_sent_again(
    page: Page, running: RunningApp
) -> None:
    sent = []
    page.on("request", lambda it: sent.append(it.method) if it.method == "POST" else None)
    asked = HeldBack(page, CHALLENGE)
    form = filled(page, running)
    form.check.click()
    form.submit()
    asked.first().continue_()
    HomePage(page).expect_open(running.identity("ppu_active"))
    assert sent == ["POST"]


@pytest.mark.parametrize("trouble", ["offline", "limited"])
def test_a_check_that_fails_gives_the_picture_back(
    page: Page, running: RunningApp, trouble: str
) -> None:
    def fail(route: Route) -> None:
        if trouble == "offline":
            route.abort("internetdisconnected")
        else:
            route.fulfill(status=429, content_type="text/html", body="<h1>Terlalu banyak</h1>")

    page.route(CHALLENGE, fail)
    form = filled(page, running)
    form.check.click()
    expect(page.locator("#live")).to_contain_text("Pemeriksaan gagal. Coba lagi")
    expect(form.picture).to_be_visible()
    page.unroute(CHALLENGE)
    form.check.click()
    form.expect_checked()


def test_a_refused_check_keeps_what_was_typed(page: Page, running: RunningApp) -> None:
    person = running.identity("ppu_active")
    form = filled(page, running)
    form.check.click()
    form.expect_checked()
    page.evaluate("() => { document.querySelector('[name=captcha_proof]').value = 'x' }")
    form.submit()
    expect(page.locator("#captcha_answer-error")).to_contain_text("Periksa sekali lagi")
    expect(form.number).to_have_value(person.nik)
    expect(form.password).to_have_value(person.password)
    form.check.click()
    form.expect_checked().submit()
    HomePage(page).expect_open(person)


@pytest.mark.parametrize("why", ["no JavaScript", "no cryptography"])
def test_where_it_cannot_work_the_page_names_165(new_phone: Phone, why: str) -> None:
    context = new_phone(java_script_enabled=why != "no JavaScript")
    context.add_init_script("Object.defineProperty(crypto, 'subtle', { value: undefined })")
    page = context.new_page()
    form = SignInPage(page).open()
    expect(form.check).to_be_hidden()
    expect(page.locator("#captcha")).to_contain_text("Tidak bisa membaca gambar?")
    expect(page.locator("#captcha").get_by_role("link", name="Hubungi 165")).to_be_visible()


def test_dengarkan_plays_in_place_and_stops(page: Page) -> None:
    form = SignInPage(page).open()
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


def test_the_word_comes_back_when_the_digits_were_said(page: Page) -> None:
    form = SignInPage(page).open()
    form.link("Dengarkan").click()
    expect(form.link("Berhenti")).to_be_visible()
    audio = page.locator("captcha-sound audio")
    # How long it is, is known once its beginning has come.
    page.wait_for_function("() => document.querySelector('captcha-sound audio').readyState > 0")
    audio.evaluate("it => { it.currentTime = it.duration - 0.2 }")
    expect(form.link("Dengarkan")).to_be_visible()
    assert audio.evaluate("it => it.ended") is True


def test_a_new_picture_ends_the_old_sound(page: Page) -> None:
    form = SignInPage(page).open()
    form.link("Dengarkan").click()
    expect(form.link("Berhenti")).to_be_visible()
    page.evaluate("() => { window.old = document.querySelector('captcha-sound audio') }")
    form.link("Ganti gambar").click()
    expect(form.link("Dengarkan")).to_be_visible()
    assert page.evaluate("() => window.old.paused") is True


def test_a_sound_that_is_gone_is_explained(page: Page) -> None:
    page.route(SOUND, lambda route: route.fulfill(status=404, body="", content_type="text/html"))
    form = SignInPage(page).open()
    form.link("Dengarkan").click()
    expect(page.get_by_role("alert")).to_have_text("Suara tidak bisa diputar. Tekan Ganti gambar.")
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


def test_axe_finds_nothing_in_any_state(page: Page, running: RunningApp) -> None:
    form = filled(page, running)
    found = {}
    for state in ("idle", "done"):
        if state == "done":
            form.check.click()
            form.expect_checked()
        for scheme in in_both_schemes(page):
            found[state, scheme] = accessibility_findings(page)
    assert {state: problems for state, problems in found.items() if problems} == {}
    assert len(found) == 4


@pytest.mark.parametrize("text", ["usual", "large"])
def test_nothing_scrolls_sideways_at_320_pixels(
    new_phone: Phone, running: RunningApp, text: str
) -> None:
    context = new_phone(viewport=NARROW, screen=NARROW)
    if text == "large":
        context.add_cookies([{"name": "huruf", "value": "1", "url": running.url}])
    page = context.new_page()
    form = filled(page, running)
    assert sideways_overflow(page) <= 0
    form.link("Dengarkan").click()
    expect(form.link("Berhenti")).to_be_visible()
    assert sideways_overflow(page) <= 0
    form.check.click()
    form.expect_checked()
    assert sideways_overflow(page) <= 0


@with_other_settings
def test_too_many_refreshes_leave_the_form_as_it_is(browser: Browser, asking: RunningApp) -> None:
    """This uses another app, since the rate limit would also hold for the other walks."""
    with phone(browser, asking.url) as context:
        form = SignInPage(context.new_page()).open().fill("3276", "payung", captcha="1")
        while context.request.get("/captcha/masuk", max_redirects=0).status != 429:
            pass
        old_picture = form.picture.get_attribute("src")
        form.link("Ganti gambar").click()
        alert = form.page.get_by_role("alert")
        expect(alert).to_have_text("Terlalu banyak percobaan. Tunggu sebentar.")
        expect(form.link("Ganti gambar")).to_be_focused()
        for field, text in ((form.number, "3276"), (form.password, "payung"), (form.captcha, "1")):
            expect(field).to_have_value(text)
        expect(form.picture).to_have_attribute("src", old_picture or "")
