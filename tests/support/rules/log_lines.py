"""Every line that the application logs, looked through for what nobody may read there (R72)."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.support.clients.page_client import PageClient
from tests.support.rules.canaries import CANARIES
from tests.support.world.collected_logs import collected_logs

# Of development and of production.
RENDERERS = ["console", pytest.param("json", marks=pytest.mark.settings(env="production"))]


@contextmanager
def watched_lines(renderer: str) -> Iterator[list[str]]:
    """Each line as it would be written; at the end there was one, and none held a canary."""
    with collected_logs() as lines:
        yield lines
    assert all(it.startswith("{") == (renderer == "json") for it in lines)
    assert lines, "nothing was logged: the test would prove nothing"
    assert [(CANARIES.found_in(it), it) for it in lines if CANARIES.found_in(it)] == []


def add_token_of_session(client: PageClient) -> None:
    """A canary, too: what the cookie carries."""
    request = client.app.test_request_context(headers={"Cookie": client.cookies.header()}).request
    carried = client.app.session_interface.open_session(client.app, request)
    assert carried is not None
    CANARIES.add("cookie", carried["_user_id"])
