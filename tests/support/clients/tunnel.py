"""A phone that loses its network at the worst moment: the server has done what was asked, and the
answer never arrives."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, Route

Loss = Callable[[Route], None]


def network_gone(route: Route) -> None:
    """The phone drives into a tunnel."""
    route.abort("internetdisconnected")


def proxy_gives_up(route: Route) -> None:
    """The proxy in front of the app says that it got no answer, in words of its own."""
    route.fulfill(status=503, content_type="text/html", body="<h1>503 Service Unavailable</h1>")


@contextmanager
def answers_lost(
    page: Page, loss: Loss = network_gone, *, only: str = "**/*"
) -> Iterator[list[int]]:
    """While the block runs, forms arrive, and their answers get lost. Yields the status of each
    answer that the page never got."""
    lost: list[int] = []

    def lose(route: Route) -> None:
        if route.request.method != "POST":
            route.fallback()
            return
        before = page.context.cookies()
        lost.append(route.fetch(max_redirects=0).status)
        # Cookies that came with the answer got lost as well.
        page.context.clear_cookies()
        # Playwright types the cookies that it gives out otherwise than those that it takes back.
        page.context.add_cookies(before)  # type: ignore[arg-type]
        loss(route)

    # Before its scripts have come, a page does not say by itself that an answer got lost.
    page.wait_for_load_state("load")
    page.route(only, lose)
    yield lost
    page.unroute(only, lose)
