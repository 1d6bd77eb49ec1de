"""What signing in and Profil ask of a person, as `docs/journeys.md` says."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from jkn.settings import ROOT
from tests.support.clients.journey_meter import JourneyMeter
from tests.support.pages.page_objects import HomePage, sign_in
from tests.support.pages.passkey_pages import (
    BiometricsPages,
    Lock,
    leave,
    sign_in_with_password,
    tapping_only,
)
from tests.support.pages.profile_pages import (
    OTHER_PIN,
    PIN,
    ProfilePage,
    open_elsewhere,
)
from tests.support.pages.username_pages import SavedSignInPage, remember_and_leave
from tests.support.world.running_app import Identity, RunningApp

NEW_PASSWORD = "teh manis di beranda"
LIST = (ROOT / "docs" / "journeys.md").read_text()


class Walk:
    """Somebody with a phone, and the counts of what they do."""

    def __init__(self, page: Page, running: RunningApp) -> None:
        self.page, self.running = page, running
        self.person: Identity = running.identity("ppu_active")
        self.meter = JourneyMeter(page)
        # Otherwise the keyboard's offer would be answered before the button is tapped.
        self.lock: Lock = tapping_only(page)

    @property
    def profile(self) -> ProfilePage:
        """The page that most begin on."""
        return ProfilePage(self.page)

    def open_profile(self) -> ProfilePage:
        """Signed in, and there; what follows is counted."""
        sign_in(self.page, self.person)
        self.profile.open()
        self.meter.begin()
        return self.profile

    def choose_pin(self, pin: str) -> None:
        """The last step, as far as Profil."""
        self.profile.set_pin(pin)
        done = re.compile("PIN berhasil (dibuat|diperbarui)")
        expect(self.page.get_by_text(done)).to_be_visible()


def with_password(walk: Walk) -> Iterator[str]:
    sign_in_with_password(walk.page, walk.person).expect_open(walk.person)
    yield "Masuk: NIK dan kata sandi"
    walk.page.context.clear_cookies(name="jkn")
    remember_and_leave(walk.page, walk.person)
    walk.meter.begin()
    walk.page.goto("/masuk")
    SavedSignInPage(walk.page).give(walk.person.password).submit()
    HomePage(walk.page).expect_open(walk.person)
    yield "Masuk: nomor yang disimpan"


def with_fingerprint(walk: Walk) -> Iterator[str]:
    walk.open_profile()
    pages = BiometricsPages(walk.page)
    pages.switch.click()
    pages.agree(walk.person)
    with walk.lock.in_hand():
        pages.make().expect_on()
    yield "Profil: nyalakan Login dengan Biometrik"
    form = leave(walk.page)
    walk.meter.begin()
    form.open()
    with walk.lock.in_hand():
        form.use()
        HomePage(walk.page).expect_open(walk.person)
    yield "Masuk: sidik jari"
    leave(walk.page)
    walk.meter.begin()
    walk.page.goto("/")
    with walk.lock.in_hand():
        form.use()
        HomePage(walk.page).expect_open(walk.person)
    yield "Halaman pertama: sidik jari"


def with_pin(walk: Walk) -> Iterator[str]:
    walk.open_profile().row("Buat PIN").click()
    walk.profile.to_new_pin(walk.running, walk.person.password)
    walk.choose_pin(PIN)
    yield "Profil: Buat PIN"
    walk.meter.begin()
    walk.profile.row("Ubah PIN").click()
    walk.profile.give_pin("PIN saat ini", PIN, "Verifikasi")
    walk.page.wait_for_url("**/profil/pin/baru")
    walk.choose_pin(OTHER_PIN)
    yield "Profil: Ubah PIN"
    walk.page.context.clear_cookies(name="jkn")
    walk.open_profile().link("Lihat").click()
    walk.profile.give_pin("PIN", OTHER_PIN, "Buka")
    walk.page.wait_for_url("**/profil/data")
    yield "Profil: Lihat, dengan PIN"


def on_profile(walk: Walk) -> Iterator[str]:
    open_elsewhere(walk.running, walk.person.nik)
    walk.open_profile().row("Perangkat & sesi").click()
    walk.profile.button("Keluarkan semua yang lain").click()
    expect(walk.page.get_by_text("Sudah dikeluarkan")).to_be_visible()
    yield "Profil: keluarkan HP lain"
    walk.profile.open()
    walk.meter.begin()
    walk.profile.row("Ubah Kata Sandi").click()
    walk.profile.change_password(walk.person.password, NEW_PASSWORD)
    expect(walk.page.get_by_text("Kata sandi baru sudah tersimpan")).to_be_visible()
    yield "Profil: Ubah Kata Sandi"


@pytest.mark.parametrize("journeys", [with_password, with_fingerprint, with_pin, on_profile])
def test_what_it_asks_of_a_person_is_in_the_list(
    page: Page, running: RunningApp, journeys: Callable[[Walk], Iterator[str]]
) -> None:
    walk = Walk(page, running)
    lines = [walk.meter.line(name) for name in journeys(walk)]
    print("\n".join(lines))
    assert [line for line in lines if line not in LIST] == []
