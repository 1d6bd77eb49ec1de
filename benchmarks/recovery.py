"""`make bench NAME=recovery`: whether the time of an answer shows who exists (security.md R22).

People of five kinds begin a recovery, ask for a code by SMS and type a wrong one: registered ones,
with a locked password, frozen ones, insured ones without an account, and unknown ones. They walk
one after the other, in random order, in this process, on a scratch SQLite database. The table shows
the median of each step, and the chance that a person of the kind takes longer than a registered
one: 0.50 gives nothing away, 0.00 and 1.00 would give them away each time. Nothing here fails on
time.

`--walks 200`: how many people of each kind.
"""

import argparse
import itertools
import random
import re
import tempfile
import time
from collections.abc import Callable
from datetime import date
from html import unescape
from pathlib import Path
from statistics import median

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from benchmarks.measure import milliseconds, print_table
from jkn import create_app
from jkn.database import session, transaction
from jkn.models import Account
from jkn.services.basics import clock
from jkn.services.throttling import failure_counters
from tests.support.world.connected import connected, settings_for
from tests.support.world.databases import SqliteCopies
from tests.support.world.factories import make_account, make_participant, new_nik

STEPS = ("begin", "ask for a code", "a wrong code")
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)"(?: value="([^"]*)")?>')


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.recovery")
    parser.add_argument("--walks", type=int, default=200, help="of each kind")
    walks = parser.parse_args().walks
    with tempfile.TemporaryDirectory() as folder, SqliteCopies(Path(folder)).copy() as copy:
        settings = settings_for(copy.url, Path(folder) / "assets", {"log_level": "error"})
        with connected(copy, settings):
            print_times(timed(create_app(settings), walks))


def timed(app: Flask, walks: int) -> dict[str, list[list[float]]]:
    """The seconds of each step of each walk, by kind."""
    turns = [(kind, make()) for _ in range(walks) for kind, make in KINDS.items()]
    random.Random(20260503).shuffle(turns)
    times: dict[str, list[list[float]]] = {kind: [] for kind in KINDS}
    for number, (kind, nik) in enumerate(turns):
        times[kind].append(walk(app, nik, f"198.18.{number // 250}.{number % 250}"))
    return times


def walk(app: Flask, nik: str, source: str) -> list[float]:
    """The seconds of each step, for one person from an address of their own."""
    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = source
    return [
        press(client, "/lupa-kata-sandi", {"nik": nik, "captcha_answer": "12345"}),
        press(client, "/lupa-kata-sandi/cara", {"way": "sms"}),
        press(client, "/lupa-kata-sandi/kode", {"code": "000000"}),
    ]


def press(client: FlaskClient, page: str, fields: dict[str, str]) -> float:
    """Open a page and send its form; returns the seconds that sending took. Raises RuntimeError
    when the page does not open."""
    shown = client.get(page)
    if shown.status_code != 200:
        raise RuntimeError(f"{page} was answered with {shown.status_code}")
    hidden = {name: unescape(it) for name, it in _HIDDEN.findall(shown.text)}
    headers = {"Sec-Fetch-Site": "same-origin"}
    begun = time.perf_counter()
    client.post(page, data=hidden | fields, headers=headers)
    return time.perf_counter() - begun


def print_times(times: dict[str, list[list[float]]]) -> None:
    """Print the medians, and how often each kind is slower than registered people."""
    rows = []
    for kind, walks in times.items():
        cells = [kind]
        for step in range(len(STEPS)):
            own = [it[step] for it in walks]
            usual = [it[step] for it in times["registered"]]
            cells += [milliseconds(median(own)), f"{chance_of_longer(own, usual):.2f}"]
        rows.append(cells)
    headings = ["who"] + [it for step in STEPS for it in (f"{step}, ms", "longer")]
    print_table(headings, rows)


def chance_of_longer(ones: list[float], others: list[float]) -> float:
    """The probability that one of `ones` is larger than one of `others` (Mann-Whitney)."""
    more = sum((one > other) + (one == other) / 2 for one in ones for other in others)
    return more / (len(ones) * len(others))


# Numbers of one block share a rate limit, which would be spent after twenty of them.
_blocks = itertools.count(100_000, 37)


def _registered() -> str:
    return make_account(phone=f"+628{next(_blocks)}1234").nik


def _locked() -> str:
    nik = _registered()
    with transaction():
        for _ in range(5):
            failure_counters.count_attempt(
                failure_counters.person_key(nik), failure_counters.PASSWORD_BACKOFF
            )
    return nik


def _frozen() -> str:
    account = make_account(phone=f"+628{next(_blocks)}1234")
    nik, of_account = account.nik, update(Account).where(Account.id == account.id)
    with transaction():
        session.execute(of_account.values(frozen_at=clock.now(), password_hash=""))
    return nik


def _without_account() -> str:
    return make_participant(phone=f"+628{next(_blocks)}1234").nik or ""


KINDS: dict[str, Callable[[], str]] = {
    "registered": _registered,
    "locked": _locked,
    "frozen": _frozen,
    "without an account": _without_account,
    "unknown": lambda: new_nik(date(1990, 1, 1)),
}

if __name__ == "__main__":
    main()
