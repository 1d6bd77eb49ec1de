"""Imports point down, flows do not import each other, and each library is imported in one place."""

import ast
import subprocess
import sys
from pathlib import Path

import grimp
import pytest

import jkn
from tests.support.world.databases import ROOT

# Which module may import a library. A library that is not listed may not be imported.
DOORS = {
    "alembic": {"jkn.database_version"},
    "altcha": {"jkn.services.credentials.captcha_work"},
    "argon2": {"jkn.services.credentials.passwords"},
    "captcha": {"jkn.services.credentials.captcha_picture"},
    "circuitbreaker": {"jkn.gateways.breaker"},
    "cryptography": {"jkn.encryption"},
    "flask_compress": {"jkn.extensions"},
    "flask_htmx": {"jkn.extensions"},
    "flask_limiter": {"jkn.extensions"},
    "granian": {"jkn.server"},
    "jinja2": {"jkn.services.messaging.messages"},
    "lokal": {"jkn.gateways.regions"},
    "PIL": {"jkn.services.credentials.captcha_picture"},
    "prometheus_client": {"jkn.web.metrics"},
    "pydantic": {"jkn.settings"},
    "pydantic_core": {"jkn.settings"},
    "pydantic_settings": {"jkn.settings"},
    "rcssmin": {"jkn.assets"},
    "rjsmin": {"jkn.assets"},
    "webauthn": {"jkn.services.passkeys.webauthn"},
    "whitenoise": {"jkn", "jkn.assets"},
    "zxcvbn": {"jkn.services.credentials.password_policy"},
}
# The libraries that whole layers may import.
COMMON = {"click", "flask", "flask_login", "flask_wtf", "markupsafe", "sqlalchemy", "structlog",
          "werkzeug", "wtforms"}  # fmt: skip


pytestmark = pytest.mark.xdist_group("layers")


@pytest.fixture(scope="module")
def imports() -> grimp.ImportGraph:
    return grimp.build_graph("jkn", include_external_packages=True, cache_dir=None)


def test_the_import_contracts_are_kept() -> None:
    # In a process of its own: the tool silences every logger that exists where it runs.
    command = Path(sys.executable).with_name("lint-imports")
    kept = subprocess.run(
        [command, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert kept.returncode == 0, kept.stdout


def test_each_library_has_one_door(imports: grimp.ImportGraph) -> None:
    own = {it for it in imports.modules if it == jkn.__name__ or it.startswith("jkn.")}
    libraries = imports.modules - own - sys.stdlib_module_names
    importers = {it: imports.find_modules_that_directly_import(it) for it in libraries - COMMON}
    assert importers == DOORS


def test_nothing_in_the_layers_below_asks_for_the_factory(imports: grimp.ImportGraph) -> None:
    assert imports.find_modules_that_directly_import("jkn") == set()


def test_what_the_rules_keep_between_two_calls_is_bound_in_one_place() -> None:
    """A module with a state of its own would have to be bound in every process and test, and
    restored after each change."""
    services = ROOT / "jkn" / "services"
    keepers = [
        file.relative_to(services).as_posix()
        for file in sorted(services.rglob("*.py"))
        if any(isinstance(it, ast.Global) for it in ast.walk(ast.parse(file.read_text())))
    ]
    assert keepers == ["basics/runtime.py"]
