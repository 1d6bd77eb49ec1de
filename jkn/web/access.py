"""Who may see what. Every route needs a signed-in account unless it is marked `@public`. A route
that writes also needs full access and a recent authentication, unless it is marked `@unguarded` or
`@guards_itself` (security.md R26, R49). So a new route is closed until it says otherwise."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, abort, current_app, g, request, session, url_for
from flask_login import current_user, login_user
from werkzeug.wrappers import Response

from jkn import database
from jkn.extensions import login_manager
from jkn.models import EventKind, SignInSession
from jkn.services.audit import audit_log
from jkn.services.journeys import repeats
from jkn.services.sessions import limited_mode, reauthentication, sessions, step_up
from jkn.services.sessions.ended_sessions import note_use_after_end
from jkn.web.browser_session import forget_all_but_journeys
from jkn.web.flash import Flash, leave_flash
from jkn.web.prefetch import is_prefetch
from jkn.web.rendering import leave_for
from jkn.web.return_targets import (
    page_of_form,
    remember_where_they_go,
    turn_back_to,
)
from jkn.web.visitor import SignedIn, account, client, own_session, sent, session_end, visit

View = TypeVar("View", bound=Callable[..., Any])

_SAFE = {"GET", "HEAD", "OPTIONS"}
# Stands in the address of what a page asks for by itself, without a person doing anything.
BY_ITSELF = "otomatis"


def marked(view: View, mark: str, value: object = True) -> View:
    """The view with something that is known of it from then on."""
    setattr(view, mark, value)
    return view


def public(view: View) -> View:
    """Mark a route that people may visit without signing in."""
    return marked(view, "is_public")


def impersonal(view: View) -> View:
    """Mark a public route that does not look up who is signed in, so that it works without the
    database, too."""
    return public(marked(view, "is_impersonal"))


def passive(view: View) -> View:
    """Mark a route that pages ask by themselves: such a request does not prolong the session."""
    return marked(view, "is_passive")


def unguarded(view: View) -> View:
    """Mark a route that writes, but changes nothing that matters to an account. It is open in
    limited mode and needs no recent authentication."""
    return marked(view, "is_unguarded")


def guards_itself(view: View) -> View:
    """Mark a route that writes and asks by itself for the password, the PIN or the fingerprint, or
    that is a later step of a journey which asked for it. Limited mode still closes it."""
    return marked(view, "guards_itself")


def not_limited(view: View) -> View:
    """Mark a route that only shows something, and that limited mode closes all the same."""
    return marked(view, "is_sensitive")


def needs_step_up(masked: str) -> Callable[[View], View]:
    """Mark a route that shows what the PIN locks: a step-up by PIN or fingerprint comes first.
    `masked`: the endpoint of the same page with masked values, where *Kembali* leads instead."""
    return lambda view: marked(view, "needs_pin", masked)


def refuse_foreign() -> Response:
    """Answer for an object of another family exactly as for one that does not exist."""
    record_foreign()
    abort(404)


def record_foreign() -> None:
    """Record that somebody asked for an object that belongs to another family or does not exist."""
    audit_log.log_refusal(EventKind.AUTHZ_FAIL, client(), account().id)


def note_out_of_order() -> None:
    """Record that somebody sent a step that is not open to them yet."""
    whose = account().id if g.is_signed_in else None
    audit_log.log_refusal(EventKind.SEQUENCE_FAIL, client(), whose)


def _is_passive() -> bool:
    if BY_ITSELF in request.args or is_prefetch():
        return True
    return getattr(current_app.view_functions.get(request.endpoint or ""), "is_passive", False)


def _token_after(token: str) -> str | None:
    """The token of the session when this very request has rotated `token` before, and its answer
    got lost (security.md R116)."""
    view = current_app.view_functions.get(request.endpoint or "")
    # No public form rotates the token of a session.
    is_public = view is None or getattr(view, "is_public", False)
    return None if is_public else repeats.find(SignInSession, token, sent())


def _lead_on() -> Response:
    """Lead to the page of this form. The step is done, so the page leads to what comes next."""
    flow = getattr(current_app.view_functions[request.endpoint or ""], "begins", None)
    if flow is not None and (row := flow.find_begun()) is not None:
        answer: Response = flow.page_of(row)
        return answer
    return leave_for(page_of_form() or url_for("home.index"))


def _what_comes_first(view: Callable[..., Any]) -> str | None:
    """The page that somebody signed in must pass before this one; None: it is open. A route that
    writes is closed for GET, too: nobody should fill in a form only to be turned away."""
    writes = not _SAFE.issuperset(request.url_rule.methods or ()) if request.url_rule else True
    is_guarded = writes and not getattr(view, "is_unguarded", False)
    is_sensitive = is_guarded or getattr(view, "is_sensitive", False)
    if is_sensitive and limited_mode.is_limited(account()):
        return "limited_mode.index"
    needs_proof = is_guarded and not getattr(view, "guards_itself", False)
    if needs_proof and not reauthentication.is_recent(own_session()):
        return "reauthentication.index"
    if getattr(view, "needs_pin", False) and not step_up.is_open(own_session()):
        return "pin.unlock"
    return None


def init_app(app: Flask) -> None:
    """Load who is signed in before every request and turn everybody else away."""
    # Templates read `is_signed_in`. The extension's own `current_user` would ask the database
    # again, even on the page that says that the database is away.
    login_manager.init_app(app, add_context_processor=False)
    # The default protection ends a session when the phone changes its network address.
    login_manager.session_protection = None

    @login_manager.user_loader  # type: ignore[untyped-decorator]
    def load(token: str) -> SignedIn | None:
        record = sessions.look_up(token) if _is_passive() else sessions.resume(token)
        if record is None and (again := _token_after(token)):
            token, record = again, sessions.resume(again)
            g.is_again = record is not None
        return SignedIn(token, record) if record else None

    @login_manager.unauthorized_handler  # type: ignore[untyped-decorator]
    def send_to_sign_in() -> Response:
        # A request that a page makes by itself must not overwrite what the person began meanwhile.
        if _is_passive():
            return leave_for(url_for("sign_in.index"))
        # The notice is left only once, though several tabs may come here before it was read.
        token = session.get("_user_id")
        whose = None if token is None else sessions.account_of(token)
        if token is not None:
            note_use_after_end(token, client())
            forget_all_but_journeys()
            leave_flash(Flash.SESSION_EXPIRED)
        # A token without an account was rotated since, so nobody knows whose page this was.
        if token is None or whose is not None:
            remember_where_they_go(whose)
        return leave_for(url_for("sign_in.index"))

    @app.after_request
    def lead_on_copies(answer: Response) -> Response:
        # A copy of this request may have been faster: then both lead to the same page.
        token = g.get("came_with")
        if not token or session.get("_user_id") != token or answer.status_code >= 500:
            return answer
        again = _token_after(token)
        record = sessions.resume(again) if again else None
        if again is None or record is None:
            return answer
        login_user(SignedIn(again, record))
        return _lead_on()

    @app.before_request
    def deny_by_default() -> Response | None:
        view = app.view_functions.get(request.endpoint or "")
        g.is_signed_in = not getattr(view, "is_impersonal", False) and (
            current_user.is_authenticated
        )
        if view is None or getattr(view, "is_public", False):
            return None
        if g.is_signed_in:
            if g.get("is_again"):
                session["_user_id"] = current_user.id
                return _lead_on()
            g.came_with = current_user.id if request.method == "POST" else None
            if (first := _what_comes_first(view)) is None:
                return None
            if first == "limited_mode.index":
                audit_log.log_refusal(EventKind.LIMITED_MODE_REFUSED, client(), account().id)
            is_late = request.method == "POST" and first == "reauthentication.index"
            remember_where_they_go(account().id, is_late=is_late)
            if first == "pin.unlock":
                masked = getattr(view, "needs_pin", "")
                turn_back_to(url_for(masked, **(request.view_args or {})))
            return leave_for(url_for(first))
        answer: Response = current_app.login_manager.unauthorized()  # type: ignore[attr-defined]
        return answer

    app.jinja_env.globals.update(session_end=session_end, visit=visit)

    @app.context_processor
    def about_limited_mode() -> dict[str, Any]:
        is_limited = g.get("is_signed_in", False) and limited_mode.is_limited(account())
        waits = is_limited and limited_mode.is_unconfirmed(account())
        is_timed = is_limited and not waits
        return {
            "limited_until": account().limited_until if is_timed else None,
            "is_unconfirmed": waits,
        }

    @app.teardown_appcontext
    def give_connection_back(_error: BaseException | None) -> None:
        database.session.remove()
