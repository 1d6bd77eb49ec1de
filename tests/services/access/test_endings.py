"""Acts that end every session of an account also end everything else that leads into it."""

from collections.abc import Callable

import pytest
from sqlalchemy import Table, func, select

from jkn.database import Base, session, transaction
from jkn.models import (
    Account,
    Ceremony,
    EventKind,
    Journey,
    PasskeyCeremony,
    PinChange,
    PinStage,
    SessionEnd,
    SignInHint,
    SignInSession,
)
from jkn.services.access import endings
from jkn.services.basics.tokens import digest, new_token
from jkn.services.credentials import known_devices, sign_in_hints
from jkn.services.journeys import journeys
from tests.support.calls.ending_calls import ENDINGS, freeze, recover
from tests.support.calls.passkey_calls import Member, begin, member, passkeys_of
from tests.support.calls.recovery_calls import begun
from tests.support.calls.sign_in_calls import recorded
from tests.support.world.factories import make_account

pytestmark = pytest.mark.usefixtures("database")

# The tables that keep their rows, and why they may: none of them lets anybody in.
STAYS = {
    "consents": "proof of what was agreed to",
    "disavowals": "each link closes, none opens",
    "notifications": "read after signing in again",
    "passkey_offers": "when to offer the fingerprint again",
    "registration_drafts": "done: from it the account came",
    "saved_usernames": "a masked number, no right",
    "security_events": "the audit log is only added to",
    "sign_in_sessions": "ended, and named by the audit log",
}
# Deleted by a freeze only, since a stranger may have made a key. After a recovery the owner is
# shown the list.
ONLY_WHEN_FROZEN = {"passkeys", "passkey_devices"}
# For the browser that went through it: a masked number, no right.
LEFT_BY_A_RECOVERY = {"sign_in_hints"}


def rows_of(table: Table, account_id: int) -> int:
    session.rollback()
    mine = select(func.count()).select_from(table).where(table.c.account_id == account_id)
    return session.scalar(mine) or 0


def of_accounts() -> dict[str, Table]:
    """Every table that belongs to accounts."""
    return {name: table for name, table in Base.metadata.tables.items() if "account_id" in table.c}


def known(person: Member) -> Member:
    """Make this phone one from which the person has signed in before."""
    with transaction():
        person.device = known_devices.remember(person.account, person.client)
    return person


def busy_account() -> Account:
    """An account with a session, a row of every journey, and open challenges."""
    person = begin(known(member()))
    for kind in (Ceremony.ENROL, Ceremony.UNLOCK, Ceremony.CONFIRM):
        person.ask(kind)
    begun(person.account.nik)
    with transaction():
        journeys.begin(PinChange(account_id=person.account_id, stage=PinStage.PIN))
        sign_in_hints.leave(person.account_id, digest(new_token()))
    return person.account


@pytest.mark.parametrize("ending", ENDINGS)
def test_nothing_stays_that_lets_anybody_in(ending: Callable[[Account], object]) -> None:
    account = busy_account()
    account_id = account.id
    must_go = set(of_accounts()) - set(STAYS)
    if ending is not freeze:
        must_go -= ONLY_WHEN_FROZEN
    assert {it for it in must_go if rows_of(of_accounts()[it], account_id)} >= {
        "known_devices",
        PasskeyCeremony.__tablename__,
        PinChange.__tablename__,
        SignInHint.__tablename__,
    }, "there is something to end"
    ending(account)
    left = {it for it in must_go if rows_of(of_accounts()[it], account_id)}
    if ending is recover:
        left -= LEFT_BY_A_RECOVERY
    # A finished recovery keeps its row, so that sending the form again says that it is done.
    assert left <= {"recovery_attempts"}
    for kind in Journey.kinds:
        of_account = select(kind.stage).where(kind.account_id == account_id)
        assert all(it in kind.ENDS for it in session.scalars(of_account)), kind
    live = select(SignInSession.id).where(
        SignInSession.account_id == account_id, SignInSession.ended_at.is_(None)
    )
    assert session.scalars(live).all() == []


def test_passkeys_stay_except_after_a_freeze() -> None:
    for ending in ENDINGS:
        person = member()
        ending(person.account)
        assert bool(passkeys_of(person.account_id)) is (ending is not freeze), ending


@pytest.mark.parametrize("has_passkey", [True, False])
def test_a_freeze_that_takes_passkeys_away_is_recorded(has_passkey: bool) -> None:
    account = member().account if has_passkey else make_account()
    account_id = account.id
    freeze(account)
    removed = [whose for kind, whose, _ in recorded() if kind == EventKind.PASSKEYS_REMOVED]
    assert removed == ([account_id] if has_passkey else [])


def test_one_browser_may_stay_known() -> None:
    this, other = known(member()), known(member())
    with transaction():
        known_devices.remember(this.account, other.client)
        endings.end_all(
            this.account_id, SessionEnd.PASSWORD_CHANGE, this.client, but_known=this.device
        )
    assert known_devices.is_known(this.device, this.account_id)
    assert not known_devices.is_known(other.device, this.account_id)


def test_other_accounts_are_left_alone() -> None:
    other = busy_account()
    before = {name: rows_of(table, other.id) for name, table in of_accounts().items()}
    for ending in ENDINGS:
        ending(make_account())
    assert {name: rows_of(table, other.id) for name, table in of_accounts().items()} == before


def test_a_phone_counts_as_unknown_after_a_freeze() -> None:
    person = known(member())
    assert known_devices.is_known(person.device, person.account_id)
    freeze(person.account)
    assert not known_devices.is_known(person.device, person.account_id)
