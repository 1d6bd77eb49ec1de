"""Browsers that do not answer, or answer with something else than a refusal: the button never
dies, and says what happened."""

import pytest
from playwright.sync_api import Page, expect

from tests.support.pages.page_objects import HomePage
from tests.support.pages.passkey_pages import (
    OPTIONS,
    BiometricsPages,
    FingerprintSignInPage,
    asked_of_phone,
    enrolled_and_left,
    expect_asked,
    sign_in_with_password,
    tapping_only,
    with_lock,
)
from tests.support.world.running_app import Identity, RunningApp

FOLLOW = "Ikuti petunjuk di HP Anda."
LATE = "Waktunya habis. Tekan tombolnya sekali lagi."
OFFLINE = "Tidak ada sambungan internet. Coba lagi."
NONE_HERE = "Belum jadi. Sidik jari belum menyala? Masuk dulu dengan kata sandi."
FAILED = "HP ini tidak menjawab. Coba lagi, atau pakai cara lain."
# What a phone may take to answer, as the server tells it.
PATIENCE_MS = 120_000

_NEVER = "new Promise(() => {})"
# What the keyboard offers ends when the test lets it, and not when it is told to.
_ENDS_LATE = """(() => {
  const own = CredentialsContainer.prototype.get;
  CredentialsContainer.prototype.get = function (options) {
    if (!options.mediation) return own.call(this, options);
    return new Promise((_, reject) => {
      globalThis.isOffered = true;
      globalThis.letGo = () => reject(new DOMException("", "AbortError"));
    });
  };
})()"""
_WORDS = {
    "new DOMException('', 'NotAllowedError')": NONE_HERE,
    "new DOMException('', 'AbortError')": NONE_HERE,
    "new DOMException('', 'SecurityError')": (
        "HP atau browser ini tidak mengizinkannya. Pakai cara lain."
    ),
    "new DOMException('', 'NotSupportedError')": (
        "HP atau browser ini belum bisa. Pakai cara lain."
    ),
    "new DOMException('', 'ConstraintError')": (
        "Kunci layar HP ini belum memenuhi syarat. Pakai cara lain."
    ),
    "new DOMException('', 'OperationError')": ("HP masih sibuk. Tunggu sebentar, lalu coba lagi."),
    "new DOMException('', 'NetworkError')": OFFLINE,
    # Only where a key is made it says that there is one already.
    "new DOMException('', 'InvalidStateError')": FAILED,
    "new DOMException('', 'UnknownError')": FAILED,
    "new DOMException('', 'NotReadableError')": FAILED,
    "new TypeError('no such option')": FAILED,
    "undefined": FAILED,
}


@pytest.fixture
def person(running: RunningApp) -> Identity:
    return running.identity("ppu_active")


def offered(page: Page) -> FingerprintSignInPage:
    """Masuk, while the keyboard offers the key."""
    page.clock.install()
    with_lock(page)
    page.add_init_script(_ENDS_LATE)
    form = FingerprintSignInPage(page).open()
    page.wait_for_function("() => globalThis.isOffered")
    return form


def test_a_browser_that_never_answers_is_given_up_and_the_next_tap_works(
    page: Page, person: Identity
) -> None:
    lock = tapping_only(page)
    form = enrolled_and_left(page, person, lock)
    page.clock.install()
    page.evaluate(
        f"""() => {{
          globalThis.own = CredentialsContainer.prototype.get;
          CredentialsContainer.prototype.get = () => {_NEVER};
        }}"""
    )
    form.use()
    expect(form.said).to_have_text(FOLLOW)
    page.clock.fast_forward(PATIENCE_MS - 1000)
    expect(form.said).to_have_text(FOLLOW)
    page.clock.fast_forward(1000)
    expect(form.said).to_have_text(LATE)
    page.evaluate("() => { CredentialsContainer.prototype.get = own; }")
    with lock.in_hand():
        form.use()
        HomePage(page).expect_open(person)


def test_the_button_waits_until_what_the_keyboard_offered_has_ended(page: Page) -> None:
    form = offered(page)
    form.use()
    expect(form.said).to_have_text("Sebentar…")
    assert asked_of_phone(page) == []
    page.evaluate("() => letGo()")
    expect(form.said).to_have_text(FOLLOW)
    expect_asked(page, ("tapped", "pending"))


def test_it_does_not_wait_for_ever(page: Page) -> None:
    form = offered(page)
    form.use()
    expect(form.said).to_have_text("Sebentar…")
    page.clock.fast_forward(3000)
    expect_asked(page, ("tapped", "pending"))


def test_a_browser_that_does_not_say_whether_there_is_a_lock_has_none(
    page: Page, person: Identity
) -> None:
    page.clock.install()
    with_lock(page)
    page.add_init_script(
        f"PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable = () => {_NEVER};"
    )
    sign_in_with_password(page, person)
    BiometricsPages(page).begin()
    page.clock.fast_forward(5000)
    expect(page.get_by_role("heading", name="HP ini belum punya kunci layar")).to_be_visible()


def test_each_error_has_words_and_the_button_goes_on(page: Page) -> None:
    tapping_only(page)
    form = FingerprintSignInPage(page).open()
    for error, words in _WORDS.items():
        page.evaluate(
            f"() => {{ CredentialsContainer.prototype.get = () => Promise.reject({error}); }}"
        )
        form.use()
        expect(form.said, error).to_have_text(words)


def test_the_words_of_a_network_that_wants_to_be_paid_are_no_challenge(page: Page) -> None:
    tapping_only(page)
    form = FingerprintSignInPage(page).open()
    page.route(OPTIONS, lambda route: route.fulfill(body="<html>Beli paket data</html>"))
    form.use()
    expect(form.said).to_have_text(OFFLINE)
    assert asked_of_phone(page) == []
