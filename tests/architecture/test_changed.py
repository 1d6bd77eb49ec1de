"""`make test CHANGED=1` runs the tests that would notice."""

import subprocess

import pytest

from tests import changed

TRACKED = subprocess.run(
    ["git", "ls-files", "jkn", "migrations/versions"],
    cwd=changed.ROOT,
    capture_output=True,
    text=True,
).stdout.split()


@pytest.mark.parametrize(
    ("path", "test"),
    [
        ("jkn/services/basics/paging.py", "tests/services/messaging/test_notifications.py"),
        ("jkn/services/access/pins.py", "tests/services/access/test_pins_at_once.py"),
        ("jkn/services/access/pins.py", "tests/blueprints/test_pin.py"),
        ("jkn/models/account.py", "tests/services/access/test_sign_in.py"),
        ("jkn/blueprints/recovery/routes.py", "tests/blueprints/test_recovery_links.py"),
        ("jkn/templates/recovery/method.html", "tests/blueprints/test_recovery.py"),
        ("jkn/templates/components/notification.html", "tests/blueprints/test_notifications.py"),
        ("jkn/static/js/access/elements/passkey-form.js", "tests/browser/test_passkeys.py"),
        ("jkn/rules/rules.csv", "tests/services/basics/test_dated_rules.py"),
        ("tests/support/gateways/http_stub.py", "tests/gateways/test_sms_http.py"),
    ],
)
def test_what_would_notice_a_change_is_chosen(path: str, test: str) -> None:
    assert test in changed.touched_by([path])


def test_a_changed_test_comes_first() -> None:
    assert changed.touched_by(["tests/test_logs.py"])[0] == "tests/test_logs.py"


def test_no_module_can_change_unnoticed() -> None:
    always = set(changed.touched_by([]))
    modules = [it for it in TRACKED if it.endswith(".py") and not it.endswith("__init__.py")]
    assert [it for it in modules if not set(changed.touched_by([it])) - always] == []


def test_what_takes_too_long_is_left_and_the_nearest_stays() -> None:
    tests = [f"tests/test_{number}.py" for number in range(100)]
    chosen, left = changed.affordable(tests)
    assert chosen + left == tests
    assert 40 <= len(chosen) <= 50
