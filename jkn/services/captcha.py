"""The captcha: five digits in a picture, answered once, within five minutes, by the same
browser, on the form it was drawn for (security.md R08, R09; ASVS 2.4.1).

The challenge travels in the form as a sealed token that only the server can read, so that
looking at a form writes nothing; what was answered is remembered until it would have expired.
"""

import hmac
import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from io import BytesIO
from typing import Literal

from captcha.image import ImageCaptcha
from PIL import ImageOps
from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from jkn.database import session, transactional
from jkn.encryption import Keyring, NotReadable, derive_key
from jkn.models import EventKind, SpentCaptcha
from jkn.services import clock, security_events
from jkn.services.identity_numbers import without_separators
from jkn.services.security_events import Client

LIFE = timedelta(minutes=5)
DIGITS = 5
_FIXED_ANSWER = "12345"
_PLACE = "captcha"

_keyring: Keyring | None = None
_mode: Literal["picture", "fixed"] = "picture"


class Purpose(StrEnum):
    """The forms that ask; an answer for one is worthless on another."""

    SIGN_IN = "masuk"


@dataclass(frozen=True)
class Answer:
    """What a form brought back, by which browser, for which form."""

    token: str
    digits: str
    purpose: Purpose
    browser: str


@dataclass(frozen=True)
class _Challenge:
    serial: str
    answer: str
    purpose: str
    browser: str
    expires_at: float


def configure(secret_keys: Sequence[str], mode: Literal["picture", "fixed"]) -> None:
    """Bind the secrets that seal challenges; `fixed` always asks for 12345."""
    global _keyring, _mode
    _keyring = Keyring([derive_key(key, "captcha") for key in secret_keys])
    _mode = mode


def draw(purpose: Purpose, browser: str) -> str:
    """A new challenge as a token for the form and for the picture's address."""
    digits = "".join(secrets.choice("0123456789") for _ in range(DIGITS))
    challenge = _Challenge(
        serial=secrets.token_hex(16),
        answer=_FIXED_ANSWER if _mode == "fixed" else digits,
        purpose=purpose,
        browser=browser,
        expires_at=(clock.now() + LIFE).timestamp(),
    )
    sealed = _ring().encrypt(_PLACE, json.dumps(list(vars(challenge).values())))
    return urlsafe_b64encode(sealed).decode()


def picture(token: str, browser: str) -> bytes | None:
    """The challenge as a WEBP of about half a kilobyte; None for a stale or foreign token."""
    challenge = _open(token)
    if challenge is None or challenge.browser != browser:
        return None
    # Drawn white on black and turned: the library mixes dark letters with the ground.
    image = _Letters(width=200, height=72, font_sizes=(50, 54, 58)).create_captcha_image(
        challenge.answer, (255, 255, 255), (0, 0, 0)
    )
    for _ in range(2):
        _Letters.create_noise_curve(image, (255, 255, 255))
    grey = ImageOps.invert(image.convert("L")).quantize(4).convert("RGB")
    file = BytesIO()
    grey.save(file, "WEBP", lossless=True)
    return file.getvalue()


@transactional
def accept(answer: Answer, client: Client) -> bool:
    """Whether the answer is right. Right or wrong, the challenge is spent by the asking."""
    if _is_right(answer):
        return True
    security_events.add(EventKind.AUTHN_CAPTCHA_FAIL, client)
    return False


@transactional
def forget_expired() -> int:
    """Delete what could not be answered any more anyway; returns how many."""
    expired = delete(SpentCaptcha).where(SpentCaptcha.expires_at < clock.now())
    return len(session.execute(expired.returning(SpentCaptcha.serial)).all())


def _is_right(answer: Answer) -> bool:
    challenge = _open(answer.token)
    if challenge is None or not _is_first_use(challenge):
        return False
    digits = without_separators(answer.digits)
    return (
        challenge.purpose == answer.purpose
        and hmac.compare_digest(challenge.browser.encode(), answer.browser.encode())
        and hmac.compare_digest(challenge.answer.encode(), digits.encode(errors="surrogatepass"))
    )


def _is_first_use(challenge: _Challenge) -> bool:
    # One statement that only one of many can win (trap: look first, write then).
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    won = session.execute(
        insert(SpentCaptcha)
        .values(
            serial=bytes.fromhex(challenge.serial),
            expires_at=datetime.fromtimestamp(challenge.expires_at, UTC),
        )
        .on_conflict_do_nothing()
        .returning(SpentCaptcha.serial)
    )
    return won.first() is not None


def _open(token: str) -> _Challenge | None:
    try:
        sealed = urlsafe_b64decode(token.encode())
        challenge = _Challenge(*json.loads(_ring().decrypt(_PLACE, sealed)))
    except (ValueError, NotReadable):
        return None
    return challenge if challenge.expires_at > clock.now().timestamp() else None


def _ring() -> Keyring:
    if _keyring is None:
        raise RuntimeError("configure() has not been called")
    return _keyring


class _Letters(ImageCaptcha):
    """Calmer than the library's own: people of 65 must read it outdoors."""

    character_rotate = (-18, 18)
    character_warp_dx = (0.05, 0.18)
    character_warp_dy = (0.05, 0.18)
    word_space_probability = 1.0
    word_offset_dx = 0.12
