"""The settings of gateways: production needs them, and what is written is never repeated."""

import traceback

import pytest

from jkn.settings import Settings, UnsafeSettings, load_settings
from tests.support.world.production import NEVER_SHOWN, exported

# The setting that differs from the safe ones; the refusal must name it.
UNSAFE: dict[str, tuple[str, str | None]] = {
    "no sms gateway": ("JKN_SMS_URL", None),
    "only commas for sms gateways": ("JKN_SMS_URL", " , "),
    "an sms gateway in clear": ("JKN_SMS_URL", "http://smsToken@127.0.0.1/v1"),
    "an sms form in clear": ("JKN_SMS_URL", "zenziva+http://uKey:pKey@localhost/v1"),
    "a second sms gateway in clear": (
        "JKN_SMS_URL",
        "https://smsToken@sms.internal,http://smsToken@[::1]/v1",
    ),
    "no mail server": ("JKN_SMTP_URL", None),
    "an empty mail server": ("JKN_SMTP_URL", ""),
    "a mail server in clear": ("JKN_SMTP_URL", "smtp://mailUser:mailPassword@localhost"),
    "nobody whom mails come from": ("JKN_MAIL_FROM", None),
    "no registry": ("JKN_REGISTRY_URL", None),
    "an empty registry": ("JKN_REGISTRY_URL", ""),
    "a registry in clear": (
        "JKN_REGISTRY_URL",
        "http://registryUser:registryPassword@127.0.0.1/get_json",
    ),
}
# Values that are no settings at all. "s3cret" stands for what must not be repeated.
MALFORMED = {
    "sms without a token": ("JKN_SMS_URL", "https://s3cret.example/v1"),
    "sms with two secrets": ("JKN_SMS_URL", "https://s3cret:s3cret@sms.example/v1"),
    "sms form with one secret": ("JKN_SMS_URL", "zenziva+https://s3cret@sms.example/v1"),
    "sms without a host": ("JKN_SMS_URL", "https://s3cret@/v1"),
    "sms of another kind": ("JKN_SMS_URL", "ftp://s3cret@sms.example"),
    "sms by mail": ("JKN_SMS_URL", "smtps://s3cret:s3cret@sms.example"),
    "sms with no such port": ("JKN_SMS_URL", "https://s3cret@sms.example:s3cret/"),
    "sms with an anchor": ("JKN_SMS_URL", "https://s3cret@sms.example/#s3cret"),
    "sms with a hidden line": ("JKN_SMS_URL", "https://s3cret%0d%0aX:%20y@sms.example/"),
    "sms with a line break": ("JKN_SMS_URL", "https://s3c\nret@sms.example/"),
    "sms with letters of elsewhere": ("JKN_SMS_URL", "https://s3crét@sms.example/"),
    "one sms gateway of two": ("JKN_SMS_URL", "https://t@sms.example/,s3cret"),
    "sms in clear to elsewhere": ("JKN_SMS_URL", "http://s3cret@sms.example/"),
    "sms form in clear to elsewhere": ("JKN_SMS_URL", "zenziva+http://s3cret:p@10.0.0.1/"),
    "mail with half a login": ("JKN_SMTP_URL", "smtps://s3cret@mail.example"),
    "mail by the web": ("JKN_SMTP_URL", "https://s3cret:s3cret@mail.example"),
    "mail with a path": ("JKN_SMTP_URL", "smtps://u:p@mail.example/s3cret"),
    "mail with a hidden line": ("JKN_SMTP_URL", "smtps://u:s3cret%0ap@mail.example"),
    "mail in clear to elsewhere": ("JKN_SMTP_URL", "smtp://s3cret:s3cret@mail.example"),
    "mail from nobody": ("JKN_MAIL_FROM", "s3cret"),
    "mail from two": ("JKN_MAIL_FROM", "a@jkn.example,s3cret@jkn.example"),
    "mail from a name": ("JKN_MAIL_FROM", "s3cret <a@jkn.example>"),
    "mail from a hidden line": ("JKN_MAIL_FROM", "a@jkn.example\ns3cret"),
    "registry without a login": ("JKN_REGISTRY_URL", "https://s3cret.example/get_json"),
    "registry with half a login": ("JKN_REGISTRY_URL", "https://s3cret@registry.example/"),
    "registry without a user": ("JKN_REGISTRY_URL", "https://:s3cret@registry.example/"),
    "registry without a host": ("JKN_REGISTRY_URL", "https://u:s3cret@/get_json"),
    "registry by mail": ("JKN_REGISTRY_URL", "smtps://u:s3cret@registry.example"),
    "registry as a form": ("JKN_REGISTRY_URL", "zenziva+https://u:s3cret@registry.example"),
    "registry with a question": ("JKN_REGISTRY_URL", "https://u:p@registry.example/?k=s3cret"),
    "registry with an anchor": ("JKN_REGISTRY_URL", "https://u:p@registry.example/#s3cret"),
    "registry with a hidden line": ("JKN_REGISTRY_URL", "https://u:s3cret%0ap@registry.example"),
    "registry with no such port": ("JKN_REGISTRY_URL", "https://u:p@registry.example:s3cret"),
    "registry in clear to elsewhere": ("JKN_REGISTRY_URL", "http://u:s3cret@registry.example"),
    "two registries": ("JKN_REGISTRY_URL", "https://u:p@a.example,https://u:s3cret@b.example"),
}
WELL_FORMED = [
    ("JKN_SMS_URL", "https://t@sms.example"),
    ("JKN_SMS_URL", "https://a%2Cb%40c@sms.example:8443/v1?from=JKN"),
    ("JKN_SMS_URL", "https://t@[2001:db8::7]/,zenziva+https://k:p@1.2.3.4/a"),
    ("JKN_SMS_URL", "http://t@localhost:8080/,http://t@127.0.0.1,zenziva+http://k:p@[::1]/"),
    ("JKN_SMTP_URL", "smtps://mail.example"),
    ("JKN_SMTP_URL", "smtps://user%40jkn.example:p%20w%2F@mail.example:465/"),
    ("JKN_SMTP_URL", "smtp+starttls://u:p@mail.example:587"),
    ("JKN_SMTP_URL", "smtp://127.0.0.1:2525"),
    ("JKN_MAIL_FROM", "no.reply+jkn@mail.jkn.example"),
    ("JKN_REGISTRY_URL", "https://user:p%40ss%2F@registry.example:8443/dukcapil/get_json/"),
    ("JKN_REGISTRY_URL", "https://user:password@10.1.2.3"),
    ("JKN_REGISTRY_URL", "http://user:password@localhost:8080/get_json"),
]


