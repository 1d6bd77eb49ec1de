"""How a command came out, where there is nothing more to tell. None means that something is absent,
and never how a command came out."""

from enum import Enum


class Outcome(Enum):
    """DONE. ELSEWHERE: the journey is at another step by now, or was ended: the next page says
    where. SIGNED_OUT: the session was ended meanwhile."""

    DONE = "done"
    ELSEWHERE = "elsewhere"
    SIGNED_OUT = "signed_out"
