"""A registry that keeps failing is not asked for a while, and a slow one holds only a few
threads."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.support.gateways.http_stub import Exchange, http_stub
from tests.support.gateways.registry_answers import (
    ASKS,
    CARD,
    HENDRA,
    NIK,
    OTHER_NIK,
    away,
    body_of,
    giving,
    record,
    registry_on,
)
from tests.support.gateways.sms_gateways import Behaviour, answering
from tests.support.gateways.time_limits import over_when
from tests.support.world.collected_logs import collected_logs
from tests.support.world.waiting import PATIENCE_SECONDS

LONG_REST = 600.0


def test_a_registry_that_keeps_failing_is_left_alone_and_found_again() -> None:
    with http_stub(answering(500)) as stub:
        registry = registry_on(stub, rest_seconds=LONG_REST)
        for ask in (*ASKS.values(), ASKS["person"]):
            with away("^status 500$"):
                ask(registry)
        for ask in ASKS.values():
            with away("^resting$"):
                ask(registry)
        assert len(stub.received) == 3
        stub.behave = giving(record())
        registry._breaker._circuit._opened -= LONG_REST + 1
        assert registry.person(NIK) == HENDRA
        assert registry.family(CARD) == [HENDRA]
        assert len(stub.received) == 5


@pytest.mark.parametrize(
    "behave",
    [
        lambda exchange: exchange.hang(),
        lambda exchange: exchange.reset(),
        answering(200, b"<html>"),
        answering(200, b'{"content": null}'),
        giving({"RESPON": "Kuota akses hari ini telah habis"}),
    ],
    ids=["hangs", "resets", "html", "no list", "quota"],
)
def test_every_fault_of_the_registry_counts(behave: Behaviour) -> None:
    with http_stub(behave) as stub, over_when(lambda: stub.held):
        registry = registry_on(stub, failures=2, rest_seconds=LONG_REST)
        for _ in range(2):
            with away():
                registry.person(NIK)
        with away("^resting$"):
            registry.person(NIK)
    assert len(stub.received) == 2


@pytest.mark.parametrize("spoilt", [record(NIK=OTHER_NIK), record(NAMA_LGKP="{{7*7}}")])
def test_one_persons_record_does_not_close_it_for_everybody(spoilt: dict[str, Any]) -> None:
    with http_stub(giving(spoilt)) as stub:
        registry = registry_on(stub, failures=1, rest_seconds=LONG_REST)
        for _ in range(3):
            with away("NIK|NAMA_LGKP"):
                registry.person(NIK)
        stub.behave = giving(record())
        assert registry.person(NIK) == HENDRA


def test_only_so_many_wait_at_once_and_the_next_counts_as_no_failure() -> None:
    begun, go_on = threading.Barrier(3), threading.Event()

    def slow(exchange: Exchange) -> None:
        begun.wait(PATIENCE_SECONDS)
        go_on.wait()
        exchange.answer(200, body_of(record()))

    with http_stub(slow) as stub, ThreadPoolExecutor(2) as threads:
        registry = registry_on(stub, places=2, failures=1, rest_seconds=LONG_REST)
        waiting = [threads.submit(registry.person, NIK) for _ in range(2)]
        try:
            begun.wait(PATIENCE_SECONDS)
            for _ in range(3):
                with away("^busy$"):
                    registry.family(CARD)
            assert len(stub.received) == 2
        finally:
            go_on.set()
        assert [it.result() for it in waiting] == [HENDRA, HENDRA]
        stub.behave = giving(record())
        assert registry.family(CARD) == [HENDRA]


@pytest.mark.parametrize(
    "behave", [answering(500), giving(record(NIK=OTHER_NIK)), answering(200, b"x")]
)
def test_a_place_is_free_again_however_the_look_up_ended(behave: Behaviour) -> None:
    with http_stub(behave) as stub:
        registry = registry_on(stub, places=1, failures=99)
        for _ in range(3):
            with away("^(status 500|NIK: .*|no JSON)$"):
                registry.person(NIK)
    assert len(stub.received) == 3


@pytest.mark.parametrize("database_copies", ["sqlite"], indirect=True)
@pytest.mark.usefixtures("app")
def test_a_resting_registry_leaves_no_line_and_a_busy_one_does() -> None:
    with http_stub(answering(500)) as stub, collected_logs() as lines:
        registry = registry_on(stub, failures=1, rest_seconds=LONG_REST)
        for _ in range(3):
            with away():
                registry.person(NIK)
        assert ["status 500" in it for it in lines] == [True]
        crowded = registry_on(stub, places=1)
        crowded._places.acquire()
        with away("^busy$"):
            crowded.person(NIK)
    assert ["busy" in it for it in lines] == [False, True]
