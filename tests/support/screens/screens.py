"""Steps that the lists of screens share."""

from collections.abc import Callable, Iterator

from playwright.sync_api import Page

from tests.support.world.running_app import RunningApp

Step = Callable[[Page, RunningApp], None]


def walked(steps: dict[str, Step], page: Page, running: RunningApp) -> Iterator[str]:
    """Open one page after the other; yields each one's name once it looks as people see it: a
    heading can be read before the style sheet has come."""
    for name, step in steps.items():
        step(page, running)
        page.wait_for_load_state("load")
        yield name


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
