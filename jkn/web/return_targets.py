"""Where somebody was going when something else had to come first: Masuk, a code, the password."""

from flask import request, session, url_for
from flask_login import current_user

from jkn.web.flash import Flash, leave_flash
from jkn.web.rendering import page_asked_from

_GOES_ON_TO = "goes_on_to"
_TURNS_BACK_TO = "turns_back_to"


def return_target(otherwise: str = "home.index") -> str:
    """Where who is signed in was going, or the page `otherwise`; asked when what came first is
    done. Where somebody else was going on this phone is nobody's business."""
    session.pop(_TURNS_BACK_TO, None)
    target, whose, is_late = session.pop(_GOES_ON_TO, None) or (None, None, False)
    account_id = current_user.record.account_id
    if is_late and whose == account_id:
        leave_flash(Flash.NOT_DONE_YET)
    return target if target and whose in (None, account_id) else url_for(otherwise)


def forget_return_target() -> None:
    """Whoever turned back does not want to get there later."""
    session.pop(_GOES_ON_TO, None)
    session.pop(_TURNS_BACK_TO, None)


def turn_back_to(url: str) -> None:
    """Where *Kembali* leads while something else comes first."""
    session[_TURNS_BACK_TO] = url


def way_back(otherwise: str) -> str:
    """Where *Kembali* leads from what came first: by default to the page `otherwise`."""
    return str(session.get(_TURNS_BACK_TO) or url_for(otherwise))


def keep_return_target(wanted: object) -> None:
    """What `wanted_target` took from the browser's session before it was emptied; None: nothing."""
    if wanted is not None:
        session[_GOES_ON_TO] = wanted


def wanted_target() -> object:
    """To be kept while the browser's session is emptied."""
    return session.get(_GOES_ON_TO)


def come_back_to(endpoint: str, account_id: int) -> None:
    """Where this account's owner is led when they sign in next, in this browser."""
    session[_GOES_ON_TO] = [url_for(endpoint), account_id, False]


def remember_where_they_go(whose: int | None, *, is_late: bool = False) -> None:
    """`whose` account it is about; None: nobody's yet. `is_late`: a form was sent that is not
    carried out; who comes back to its page is told so."""
    # Another tab of theirs, which comes here after the first one, knows no longer whose it is.
    if whose is None and _is_somebodys():
        return
    target = _own_address() or page_asked_from()
    # Who was about to leave does not want to go on leaving.
    if target and target != url_for("sign_out.index"):
        session[_GOES_ON_TO] = [target, whose, is_late]


def _is_somebodys() -> bool:
    _, whose, _ = session.get(_GOES_ON_TO, (None, None, None))
    return whose is not None


def _own_address() -> str | None:
    """Of the page that was asked for, or that the form sent in stands on; None: it is no page."""
    methods = request.url_rule.methods if request.url_rule else None
    if not request.endpoint or "GET" not in (methods or ()):
        return None
    # Built from the route that was found, so it can only be an address of ours.
    return url_for(request.endpoint, **(request.view_args or {}))
