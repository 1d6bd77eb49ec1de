"""*Simpan Data Username*: the sign-in page of a browser shows the numbers that were saved there,
masked in the middle (product.md 3.1). Somebody who holds the browser's token learns nothing more,
and gets into nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, select

from jkn.database import insert_into, session, transactional
from jkn.models import Account, EventKind, SavedUsername
from jkn.services.audit import audit_log
from jkn.services.audit.audit_log import Client
from jkn.services.basics import clock
from jkn.services.basics.identity_numbers import IdentityNumber, IdentityType
from jkn.services.basics.masking import initials, mask_nik
from jkn.services.basics.tokens import digest
from jkn.services.credentials import known_devices
from jkn.services.passkeys import passkey_devices

# More would not fit on a phone; a person who is not among them types the number.
SHOWN = 5
# So many digits fit into the id column of any database.
_LONGEST_ID = 18


@dataclass(frozen=True)
class Saved:
    """Somebody as the sign-in page shows them. `number`: masked. `initials`: None where nobody else
    is shown. Few know the digits of their NIK by heart, and those of one family are often alike."""

    id: int
    number: str
    initials: str | None = None


def of_device(token: str | None) -> list[Saved]:
    """Whom this browser remembers; the last who signed in comes first."""
    if not token:
        return []
    found = session.execute(
        select(SavedUsername.id, Account.nik, Account.name)
        .join(Account, Account.id == SavedUsername.account_id)
        .where(SavedUsername.token_digest == digest(token))
        .order_by(SavedUsername.last_used_at.desc(), SavedUsername.id.desc())
        .limit(SHOWN)
    ).all()
    are_several = len(found) > 1
    return [
        Saved(it.id, mask_nik(it.nik), initials(it.name) if are_several else None) for it in found
    ]


def identity_of(saved_id: str, token: str | None) -> IdentityNumber | None:
    """The NIK behind a line of this browser's sign-in page. None: this browser has no such line, or
    not any more, or `saved_id` is no id. An ordinary sign-in with that number follows."""
    if not token or not _is_id(saved_id):
        return None
    nik = session.scalar(
        select(Account.nik)
        .join(SavedUsername, SavedUsername.account_id == Account.id)
        .where(*_of(saved_id, token))
    )
    session.rollback()  # Gives the connection back: hashing needs none.
    return None if nik is None else IdentityNumber(IdentityType.NIK, nik)


@transactional
def save(account_id: int, token: str | None, client: Client) -> str:
    """Remember this person in this browser. Returns the browser's token: a new one where `token` is
    not one that this app gave to somebody. Doing it twice does no harm."""
    token = known_devices.own_token(token)
    now = clock.now()
    added = session.execute(
        insert_into(SavedUsername)
        .values(token_digest=digest(token), account_id=account_id, saved_at=now, last_used_at=now)
        .on_conflict_do_nothing(index_elements=["token_digest", "account_id"])
        .returning(SavedUsername.id)
    )
    if added.first() is not None:
        audit_log.log(EventKind.USERNAME_SAVED, client, account_id=account_id)
    return token


@transactional
def forget(account_id: int, token: str | None, client: Client) -> None:
    """Remember this person in this browser no longer. Doing it twice does no harm."""
    of_token = SavedUsername.token_digest == digest(token or "")
    gone = delete(SavedUsername).where(of_token, SavedUsername.account_id == account_id)
    _log_forgotten(session.scalars(gone.returning(SavedUsername.account_id)).all(), client)


@transactional
def forget_line(saved_id: str, token: str | None, client: Client) -> bool:
    """*Bukan saya*: the same for a line of this browser's sign-in page. Nobody has to be signed in,
    since a line gives access to nothing. False: this browser has no such line."""
    if not token or not _is_id(saved_id):
        return False
    gone = delete(SavedUsername).where(*_of(saved_id, token))
    return _log_forgotten(session.scalars(gone.returning(SavedUsername.account_id)).all(), client)


@transactional
def erase_browser(token: str | None, client: Client) -> None:
    """Forget everybody in this browser: the saved numbers, and who signed in here. The next sign-in
    is told to its owner as one from a new device. Passkeys stay good until they are removed, which
    asks for more than a tap."""
    of_token = SavedUsername.token_digest == digest(token or "")
    gone = delete(SavedUsername).where(of_token).returning(SavedUsername.account_id)
    _log_forgotten(session.scalars(gone).all(), client)
    known_devices.forget_browser(token)
    passkey_devices.forget_browser(token)


def _of(saved_id: str, token: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return SavedUsername.id == int(saved_id), SavedUsername.token_digest == digest(token)


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= _LONGEST_ID


def _log_forgotten(forgotten: Sequence[int], client: Client) -> bool:
    for account_id in forgotten:
        audit_log.log(EventKind.USERNAME_FORGOTTEN, client, account_id=account_id)
    return bool(forgotten)
