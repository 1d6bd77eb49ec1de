"""The session in the browser: begin it, adopt a rotated token, end it, and what goes with that."""

import functools
from collections.abc import Callable
from typing import ParamSpec

from flask import abort, current_app, g, request, session, url_for
from flask_login import current_user, login_user, logout_user
from werkzeug.wrappers import Response

from jkn.models import Journey
from jkn.services.access import saved_usernames
from jkn.services.sessions import sessions
from jkn.web.flash import Flash, leave_flash
from jkn.web.rendering import expire_cookies, leave_for, set_lasting_cookie
from jkn.web.return_targets import keep_for, keep_return_target, return_target, wanted_target
from jkn.web.visitor import MODEL_HINT, SignedIn, browser, client, device_token, own_session

P = ParamSpec("P")

_OFFER = "passkey_offer"
# Prefix of the cookie's entries for journeys of signed-in people. They outlive an expired session,
# so that people go on at the same step. Whose a journey is, its row says.
JOURNEY = "flow:"


def journey_name(kind: type[Journey]) -> str:
    """The name of the cookie's entry for journeys of this kind."""
    name = kind.__tablename__
    return f"{JOURNEY}{name}" if kind.OF_ACCOUNT else name


def begin_session(signed_in: sessions.SignedIn, target: str | None = None) -> Response:
    """Give the browser the new session and go on to `target`, or to where the person was going.
    Somebody who was signed in here before is signed out."""
    wanted = wanted_target()
    if current_user.is_authenticated:
        sessions.end(own_session().id, client())
        session.clear()
    forget_all_but_journeys()
    record = sessions.resume(signed_in.session_token)
    if record is None:
        abort(503)
    login_user(SignedIn(signed_in.session_token, record))
    browser()  # A new name, drawn now: pages that are only looked at change no cookie.
    keep_return_target(wanted)
    if signed_in.offers_passkey:
        session[_OFFER] = True
    answer = _visit_over(leave_for(target or return_target()))
    give_device_token(answer, signed_in.device_token)
    return answer


def opens_session(view: Callable[P, Response]) -> Callable[P, Response]:
    """Mark a form that opens a session. Sent again because its answer got lost, or as a copy at the
    same moment, it leads on to the session that it has opened."""

    @functools.wraps(view)
    def form(*args: P.args, **kwargs: P.kwargs) -> Response:
        answer = view(*args, **kwargs)
        # The form comes back with it, for the owner's list of sessions (decision 15).
        answer.headers["Accept-CH"] = MODEL_HINT
        # Asked afterwards, so that it costs nothing where somebody is let in. Captchas, challenges
        # and drafts serve once, so a repeat was refused before anything was judged.
        is_refused = request.method == "POST" and not current_user.is_authenticated
        if is_refused and answer.status_code < 500 and (again := sessions.find_opened(client())):
            return begin_session(again)
        return answer

    return form


def is_offered_passkey() -> bool:
    """Whether this session began with the offer of *Login dengan Biometrik*, which nobody has
    answered yet."""
    return bool(session.get(_OFFER, False))


def end_passkey_offer() -> None:
    """Take the offer away, since the person has answered it."""
    session.pop(_OFFER, None)


def give_device_token(answer: Response, token: str) -> None:
    """Make this browser the one that the token stands for."""
    set_lasting_cookie(answer, current_app.config["DEVICE_COOKIE"], token)


def adopt(token: str) -> None:
    """Go on with a session under its rotated token; what flows keep in the browser stays."""
    record = sessions.resume(token)
    if record is None:
        abort(503)
    login_user(SignedIn(token, record))


def adopt_and_leave(token: str, target: str) -> Response:
    """Go on with a session under its rotated token, on the page `target`."""
    adopt(token)
    return leave_for(target)


def end_session(target: str | None = None) -> Response:
    """End the session for good and go to `target`; by default to the first page, which says so."""
    sessions.end(own_session().id, client())
    if target is not None:
        return leave_signed_out(target)
    return leave_signed_out(url_for("landing.index"), Flash.SIGNED_OUT)


def leave_signed_out(target: str, flash: Flash | None = None) -> Response:
    """Forget the session, which is over, have the browser clear its cache, and go to `target`."""
    whose = own_session().account_id if g.is_signed_in else None
    logout_user()
    session.clear()
    if whose is not None:
        keep_for(whose)
    if flash is not None:
        leave_flash(flash)
    answer = _visit_over(leave_for(target))
    # "storage" would unregister the service worker and its push subscription.
    answer.headers["Clear-Site-Data"] = '"cache"'
    return answer


def erase_browser(target: str) -> Response:
    """End the session, if there is one. Delete everything that this browser holds of the app and
    everything that the server knows about this browser. Go to `target`."""
    saved_usernames.erase_browser(device_token(), client())
    answer = end_session(target) if g.is_signed_in else leave_signed_out(target)
    session.clear()
    expire_cookies(answer)
    # "storage": here the service worker and its push subscription are to go, too. "cookies" would
    # also delete the cookies of sibling sites, so ours are expired one by one.
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


def _visit_over(answer: Response) -> Response:
    """Let the page that sent this request, and those in other tabs, know that the visit is over
    (js/common/visit.js)."""
    answer.headers["HX-Trigger"] = "visit-over"
    return answer


def forget_all_but_journeys() -> None:
    """Drop everything in the browser's session but the journeys of signed-in people."""
    for name in [it for it in session if not it.startswith(JOURNEY)]:
        del session[name]
