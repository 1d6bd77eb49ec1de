"""Sign-in hints: right after a recovery or a registration Masuk knows whose sign-in comes next, and
asks for the password alone (product.md 2; security.md R27, R51). Nobody is signed in by one.

A hint is found by the token of the journey that left it, which its browser holds already: so
nothing new goes into a cookie, and a lost answer loses nothing.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select, update

from jkn.database import session, transactional
from jkn.models import Account, SignInHint
from jkn.services.basics import clock
from jkn.services.basics.identity_numbers import IdentityNumber, IdentityType
from jkn.services.basics.masking import mask_nik
from jkn.services.basics.tokens import digest

LIFE = timedelta(minutes=15)
# So many digits fit into the id column of any database.
_LONGEST_ID = 18


@dataclass(frozen=True)
class Hint:
    """`number`: masked, as the page shows it. `identity`: an ordinary sign-in with that number
    follows. `needs_captcha`: a password was tried already."""

    id: int
    number: str
    identity: IdentityNumber
    needs_captcha: bool


def leave(account_id: int, token_digest: bytes) -> None:
    """Leave a hint for the browser that has this token, in the transaction under way."""
    session.add(
        SignInHint(token_digest=token_digest, account_id=account_id, expires_at=clock.now() + LIFE)
    )


def newest(tokens: Collection[str], hint_id: str | None = None) -> Hint | None:
    """The newest hint for a browser that has these tokens. `hint_id`: the id that a page was sent
    with; a hint with another one is not found."""
    if not tokens or not (hint_id is None or _is_id(hint_id)):
        return None
    found = (
        select(SignInHint.id, SignInHint.needs_captcha, Account.nik)
        .join(Account, Account.id == SignInHint.account_id)
        .where(
            SignInHint.token_digest.in_([digest(it) for it in tokens]),
            SignInHint.expires_at > clock.now(),
        )
        .order_by(SignInHint.id.desc())
    )
    if hint_id is None:
        row = session.execute(found).first()
    else:
        row = session.execute(found.where(SignInHint.id == int(hint_id))).first()
        session.rollback()  # Gives the connection back: hashing needs none.
    if row is None:
        return None
    identity = IdentityNumber(IdentityType.NIK, row.nik)
    return Hint(row.id, mask_nik(row.nik), identity, row.needs_captcha)


@transactional
def take_try(hint: Hint) -> bool:
    """Take the one try at a password that needs no captcha. False: it was taken before, or the hint
    is gone. One conditional statement, so that of many tries at once only one is judged."""
    taken = session.execute(
        update(SignInHint)
        .where(SignInHint.id == hint.id, SignInHint.needs_captcha.is_(False))
        .values(needs_captcha=True)
        .returning(SignInHint.id)
    )
    return taken.first() is not None


def forget(account_id: int) -> None:
    """Forget the account's hints in every browser, in the transaction under way: somebody signed
    in, or everything of the account ends."""
    session.execute(delete(SignInHint).where(SignInHint.account_id == account_id))


@transactional
def forget_browser(tokens: Collection[str]) -> None:
    """*Pakai nomor lain*: forget the hints of the browser that has these tokens."""
    of_tokens = SignInHint.token_digest.in_([digest(it) for it in tokens])
    session.execute(delete(SignInHint).where(of_tokens))


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= _LONGEST_ID
