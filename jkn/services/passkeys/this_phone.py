"""What somebody has switched on for this phone, by one statement: each page may execute few."""

from dataclasses import dataclass

from sqlalchemy import bindparam, exists, func, select

from jkn.database import session
from jkn.models import Passkey, PasskeyDevice, SavedUsername
from jkn.services.basics.tokens import digest


@dataclass(frozen=True)
class ThisPhone:
    """`passkey_count`: how many passkeys the account has, on any phone."""

    has_saved_username: bool
    has_passkey: bool
    passkey_count: int


_ASKED = select(
    exists().where(
        SavedUsername.token_digest == bindparam("token"),
        SavedUsername.account_id == bindparam("account"),
    ),
    exists().where(
        PasskeyDevice.token_digest == bindparam("token"),
        PasskeyDevice.account_id == bindparam("account"),
    ),
    select(func.count())
    .select_from(Passkey)
    .where(Passkey.account_id == bindparam("account"))
    .scalar_subquery(),
)


def of_account(account_id: int, device_token: str | None) -> ThisPhone:
    """What is switched on for this account and phone. `device_token`: None where the phone has
    none."""
    asked = {"token": digest(device_token or ""), "account": account_id}
    return ThisPhone(*session.execute(_ASKED, asked).one())
