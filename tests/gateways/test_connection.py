"""The time limit of a connection, by the real clock, and what is told of a failure."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from jkn.gateways.connection import Line, NoAnswer, within
from tests.support.gateways.time_limits import PATIENT


def test_a_connection_ends_after_its_own_time_limit_and_no_other() -> None:
    """Two connections with different limits: the one with the shorter limit ends first."""
    begun, go_on = Event(), Event()

    def talk(_line: Line) -> str:
        begun.set()
        go_on.wait()
        return "said"

    with ThreadPoolExecutor(1) as thread:
        patient = thread.submit(within, PATIENT, talk)
        try:
            begun.wait()
            with pytest.raises(TimeoutError):
                within(0.05, talk)
            assert not patient.done()
        finally:
            go_on.set()
        assert patient.result() == "said"


def test_what_the_other_side_said_stays_out_of_what_is_told() -> None:
    told = NoAnswer(OSError("user siti, password rahasia"))
    assert (str(told), told.problem) == ("OSError", "OSError")
