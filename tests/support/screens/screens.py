"""Steps that the lists of screens share."""

from collections.abc import Callable

from playwright.sync_api import Page

from tests.support.world.running_app import RunningApp

Step = Callable[[Page, RunningApp], None]


def at(address: str) -> Step:
    """Open the page of this address."""

    def step(page: Page, _running: RunningApp) -> None:
        page.goto(address)

    return step


def pressed(button: str = "Lanjut") -> Step:
    """Send the open page's form unchanged, which is refused."""

    def step(page: Page, _running: RunningApp) -> None:
        page.get_by_role("button", name=button).click()
        page.locator("[aria-invalid=true]").first.wait_for()

    return step
