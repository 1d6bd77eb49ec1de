"""Who may see what: everything needs a signed-in account unless it is marked `@public`."""

import secrets
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, abort, current_app, g, request, session, url_for
from flask_login import UserMixin, current_user, login_user, logout_user
from werkzeug.wrappers import Response

from jkn import database
from jkn.extensions import login_manager
from jkn.models import Account, SignInSession
from jkn.services import limited_mode, security_events, sessions
from jkn.services.security_events import Client
from jkn.web.notices import Notice, leave_notice
from jkn.web.rendering import leave_for, set_lasting_cookie

View = TypeVar("View", bound=Callable[..., Any])

_BROWSER = "browser"
_RETURN_TO = "return_to"


def public(view: View) -> View:
    """Mark a route that people may visit without signing in."""
    view.is_public = True  # type: ignore[attr-defined]
    return view


def impersonal(view: View) -> View:
    """Mark a public route that asks nobody who they are: it works without the database, too."""
    view.is_impersonal = True  # type: ignore[attr-defined]
    return public(view)


def not_limited(view: View) -> View:
    """Mark a route that shows or changes what is sensitive: limited mode keeps it closed."""
    view.is_sensitive = True  # type: ignore[attr-defined]
    return view


class SignedIn(UserMixin):  # type: ignore[misc]
    """What Flask-Login carries: the session's token goes into the cookie, nothing else."""

    def __init__(self, token: str, record: SignInSession) -> None:
        self.id = token
        self.record = record


def account() -> Account:
    """The account of the person who is signed in. Only for routes that are not public."""
    owner: Account = current_user.record.account
    return owner


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


def begin_session(token: str, device: str, target: str | None = None) -> Response:
    """Take up a session just opened: a new cookie, and on to `target`, or to where the person was
    going. Whoever was signed in here before no longer is."""
    target = target or return_target()
    if current_user.is_authenticated:
        sessions.end(current_user.record.id, client())
    session.clear()
    record = sessions.resume(token)
    if record is None:
        abort(503)
    login_user(SignedIn(token, record))
    answer = leave_for(target)
    set_lasting_cookie(answer, current_app.config["DEVICE_COOKIE"], device)
    return answer


def end_session() -> Response:
    """End the session for good and go to the first page, taking the caches along."""
    sessions.end(current_user.record.id, client())
    logout_user()
    session.clear()
    answer = leave_for(url_for("landing.index"))
    # "storage" would unregister the service worker and its push subscription.
    answer.headers["Clear-Site-Data"] = '"cache"'
    return answer


def refuse_foreign() -> Response:
    """Answer for an object of another family exactly as for one that does not exist."""
    security_events.record_refused_access(client(), account().id)
    abort(404)


def return_target() -> str:
    """Where somebody was going when something else had to come first; Beranda by default."""
    return session.pop(_RETURN_TO, None) or url_for("home.index")


def _remember_where_they_go() -> None:
    if request.method == "GET" and request.endpoint:
        # Built from the route that was found, so it can only be an address of ours.
        session[_RETURN_TO] = url_for(request.endpoint, **(request.view_args or {}))


def _send_to_limited_mode() -> Response:
    _remember_where_they_go()
    return leave_for(url_for("limited_mode.index"))


def init_app(app: Flask) -> None:
    """Load who is signed in before every request and turn everybody else away."""
    # Templates are told by `is_signed_in`; the extension's own way would ask the database
    # again on the page that says that the database is away.
    login_manager.init_app(app, add_context_processor=False)
    # The default protection ends a session when the phone changes its network address.
    login_manager.session_protection = None

    @login_manager.user_loader  # type: ignore[untyped-decorator]
    def load(token: str) -> SignedIn | None:
        record = sessions.resume(token)
        return SignedIn(token, record) if record else None

    @login_manager.unauthorized_handler  # type: ignore[untyped-decorator]
    def send_to_sign_in() -> Response:
        had_session = "_user_id" in session
        session.clear()
        if had_session:
            leave_notice(Notice.SESSION_EXPIRED)
        if request.endpoint != "sign_out.index":
            _remember_where_they_go()
        return leave_for(url_for("sign_in.index"))

    @app.before_request
    def deny_by_default() -> Response | None:
        view = app.view_functions.get(request.endpoint or "")
        g.is_signed_in = not getattr(view, "is_impersonal", False) and (
            current_user.is_authenticated
        )
        if view is None or getattr(view, "is_public", False):
            return None
        if g.is_signed_in:
            is_closed = getattr(view, "is_sensitive", False) and limited_mode.is_limited(account())
            return _send_to_limited_mode() if is_closed else None
        answer: Response = current_app.login_manager.unauthorized()  # type: ignore[attr-defined]
        return answer

    @app.context_processor
    def about_limited_mode() -> dict[str, Any]:
        is_limited = g.get("is_signed_in", False) and limited_mode.is_limited(account())
        return {"limited_until": account().limited_until if is_limited else None}

    @app.teardown_appcontext
    def give_connection_back(_error: BaseException | None) -> None:
        database.session.remove()
