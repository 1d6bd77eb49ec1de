"""What signing in and Profil ask of a person, as `docs/journeys.md` says."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from jkn.settings import ROOT
from tests.support.journey_meter import JourneyMeter
from tests.support.page_objects import HomePage, sign_in
from tests.support.passkey_pages import (
    BiometricsPages,
    Lock,
    enrolled_and_left,
    sign_in_with_password,
    tapping_only,
)
from tests.support.profile_pages import (
    OTHER_PIN,
    PIN,
    ProfilePage,
    open_elsewhere,
)
from tests.support.running_app import Identity, RunningApp
from tests.support.username_pages import SavedSignInPage, remember_and_leave

NEW_PASSWORD = "teh manis di beranda"
LIST = (ROOT / "docs" / "journeys.md").read_text()


class Walk:
    """Somebody with a phone, and what is counted of what they do."""

    def __init__(self, page: Page, running: RunningApp) -> None:
        self.page, self.running = page, running
        self.person: Identity = running.identity("ppu_active")
        self.meter = JourneyMeter(page)
        # The keyboard's offer would be answered before the button is tapped.
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

    def choose_pin(self, pin: str = PIN) -> None:
        """The last step, as far as Profil."""
        self.profile.set_pin(pin)
        expect(self.page.get_by_text("PIN berhasil diperbarui")).to_be_visible()

    def create_pin(self) -> None:
        """From Profil."""
        self.profile.row("Buat PIN").click()
        self.profile.to_new_pin(self.running, self.person.password)
        self.choose_pin()


def by_number(walk: Walk) -> None:
    sign_in_with_password(walk.page, walk.person).expect_open(walk.person)


def by_saved_number(walk: Walk) -> None:
    remember_and_leave(walk.page, walk.person)
    walk.meter.begin()
    walk.page.goto("/masuk")
    SavedSignInPage(walk.page).give(walk.person.password).submit()
    HomePage(walk.page).expect_open(walk.person)


def by_fingerprint(walk: Walk) -> None:
    form = enrolled_and_left(walk.page, walk.person, walk.lock)
    walk.meter.begin()
    form.open()
    with walk.lock.in_hand():
        form.use()
        HomePage(walk.page).expect_open(walk.person)


def create_pin(walk: Walk) -> None:
    walk.open_profile()
    walk.create_pin()


def change_pin(walk: Walk) -> None:
    walk.open_profile()
    walk.create_pin()
    walk.meter.begin()
    walk.profile.row("Ubah PIN").click()
    walk.profile.give_pin("PIN saat ini", PIN, "Verifikasi")
    walk.page.wait_for_url("**/profil/pin/baru")
    walk.choose_pin(OTHER_PIN)


def look(walk: Walk) -> None:
    walk.open_profile()
    walk.create_pin()
    walk.page.context.clear_cookies(name="jkn")
    walk.open_profile().link("Lihat").click()
    walk.profile.give_pin("PIN", PIN, "Buka")
    walk.page.wait_for_url("**/profil/data")


def change_password(walk: Walk) -> None:
    walk.open_profile().row("Ubah Kata Sandi").click()
    walk.profile.change_password(walk.person.password, NEW_PASSWORD)
    expect(walk.page.get_by_text("Kata sandi baru sudah tersimpan")).to_be_visible()


def turn_fingerprint_on(walk: Walk) -> None:
    walk.open_profile()
    pages = BiometricsPages(walk.page)
    pages.switch.click()
    pages.agree(walk.person)
    with walk.lock.in_hand():
        pages.make().expect_on()


def end_another_phone(walk: Walk) -> None:
    open_elsewhere(walk.running, walk.person.nik)
    walk.open_profile().row("Perangkat & sesi").click()
    walk.profile.button("Keluarkan semua yang lain").click()
    expect(walk.page.get_by_text("Sudah dikeluarkan")).to_be_visible()


JOURNEYS: dict[str, Callable[[Walk], None]] = {
    "Masuk: NIK dan kata sandi": by_number,
    "Masuk: nomor yang disimpan": by_saved_number,
    "Masuk: sidik jari": by_fingerprint,
    "Profil: Buat PIN": create_pin,
    "Profil: Ubah PIN": change_pin,
    "Profil: Lihat, dengan PIN": look,
    "Profil: Ubah Kata Sandi": change_password,
    "Profil: nyalakan Login dengan Biometrik": turn_fingerprint_on,
    "Profil: keluarkan HP lain": end_another_phone,
}


@pytest.mark.parametrize("name", JOURNEYS)
def test_what_it_asks_of_a_person_is_in_the_list(
    page: Page, running: RunningApp, name: str
) -> None:
    walk = Walk(page, running)
    JOURNEYS[name](walk)
    line = walk.meter.line(name)
    print(line)
    assert line in LIST
