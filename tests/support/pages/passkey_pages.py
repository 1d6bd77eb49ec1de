"""Login dengan Biometrik as people know it, and a phone whose lock the tests control."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from playwright.sync_api import Locator, Page, Request, expect
from sqlalchemy import delete

from jkn.database import session, transaction
from jkn.models import Passkey, PasskeyDevice, PasskeyEnrolment, PasskeyOffer
from tests.support.clients.virtual_authenticator import VirtualAuthenticator
from tests.support.pages.page_objects import HomePage, Screen, SignInPage, SignOutPage
from tests.support.pages.profile_pages import ProfilePage
from tests.support.world.app_database import database_of
from tests.support.world.running_app import Identity, RunningApp

USE, MAKE = "Sidik jari atau wajah", "Daftarkan HP ini"
AGREE = "Saya setuju dengan syarat & ketentuan ini"
OPTIONS = "**/masuk/biometrik/tantangan"

# Notes what a page asks of the phone in `asked` (which ceremony, how, and its outcome), and what it
# tells the phone's own list of keys in `told`.
_SPY = """(() => {
  if (globalThis.asked) return;
  const asked = (globalThis.asked = []);
  for (const name of ["get", "create"]) {
    const own = CredentialsContainer.prototype[name];
    CredentialsContainer.prototype[name] = function (options) {
      const one = { name, how: options.mediation ?? "tapped", outcome: "pending" };
      asked.push(one);
      const answer = own.call(this, options);
      answer.then(() => (one.outcome = "answered"), (error) => (one.outcome = error.name));
      return answer;
    };
  }
  globalThis.told = [];
  for (const name of Object.getOwnPropertyNames(globalThis.PublicKeyCredential ?? {})) {
    if (!name.startsWith("signal")) continue;
    const own = PublicKeyCredential[name];
    PublicKeyCredential[name] = function (facts) {
      told.push({ name, how: "told", outcome: "unknown" });
      return own.call(this, facts);
    };
  }
})()"""


_WITHOUT_AUTOFILL = "PublicKeyCredential.isConditionalMediationAvailable = async () => false;"

# True once the keyboard's request waits: that one stays unanswered, and later ones are answered.
_HAS_OFFERED = """async () => !document.querySelector("#passkey")
  || !document.querySelector("[autocomplete~=webauthn]")
  || !(await PublicKeyCredential.isConditionalMediationAvailable())
  || asked.at(-1)?.how === "conditional\""""


@dataclass
class Lock:
    """The lock of one phone. Nobody unlocks it unless a test says so."""

    page: Page
    keys: VirtualAuthenticator

    @contextmanager
    def in_hand(self, *, recognises: bool = True) -> Iterator[None]:
        """While the block runs, the person answers as soon as they are asked, but not the request
        with which the keyboard of the open page waits already."""
        self.page.wait_for_function(_HAS_OFFERED)
        self.keys.recognise(whether=recognises)
        self.keys.answer_by_itself(whether=True)
        yield
        self.keys.answer_by_itself(whether=False)
        self.keys.recognise(whether=True)


def with_lock(page: Page) -> Lock:
    """Give the phone of this page a lock."""
    return Lock(spied_on(page), VirtualAuthenticator(page, answers_by_itself=False))


def tapping_only(page: Page) -> Lock:
    """A phone whose keyboard offers nothing. Otherwise the person, who always answers, would answer
    the keyboard's offer at once, and again each time that something failed."""
    page.add_init_script(_WITHOUT_AUTOFILL)
    return with_lock(page)


def spied_on(page: Page) -> Page:
    """Note what the pages ask of the phone."""
    page.add_init_script(_SPY)
    return page


def asked_of_phone(page: Page) -> list[dict[str, str]]:
    """What the open page asked of the phone or told it, once the page knows what the phone can."""
    found: list[dict[str, str]] = page.evaluate(
        "async () => { await globalThis.phoneKeys?.abilityOf(); return [...asked, ...told]; }"
    )
    return found


def expect_asked(page: Page, *outcomes: tuple[str, str]) -> None:
    """Wait until the page has asked exactly this, each with how it asked and the outcome."""
    page.wait_for_function(
        "wanted => JSON.stringify(asked.map(it => [it.how, it.outcome])) === wanted",
        arg=str([list(it) for it in outcomes]).replace("'", '"').replace(", ", ","),
    )


def challenges(page: Page) -> list[Request]:
    """The requests for challenges that Masuk makes from now on; the list grows as they come."""
    seen: list[Request] = []
    page.on("request", lambda it: seen.append(it) if it.url.endswith("/tantangan") else None)
    return seen


