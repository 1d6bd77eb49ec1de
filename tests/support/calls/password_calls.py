"""Signing in with a wrong or a right password, below the pages."""

from jkn.services.access.sign_in import SignInRefusal, sign_in
from jkn.services.audit.audit_log import Client
from jkn.services.basics.identity_numbers import IdentityNumber, read_identity
from jkn.services.credentials import captcha
from jkn.services.credentials.captcha import CaptchaAnswer, CaptchaPurpose
from jkn.services.sessions.sessions import SignedIn
from jkn.services.throttling.retry_after import RetryAfter

Outcome = SignedIn | SignInRefusal | RetryAfter


def attempt(
    number: str,
    password: str = "bukan kata sandinya",
    source: str = "203.0.113.7",
    device: str | None = None,
) -> Outcome:
    identity = read_identity(number)
    assert isinstance(identity, IdentityNumber)
    token = captcha.draw(CaptchaPurpose.SIGN_IN, "browser")
    answer = CaptchaAnswer(token, "12345", CaptchaPurpose.SIGN_IN, "browser")
    return sign_in(identity, password, answer, Client(source, "Tests/1.0", device))
