"""Recent authentication: before what is hard to undo, the password is asked for again (security.md
R49; ASVS 7.5.1)."""

from datetime import timedelta

from jkn.database import transactional
from jkn.models import EventKind, SignInSession
from jkn.services.audit import audit_log
from jkn.services.audit.audit_log import Client
from jkn.services.basics import clock
from jkn.services.basics.outcomes import Outcome
from jkn.services.credentials import password_verification
from jkn.services.credentials.password_verification import PasswordRefusal, Person
from jkn.services.sessions import sessions
from jkn.services.sessions.sessions import RotatedToken
from jkn.services.throttling.retry_after import RetryAfter

# How long an authentication counts as recent.
RECENT = timedelta(minutes=20)


def is_recent(record: SignInSession) -> bool:
    """Whether the password or the fingerprint was given in this session within `RECENT`. A
    fingerprint that was removed since does not count."""
    began_at = None if record.lost_its_key else record.started_at
    proved_at = record.confirmed_at or began_at
    return proved_at is not None and clock.now() - proved_at < RECENT


def reauthenticate(
    record: SignInSession, password: str, client: Client
) -> RotatedToken | PasswordRefusal | RetryAfter | Outcome:
    """Make this session recently authenticated, if the password is right. Wrong ones count like
    failed sign-ins."""
    session_id = record.id
    proved = password_verification.verify(record.account, password, client)
    return _note(proved, session_id, client) if isinstance(proved, Person) else proved


@transactional
def _note(person: Person, session_id: int, client: Client) -> RotatedToken | Outcome:
    if password_verification.hold(person) is None:
        return Outcome.SIGNED_OUT
    rotated = sessions.rotate_token(session_id, client.sent, confirmed_at=clock.now())
    if rotated is None:
        password_verification.forgive(person, client)
        return Outcome.SIGNED_OUT
    log_reauthentication(person, session_id, client)
    return rotated


def log_reauthentication(person: Person, session_id: int, client: Client) -> None:
    """Log that the password was given in this session, and how many attempts had failed before it,
    as at signing in. Within the transaction under way."""
    failed_before = password_verification.forgive(person, client)
    audit_log.log(
        EventKind.AUTHN_CONFIRMED,
        client,
        account_id=person.account_id,
        session_id=session_id,
        count=failed_before or None,
    )
