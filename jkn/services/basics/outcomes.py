"""How a command ended, where there is nothing more to tell. None is never used for this: it means
that something is absent."""

from enum import Enum


class Outcome(Enum):
    """DONE: it did what it should. ELSEWHERE: the journey is at another stage by now, or has ended;
    the next page shows which. SIGNED_OUT: the session was ended meanwhile."""

    DONE = "done"
    ELSEWHERE = "elsewhere"
    SIGNED_OUT = "signed_out"
