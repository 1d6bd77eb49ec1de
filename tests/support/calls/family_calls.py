"""A family one of whose members registered by answers alone, below the pages."""

from typing import Any

from sqlalchemy import inspect, select
from sqlalchemy.orm import InstrumentedAttribute

from jkn.database import session, transaction
from jkn.models import Account, Family, Participant, Relationship
from jkn.services.access import family_confirmation
from tests.support.steps.recovery_steps import link_in, messages
from tests.support.world.factories import (
    make_account,
    make_family,
    make_participant,
    new_phone,
)

STRANGERS_PHONE = "+6281388770001"


def unreachable(family: Family | None = None, **changes: Any) -> Participant:
    """A wife of whom the record has neither phone nor e-mail."""
    nobody = {"phone": None, "email": None, "relationship": Relationship.WIFE}
    return make_participant(family or make_family(), **{**nobody, **changes})


def head_of(family: Family, **changes: Any) -> Participant:
    """The head of the family, whom the record can reach by phone alone."""
    reached = {"phone": new_phone(), "email": None, "sex": "M"}
    return make_participant(family, **{**reached, **changes})


def wait(participant: Participant, phone: str = STRANGERS_PHONE) -> Account:
    """The account of this participant, as a stranger with this phone registered it."""
    account = make_account(participant, phone=phone)
    with transaction():
        family_confirmation.begin(session.get_one(Account, account.id))
    return account


def asked() -> list[str]:
    """To whom the question went, by phone and by e-mail."""
    return sorted(content.recipient for _, content in messages("family_asked"))


def tokens() -> list[str]:
    """The tokens of the links that were sent, oldest first."""
    return [link_in(it).rpartition("/")[2] for _, it in messages("family_asked")]


def waits(account: Account) -> bool:
    """Whether the account waits, as the database has it now."""
    return _now(account, Account.unconfirmed_since) is not None


def is_frozen(account: Account) -> bool:
    """Likewise, whether it is frozen."""
    return _now(account, Account.frozen_at) is not None


def _now(account: Account, column: InstrumentedAttribute[Any]) -> object:
    session.rollback()
    # By its identity, since a request between may have detached the object.
    (account_id,) = inspect(account).identity or ()
    value: object = session.scalar(select(column).where(Account.id == account_id))
    session.rollback()
    return value
