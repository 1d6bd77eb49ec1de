"""The runtime of the services: settings are bound, and parts are made once for each binding."""

from threading import Event

import pytest

from jkn.services.basics import runtime
from jkn.services.basics.runtime import part
from jkn.settings import Settings
from tests.support.world.at_once import at_once
from tests.support.world.connected import bare_settings, runtime_put_back
from tests.support.world.waiting import PATIENCE_SECONDS, wait_until


class Maker:
    """Counts how often it makes a part; each part is another object."""

    def __init__(self) -> None:
        self.made_of: list[Settings] = []

    def __call__(self, settings: Settings) -> object:
        """Make a new part."""
        self.made_of.append(settings)
        return object()


@pytest.fixture
def _nothing_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runtime, "_bound", None)


@pytest.mark.usefixtures("_nothing_bound")
def test_before_anything_is_bound_nobody_gets_anything() -> None:
    maker = Maker()
    made = part(maker)
    for act in (runtime.settings, made, lambda: made.provide(object())):
        with pytest.raises(RuntimeError, match="bind"):
            act()
    assert maker.made_of == []


@pytest.mark.usefixtures("_nothing_bound")
def test_what_a_test_binds_ends_with_it() -> None:
    with runtime_put_back():
        runtime.bind(bare_settings())
    with pytest.raises(RuntimeError):
        runtime.settings()


def test_what_was_bound_last_is_in_force() -> None:
    for length in (8, 12):
        runtime.bind(bare_settings(password_min_length=length))
        assert runtime.settings().password_min_length == length


def test_a_part_is_made_once_of_the_settings_in_force_and_not_before_it_is_asked_for() -> None:
    maker = Maker()
    made = part(maker)
    settings = bare_settings()
    runtime.bind(settings)
    assert maker.made_of == []
    assert made() is made()
    assert maker.made_of == [settings]


def test_it_is_made_anew_after_the_next_binding_also_of_the_same_settings() -> None:
    """Otherwise a semaphore that one test holds would be held in the next."""
    maker = Maker()
    made = part(maker)
    settings = bare_settings()
    values = set()
    for _ in range(3):
        runtime.bind(settings)
        values.add(made())
    assert len(values) == len(maker.made_of) == 3


def test_parts_do_not_share_what_is_made_of_them() -> None:
    one, other = part(Maker()), part(Maker())
    runtime.bind(bare_settings())
    assert one() is not other()


def test_nothing_is_a_value_like_any_other() -> None:
    asked = []
    made = part(lambda settings: asked.append(settings))
    runtime.bind(bare_settings())
    assert [made(), made()] == [None, None]
    assert len(asked) == 1


def test_when_many_ask_at_once_a_part_is_made_once() -> None:
    begun, may_end = Event(), Event()
    maker = Maker()

    @part
    def made(settings: Settings) -> object:
        begun.set()
        assert may_end.wait(PATIENCE_SECONDS)
        return maker(settings)

    runtime.bind(bare_settings())
    asking: list[int] = []

    def ask(number: int) -> object:
        if number == 0:
            assert begun.wait(PATIENCE_SECONDS)
            wait_until(lambda: len(asking) == 7, "the others ask")
            may_end.set()
        else:
            asking.append(number)
        return made()

    values = at_once(8, ask)
    assert len(set(values)) == 1
    assert len(maker.made_of) == 1


def test_a_part_may_stand_on_another() -> None:
    maker = Maker()
    below = part(maker)
    above = part(lambda _settings: [below()])
    runtime.bind(bare_settings())
    assert above() == [below()]
    assert len(maker.made_of) == 1


def test_a_part_that_fails_is_tried_again_and_stops_no_other() -> None:
    answers: list[Exception | str] = [OSError("no such file"), OSError("still none"), "made"]

    @part
    def made(_settings: Settings) -> str:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    runtime.bind(bare_settings())
    for told in ("no such file", "still none"):
        with pytest.raises(OSError, match=told):
            made()
    # Other threads get it, so the lock was released.
    assert at_once(2, lambda _: made()) == ["made", "made"]


def test_what_is_provided_stands_in_until_the_next_binding() -> None:
    maker = Maker()
    made = part(maker)
    runtime.bind(bare_settings())
    before, ours = made(), object()
    made.provide(ours)
    assert made() is ours
    runtime.bind(bare_settings())
    assert made() not in (before, ours)
    assert len(maker.made_of) == 2


def test_what_is_provided_first_is_never_made() -> None:
    maker = Maker()
    made = part(maker)
    runtime.bind(bare_settings())
    made.provide("ours")
    assert made() == "ours"
    assert maker.made_of == []
