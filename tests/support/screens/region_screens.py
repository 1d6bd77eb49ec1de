"""The question for a village, as `make screenshots` opens it."""

from playwright.sync_api import Page

from tests.support.pages.region_page import PlacePage
from tests.support.screens.screens import Step, at
from tests.support.world.running_app import RunningApp


def _typed(words: str) -> Step:
    def step(page: Page, _running: RunningApp) -> None:
        PlacePage(page).open().find(words)

    return step


def _from_the_province(page: Page, _running: RunningApp) -> None:
    places = PlacePage(page).open().from_the_province()
    places.choose("Provinsi", "Papua Pegunungan")
    places.choose("Kabupaten atau kota", "Kabupaten Pegunungan Bintang")


def _nothing_chosen(page: Page, _running: RunningApp) -> None:
    PlacePage(page).open().submit()
    page.locator("[aria-invalid=true]").first.wait_for()


def _near(page: Page, _running: RunningApp) -> None:
    places = PlacePage(page).open().find("mekarjaya depok")
    places.pick("Mekarjaya")
    places.submit()
    page.wait_for_url("**/faskes?wilayah=*")


STEPS: dict[str, Step] = {
    "w01-wilayah": at("/faskes/wilayah"),
    "w02-wilayah-many": _typed("sidomulyo"),
    "w03-wilayah-longest": _typed("kota baru sanggaran agung"),
    "w04-wilayah-nothing": _typed("desa ini tidak ada"),
    "w05-wilayah-nothing-chosen": _nothing_chosen,
    "w06-wilayah-from-province": _from_the_province,
    "w07-faskes-near-village": _near,
}
