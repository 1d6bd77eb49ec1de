"""The bulkhead around hashing: a few hash, a few wait, and the others are turned away at no cost
(security.md R83; ASVS 15.2.2)."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from threading import Event

import pytest
from sqlalchemy import text

from jkn.database import session
from jkn.models import FailureCounter, SpentCaptcha
from jkn.services.access.sign_in import SignInRefusal
from jkn.services.basics import runtime
from jkn.services.credentials import passwords
from jkn.services.credentials.passwords import Busy, turn
from tests.support.calls.sign_in_calls import answered, count, enter
from tests.support.world.connected import (
    ConnectedDatabase,
    bare_settings,
    bind_changed,
    connections_out,
)
from tests.support.world.factories import PASSWORD, make_account
from tests.support.world.waiting import PATIENCE_SECONDS

CORES = os.cpu_count() or 1


class Crowd:
    """People who take a turn at hashing and keep it, each in a thread."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(64)
        self._may_leave = Event()

    def join(self) -> Event:
        """Another person asks for a turn; the event is set once they have it."""
        has_it = Event()

        def stay() -> None:
            with turn():
                has_it.set()
                self._may_leave.wait()

        self._threads.submit(stay)
        return has_it

    def leave(self) -> None:
        self._may_leave.set()
        self._threads.shutdown()


def give_places(count: int) -> None:
    """Set how many may hash or wait for it, which is half of the threads."""
    runtime.bind(bare_settings())
    bind_changed(web_threads=2 * count)


@pytest.fixture
def crowd() -> Iterator[Crowd]:
    crowd = Crowd()
    yield crowd
    crowd.leave()


def test_a_person_beyond_the_places_is_turned_away_at_once(crowd: Crowd) -> None:
    give_places(CORES + 1)
    hashing = [crowd.join() for _ in range(CORES)]
    assert all(it.wait(PATIENCE_SECONDS) for it in hashing)
    waiting = crowd.join()
    assert not waiting.wait(0.3), "more hash at once than there are cores"
    with pytest.raises(Busy), turn():
        pass
    crowd.leave()
    assert waiting.wait(PATIENCE_SECONDS)
    with turn():
        pass


def test_no_more_hash_than_have_a_place(crowd: Crowd) -> None:
    give_places(1)
    assert crowd.join().wait(PATIENCE_SECONDS)
    with pytest.raises(Busy), turn():
        pass


def test_a_person_who_waits_too_long_is_turned_away_and_frees_the_place(
    crowd: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "_WAIT_SECONDS", 0.01)
    give_places(CORES + 1)
    hashing = [crowd.join() for _ in range(CORES)]
    assert all(it.wait(PATIENCE_SECONDS) for it in hashing)
    for _ in range(3):
        with pytest.raises(Busy), turn():
            pass
    crowd.leave()
    with ExitStack() as stack:
        for _ in range(CORES):
            stack.enter_context(turn())


def test_a_turn_that_ends_in_an_error_is_given_back() -> None:
    give_places(1)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError), turn():
            raise ZeroDivisionError
    with turn():
        pass


def test_waiting_for_a_turn_holds_no_connection_that_hashing_needs(
    database: ConnectedDatabase,
) -> None:
    session.execute(text("SELECT 1"))
    assert connections_out(database) == 1
    with turn():
        assert connections_out(database) == 0


@pytest.mark.usefixtures("database")
@pytest.mark.settings(web_threads=2)
def test_a_crowd_costs_neither_captcha_nor_try() -> None:
    account, answer = make_account(), answered()
    # One of two threads stays free for pages, so only one may hash.
    with turn():
        assert enter(account.nik, PASSWORD, answer) is SignInRefusal.BUSY
    assert count(SpentCaptcha) == 0
    assert count(FailureCounter) == 0
    assert isinstance(enter(account.nik, PASSWORD, answer), str)
