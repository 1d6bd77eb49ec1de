"""What the PIN locks, opened on a page of its own beside the one that masks it."""

from datetime import datetime
from math import ceil

from werkzeug.wrappers import Response

from jkn.services import clock
from jkn.web.access import own_session


def open_until() -> datetime | None:
    """When what the PIN locks closes in this session; None: it was never opened."""
    return own_session().unlocked_until


def closing(answer: Response, masked_url: str) -> Response:
    """The page with the numbers in full, which leaves for `masked_url` when its time is over: a
    phone that was laid down closes them by itself."""
    left = (open_until() or clock.now()) - clock.now()
    answer.headers["Refresh"] = f"{ceil(left.total_seconds())}; url={masked_url}"
    return answer
