"""Searching every line of the application's log for personal data (R72)."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.support.clients.page_client import PageClient
from tests.support.rules.canaries import CANARIES
from tests.support.world.collected_logs import collected_logs

# The renderers of development and of production.
RENDERERS = ["console", pytest.param("json", marks=pytest.mark.settings(env="production"))]


@contextmanager
def watched_lines(renderer: str) -> Iterator[list[str]]:
    """The lines as they are written. At the end there must be one, and none may hold a canary."""
    with collected_logs() as lines:
        yield lines
    assert all(it.startswith("{") == (renderer == "json") for it in lines)
    assert lines, "nothing was logged: the test would prove nothing"
    assert [(CANARIES.found_in(it), it) for it in lines if CANARIES.found_in(it)] == []


def add_token_of_session(client: PageClient) -> None:
    """Make the session token in the cookie a canary, too."""
    request = client.app.test_request_context(headers={"Cookie": client.cookies.header()}).request
    carried = client.app.session_interface.open_session(client.app, request)
    assert carried is not None
    CANARIES.add("cookie", carried["_user_id"])
