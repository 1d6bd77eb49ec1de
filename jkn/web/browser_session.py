"""The session as the browser carries it: taken up, renewed, ended, and what goes with it."""

from flask import abort, current_app, g, session, url_for
from flask_login import current_user, login_user, logout_user
from werkzeug.wrappers import Response

from jkn.services.access import saved_usernames
from jkn.services.sessions import sessions
from jkn.web.flash import Flash, leave_flash
from jkn.web.rendering import expire_cookies, leave_for, set_lasting_cookie
from jkn.web.return_targets import keep_return_target, return_target, wanted_target
from jkn.web.visitor import SignedIn, client, device_token, own_session

_OFFER = "passkey_offer"
# Where the browser's session holds a journey of somebody signed in: it outlives a session that
# expired, so that they go on at the same step. Each journey's own row says whose it is.
JOURNEY = "flow:"


def begin_session(opened: sessions.SignedIn, target: str | None = None) -> Response:
    """Take up a session just opened: a new cookie, and on to `target`, or to where the person was
    going. Whoever was signed in here before no longer is."""
    wanted = wanted_target()
    if current_user.is_authenticated:
        sessions.end(own_session().id, client())
        session.clear()
    forget_all_but_journeys()
    record = sessions.resume(opened.session_token)
    if record is None:
        abort(503)
    login_user(SignedIn(opened.session_token, record))
    keep_return_target(wanted)
    if opened.offers_passkey:
        session[_OFFER] = True
    answer = leave_for(target or return_target())
    give_device_token(answer, opened.device_token)
    return answer


def is_offered_passkey() -> bool:
    """Whether this session began with the offer of *Login dengan Biometrik*, which nobody has
    answered yet."""
    return bool(session.get(_OFFER, False))


def end_passkey_offer() -> None:
    """It was answered."""
    session.pop(_OFFER, None)


def give_device_token(answer: Response, token: str) -> None:
    """Make this browser the one that the token stands for."""
    set_lasting_cookie(answer, current_app.config["DEVICE_COOKIE"], token)


def adopt(token: str) -> None:
    """The session goes on under another token; what flows keep in the browser stays."""
    record = sessions.resume(token)
    if record is None:
        abort(503)
    login_user(SignedIn(token, record))


def adopt_and_leave(token: str, target: str) -> Response:
    """The session goes on under another token, on `target`."""
    adopt(token)
    return leave_for(target)


def end_session(target: str | None = None) -> Response:
    """End the session for good and go to `target`, the first page by default."""
    sessions.end(own_session().id, client())
    return leave_signed_out(target or url_for("landing.index"))


def leave_signed_out(target: str, flash: Flash | None = None) -> Response:
    """The session is over: go on without it, taking the caches along."""
    logout_user()
    session.clear()
    if flash is not None:
        leave_flash(flash)
    answer = leave_for(target)
    # "storage" would unregister the service worker and its push subscription.
    answer.headers["Clear-Site-Data"] = '"cache"'
    return answer


def erase_browser(target: str) -> Response:
    """End the session, if any, and take along everything that this browser holds of ours, and what
    is known here of the browser; on to `target`."""
    saved_usernames.erase_browser(device_token(), client())
    answer = end_session(target) if g.is_signed_in else leave_signed_out(target)
    expire_cookies(answer)
    # The service worker and its push subscription are to go, too. "cookies" would also take those
    # of sites beside ours.
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


def forget_all_but_journeys() -> None:
    """Drop what this browser had begun while nobody was signed in."""
    for name in [it for it in session if not it.startswith(JOURNEY)]:
        del session[name]
