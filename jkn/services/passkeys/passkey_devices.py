"""The phones that may sign in with a fingerprint: listing, naming and removing them, and which of
them is *HP ini* (product.md 3.2). A passkey may be copied to other phones by its owner's cloud, so
the cookie of the browser tells which phone this is."""

import json
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from sqlalchemy import delete, select, update

from jkn.database import put_into, session, transactional
from jkn.models import Account, EventKind, Passkey, PasskeyDevice
from jkn.services.audit import audit_log
from jkn.services.audit.audit_log import Client
from jkn.services.basics import clock
from jkn.services.basics.device_names import DeviceName, device_name
from jkn.services.basics.tokens import digest
from jkn.services.passkeys.passkey_types import KnownCredential
from jkn.services.sessions import sessions

LONGEST_NAME = 40
# How many passkeys an account may have: one person does not have more phones.
MOST = 10
_JOINER = "\u200d"
_VENDORED = Path(__file__).resolve().parents[2] / "static" / "vendor" / "aaguids"


@dataclass(frozen=True)
class Device:
    """A passkey as its owner knows it. `name`: the owner's name for it, or the browser that
    enrolled it (`made_with`). `keeper`: where the phone keeps it, None where that is not known.
    `travels`: it works on other phones of its owner, too. `is_here`: it is the one that was used in
    this browser. Times are aware UTC."""

    id: int
    name: str
    made_with: DeviceName
    keeper: str | None
    travels: bool
    created_at: datetime
    last_used_at: datetime | None
    is_here: bool


def of_account(account: Account, device_token: str | None) -> list[Device]:
    """The account's passkeys: that of this phone first, then the newest."""
    here = id_here(account.id, device_token)
    found = session.scalars(
        select(Passkey).where(Passkey.account_id == account.id).order_by(Passkey.id.desc())
    )
    listed = [_device(it, is_here=it.id == here) for it in found]
    return sorted(listed, key=lambda it: not it.is_here)


def find(account: Account, passkey_id: int) -> Device | None:
    """A passkey of the account; None when it has none with this id."""
    mine = select(Passkey).where(Passkey.id == passkey_id, Passkey.account_id == account.id)
    passkey = session.scalars(mine).one_or_none()
    return None if passkey is None else _device(passkey, is_here=False)


def id_here(account_id: int, device_token: str | None) -> int | None:
    """The id of the account's passkey on this phone; None: no use of one is known here."""
    if not device_token:
        return None
    return session.scalar(
        select(PasskeyDevice.passkey_id).where(
            PasskeyDevice.token_digest == digest(device_token),
            PasskeyDevice.account_id == account_id,
        )
    )


def is_anybodys(device_token: str | None) -> bool:
    """Whether any account's passkey was used on this phone."""
    if not device_token:
        return False
    found = select(PasskeyDevice.account_id).where(
        PasskeyDevice.token_digest == digest(device_token)
    )
    return session.scalar(found.limit(1)) is not None


def known(account_id: int, only: int | None = None) -> list[KnownCredential]:
    """The account's passkeys, as browsers are told of them. `only`: the id of the only one that is
    wanted."""
    found = select(Passkey.credential_id, Passkey.transports).where(
        Passkey.account_id == account_id
    )
    if only is not None:
        found = found.where(Passkey.id == only)
    return [
        KnownCredential(it.credential_id, tuple(it.transports.split()))
        for it in session.execute(found)
    ]


def note_use(device_token: str, account_id: int, passkey_id: int) -> None:
    """From now on this is the account's passkey on this phone, in the transaction under way."""
    session.execute(
        put_into(PasskeyDevice),
        {
            "token_digest": digest(device_token),
            "account_id": account_id,
            "passkey_id": passkey_id,
            "last_used_at": clock.now(),
        },
    )


@transactional
def rename(account: Account, passkey_id: int, name: str, client: Client) -> bool:
    """Give a passkey another name; an empty one brings the browser's back. False: the account has
    no such passkey."""
    renamed = session.scalar(
        update(Passkey)
        .where(Passkey.id == passkey_id, Passkey.account_id == account.id)
        .values(name=tidy_name(name) or None)
        .returning(Passkey.id)
    )
    if renamed is None:
        return False
    audit_log.log(EventKind.PASSKEY_RENAMED, client, account_id=account.id)
    return True


def tidy_name(name: str) -> str:
    """The name as it is kept: one line with single spaces, without invisible marks, which could
    turn the direction of the text beside it. The mark that joins emoji stays."""
    seen = "".join(it for it in name if it == _JOINER or unicodedata.category(it) != "Cf")
    return " ".join(unicodedata.normalize("NFC", seen).strip(_JOINER).split())


@transactional
def remove(
    account: Account, passkey_id: int, client: Client, *, ends_others: int | None = None
) -> bool:
    """Remove a passkey: it signs nobody in from now on, and what it gave to open sessions is taken
    back. `ends_others`: as for `sessions.withdraw_key`. False: the account has no such passkey."""
    return _remove(account, passkey_id, EventKind.PASSKEY_REMOVED, client, ends_others)


@transactional
def turn_off(account: Account, client: Client) -> None:
    """Remove the passkey of this phone. Doing it twice does no harm."""
    here = id_here(account.id, client.device_token)
    if here is not None:
        _remove(account, here, EventKind.PASSKEY_OFF, client)


def remove_all(account_id: int, client: Client) -> None:
    """Remove all passkeys of the account, one of which may be a stranger's, in the transaction
    under way. The caller tells the owner."""
    gone = delete(Passkey).where(Passkey.account_id == account_id).returning(Passkey.id)
    if session.scalars(gone).all():
        audit_log.log(EventKind.PASSKEYS_REMOVED, client, account_id=account_id)


def forget_browser(device_token: str | None) -> None:
    """Forget which passkeys were used in this browser, in the transaction under way."""
    of_token = PasskeyDevice.token_digest == digest(device_token or "")
    session.execute(delete(PasskeyDevice).where(of_token))


def _remove(
    account: Account,
    passkey_id: int,
    kind: EventKind,
    client: Client,
    ends_others: int | None = None,
) -> bool:
    mine = delete(Passkey).where(Passkey.id == passkey_id, Passkey.account_id == account.id)
    if session.scalar(mine.returning(Passkey.id)) is None:
        return False
    sessions.withdraw_key(account.id, passkey_id, client, ends_others=ends_others)
    audit_log.log(kind, client, account_id=account.id)
    return True


def _device(passkey: Passkey, *, is_here: bool) -> Device:
    made_with = device_name(passkey.user_agent)
    return Device(
        id=passkey.id,
        name=passkey.name or made_with.name,
        made_with=made_with,
        keeper=_keepers().get(passkey.aaguid),
        travels=passkey.is_backed_up,
        created_at=passkey.created_at,
        last_used_at=passkey.last_used_at,
        is_here=is_here,
    )


@cache
def _keepers() -> dict[str, str]:
    """Names of authenticators by AAGUID. Authenticators name themselves, so no decision depends on
    it."""
    names: dict[str, str] = json.loads((_VENDORED / "aaguids.json").read_text())
    return names
