"""Settings: development needs none, production refuses what puts people at risk (R103)."""

import base64
import json
import os
import shutil
import stat
import subprocess
import sys
import traceback
from pathlib import Path

import pytest
from pydantic import ValidationError

from jkn import keys, service_url
from jkn import settings as settings_module
from jkn.keys import decode_data_key
from jkn.settings import Settings, UnsafeSettings, load_settings
from tests.support.world import production
from tests.support.world.at_once import at_once
from tests.support.world.production import KEY, PEPPER, SAFE, SECRET, exported

WEAK = "hunter2-hunter2"
MONOTONOUS = "abababababababababababababababababababab"
ZEROS = base64.b64encode(bytes(32)).decode()
# The setting that differs from the safe ones; the refusal must name it.
UNSAFE = {
    "no secret key": ("JKN_SECRET_KEY", None),
    "an empty secret key": ("JKN_SECRET_KEY", ""),
    "a short secret key": ("JKN_SECRET_KEY", WEAK),
    "a monotonous secret key": ("JKN_SECRET_KEY", MONOTONOUS),
    "the data key as secret key": ("JKN_SECRET_KEY", KEY),
    "a weak older secret key": ("JKN_SECRET_KEY_FALLBACKS", f"{SECRET[::-1]},{WEAK}"),
    "no pepper": ("JKN_PEPPER", None),
    "a short pepper": ("JKN_PEPPER", WEAK),
    "a monotonous pepper": ("JKN_PEPPER", MONOTONOUS),
    "the secret key as pepper": ("JKN_PEPPER", SECRET),
    "no data key": ("JKN_DATA_KEY", None),
    "only commas for data keys": ("JKN_DATA_KEY", " , "),
    "a data key of zeros": ("JKN_DATA_KEY", ZEROS),
    "a second data key of zeros": ("JKN_DATA_KEY", f"{KEY},{ZEROS}"),
    "no base url": ("JKN_BASE_URL", None),
    "cookies in clear": ("JKN_BASE_URL", "http://jkn.example"),
    "passkeys of another domain": ("JKN_PASSKEY_RP_ID", "jkn.other.example"),
    "passkeys of a whole top level": ("JKN_PASSKEY_RP_ID", "example"),
    "passkeys in clear": ("JKN_PASSKEY_ORIGINS", "http://app.jkn.example"),
    "passkeys elsewhere": ("JKN_PASSKEY_ORIGINS", "https://app.jkn.example, https://a.example"),
    "passkeys at a page": ("JKN_PASSKEY_ORIGINS", "https://app.jkn.example/masuk"),
    "no trusted hosts": ("JKN_TRUSTED_HOSTS", None),
    "every host trusted": ("JKN_TRUSTED_HOSTS", "*"),
    "every host trusted among others": ("JKN_TRUSTED_HOSTS", "jkn.example, *"),
    "a dot for a host": ("JKN_TRUSTED_HOSTS", "."),
    "another host trusted": ("JKN_TRUSTED_HOSTS", "jkn.other.example"),
    "a database in memory": ("JKN_DATABASE_URL", "sqlite://"),
    "a database in memory by name": ("JKN_DATABASE_URL", "sqlite:///:memory:"),
    "answers before anything is written": (
        "JKN_DATABASE_URL",
        "postgresql://jkn@db/jkn?options=-c%20synchronous_commit%3Doff",
    ),
    "answers before anything is written, in other words": (
        "JKN_DATABASE_URL",
        "postgresql://jkn@db/jkn?options=-c%20Synchronous_Commit%20%3D%20False",
    ),
    "proxies not counted": ("JKN_PROXY_HOPS", None),
    "a captcha that always asks the same": ("JKN_CAPTCHA", "fixed"),
    "hashes that are guessed quickly": ("JKN_ARGON2_COST", "cheapest"),
    "a weak token for operators": ("JKN_METRICS_TOKEN", WEAK),
    "the pepper as token for operators": ("JKN_METRICS_TOKEN", PEPPER),
    "debugging": ("FLASK_DEBUG", "1"),
    "debugging in words": ("FLASK_DEBUG", "on"),
    "testing": ("FLASK_TESTING", "True"),
}
NEVER_SHOWN = (*production.NEVER_SHOWN, WEAK, MONOTONOUS)
# Values that are no settings at all. "s3cret" stands for what must not be repeated.
MALFORMED = {
    "env": ("JKN_ENV", "s3cret"),
    "hops in words": ("JKN_PROXY_HOPS", "s3cret"),
    "too many hops": ("JKN_PROXY_HOPS", "7177"),
    "hops below zero": ("JKN_PROXY_HOPS", "-7177"),
    "data key not base64": ("JKN_DATA_KEY", "s3cret!!"),
    "data key not ascii": ("JKN_DATA_KEY", "s3crét"),
    "data key of 31 bytes": ("JKN_DATA_KEY", base64.b64encode(bytes(range(31))).decode()),
    "data key of 33 bytes": ("JKN_DATA_KEY", base64.b64encode(bytes(range(33))).decode()),
    "one data key of two": ("JKN_DATA_KEY", f"{KEY},s3cret"),
    "base url of another kind": ("JKN_BASE_URL", "ftp://s3cret.example"),
    "base url without a scheme": ("JKN_BASE_URL", "s3cret.example"),
    "base url with a path": ("JKN_BASE_URL", "https://jkn.example/s3cret"),
    "base url with a password": ("JKN_BASE_URL", "https://jkn:s3cret@jkn.example"),
    "base url with a question": ("JKN_BASE_URL", "https://jkn.example?s3cret"),
    "base url with no host in brackets": ("JKN_BASE_URL", "https://[s3cret]"),
    "port in words": ("PORT", "s3cret"),
    "no such port": ("PORT", "71777"),
    "captcha": ("JKN_CAPTCHA", "s3cret"),
    "threads": ("JKN_WEB_THREADS", "s3cret"),
    "processes": ("JKN_WEB_PROCESSES", "7177"),
    "log level": ("JKN_LOG_LEVEL", "s3cret"),
}


