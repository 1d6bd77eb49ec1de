"""A form whose answer got lost: the server did the step, and the browser, which has still the
cookies from before, sends the very same form again."""

from collections.abc import Callable

from tests.support.clients.page_client import PageClient
from tests.support.world.rows import all_rows, changes


def as_it_was(client: PageClient) -> PageClient:
    """The same browser, to which no answer comes from now on."""
    before = client.another(with_cookies=True)
    before.url, before.document = client.url, client.document
    return before


def send_twice(
    client: PageClient, send: Callable[[PageClient], object], *, but_for: tuple[str, ...] = ()
) -> tuple[str, str, list[str]]:
    """Send the form, and again as if its answer had got lost. Returns where each led, and what the
    second one changed in the database. `but_for`: tables that are left out."""
    before = as_it_was(client)
    send(client)
    rows = all_rows()
    send(before)
    return client.url, before.url, changes(rows, all_rows(), but_for=but_for)
