"""What a person at the screen can see of a page, without what is random for everybody."""

import re

from tests.support.clients.page_client import PageClient

_CHANGING = re.compile(
    r'(name="csrf_token" value="|/captcha/(?:gambar|suara)/|name="captcha_token" value="'
    r'|name="v-)[^"]+'
    r"|<h1><label.*?</label></h1>|<p class=\"hint\" id=\"answer-hint\">.*?</p>"
    # The phone that was typed: it differs for everybody.
    r'|name="answer" type="text" inputmode="\w+"|0812\s[0-9]{4}\s[0-9]+',
    re.DOTALL,
)
Seen = list[tuple[str, int, dict[str, str], str]]


def look(client: PageClient, seen: Seen) -> None:
    """Add the page that is open."""
    assert client.response is not None
    headers = {
        name: value
        for name, value in client.response.headers
        if name not in ("X-Request-ID", "Set-Cookie", "Content-Length")
    }
    seen.append((client.url, client.status, headers, _CHANGING.sub("…", client.html)))
