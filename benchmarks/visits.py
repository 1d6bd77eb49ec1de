"""Visits by people of a grown world, who sign in and look around one after the other. The time is
that of the app alone, without a network."""

import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from html import unescape
from typing import Any
from unittest import mock

from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from benchmarks.plans import Sent, noted
from benchmarks.worlds import World
from jkn.sample import PASSWORD
from jkn.sample.grown_people import GrownPerson, family, family_of_person
from jkn.sample.seeded_random import SeededRandom
from tests.support.world.running_app import FIXED_CAPTCHA

FORM, BY_NIK, BY_CARD = "Masuk, the form", "Masuk by NIK", "Masuk by card number"
BY_NOBODY, HOME, CARD = "Masuk by nobody's NIK", "Beranda", "Kartu"
PAGES = (FORM, BY_NIK, BY_CARD, BY_NOBODY, HOME, CARD)

_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)"(?: value="([^"]*)")?>')


class Stopwatch:
    """Wraps the application, and times its last answer (`seconds`), and the hashing in it
    (`hashing`, in seconds)."""

    def __init__(self, app: Flask) -> None:
        self.seconds = self.hashing = 0.0
        self._app = app.wsgi_app
        app.wsgi_app = self  # type: ignore[method-assign]

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        """The app's whole answer."""
        self.hashing = 0.0
        begun = time.perf_counter()
        answer = self._app(environ, start_response)
        body = b"".join(answer)
        if hasattr(answer, "close"):
            answer.close()
        self.seconds = time.perf_counter() - begun
        return [body]

    @contextmanager
    def hashing_noted(self) -> Iterator[None]:
        """Time the comparison of passwords, too, during this block."""
        verify = PasswordHasher.verify

        def timed(*args: Any) -> bool:
            begun = time.perf_counter()
            try:
                return verify(*args)
            finally:
                self.hashing += time.perf_counter() - begun

        with mock.patch.object(PasswordHasher, "verify", timed):
            yield


class Visits:
    """All visits to one world. `whole`, `without_hashing`: the seconds of each visit, by page."""

    def __init__(self, app: Flask, stopwatch: Stopwatch, world: World) -> None:
        self.whole: dict[str, list[float]] = defaultdict(list)
        self.without_hashing: dict[str, list[float]] = defaultdict(list)
        self._app = app
        self._stopwatch = stopwatch
        self._world = world
        self._rng = SeededRandom(world.participants)
        self._families = family_of_person(world.participants - 1)
        self._sent: dict[str, list[Sent]] | None = None

    def once(self) -> float:
        """One round: somebody signs in by NIK and looks around, somebody else signs in with the
        same browser by card number, and an unknown person tries to. Returns the seconds of it."""
        self._world.enter()
        begun = time.perf_counter()
        visitor = self._visitor()
        self._sign_in(visitor, BY_NIK, self._head().nik, 303)
        self._timed(HOME, lambda: visitor.get("/beranda"), 200)
        self._timed(CARD, lambda: visitor.get("/kartu"), 200)
        visitor.delete_cookie(self._app.config["SESSION_COOKIE_NAME"])
        self._sign_in(visitor, BY_CARD, self._head().card_number, 303)
        # A serial that no grown person has.
        self._sign_in(self._visitor(), BY_NOBODY, f"{self._head().nik[:12]}0999", 422)
        return time.perf_counter() - begun

    def sent(self) -> dict[str, list[Sent]]:
        """The statements that a round sends to the database, by page. Its times do not count."""
        times = self.whole, self.without_hashing
        self.whole, self.without_hashing = defaultdict(list), defaultdict(list)
        self._sent = {}
        self.once()
        found, self._sent = self._sent, None
        self.whole, self.without_hashing = times
        return found

    def _head(self) -> GrownPerson:
        return family(self._rng.between(0, self._families - 1)).members[0]

    def _visitor(self) -> FlaskClient:
        """A browser at another address each time, since wrong numbers count for an address."""
        visitor = self._app.test_client()
        address = f"10.{'.'.join(str(self._rng.between(1, 254)) for _ in range(3))}"
        visitor.environ_base["REMOTE_ADDR"] = address
        return visitor

    def _sign_in(self, visitor: FlaskClient, page: str, number: str, expected: int) -> None:
        form = self._timed(FORM, lambda: visitor.get("/masuk"), 200).get_data(as_text=True)
        fields = {name: unescape(value) for name, value in _HIDDEN.findall(form)}
        fields |= {
            "identity_type": "nik",
            "number": number,
            "password": PASSWORD,
            "captcha_answer": FIXED_CAPTCHA,
        }
        self._timed(page, lambda: visitor.post("/masuk", data=fields), expected)

    def _timed(self, page: str, ask: Callable[[], TestResponse], expected: int) -> TestResponse:
        if self._sent is None:
            answer = ask()
        else:
            with noted(self._world.engine) as self._sent[page]:
                answer = ask()
        if answer.status_code != expected:
            raise RuntimeError(f"{page} was answered with {answer.status}")
        self.whole[page].append(self._stopwatch.seconds)
        self.without_hashing[page].append(self._stopwatch.seconds - self._stopwatch.hashing)
        return answer