def sleep(page: Page, time: timedelta, *, wakes: bool = True) -> None:
    """Sleep as a phone does: the clock goes on, timers stand still. wakes: the page is shown
    again."""
    if time:
        now = datetime.fromtimestamp(page.evaluate("() => Date.now()") / 1000, UTC)
        page.clock.set_system_time(now + time)
    if wakes:
        page.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")


class BiometricsPages(Screen):
    """On, off, and the list of phones."""

    @property
    def switch(self) -> Locator:
        """The row of Profil."""
        return self.page.get_by_role("switch", name="Login dengan Biometrik")

    @property
    def phones(self) -> Locator:
        """The list."""
        return self.page.get_by_role("main").get_by_role("listitem")

    @property
    def here(self) -> Locator:
        """The entry that is marked as this phone."""
        return self.phones.filter(has=self.page.get_by_text("HP ini", exact=True))

    def to_profile(self) -> BiometricsPages:
        """Type its address."""
        self.page.goto("/profil")
        expect(self.heading).to_have_text("Profil")
        return self

    def to_list(self) -> BiometricsPages:
        """By its row of Profil."""
        self.to_profile()
        ProfilePage(self.page).row("Perangkat biometrik").click()
        expect(self.heading).to_have_text("Login dengan Biometrik")
        return self

    def begin(self) -> BiometricsPages:
        """Tap the switch, which leads to the first step."""
        self.to_profile()
        self.switch.click()
        expect(self.heading).to_have_text("Nyalakan Login dengan Biometrik")
        return self

    def agree(self, person: Identity) -> BiometricsPages:
        """The terms and the password; then the phone is asked."""
        self.page.get_by_label(AGREE).check()
        self.page.get_by_label("Kata sandi akun", exact=True).fill(person.password)
        self.button("Lanjut").click()
        expect(self.heading).to_have_text("Daftarkan HP ini")
        return self

    def make(self) -> BiometricsPages:
        """Have the phone make its key."""
        self.button(MAKE).click()
        return self

    def expect_on(self) -> BiometricsPages:
        """Wait until Profil says so."""
        self.page.wait_for_url("**/profil")
        expect(self.page.get_by_role("status").first).to_contain_text("Biometrik sudah menyala")
        expect(self.switch).to_be_checked()
        return self

    def enrol(self, person: Identity, lock: Lock) -> BiometricsPages:
        """From anywhere, signed in, to ON."""
        self.begin().agree(person)
        with lock.in_hand():
            self.make().expect_on()
        return self

    def ids_signalled(self, lock: Lock, *expected: dict[str, Any]) -> None:
        """Wait until the phone's own list holds just these keys."""
        wanted = sorted(it["credentialId"] for it in expected)
        for _ in range(100):
            if sorted(it["credentialId"] for it in lock.keys.credentials()) == wanted:
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(f"the phone keeps {lock.keys.credentials()}")


class FingerprintSignInPage(SignInPage):
    """Masuk of a phone with a lock."""

    def open(self) -> FingerprintSignInPage:
        """Type the address."""
        self.page.goto("/masuk")
        return self

    @property
    def fingerprint(self) -> Locator:
        """The button, with its usual words or its busy words."""
        return self.page.locator("#passkey-button")

    @property
    def said(self) -> Locator:
        """The words about the phone, right below the button."""
        return self.page.locator("#passkey").get_by_role("status")

    @property
    def refused(self) -> Locator:
        """The server's words about a refused answer, right above the button."""
        return self.page.locator("#passkey").get_by_role("alert")

    def use(self) -> FingerprintSignInPage:
        """Tap it."""
        self.button(USE).click()
        return self


def leave(page: Page) -> FingerprintSignInPage:
    """Sign out, and open Masuk."""
    page.goto("/keluar")
    SignOutPage(page).agree()
    return FingerprintSignInPage(page).open()


def enrolled_and_left(page: Page, person: Identity, lock: Lock) -> FingerprintSignInPage:
    """From Masuk by password to ON, and back to Masuk."""
    sign_in_with_password(page, person)
    BiometricsPages(page).enrol(person, lock)
    return leave(page)


def sign_in_with_password(page: Page, person: Identity) -> HomePage:
    """Sign in by NIK, wherever the fingerprint stands on the page."""
    return FingerprintSignInPage(page).open().sign_in(person)


def forget_passkeys(running: RunningApp) -> None:
    """Delete all keys and offers, as if nobody had ever switched it on."""
    with database_of(running), transaction():
        for table in (PasskeyDevice, Passkey, PasskeyEnrolment, PasskeyOffer):
            session.execute(delete(table))
