"""Pages that show what the PIN locks; each stands beside a page that masks the same values."""

from datetime import datetime

from werkzeug.wrappers import Response

from jkn.services.basics import clock
from jkn.web.access import BY_ITSELF
from jkn.web.visitor import own_session


def open_until() -> datetime | None:
    """When this session's step-up ends; None: there was none."""
    return own_session().unlocked_until


def closing(answer: Response, masked_url: str) -> Response:
    """Have the page with the full numbers leave for `masked_url` when the step-up ends. It does so
    by itself, also on a phone that was laid down, so this does not prolong the session."""
    left = clock.seconds_until(open_until() or clock.now())
    answer.headers["Refresh"] = f"{left}; url={masked_url}?{BY_ITSELF}=1"
    return answer
