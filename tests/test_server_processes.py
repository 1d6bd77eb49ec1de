"""Several processes that serve as one: they count metrics together, and say that they will stop
before they do."""

import json
import os
import re
import signal
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.support.world.at_once import at_once
from tests.support.world.running_app import RunningApp, running_app
from tests.support.world.waiting import PATIENCE_SECONDS, wait_until

TOKEN = "a-token-of-the-tests-for-operators-0123456789"

pytestmark = pytest.mark.starts_app


def ask(app: RunningApp, path: str, **headers: str) -> tuple[int, str]:
    request = urllib.request.Request(f"{app.url}{path}", headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, refused.read().decode()


def test_any_process_tells_the_figures_of_all(world: Path, tmp_path: Path) -> None:
    settings = {"JKN_METRICS_TOKEN": TOKEN, "JKN_WEB_PROCESSES": "3", "TMPDIR": str(tmp_path)}
    with running_app(world=world, **settings) as app:
        asked = 0

        def several_have_answered() -> bool:
            """The first process may serve long before the others do."""
            nonlocal asked
            answers = at_once(10, lambda _: ask(app, "/bantuan?cari=rahasia"))
            assert {it for it, _ in answers} == {200}
            asked += len(answers)
            return len(list(tmp_path.glob("jkn-server-*/histogram_*.db"))) > 1

        wait_until(several_have_answered, "more than one process answered", app.log)
        labels = 'endpoint="help.index",method="GET",status="2xx"'
        wanted = f"jkn_request_seconds_count{{{labels}}} {asked}.0"
        for _ in range(6):
            status, told = ask(app, "/metrics", Authorization=f"Bearer {TOKEN}")
            assert status == 200
            assert wanted in told.splitlines()
        log = app.log()
    # One line for each, by the application; none by the server with what was asked.
    assert log.count("help.index") == asked
    assert "rahasia" not in log
    assert "/bantuan" not in log


def test_a_server_says_that_it_leaves_before_it_does(world: Path, tmp_path: Path) -> None:
    """So load balancers stop sending people here while everybody is still served (R98)."""
    settings = {"JKN_LEAVE_SECONDS": "60", "JKN_WEB_PROCESSES": "2", "TMPDIR": str(tmp_path)}
    with running_app(world=world, **settings) as app:
        assert ask(app, "/health/ready")[0] == 200
        (shared,) = tmp_path.glob("jkn-server-*")
        app.tell_to_leave()
        wait_until(lambda: ask(app, "/health/ready")[0] == 503, "it said that it leaves", app.log)
        status, told = ask(app, "/health/ready")
        assert (status, json.loads(told)["server"]) == (503, "not ok")
        assert json.loads(told)["database"] == "ok"
        assert ask(app, "/masuk")[0] == 200
        assert ask(app, "/health/live")[0] == 200
        assert not app.has_ended()
        # A second signal ends the server without the wait.
        app.tell_to_end()
        wait_until(app.has_ended, "it left", app.log)
        assert not shared.exists()


def test_the_worker_beside_a_server_is_replaced_when_it_dies_and_ends_with_it(
    world: Path,
) -> None:
    def workers() -> list[int]:
        return [int(it) for it in re.findall(r"worker_begins.*process=(\d+)", app.log())]

    with running_app(world=world) as app:
        wait_until(workers, "a worker began", app.log)
        os.kill(workers()[0], signal.SIGKILL)
        wait_until(lambda: len(workers()) > 1, "another one began", app.log)
        assert "worker_died" in app.log()
        second = workers()[1]
        app.tell_to_end()
        wait_until(app.has_ended, "the server ended", app.log)
        with pytest.raises(ProcessLookupError):
            os.kill(second, 0)
