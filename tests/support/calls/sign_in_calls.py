"""Steps of tests below the pages: answer a captcha, sign in, look at the audit log."""

from typing import Any

from sqlalchemy import func, select

from jkn.database import Base, session
from jkn.models import AuditEvent
from jkn.services.access.sign_in import SignInRefusal, sign_in
from jkn.services.audit.audit_log import Client
from jkn.services.basics.identity_numbers import IdentityNumber, read_identity
from jkn.services.credentials import captcha
from jkn.services.credentials.captcha import CaptchaAnswer, CaptchaPurpose
from jkn.services.sessions.sessions import SignedIn
from jkn.services.throttling.retry_after import RetryAfter
from tests.support.world.factories import PASSWORD

CLIENT = Client("203.0.113.7", "Mozilla/5.0 (Linux; Android 10; K)")
BROWSER = "a browser's random name"


def answered(digits: str = "12345", **changes: Any) -> CaptchaAnswer:
    """An answer to a new captcha; it is right where `JKN_CAPTCHA` is `fixed`."""
    values: dict[str, Any] = {
        "token": captcha.draw(CaptchaPurpose.SIGN_IN, BROWSER),
        "purpose": CaptchaPurpose.SIGN_IN,
        "browser": BROWSER,
    }
    return CaptchaAnswer(digits=digits, **{**values, **changes})


def enter(
    number: str,
    password: str = PASSWORD,
    answer: CaptchaAnswer | None = None,
    client: Client = CLIENT,
) -> str | SignInRefusal | RetryAfter:
    """Sign in with a number as people type it and, unless told otherwise, a right captcha;
    returns the new session's token."""
    identity = read_identity(number)
    assert isinstance(identity, IdentityNumber)
    outcome = sign_in(identity, password, answer or answered(), client)
    return outcome.session_token if isinstance(outcome, SignedIn) else outcome


def entered(number: str) -> str:
    """Sign in with the usual password; returns the session's token."""
    token = enter(number)
    assert isinstance(token, str)
    return token


def recorded() -> list[tuple[str, int | None, int | None]]:
    """Every event of the audit log so far: kind, account, session."""
    session.rollback()
    events = session.scalars(select(AuditEvent).order_by(AuditEvent.id))
    return [(it.kind.value, it.account_id, it.session_id) for it in events]


def count(model: type[Base]) -> int:
    """How many rows a table has."""
    session.rollback()
    return session.scalar(select(func.count()).select_from(model)) or 0
