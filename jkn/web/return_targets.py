"""Return targets: where somebody was going when Masuk, a code or the password came first."""

from flask import current_app, request, session, url_for
from flask_login import current_user

from jkn.web.flash import Flash, leave_flash
from jkn.web.rendering import page_asked_from

_GOES_ON_TO = "goes_on_to"
_TURNS_BACK_TO = "turns_back_to"
_WAS_HERE = "was_here"


def return_target(otherwise: str = "home.index") -> str:
    """Where the signed-in person was going, or else the page `otherwise`; forgotten once it is
    read. A target that somebody else left on this phone is ignored."""
    session.pop(_TURNS_BACK_TO, None)
    target, whose, is_late = session.pop(_GOES_ON_TO, None) or (None, None, False)
    account_id = current_user.record.account_id
    if is_late and whose == account_id:
        leave_flash(Flash.NOT_DONE_YET)
    return target if target and whose in (None, account_id) else url_for(otherwise)


def forget_return_target() -> None:
    """Forget the target of a person who turned back, so that it is not opened later."""
    session.pop(_GOES_ON_TO, None)
    session.pop(_TURNS_BACK_TO, None)


def turn_back_to(url: str) -> None:
    """Remember where *Kembali* leads from a page that comes first."""
    session[_TURNS_BACK_TO] = url


def way_back(otherwise: str) -> str:
    """Where *Kembali* leads from a page that comes first: by default to the page `otherwise`."""
    return str(session.get(_TURNS_BACK_TO) or url_for(otherwise))


def keep_return_target(wanted: object) -> None:
    """Put back what `wanted_target` read before the browser's session was emptied."""
    if wanted is not None:
        session[_GOES_ON_TO] = wanted


def wanted_target() -> object:
    """The target as it is stored, to be put back by `keep_return_target`; None: there is none."""
    return session.get(_GOES_ON_TO)


def come_back_to(endpoint: str, account_id: int) -> None:
    """Lead this account's owner there when they sign in next in this browser."""
    session[_GOES_ON_TO] = [url_for(endpoint), account_id, False]


def keep_for(account_id: int) -> None:
    """Until the next sign-in in this browser, keep what is asked for only for this account's owner,
    who has just signed out: the Back button leads to pages of theirs."""
    session[_WAS_HERE] = account_id


def remember_where_they_go(whose: int | None, *, is_late: bool = False) -> None:
    """Remember the page that was asked for. `whose`: the id of the account; None: it is not known.
    `is_late`: a form was sent and not carried out, which its page says when the person returns."""
    whose = whose or session.get(_WAS_HERE)
    # A second tab of the same person comes here when it is no longer known whose session it was.
    # It must not replace the target that the first tab left with its owner.
    if whose is None and _is_somebodys():
        return
    target = page_of_form()
    # Somebody who signs in again after Keluar came too late does not want to sign out at once.
    if target is None or target == url_for("sign_out.index"):
        return
    # Whoever signs in next would be led to what is perhaps somebody else's, and the refusal would
    # stand in their record.
    if whose is None and _names_something(target):
        return
    session[_GOES_ON_TO] = [target, whose, is_late]


def page_of_form() -> str | None:
    """The page of this request: the one that was asked for, or that sent the form."""
    return _own_address() or page_asked_from()


def _is_somebodys() -> bool:
    _, whose, _ = session.get(_GOES_ON_TO, (None, None, None))
    return whose is not None


def _names_something(target: str) -> bool:
    """Whether the address of this page of ours names one of several things: a person, a phone."""
    adapter = current_app.create_url_adapter(request)
    return adapter is not None and bool(adapter.match(target, method="GET")[1])


def _own_address() -> str | None:
    """The address of the page that was asked for, or of the form that was sent; None: no page."""
    methods = request.url_rule.methods if request.url_rule else None
    if not request.endpoint or "GET" not in (methods or ()):
        return None
    # The address is built from the matched route, so it is always one of ours.
    return url_for(request.endpoint, **(request.view_args or {}))
