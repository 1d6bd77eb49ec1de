"""Phones, browsers and networks that cannot use a fingerprint: nobody meets a dialog that leads
nowhere, everybody is told what to do, and the password works all the while."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Phone
from tests.support.clients.chromium import HeldBack, await_service_worker
from tests.support.clients.forms import fill
from tests.support.clients.markup import Document
from tests.support.pages.page_objects import HomePage, sign_in
from tests.support.pages.passkey_pages import (
    AGREE,
    MAKE,
    OPTIONS,
    USE,
    BiometricsPages,
    FingerprintSignInPage,
    asked_of_phone,
    enrolled_and_left,
    leave,
    sign_in_with_password,
    spied_on,
    tapping_only,
    with_lock,
)
from tests.support.world.running_app import Identity, RunningApp

BEGIN, CREATE = "/profil/biometrik/nyalakan", "/profil/biometrik/daftarkan"
LATE = "Waktunya habis. Tekan tombolnya sekali lagi."
OFFLINE = "Tidak ada sambungan internet. Coba lagi."
BUSY = "Sedang ramai. Tunggu sebentar, lalu coba lagi."
SLOW = "Sambungan terlalu lambat. Coba lagi."

_WITHOUT_KEYS = "delete globalThis.PublicKeyCredential;"
_EMBEDDED = (
    "Mozilla/5.0 (Linux; Android 13; SM-A135F; wv) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Version/4.0 Chrome/120.0.0.0 Mobile Safari/537.36"
)
# Answers only requests of the button, not those of the keyboard.
_ANSWERS = """CredentialsContainer.prototype.get = ({ mediation, publicKey }) =>
  mediation ? new Promise(() => {}) : new Promise((_, reject) => %s);"""


@pytest.fixture
def person(running: RunningApp) -> Identity:
    return running.identity("ppu_active")


def rejecting(page: Page, how: str) -> FingerprintSignInPage:
    """Masuk of a phone with a lock, where a tap on the button ends with this error."""
    with_lock(page)
    page.add_init_script(_ANSWERS % how)
    return FingerprintSignInPage(page).open()


def test_without_a_lock_nothing_is_asked_of_the_phone(page: Page, person: Identity) -> None:
    form = FingerprintSignInPage(spied_on(page)).open()
    expect(form.fingerprint).to_be_hidden()
    expect(page.get_by_text(USE)).to_be_hidden()
    assert asked_of_phone(page) == []
    form.sign_in(person)
    assert asked_of_phone(page) == []
    BiometricsPages(page).begin()
    expect(page.get_by_role("heading", name="HP ini belum punya kunci layar")).to_be_visible()
    expect(page.get_by_role("main").get_by_role("listitem")).to_have_text(
        [
            "Buka Setelan atau Pengaturan di HP Anda.",
            "Pilih Keamanan, lalu Kunci layar.",
            "Pilih PIN, pola, atau sidik jari.",
        ]
    )
    expect(page.get_by_label("Kata sandi akun", exact=True)).to_be_hidden()
    assert asked_of_phone(page) == []
    # A person who has set a lock meanwhile goes on from here.
    with_lock(page)
    page.get_by_role("link", name="Coba lagi").click()
    BiometricsPages(page).agree(person)


def test_a_lock_that_is_gone_leaves_the_password_and_is_told_nothing_of_its_keys(
    page: Page, person: Identity
) -> None:
    lock = with_lock(page)
    sign_in_with_password(page, person)
    pages = BiometricsPages(page).enrol(person, lock).to_list()
    assert {it["how"] for it in asked_of_phone(page)} == {"told"}
    form = leave(page)
    expect(form.fingerprint).to_be_visible()
    lock.keys.take_away()
    for address in ("/", "/masuk"):
        page.goto(address)
        expect(form.fingerprint).to_be_hidden()
        expect(page.get_by_text("Sidik jari tidak bisa dipakai di HP ini sekarang")).to_be_visible()
        expect(page.get_by_text("Atau dengan nomor dan kata sandi")).to_be_hidden()
        assert asked_of_phone(page) == []
    form.sign_in(person)
    pages.to_list()
    expect(page.locator("passkey-signal")).to_be_attached()
    assert asked_of_phone(page) == []


def test_an_old_browser_is_told_to_be_renewed(page: Page, person: Identity) -> None:
    page.add_init_script(_WITHOUT_KEYS)
    form = FingerprintSignInPage(page).open()
    expect(form.fingerprint).to_be_hidden()
    form.sign_in(person)
    BiometricsPages(page).begin()
    expect(page.get_by_role("heading", name="Browser ini belum bisa")).to_be_visible()
    expect(page.get_by_role("heading", name="HP ini belum punya kunci layar")).to_be_hidden()
    expect(page.get_by_label("Kata sandi akun", exact=True)).to_be_hidden()


def test_inside_another_app_chrome_can_be_opened(
    new_phone: Phone, running: RunningApp, person: Identity
) -> None:
    page = new_phone(user_agent=_EMBEDDED).new_page()
    page.add_init_script(_WITHOUT_KEYS)
    form = FingerprintSignInPage(page).open()
    host = running.url.removeprefix("http://")
    ends = "#Intent;scheme=http;package=com.android.chrome;end"
    chrome = page.get_by_role("link", name="Buka di Chrome")
    expect(form.fingerprint).to_be_hidden()
    expect(chrome).to_have_attribute("href", f"intent://{host}/masuk{ends}")
    form.sign_in(person)
    BiometricsPages(page).begin()
    expect(page.get_by_role("heading", name="Buka di Chrome atau Safari")).to_be_visible()
    expect(chrome).to_have_attribute("href", f"intent://{host}{BEGIN}{ends}")


def test_without_javascript_there_is_no_dead_button(new_phone: Phone, person: Identity) -> None:
    with_script = new_phone().new_page()
    enrolled_and_left(with_script, person, with_lock(with_script))
    page = new_phone(java_script_enabled=False).new_page()
    # The phone of somebody whose fingerprint is on, and who has switched JavaScript off since.
    page.context.add_cookies([it for it in with_script.context.cookies() if it["name"] == "hp"])
    for address in ("/", "/masuk"):
        page.goto(address)
        expect(FingerprintSignInPage(page).fingerprint).to_be_hidden()
        said = page.locator("noscript").inner_text()
        assert said.startswith("Sidik jari tidak bisa dipakai tanpa JavaScript")
    page.context.clear_cookies(name="hp")
    form = FingerprintSignInPage(page).open()
    expect(form.fingerprint).to_be_hidden()
    form.sign_in(person)
    page.goto("/profil")
    BiometricsPages(page).switch.click()
    expect(form.heading).to_have_text("Nyalakan Login dengan Biometrik")
    # Searching by text ignores this element.
    expect(page.locator("noscript")).to_be_visible()
    assert page.locator("noscript").inner_text().startswith("JavaScript di browser ini mati")
    expect(form.button("Lanjut")).to_be_hidden()
    last_step(page, person)
    without_the_button(form)
    says_so = page.locator("noscript")
    expect(says_so).to_be_visible()
    assert "Sidik jari tidak bisa dipakai tanpa JavaScript" in says_so.inner_text()


def last_step(page: Page, person: Identity) -> None:
    """Past the terms, where the form of a browser without script leads nobody, for somebody who is
    signed in."""
    browser = page.context.request
    given: dict[str, str | bool] = {AGREE: True, "Kata sandi akun": person.password}
    form = fill(Document.of_page(browser.get(BEGIN).text()), "Lanjut", given)
    browser.post(form.action, form=dict(form.fields), max_redirects=0)
    page.goto(CREATE)
    expect(FingerprintSignInPage(page).heading).to_have_text("Daftarkan HP ini")


def without_the_button(form: FingerprintSignInPage) -> None:
    expect(form.page.get_by_text("Tekan tombol ini")).to_be_hidden()
    expect(form.button(MAKE)).to_be_hidden()


def test_a_script_that_does_not_come_is_said_after_a_while(page: Page, person: Identity) -> None:
    sign_in(page, person)
    last_step(page, person)
    page.route("**/static/js/access.*", lambda route: route.abort())
    for address in (BEGIN, CREATE):
        page.goto(address)
        late = page.get_by_text("Halaman ini belum lengkap")
        expect(late).to_be_hidden()
        page.evaluate("() => document.getAnimations().forEach((it) => it.finish())")
        expect(late).to_be_visible()
        without_the_button(FingerprintSignInPage(page))


def test_a_person_who_takes_too_long_is_told_that_time_is_over(page: Page) -> None:
    def shortened(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, json=answer.json() | {"timeout": 40})

    page.route(OPTIONS, shortened)
    form = rejecting(
        page, "setTimeout(reject, publicKey.timeout, new DOMException('', 'NotAllowedError'))"
    )
    form.use()
    expect(form.said).to_have_text(LATE)


@pytest.mark.service_worker
def test_without_a_network_it_says_so_and_works_afterwards(page: Page, person: Identity) -> None:
    lock = tapping_only(page)
    sign_in_with_password(page, person)
    pages = BiometricsPages(page).begin().agree(person)
    await_service_worker(page)
    page.context.set_offline(True)
    pages.make()
    expect(page.get_by_role("status").last).to_have_text(OFFLINE)
    page.context.set_offline(False)
    with lock.in_hand():
        pages.make().expect_on()
    form = leave(page)
    await_service_worker(page)
    form.number.fill(person.nik)
    page.context.set_offline(True)
    form.use()
    expect(form.said).to_have_text(OFFLINE)
    expect(form.number).to_have_value(person.nik)
    page.context.set_offline(False)
    with lock.in_hand():
        form.use()
        HomePage(page).expect_open(person)


def test_a_slow_server_is_waited_for_and_then_told_from_a_lost_network(page: Page) -> None:
    page.clock.install()
    tapping_only(page)
    asked = HeldBack(page, OPTIONS)
    form = FingerprintSignInPage(page).open()
    form.use()
    asked.first()
    expect(form.said).to_have_text("Sebentar…")
    page.clock.fast_forward(15_000)
    expect(form.said).to_have_text(SLOW)
    assert asked_of_phone(page) == []
    form.use()
    asked.first().continue_()
    expect(form.said).to_have_text("Ikuti petunjuk di HP Anda.")


def test_a_network_that_goes_before_the_answer_says_so_too(page: Page, person: Identity) -> None:
    lock = tapping_only(page)
    form = enrolled_and_left(page, person, lock)
    page.route("**/masuk/biometrik", lambda route: route.abort("internetdisconnected"))
    with lock.in_hand():
        form.use()
        expect(page.get_by_role("alert").filter(has_text="sambungan internet")).to_be_visible()
        page.unroute("**/masuk/biometrik")
        form.use()
        HomePage(page).expect_open(person)


def answering(status: int) -> Callable[[Route], None]:
    return lambda route: route.fulfill(status=status, body="")


def test_a_server_in_trouble_is_said_below_the_button(page: Page, person: Identity) -> None:
    lock = tapping_only(page)
    form = enrolled_and_left(page, person, lock)
    for status in (429, 500):
        form.open()
        page.route(OPTIONS, answering(status))
        form.use()
        expect(form.said).to_have_text(BUSY)
        expect(form.button(USE)).to_be_focused()
        page.unroute(OPTIONS)
    with lock.in_hand():
        form.use()
        HomePage(page).expect_open(person)
