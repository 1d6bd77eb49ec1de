"""Lupa Kata Sandi below the pages, step by step."""

from jkn.database import session
from jkn.models import RecoveryAttempt, RecoveryMethod
from jkn.services import captcha, recovered_password, recovery, recovery_attempts
from jkn.services.captcha import Answer, Purpose
from jkn.services.recovery import Begun, Proved
from tests.support.calls.one_code_calls import latest_code
from tests.support.calls.sign_in_calls import BROWSER, CLIENT

NEW_PASSWORD = "teh manis di beranda"


def begun(nik: str) -> str:
    """The token of a new attempt."""
    token = captcha.draw(Purpose.RECOVERY, BROWSER)
    outcome = recovery.start(nik, Answer(token, "12345", Purpose.RECOVERY, BROWSER), CLIENT)
    assert isinstance(outcome, Begun)
    return outcome.token


def attempt_of(token: str) -> RecoveryAttempt:
    session.rollback()
    attempt = recovery_attempts.find(token)
    assert attempt is not None
    return attempt


def proved(nik: str) -> int:
    """The id of an attempt that has come as far as the new password."""
    attempt = attempt_of(begun(nik))
    recovery.send_code(attempt, RecoveryMethod.SMS, CLIENT)
    outcome = recovery.verify_code(attempt, latest_code(), CLIENT)
    assert isinstance(outcome, Proved)
    return attempt_of(outcome.token).id


def choose(attempt_id: int, password: str = NEW_PASSWORD) -> object:
    """As a request does that had found the attempt a moment before."""
    attempt = session.get_one(RecoveryAttempt, attempt_id)
    return recovered_password.choose(attempt, password, CLIENT)
