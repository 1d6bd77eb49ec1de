"""What the PIN locks, opened on a page of its own beside the one that masks it."""

from datetime import datetime

from werkzeug.wrappers import Response

from jkn.services.basics import clock
from jkn.web.access import BY_ITSELF
from jkn.web.visitor import own_session


def open_until() -> datetime | None:
    """When what the PIN locks closes in this session; None: it was never opened."""
    return own_session().unlocked_until


def closing(answer: Response, masked_url: str) -> Response:
    """The page with the numbers in full, which leaves for `masked_url` when its time is over: a
    phone that was laid down closes them by itself, which is no use of the session."""
    left = clock.seconds_until(open_until() or clock.now())
    answer.headers["Refresh"] = f"{left}; url={masked_url}?{BY_ITSELF}=1"
    return answer
