"""The pages as people know them: everything is found by its role and its words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from tests.support.clients.forms import fill
from tests.support.clients.markup import Document
from tests.support.pages.captcha_part import CaptchaPart
from tests.support.world.masked_numbers import masked
from tests.support.world.running_app import FIXED_CAPTCHA, Identity


@dataclass
class Screen:
    """What every page has."""

    page: Page

    @property
    def heading(self) -> Locator:
        """The one `h1`."""
        return self.page.get_by_role("heading", level=1)

    @property
    def error_summary(self) -> Locator:
        """The error summary above the form."""
        # Until the style sheet is loaded, an empty line further down is an alert, too.
        return self.page.get_by_role("alert").first

    def link(self, name: str) -> Locator:
        """A link by its exact name."""
        return self.page.get_by_role("link", name=name, exact=True)

    def button(self, name: str) -> Locator:
        """A button by its exact name."""
        return self.page.get_by_role("button", name=name, exact=True)


def expect_nobody_signed_in(page: Page) -> None:
    """Wait for a page whose bar leads to Masuk or to the first page, not to Beranda."""
    bar = page.locator(".app-bar > :is([href='/'], [href='/masuk'])")
    expect(bar).to_be_visible()


class LandingPage(Screen):
    """The first page, for people who are not signed in."""

    def open(self) -> LandingPage:
        """Type the address."""
        self.page.goto("/")
        return self

    def to_sign_in(self) -> SignInPage:
        """The entry at the top left."""
        self.link("Masuk/Daftar").click()
        expect(self.heading).to_have_text("Masuk")
        return SignInPage(self.page)


class SignInPage(Screen):
    """Masuk."""

    def open(self) -> SignInPage:
        """Type the address."""
        self.page.goto("/masuk")
        return self

    @property
    def number(self) -> Locator:
        """NIK or card number."""
        return self.page.get_by_label("NIK atau nomor kartu")

    @property
    def password(self) -> Locator:
        """The password."""
        return self.page.get_by_label("Kata sandi", exact=True)

    @property
    def captcha(self) -> CaptchaPart:
        """What shows that no robot signs in."""
        return CaptchaPart(self.page)

    def fill(self, number: str, password: str, captcha: str | None = None) -> SignInPage:
        """Type into every field; the captcha as in `CaptchaPart.answer`."""
        self.captcha.answer(captcha)
        self.number.fill(number)
        self.password.fill(password)
        return self

    @property
    def other_number(self) -> Locator:
        """*Pakai nomor lain*, where a journey has just led here."""
        return self.button("Pakai nomor lain")

    def expect_known(self, identity: Identity) -> SignInPage:
        """Wait until the number is there, and only the password is asked for."""
        expect(self.page.get_by_text(masked(identity))).to_be_visible()
        expect(self.number).to_have_count(0)
        expect(self.captcha.whole).to_have_count(0)
        return self

    def give_password(self, password: str) -> None:
        """All that is left to type, and MASUK."""
        self.password.fill(password)
        self.submit()

    def submit(self) -> None:
        """MASUK."""
        self.button("MASUK").click()

    def sign_in(self, identity: Identity) -> HomePage:
        """By NIK, all the way to Beranda."""
        self.fill(identity.nik, identity.password).submit()
        return HomePage(self.page).expect_open(identity)


class HomePage(Screen):
    """Beranda."""

    def expect_open(self, identity: Identity) -> HomePage:
        """Wait until it shows this person."""
        self.page.wait_for_url("**/beranda")
        expect(self.heading).to_contain_text(identity.name)
        return self

    @property
    def card(self) -> Locator:
        """The membership card."""
        return self.page.get_by_role("article", name="Kartu JKN")

    def to_more(self) -> MorePage:
        """Go there by the bar at the bottom."""
        self.link("Lainnya").click()
        expect(self.heading).to_have_text("Lainnya")
        return MorePage(self.page)


class LongList(Screen):
    """A list of what happened to the account, newest first."""

    @property
    def items(self) -> Locator:
        """Everything that is listed."""
        return self.page.get_by_role("main").get_by_role("listitem")

    def expect_more_further_down(self, address: str) -> None:
        """*Tampilkan yang lebih lama* adds twenty below, or without JavaScript opens them as a
        page, from which *Kembali* leads back."""
        expect(self.items).to_have_count(20)
        last = self.items.last.inner_text()
        with_script = self.page.evaluate("typeof window.htmx") == "object"
        self.link("Tampilkan yang lebih lama").click()
        if with_script:
            expect(self.items.nth(20)).to_be_visible()
            assert self.items.nth(19).inner_text() == last
            expect(self.items.nth(20)).to_be_focused()
            assert self.page.url.endswith(address)
        else:
            self.page.wait_for_url(f"**{address}?sebelum=*")
            expect(self.items.first).to_be_visible()
            assert self.items.first.inner_text() != last
            self.link("Kembali").click()
            expect(self.items.last).to_contain_text(last.splitlines()[-1])


class ActivityPage(LongList):
    """Riwayat aktivitas akun."""

    def open(self) -> ActivityPage:
        """By Profil."""
        self.link("Profil").click()
        self.page.get_by_role("link", name="Riwayat aktivitas akun").click()
        expect(self.heading).to_have_text("Riwayat aktivitas akun")
        return self


class NotificationsPage(LongList):
    """Notifikasi."""

    def open(self) -> NotificationsPage:
        """By the bell."""
        self.bell.click()
        expect(self.heading).to_have_text("Notifikasi")
        return self

    @property
    def bell(self) -> Locator:
        """The bell in the bar on top, whatever it counts."""
        return self.page.get_by_role("banner").get_by_role("link", name="Notifikasi")

    @property
    def unread(self) -> Locator:
        """Those that say that they are new."""
        return self.items.filter(has=self.page.get_by_text("Baru", exact=True))


class MorePage(Screen):
    """Lainnya."""

    def to_sign_out(self) -> SignOutPage:
        """The last row."""
        self.link("Keluar").click()
        expect(self.heading).to_have_text("Keluar dari akun Anda?")
        return SignOutPage(self.page)


class SignOutPage(Screen):
    """Keluar."""

    def agree(self) -> LandingPage:
        """Setuju; afterwards the first page is open."""
        self.button("Setuju").click()
        self.page.wait_for_url(lambda url: url.endswith(("/", "/#main")))
        expect(self.link("Masuk/Daftar")).to_be_visible()
        return LandingPage(self.page)


def sign_in(page: Page, identity: Identity) -> HomePage:
    """From anywhere to Beranda, without painting the page of Masuk, which is not under test."""
    browser = page.context.request
    given = {
        "NIK atau nomor kartu": identity.nik,
        "Kata sandi": identity.password,
        "Ketik angka di gambar": FIXED_CAPTCHA,
    }
    form = fill(Document.of_page(browser.get("/masuk").text()), "MASUK", given)
    browser.post(form.action or "/masuk", form=dict(form.fields), max_redirects=0)
    page.goto("/beranda")
    return HomePage(page).expect_open(identity)


def sign_out(page: Page) -> LandingPage:
    """From Beranda by Lainnya, Keluar and Setuju to the first page."""
    return HomePage(page).to_more().to_sign_out().agree()


class RecoveryPages(Screen):
    """Lupa Kata Sandi, step by step."""

    def open(self) -> RecoveryPages:
        """From Masuk, as people find it."""
        SignInPage(self.page).open().link("Lupa kata sandi?").click()
        expect(self.heading).to_have_text("Lupa Kata Sandi")
        return self

    def begin(self, nik: str) -> RecoveryPages:
        """NIK, captcha, Lanjut."""
        CaptchaPart(self.page).answer(None)
        self.page.get_by_label("NIK").fill(nik)
        self.next()
        expect(self.heading).to_have_text("Pilih cara verifikasi")
        return self

    def choose(self, way: str) -> RecoveryPages:
        """ "SMS", "Email" or "Pertanyaan Data Pribadi"."""
        self.page.get_by_role("button", name=re.compile(f"^{way}")).click()
        return self

    def next(self) -> None:
        """Lanjut."""
        self.button("Lanjut").click()

    @property
    def code(self) -> Locator:
        """Where the code is typed."""
        return self.page.get_by_label("Kode 6 angka")

    @property
    def answer(self) -> Locator:
        """Where a question is answered; its label is the heading."""
        return self.page.get_by_role("textbox")

    def give_code(self, code: str) -> RecoveryPages:
        """Type it, and on."""
        self.code.fill(code)
        self.next()
        return self

    def set_password(self, password: str) -> SignInPage:
        """Once, and save it; afterwards Masuk is open, and knows the number."""
        expect(self.heading).to_have_text("Buat kata sandi baru")
        self.page.get_by_label("Kata sandi baru", exact=True).fill(password)
        self.button("Simpan kata sandi baru").click()
        expect(self.heading).to_have_text("Masuk")
        return SignInPage(self.page)
