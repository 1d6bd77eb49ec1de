"""Who is there: the account, the session, the browser and the address of a request."""

import secrets

from flask import current_app, request, session
from flask_login import UserMixin, current_user

from jkn.models import Account, SignInSession
from jkn.services.audit.audit_log import Client
from jkn.services.sessions import session_lifetime

_BROWSER = "browser"


class SignedIn(UserMixin):  # type: ignore[misc]
    """What Flask-Login carries: the session's token goes into the cookie, nothing else."""

    def __init__(self, token: str, record: SignInSession) -> None:
        self.id = token
        self.record = record
        # Read at once: an error page may be drawn when the database no longer answers.
        self.end = session_lifetime.end_of(record)


def account() -> Account:
    """The account of the person who is signed in. Only for routes that are not public."""
    return own_session().account


def own_session() -> SignInSession:
    """The session of this request. Only for routes that are not public."""
    record: SignInSession = current_user.record
    return record


def client() -> Client:
    """Where this request comes from, as security events remember it."""
    return Client(request.remote_addr or "", request.headers.get("User-Agent", ""))


def browser() -> str:
    """A random name for this browser until somebody signs in or out; captchas are bound to it."""
    if _BROWSER not in session:
        session[_BROWSER] = secrets.token_urlsafe(16)
    return str(session[_BROWSER])


def device_token() -> str | None:
    """What this browser was given when somebody last signed in here."""
    return request.cookies.get(current_app.config["DEVICE_COOKIE"])


def session_end() -> session_lifetime.End:
    """When the session of the person who is signed in ends by itself."""
    end: session_lifetime.End = current_user.end
    return end
