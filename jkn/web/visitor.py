"""Who sends a request: the account, the session, the browser and the network address."""

import json
import secrets

from flask import current_app, request, session
from flask_login import UserMixin, current_user

from jkn.models import Account, SignInSession
from jkn.services.audit.audit_log import Client
from jkn.services.basics.device_names import phone_model
from jkn.services.basics.tokens import digest
from jkn.services.sessions import session_lifetime

_BROWSER = "browser"
_CSRF = "csrf_token"
_VISIT_LENGTH = 6
# Browsers send it only to who has asked for it by Accept-CH.
MODEL_HINT = "Sec-CH-UA-Model"


class SignedIn(UserMixin):  # type: ignore[misc]
    """What Flask-Login carries. Only the session's token goes into the cookie."""

    def __init__(self, token: str, record: SignInSession) -> None:
        self.id = token
        self.record = record
        # Read now: an error page may need it when the database no longer answers.
        self.end = session_lifetime.end_of(record)


def account() -> Account:
    """The account of the person who is signed in. Only for routes that are not public."""
    return own_session().account


def own_session() -> SignInSession:
    """The session of this request. Only for routes that are not public."""
    record: SignInSession = current_user.record
    return record


def client() -> Client:
    """Where this request comes from."""
    user_agent = request.headers.get("User-Agent", "")
    model = phone_model(request.headers.get(MODEL_HINT, ""), user_agent)
    address = request.remote_addr or ""
    return Client(address, user_agent, device_token(), sent(), _cookie(), model)


def sent() -> bytes:
    """Stands for the form that this request sends: its address, its fields, and the cookie that
    came with it. Only the same form, sent again from the same page, has the same. Empty where
    nothing is sent."""
    if request.method != "POST":
        return b""
    # The token against forged requests is made anew for each page, also for the same form.
    fields = sorted(it for it in request.form.items(multi=True) if it[0] != _CSRF)
    return digest(json.dumps([_cookie(), request.full_path, fields]))


def _cookie() -> str:
    return request.cookies.get(current_app.config["SESSION_COOKIE_NAME"], "")


def browser() -> str:
    """A random name for this browser, to which captchas are bound. Signing in or out renews it."""
    if _BROWSER not in session:
        session[_BROWSER] = secrets.token_urlsafe(16)
    return str(session[_BROWSER])


def visit() -> str:
    """A name for this visit, which lasts until somebody signs in or out in this browser; it tells
    nothing else. Pages of one visit have it in common."""
    return digest(browser()).hex()[:_VISIT_LENGTH]


def device_token() -> str | None:
    """The token that this browser got when somebody last signed in here."""
    return request.cookies.get(current_app.config["DEVICE_COOKIE"])


def session_end() -> session_lifetime.End:
    """When the session of the person who is signed in ends by itself."""
    end: session_lifetime.End = current_user.end
    return end