def test_production_starts_with_safe_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    exported(monkeypatch, {})
    settings = load_settings()
    assert settings.is_production
    assert settings.is_secure
    assert (settings.secret_key, settings.pepper, settings.data_key) == (SECRET, PEPPER, (KEY,))
    assert settings.address == "jkn.example"
    assert settings.passkey_domain == "jkn.example"
    assert settings.passkey_addresses == ("https://jkn.example",)
    assert settings.captcha == "picture"
    assert settings.proxy_hops == 1


def test_passkeys_may_belong_to_a_domain_above_and_be_used_all_over_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    changes = {"JKN_BASE_URL": "https://app.jkn.example", "JKN_TRUSTED_HOSTS": ".jkn.example"}
    more = {"JKN_PASSKEY_RP_ID": "jkn.example", "JKN_PASSKEY_ORIGINS": "https://JKN.example:8443"}
    exported(monkeypatch, {**changes, **more})
    settings = load_settings()
    assert settings.passkey_domain == "jkn.example"
    assert settings.passkey_addresses == ("https://app.jkn.example", "https://jkn.example:8443")


def test_production_starts_with_two_data_keys_and_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    second = base64.b64encode(bytes(range(50, 82))).decode()
    changes = {"JKN_DATA_KEY": f"{KEY} , {second},", "JKN_PROXY_HOPS": "0", "FLASK_DEBUG": "0"}
    exported(monkeypatch, {**changes, "JKN_SECRET_KEY_FALLBACKS": SECRET[::-1]})
    settings = load_settings()
    assert settings.data_key == (KEY, second)
    assert settings.secret_key_fallbacks == (SECRET[::-1],)
    assert settings.proxy_hops == 0


