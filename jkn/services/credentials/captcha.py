"""The captcha: five digits to see or hear, or a proof of work by the browser (WCAG 2.2, 3.3.8). It
is answered once, within five minutes, by the same browser, on the form it was drawn for
(security.md R08, R09; ASVS 2.4.1).

The challenge travels as a sealed token that only the server can read, so that opening a form writes
nothing. An answered challenge is remembered until it would have expired.
"""

import hashlib
import hmac
import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from jkn.database import insert_into, session, transactional
from jkn.encryption import Keyring, NotReadable, derive_key
from jkn.models import EventKind, SignInSession, SpentCaptcha
from jkn.services.audit import audit_log
from jkn.services.audit.audit_log import Client
from jkn.services.basics import clock, runtime
from jkn.services.basics.runtime import part
from jkn.services.basics.typed_text import without_separators
from jkn.services.credentials import captcha_picture, captcha_sound, captcha_work
from jkn.services.journeys import repeats
from jkn.settings import Settings

LIFE = timedelta(minutes=5)
DIGITS = 5
_FIXED_ANSWER = "12345"
_PLACE = "captcha"
_SERIAL_BYTES = 16


class CaptchaPurpose(StrEnum):
    """The forms with a captcha. An answer for one form is worthless on another."""

    SIGN_IN = "masuk"
    RECOVERY = "lupa-kata-sandi"
    NEW_USER = "pengguna-baru"
    MOBILE_USER = "pengguna-mobile"
    CHANGE_PASSWORD = "ubah-kata-sandi"  # noqa: S105  a word, no password


@dataclass(frozen=True)
class CaptchaAnswer:
    """What a form sent. `digits`: the answer to the challenge of `token`. `proof`: a proof of work,
    which has a token of its own; where there is one, `token` and `digits` are not looked at.
    `browser`: the browser that sent it."""

    token: str
    digits: str
    purpose: CaptchaPurpose
    browser: str
    proof: str = ""


@dataclass(frozen=True)
class _Challenge:
    """`serial`: a digest of the sealed token, different for each. `expires_at`: seconds since
    1970."""

    serial: bytes
    answer: str
    purpose: str
    browser: str
    expires_at: int


@part
def _keyring(settings: Settings) -> Keyring:
    return Keyring([derive_key(key, "captcha") for key in settings.secret_keys])


def draw(purpose: CaptchaPurpose, browser: str) -> str:
    """A new challenge as a token for the form and for the picture's address."""
    digits = "".join(secrets.choice("0123456789") for _ in range(DIGITS))
    answer = _FIXED_ANSWER if runtime.settings().captcha == "fixed" else digits
    expires_at = int((clock.now() + LIFE).timestamp())
    sealed = _keyring().encrypt(_PLACE, json.dumps([answer, purpose, browser, expires_at]))
    return urlsafe_b64encode(sealed).decode()


def picture(token: str, browser: str) -> bytes | None:
    """The digits as a WEBP of half a kilobyte; None for a stale or foreign token."""
    challenge = _open_for(token, browser)
    return None if challenge is None else captcha_picture.drawn(challenge.answer)


def sound(token: str, browser: str) -> bytes | None:
    """The digits as a spoken WAV of 34 KB; None for a stale or foreign token."""
    challenge = _open_for(token, browser)
    return None if challenge is None else captcha_sound.spoken(challenge.answer, challenge.serial)


def work(purpose: CaptchaPurpose, browser: str) -> dict[str, Any]:
    """A challenge for the browser's proof of work; its five minutes begin now."""
    return captcha_work.challenge(draw(purpose, browser))


@transactional
def accept(answer: CaptchaAnswer, client: Client) -> bool:
    """Whether the answer is right. Right or wrong, the challenge is used up."""
    if _is_right(answer):
        return True
    # Used up by this very request, which opened a session: its answer got lost.
    if not repeats.is_done(SignInSession, client.sent):
        audit_log.log_sampled(EventKind.AUTHN_CAPTCHA_FAIL, client)
    return False


def _is_right(answer: CaptchaAnswer) -> bool:
    token = captcha_work.proved_token(answer.proof) if answer.proof else answer.token
    challenge = _open(token) if token else None
    if challenge is None or not _is_first_use(challenge):
        return False
    if challenge.purpose != answer.purpose or not _is_same(challenge.browser, answer.browser):
        return False
    return bool(answer.proof) or _is_same(challenge.answer, without_separators(answer.digits))


def _is_first_use(challenge: _Challenge) -> bool:
    # One statement, which succeeds for one of many answers at once (trap: look first, write then).
    won = session.execute(
        insert_into(SpentCaptcha)
        .values(
            serial=challenge.serial,
            expires_at=datetime.fromtimestamp(challenge.expires_at, UTC),
        )
        .on_conflict_do_nothing()
        .returning(SpentCaptcha.serial)
    )
    return won.first() is not None


def _open_for(token: str, browser: str) -> _Challenge | None:
    challenge = _open(token)
    is_theirs = challenge is not None and _is_same(challenge.browser, browser)
    return challenge if is_theirs else None


def _is_same(ours: str, theirs: str) -> bool:
    return hmac.compare_digest(ours.encode(), theirs.encode(errors="surrogatepass"))


def _open(token: str) -> _Challenge | None:
    try:
        sealed = urlsafe_b64decode(token.encode())
        values = json.loads(_keyring().decrypt(_PLACE, sealed))
        challenge = _Challenge(hashlib.sha256(sealed).digest()[:_SERIAL_BYTES], *values)
    except (ValueError, TypeError, NotReadable):
        return None
    return challenge if challenge.expires_at > clock.now().timestamp() else None
