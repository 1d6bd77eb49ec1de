"""When somebody signs in or out, the visit before is over: what was typed and seen in it comes back
on no screen of this browser (R117), whichever way it goes back, and in no other tab."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.support.clients.chromium import await_service_worker, until_kept_alive
from tests.support.pages.page_objects import (
    LandingPage,
    SignInPage,
    expect_nobody_signed_in,
    sign_in,
    sign_out,
)
from tests.support.pages.registration_pages import NEW_USER, RegistrationPages
from tests.support.rules.canaries import Canaries
from tests.support.world.running_app import Identity, RunningApp

NAME = "Mira Rachmadini"

# What stands in the fields now, which is not in the HTML.
_TYPED = "() => [...document.querySelectorAll('input')].map((it) => it.value).join('\\n')"
# What the answer to a sign-in or to Keluar brings about.
END = "() => document.dispatchEvent(new Event('visit-over'))"
# Once the page is loaded, so that it runs after the page's own.
NOTE_HIDDEN = """addEventListener("load", () => addEventListener("pageshow", ({ persisted }) => {
  if (persisted) sessionStorage.setItem("hidden", document.documentElement.hidden);
}))"""
NOTE_LEFT = f"addEventListener('pagehide', () => sessionStorage.setItem('left', ({_TYPED})()))"


@pytest.fixture
def person(running: RunningApp) -> Identity:
    return running.identity("ppu_active")


def canaries_of(person: Identity) -> Canaries:
    canaries = Canaries()
    for kind in ("nik", "card_number", "name", "password"):
        canaries.add(kind, getattr(person, kind))
    canaries.add("typed name", NAME)
    return canaries


def seen(page: Page) -> str:
    """Everything that a person can see on this page, fields included, once it has settled."""
    expect_nobody_signed_in(page)
    return f"{page.content()}\n{page.evaluate(_TYPED)}"


def type_everywhere(page: Page, person: Identity) -> None:
    """Into every form that asks who somebody is; then sign in."""
    RegistrationPages(page).open().choose(NEW_USER)
    page.get_by_label("NIK", exact=True).fill(person.nik)
    page.get_by_label("Nama lengkap").fill(NAME)
    by_the_brand(page).number.fill(person.nik)
    LandingPage(page).link("Lupa kata sandi?").click()
    expect(LandingPage(page).heading).to_have_text("Lupa Kata Sandi")
    page.get_by_label("NIK", exact=True).fill(person.nik)
    by_the_brand(page).sign_in(person)


def by_the_brand(page: Page) -> SignInPage:
    """The way from a form to Masuk, by links alone."""
    LandingPage(page).link("Mobile JKN").click()
    return LandingPage(page).to_sign_in()


def test_nothing_that_was_typed_comes_back_after_keluar(back_page: Page, person: Identity) -> None:
    page = back_page
    LandingPage(page).open()
    type_everywhere(page, person)
    sign_out(page)
    forms = set()
    page.go_back(wait_until="commit")
    while page.url != "about:blank":
        assert canaries_of(person).found_in(seen(page)) == [], page.url
        forms.add(urlsplit(page.url).path)
        page.go_back(wait_until="commit")
    assert forms >= {"/masuk", "/lupa-kata-sandi", "/daftar/pengguna-baru"}


def test_another_tab_leaves_its_private_page_at_once(page: Page, person: Identity) -> None:
    sign_in(page, person)
    others = []
    for address in ("/profil/data", "/kartu", "/profil"):
        others.append(page.context.new_page())
        others[-1].goto(address)
    sign_out(page)
    for other in others:
        other.wait_for_url("**/masuk")
        assert canaries_of(person).found_in(seen(other)) == []


def test_another_tab_forgets_what_was_typed_when_somebody_signs_in(
    page: Page, person: Identity
) -> None:
    other = page.context.new_page()
    other.goto("/daftar/pengguna-mobile")
    other.get_by_label("NIK atau nomor kartu").fill(person.nik)
    SignInPage(page).open().sign_in(person)
    expect(other.get_by_label("NIK atau nomor kartu")).to_have_value("")
    sign_out(page)
    assert canaries_of(person).found_in(seen(other)) == []


@pytest.mark.service_worker
def test_another_tab_without_a_network_hides_its_private_page(page: Page, person: Identity) -> None:
    """Whoever told it is another page of this browser; the server cannot be asked."""
    sign_in(page, person)
    await_service_worker(page)
    other = page.context.new_page()
    other.goto("/kartu")
    page.context.set_offline(True)
    page.evaluate(END)
    expect(LandingPage(other).heading).to_have_text("Tidak ada sambungan internet")
    assert canaries_of(person).found_in(other.content()) == []


def test_a_page_of_an_earlier_visit_that_was_kept_alive_is_loaded_anew(
    caching_page: Page, person: Identity
) -> None:
    """Also where the browser does not notice that the cookies are others; and it is hidden before
    anything is painted, not only when word comes from the other tab."""
    page = caching_page
    page.add_init_script(NOTE_HIDDEN)

    def leave_and_go_back() -> None:
        form = SignInPage(page).open()
        # No page is kept alive that has asked the server for something, as the check does.
        form.captcha.ask_for_picture()
        form.number.fill(person.nik)
        page.evaluate("() => { window.wasKeptAlive = true }")
        LandingPage(page).link("Bantuan").click()
        page.wait_for_url("**/bantuan")
        page.evaluate(END)
        page.go_back(wait_until="commit")
        page.wait_for_function("() => !window.wasKeptAlive")

    def was_hidden() -> bool:
        return page.evaluate("() => sessionStorage.getItem('hidden')") == "true"

    until_kept_alive(leave_and_go_back, was_hidden)
    assert canaries_of(person).found_in(seen(page)) == []


def test_signing_in_empties_the_form_that_is_left(page: Page, person: Identity) -> None:
    """What stands in it then goes into the browser's history."""
    page.add_init_script(NOTE_LEFT)
    form = SignInPage(page).open()
    form.sign_in(person)
    left = page.evaluate("() => sessionStorage.getItem('left')")
    assert left is not None
    assert canaries_of(person).found_in(left) == []
