"""Lupa Kata Sandi below the pages, step by step."""

from jkn.database import session
from jkn.models import RecoveryAttempt, RecoveryMethod
from jkn.services.access import recovered_password, recovery
from jkn.services.access.recovery import BegunRecovery
from jkn.services.credentials import captcha
from jkn.services.credentials.captcha import CaptchaAnswer, CaptchaPurpose
from jkn.services.credentials.journey_codes import RightCode
from jkn.services.journeys import journeys
from tests.support.calls.one_code_calls import latest_code
from tests.support.calls.sign_in_calls import BROWSER, CLIENT

NEW_PASSWORD = "teh manis di beranda"


def begun(nik: str) -> str:
    """The token of a new attempt."""
    token = captcha.draw(CaptchaPurpose.RECOVERY, BROWSER)
    outcome = recovery.start(
        nik, CaptchaAnswer(token, "12345", CaptchaPurpose.RECOVERY, BROWSER), CLIENT
    )
    assert isinstance(outcome, BegunRecovery)
    return outcome.token


def attempt_of(token: str) -> RecoveryAttempt:
    session.rollback()
    attempt = journeys.find(RecoveryAttempt, token)
    assert attempt is not None
    return attempt


def proved(nik: str) -> RecoveryAttempt:
    """An attempt that is at the new password, as a request finds it."""
    attempt = attempt_of(begun(nik))
    recovery.send_code(attempt, RecoveryMethod.SMS, CLIENT)
    outcome = recovery.CODE.verify(attempt, latest_code(), CLIENT)
    assert isinstance(outcome, RightCode)
    assert outcome.token
    return attempt_of(outcome.token)


def choose(attempt: RecoveryAttempt, password: str = NEW_PASSWORD) -> object:
    """Choose a password, like a request that found the attempt a moment ago."""
    return recovered_password.choose(attempt, password, CLIENT)
