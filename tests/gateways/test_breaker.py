"""The breaker: a service that keeps failing is not called for a while, and called again later."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from jkn.gateways.breaker import Breaker, Resting
from tests.support.world.waiting import PATIENCE_SECONDS

REST = 600.0


class Away(Exception):
    """The failure that counts."""


class Refused(Exception):
    """A refusal, which is no failure: the service answers."""


class Service:
    """Counts how often it is called."""

    def __init__(self) -> None:
        self.asked = 0
        self.raises: Exception | None = Away()

    def ask(self, what: str = "") -> str:
        self.asked += 1
        if self.raises is not None:
            raise self.raises
        return f"{what}!"


def fail(breaker: Breaker, service: Service, times: int) -> None:
    for _ in range(times):
        with pytest.raises(Away):
            breaker.call(service.ask)


def let_the_rest_end(breaker: Breaker) -> None:
    breaker._circuit._opened -= REST + 1


def test_a_call_and_its_answer_pass_through() -> None:
    service = Service()
    service.raises = None
    assert Breaker(Away).call(service.ask, what="halo") == "halo!"


def test_after_three_failures_in_a_row_it_is_not_asked_any_more() -> None:
    breaker, service = Breaker(Away, rest_seconds=REST), Service()
    fail(breaker, service, 3)
    for _ in range(5):
        with pytest.raises(Resting) as resting:
            breaker.call(service.ask)
        assert REST - 60 < resting.value.seconds <= REST
    assert service.asked == 3


@pytest.mark.parametrize("good", [None, Refused()], ids=["an-answer", "a-refusal"])
def test_only_failures_in_a_row_count(good: Exception | None) -> None:
    breaker, service = Breaker(Away, rest_seconds=REST), Service()
    for _ in range(4):
        service.raises = Away()
        fail(breaker, service, 2)
        service.raises = good
        if good is None:
            breaker.call(service.ask)
        else:
            with pytest.raises(Refused):
                breaker.call(service.ask)
    assert service.asked == 12


def test_after_the_rest_one_success_opens_the_way_again() -> None:
    breaker, service = Breaker(Away, rest_seconds=REST), Service()
    fail(breaker, service, 3)
    let_the_rest_end(breaker)
    service.raises = None
    for _ in range(3):
        breaker.call(service.ask)
    service.raises = Away()
    fail(breaker, service, 3)
    with pytest.raises(Resting):
        breaker.call(service.ask)


def test_after_the_rest_one_failure_closes_it_again() -> None:
    breaker, service = Breaker(Away, rest_seconds=REST), Service()
    fail(breaker, service, 3)
    let_the_rest_end(breaker)
    fail(breaker, service, 1)
    with pytest.raises(Resting):
        breaker.call(service.ask)
    assert service.asked == 4


def test_after_the_rest_only_one_finds_out_whether_it_is_back() -> None:
    breaker, service = Breaker(Away, rest_seconds=REST), Service()
    fail(breaker, service, 3)
    let_the_rest_end(breaker)
    begun, go_on = threading.Event(), threading.Event()

    def sleep() -> None:
        begun.set()
        go_on.wait(PATIENCE_SECONDS)

    with ThreadPoolExecutor(1) as threads:
        first = threads.submit(breaker.call, sleep)
        assert begun.wait(PATIENCE_SECONDS)
        with pytest.raises(Resting) as resting:
            breaker.call(service.ask)
        assert resting.value.seconds == 0
        go_on.set()
        first.result(PATIENCE_SECONDS)
    service.raises = None
    assert breaker.call(service.ask) == "!"
    assert service.asked == 4