@pytest.mark.parametrize(("name", "value"), UNSAFE.values(), ids=UNSAFE.keys())
def test_production_refuses(name: str, value: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    exported(monkeypatch, {name: value})
    with pytest.raises(UnsafeSettings) as refusal:
        load_settings()
    (problem,) = refusal.value.problems
    assert name in problem
    assert not [hidden for hidden in NEVER_SHOWN if hidden in str(refusal.value)]


@pytest.mark.parametrize(("name", "value"), UNSAFE.values(), ids=UNSAFE.keys())
def test_development_takes_it(
    name: str, value: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    exported(monkeypatch, {"JKN_ENV": "development", name: value})
    assert isinstance(load_settings(), Settings)


@pytest.mark.parametrize(("name", "value"), WELL_FORMED)
def test_every_usual_way_to_write_one_is_read(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    exported(monkeypatch, {"JKN_ENV": "development", name: value})
    settings = load_settings()
    assert len(settings.sms_url) == (value.count("@") if name == "JKN_SMS_URL" else 2)
    assert settings.smtp_url is not None
    assert settings.registry_url is not None


@pytest.mark.parametrize("env", ["development", "production"])
@pytest.mark.parametrize(("name", "value"), MALFORMED.values(), ids=MALFORMED.keys())
def test_a_malformed_value_is_refused_by_name_and_not_repeated(
    name: str, value: str, env: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    exported(monkeypatch, {"JKN_ENV": env, name: value})
    with pytest.raises(UnsafeSettings) as refusal:
        load_settings()
    told = str(refusal.value)
    assert f"{name}: must " in told
    shown = told + repr(refusal.value) + "".join(traceback.format_exception(refusal.value))
    for hidden in ("s3c", "s3crét", value):
        assert hidden not in shown


def test_secrets_are_written_as_in_a_url(monkeypatch: pytest.MonkeyPatch) -> None:
    exported(monkeypatch, {"JKN_SMS_URL": "https://a%2Cb%40c@sms.example:8443/v1?from=JKN"})
    (service,) = load_settings().sms_url
    assert (service.user, service.port, service.target) == ("a,b@c", 8443, "/v1?from=JKN")


def test_the_gateways_are_read_as_they_are_written(monkeypatch: pytest.MonkeyPatch) -> None:
    exported(monkeypatch, {})
    settings = load_settings()
    first, second = settings.sms_url
    assert (first.scheme, first.host, first.port, first.target, first.user, first.password) == (
        "https", "sms.internal", 443, "/v1", "smsToken", "",
    )  # fmt: skip
    assert (second.scheme, second.host, second.user, second.password) == (
        "zenziva+https", "sms.other", "uKey", "pKey",
    )  # fmt: skip
    mail = settings.smtp_url
    assert mail is not None
    assert (mail.scheme, mail.host, mail.port, mail.user, mail.password) == (
        "smtps", "mail.internal", 465, "mailUser", "mailPassword",
    )  # fmt: skip
    registry = settings.registry_url
    assert registry is not None
    assert (registry.scheme, registry.host, registry.port, registry.target) == (
        "https", "registry.internal", 443, "/get_json",
    )  # fmt: skip
    assert (registry.user, registry.password) == ("registryUser", "registryPassword")


def test_look_ups_are_limited_as_the_operator_says(monkeypatch: pytest.MonkeyPatch) -> None:
    exported(monkeypatch, {})
    assert load_settings().lookups_an_hour == 5_000
    exported(monkeypatch, {"JKN_LOOKUPS_AN_HOUR": "10"})
    assert load_settings().lookups_an_hour == 10


@pytest.mark.parametrize("value", ["9", "0", "-7177", "s3cret"])
def test_a_limit_that_would_stop_everybody_is_refused_by_name(
    value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    exported(monkeypatch, {"JKN_LOOKUPS_AN_HOUR": value})
    with pytest.raises(UnsafeSettings, match="JKN_LOOKUPS_AN_HOUR: ") as refusal:
        load_settings()
    assert not [it for it in ("7177", "s3cret") if it in str(refusal.value)]


def test_settings_that_are_printed_show_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    exported(monkeypatch, {"JKN_REDIS_URL": "redis://:s3cret@cache.internal/0"})
    settings = load_settings()
    services = (*settings.sms_url, settings.smtp_url, settings.registry_url)
    shown = f"{settings!r} {settings} {services}"
    assert "jkn.example" in shown
    for secret in ("s3cret", *NEVER_SHOWN):
        assert secret == "jkn.example" or secret not in shown


@pytest.mark.parametrize(("length", "is_fine"), [(40, True), (41, False)])
def test_a_host_fits_an_sms_beside_its_code(
    length: int, is_fine: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    host = "a" * (length - len(".jkn.example")) + ".jkn.example"
    exported(monkeypatch, {"JKN_BASE_URL": f"https://{host}:8443", "JKN_TRUSTED_HOSTS": host})
    if is_fine:
        assert load_settings().host_name == host
    else:
        with pytest.raises(UnsafeSettings, match="JKN_BASE_URL must name a host of 40"):
            load_settings()
