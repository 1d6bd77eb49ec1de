"""Settings with which production starts; tests change one of them and see it refused."""

import base64

import pytest

KEY = base64.b64encode(bytes(range(32))).decode()
SECRET = "n7Qw-this-is-the-secret-key-of-a-test-4ZxT0pLm"
PEPPER = "k2Vd-this-is-the-pepper-of-the-same-test-9RjB"
SAFE = {
    "JKN_ENV": "production",
    "JKN_DATABASE_URL": "postgresql://jkn:aVeryPrivatePassword@db.internal/jkn",
    "JKN_SECRET_KEY": SECRET,
    "JKN_PEPPER": PEPPER,
    "JKN_DATA_KEY": KEY,
    "JKN_BASE_URL": "https://jkn.example",
    "JKN_TRUSTED_HOSTS": "jkn.example",
    "JKN_PROXY_HOPS": "1",
    "JKN_SMS_URL": "https://smsToken@sms.internal/v1, zenziva+https://uKey:pKey@sms.other/a",
    "JKN_SMTP_URL": "smtps://mailUser:mailPassword@mail.internal",
    "JKN_MAIL_FROM": "tidak-dibalas@jkn.example",
    "JKN_REGISTRY_URL": "https://registryUser:registryPassword@registry.internal/get_json",
}
# Secrets that no refusal may repeat.
NEVER_SHOWN = (SECRET, PEPPER, KEY, "aVeryPrivatePassword", "jkn.example", "smsToken", "uKey",
               "pKey", "mailUser", "mailPassword", "registryUser", "registryPassword")  # fmt: skip


def exported(patch: pytest.MonkeyPatch, changes: dict[str, str | None]) -> None:
    """Export safe settings of production with these changes."""
    for name, value in {**SAFE, **changes}.items():
        if value is not None:
            patch.setenv(name, value)
