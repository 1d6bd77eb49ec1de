"""The person whom Masuk of this browser knows for one sign-in, because a journey has just led
there (services/credentials/sign_in_hints.py)."""

from flask import session

from jkn.models import Journey, RecoveryAttempt, RegistrationDraft
from jkn.services.credentials import sign_in_hints
from jkn.services.credentials.sign_in_hints import Hint
from jkn.web.browser_session import journey_name

# The journeys that end at Masuk.
_KINDS: tuple[type[Journey], ...] = (RecoveryAttempt, RegistrationDraft)


def newest(hint_id: str | None = None) -> Hint | None:
    """This browser's hint, if it has one. `hint_id`: the one that a page was sent with."""
    return sign_in_hints.newest(_tokens(), hint_id)


def forget() -> None:
    """Forget whom this browser knows: somebody begins anew, or is another person."""
    if tokens := _tokens():
        sign_in_hints.forget_browser(tokens)


def _tokens() -> list[str]:
    found = (session.get(journey_name(kind)) for kind in _KINDS)
    return [it for it in found if it]
