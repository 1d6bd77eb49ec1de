"""A step whose answer got lost is sent again, with a token that the first sending rotated. Within
`TIME` it leads to the same next step, and nothing is done twice (security.md R93, R116).

The next token is derived from what was sent, so the same request alone finds it again, and nothing
has to be kept for that. `sent` stands for a request: a digest of the cookie that came with it, its
address and its fields. Without one the next token is drawn, and no request finds it.
"""

import hmac
from base64 import urlsafe_b64encode
from datetime import timedelta

from sqlalchemy import ColumnElement, case, exists, select, update

from jkn.database import session, transactional
from jkn.encryption import derive_key
from jkn.models import RotatingToken
from jkn.services.basics import clock
from jkn.services.basics.runtime import part
from jkn.services.basics.tokens import digest, new_secret
from jkn.settings import Settings

TIME = timedelta(minutes=2)


@part
def _key(settings: Settings) -> bytes:
    return derive_key(settings.pepper, "next tokens")


def next_token(kind: type[object], sent: bytes) -> str:
    """The token under which a row of this kind goes on after this request, or begins with it."""
    if not sent:
        return new_secret()
    derived = hmac.digest(_key(), f"{kind.__name__}:".encode() + sent, "sha256")
    return urlsafe_b64encode(derived).rstrip(b"=").decode()


def find(kind: type[RotatingToken], token: str, sent: bytes) -> str | None:
    """The token under which a row goes on, when this is the very request that rotated `token`; None
    for anything else. Whether the row may still be used, the caller asks with that token.

    Another request with this token closes the way: codes, PINs and passwords could else be tried
    with it, and nobody would count.
    """
    rotated = was_rotated(kind, token)
    if not sent or session.scalar(select(kind.token_digest).where(*rotated)) is None:
        return None
    token_now = next_token(kind, sent)
    return token_now if _is_of(kind, digest(token_now), *rotated) else None


def was_rotated(kind: type[RotatingToken], token: str) -> tuple[ColumnElement[bool], ...]:
    """Which row had this token before, and may still be led on to."""
    return (kind.previous_digest == digest(token), kind.rotated_at > clock.now() - TIME)


def is_done(kind: type[RotatingToken], sent: bytes) -> bool:
    """Whether this very request has rotated the token of a row, or opened one, within `TIME`."""
    if not sent:
        return False
    is_of_request = kind.token_digest == digest(next_token(kind, sent))
    is_young = kind.rotated_at > clock.now() - TIME
    return session.scalar(select(exists().where(is_of_request, is_young))) is True


@transactional
def _is_of(kind: type[RotatingToken], expected: bytes, *rotated: ColumnElement[bool]) -> bool:
    # One statement judges and closes, so that of many tries at once only one is judged.
    found = session.scalars(
        update(kind)
        .where(*rotated)
        .values(rotated_at=case((kind.token_digest == expected, kind.rotated_at), else_=None))
        .returning(kind.token_digest)
        .execution_options(synchronize_session=False)
    ).first()
    return found is not None and hmac.compare_digest(found, expected)
