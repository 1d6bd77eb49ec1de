"""Simpan Data Username as people know it: a row of Profil, and Masuk where one is remembered."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.support.pages.page_objects import HomePage, SignInPage, SignOutPage
from tests.support.pages.profile_pages import ProfilePage
from tests.support.world.masked_numbers import masked
from tests.support.world.running_app import Identity


def initials(person: Identity) -> str:
    """The two letters beside the number, where the phone remembers several people."""
    return " ".join(f"{word[0]}." for word in person.name.split()[:2])


class SavedSignInPage(SignInPage):
    """Masuk of a phone that remembers somebody."""

    def open(self) -> SavedSignInPage:
        """Type the address."""
        self.page.goto("/masuk")
        return self

    @property
    def not_me(self) -> Locator:
        """*Bukan saya*, once for everybody who is shown."""
        return self.page.get_by_role("button", name="Bukan saya")

    def expect_to_show(self, person: Identity) -> SavedSignInPage:
        """Wait until the number is there, and none is asked for."""
        expect(self.page.get_by_text(masked(person)).first).to_be_visible()
        expect(self.number).to_have_count(0)
        return self

    def give(self, password: str, captcha: str | None = None) -> SavedSignInPage:
        """All that is left to type."""
        self.captcha.answer(captcha)
        self.password.fill(password)
        return self


def sign_in_by_number(page: Page, person: Identity) -> HomePage:
    """Sign in by number, also where somebody else is remembered."""
    page.goto("/masuk?nomor=lain")
    return SignInPage(page).sign_in(person)


def remember_and_leave(page: Page, *people: Identity) -> SavedSignInPage:
    """Each signs in, has the number saved, and signs out; then Masuk is opened."""
    for person in people:
        sign_in_by_number(page, person)
        ProfilePage(page).open().remember(on=True)
        page.goto("/keluar")
        SignOutPage(page).agree()
    return SavedSignInPage(page).open()