@pytest.mark.parametrize(("name", "value"), UNSAFE.values(), ids=UNSAFE.keys())
def test_production_refuses(name: str, value: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    exported(monkeypatch, {name: value})
    with pytest.raises(UnsafeSettings) as refusal:
        load_settings()
    (problem,) = refusal.value.problems
    assert name in problem
    message = str(refusal.value)
    assert problem in message
    assert not [hidden for hidden in (*NEVER_SHOWN, ZEROS) if hidden in message]


def test_production_without_any_setting_names_all_that_it_needs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("JKN_ENV", "production")
    with pytest.raises(UnsafeSettings) as refusal:
        load_settings()
    needed = set(SAFE) - {"JKN_ENV", "JKN_DATABASE_URL"}
    assert {name for name in needed if name in str(refusal.value)} == needed


def test_what_is_unsafe_in_production_is_fine_in_development(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(settings_module, "INSTANCE", tmp_path)
    exported(monkeypatch, {"JKN_ENV": "development", "JKN_CAPTCHA": "fixed", "JKN_PEPPER": WEAK})
    assert load_settings().pepper == WEAK


@pytest.mark.parametrize(("name", "value"), MALFORMED.values(), ids=MALFORMED.keys())
def test_a_malformed_value_is_refused_by_name_and_not_repeated(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    exported(monkeypatch, {name: value})
    with pytest.raises(UnsafeSettings) as refusal:
        load_settings()
    told = str(refusal.value)
    assert name in told
    shown = told + repr(refusal.value) + "".join(traceback.format_exception(refusal.value))
    for hidden in ("s3cret", "s3crét", "7177", value):
        assert hidden not in shown


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ("https://jkn.example", "jkn.example"),
        ("https://jkn.example/", "jkn.example"),
        ("https://jkn.example:8443", "jkn.example:8443"),
        ("http://localhost:8000", "localhost:8000"),
        ("http://[::1]:8000", "[::1]:8000"),
    ],
)
def test_a_base_url_is_a_scheme_and_a_host(given: str, address: str) -> None:
    settings = Settings(base_url=given)
    assert settings.address == address
    assert settings.base_url == given.rstrip("/")
    assert settings.is_secure == given.startswith("https")


@pytest.mark.parametrize("key", ["", "s3cret", "é", KEY[:-1], KEY + "AA=="], ids=ascii)
def test_a_data_key_is_32_bytes_in_base64(key: str) -> None:
    assert decode_data_key(KEY) == bytes(range(32))
    with pytest.raises(ValueError, match=r"base64|ASCII") as refusal:
        decode_data_key(key)
    assert not key or key not in str(refusal.value)


def test_settings_cannot_be_changed_later() -> None:
    settings = Settings(pepper=PEPPER)
    with pytest.raises(ValidationError, match="frozen"):
        settings.pepper = SECRET
    assert settings.pepper == PEPPER


# What a clone of its own does: only the settings, in a process with an empty environment.


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    (tmp_path / "jkn").mkdir()
    (tmp_path / "jkn" / "__init__.py").touch()
    for module in (settings_module, service_url, keys):
        shutil.copy(str(module.__file__), tmp_path / "jkn")
    return tmp_path


def start(clone: Path, **environment: str) -> "subprocess.Popen[str]":
    code = (
        "from jkn.settings import load_settings as l; import json;"
        "print(json.dumps(l().model_dump(mode='json')))"
    )
    return subprocess.Popen(
        ["/bin/sh", "-c", 'umask 000; exec "$@"', "sh", sys.executable, "-c", code],
        cwd=clone,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def settings_of(process: "subprocess.Popen[str]") -> dict[str, object]:
    printed, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    found: dict[str, object] = json.loads(printed)
    return found


def test_development_needs_no_settings(clone: Path) -> None:
    found = settings_of(start(clone))
    assert found["env"] == "development"
    assert found["base_url"] == "http://localhost:8000"
    assert found["database_url"] == f"sqlite:///{clone}/instance/jkn.sqlite3"
    assert isinstance(found["data_key"], list)
    assert len(decode_data_key(found["data_key"][0])) == 32
    # Strong enough even for production.
    own = Settings(**{**found, "env": "production"})  # type: ignore[arg-type]
    assert not [it for it in own.problems() if "KEY" in it or "PEPPER" in it]
    assert settings_of(start(clone, PORT="9123"))["base_url"] == "http://localhost:9123"


def test_own_keys_are_made_once_and_are_each_clones_own(clone: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(clone / "jkn", other / "jkn")
    secret = ("secret_key", "pepper", "data_key")
    first, again, elsewhere = (settings_of(start(it)) for it in (clone, clone, other))
    assert [first[it] for it in secret] == [again[it] for it in secret]
    assert not [it for it in secret if first[it] == elsewhere[it]]


def test_own_keys_are_private_whatever_the_umask(clone: Path) -> None:
    settings_of(start(clone))
    (file,) = (clone / "instance").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.stat().st_uid == os.geteuid()


def test_first_starts_at_once_agree_on_their_keys(clone: Path) -> None:
    processes = [start(clone) for _ in range(4)]
    found = [settings_of(it) for it in processes]
    assert all(it == found[0] for it in found)
    assert [it.name for it in (clone / "instance").iterdir()] == ["development-keys.json"]


def test_keys_made_at_the_very_same_moment_are_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for attempt in range(20):
        monkeypatch.setattr(settings_module, "INSTANCE", tmp_path / str(attempt))
        found = at_once(8, lambda _: load_settings())
        assert all(it == found[0] for it in found)
        assert [it.name for it in settings_module.INSTANCE.iterdir()] == ["development-keys.json"]


def test_a_setting_that_is_given_wins_over_the_own_key(clone: Path) -> None:
    own, given = settings_of(start(clone)), settings_of(start(clone, JKN_PEPPER=PEPPER))
    assert given["pepper"] == PEPPER
    assert given["secret_key"] == own["secret_key"]
    assert PEPPER not in (clone / "instance" / "development-keys.json").read_text()


def test_production_never_takes_keys_that_a_clone_made(clone: Path) -> None:
    process = start(clone, JKN_ENV="production")
    _, errors = process.communicate(timeout=60)
    assert process.returncode != 0
    assert "JKN_SECRET_KEY" in errors
    assert not (clone / "instance").exists()
    settings_of(start(clone))
    process = start(clone, **{**SAFE, "JKN_PEPPER": ""})
    _, errors = process.communicate(timeout=60)
    assert process.returncode != 0
    assert "JKN_PEPPER" in errors
