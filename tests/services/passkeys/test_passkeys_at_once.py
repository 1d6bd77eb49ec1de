"""Keys that many requests use at the same moment, or while the account is frozen, on both databases
(R32, R37, R26)."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from jkn.database import session
from jkn.models import Account, Ceremony, EventKind, PasskeyDevice, SignInSession
from jkn.services.access import account_freeze
from jkn.services.passkeys import passkey_devices
from jkn.services.passkeys.passkey_ceremonies import CeremonyRefusal
from jkn.services.sessions.sessions import SignedIn
from tests.support.calls.passkey_calls import USED, member, newcomer, passkeys_of, ready_for
from tests.support.calls.sign_in_calls import CLIENT, count, recorded
from tests.support.calls.warning_calls import warned
from tests.support.clients.software_authenticator import Authenticator
from tests.support.world.at_once import at_once

pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.both_databases]
SIGN_IN = Ceremony.SIGN_IN


def fails() -> int:
    return [kind for kind, _, _ in recorded()].count(EventKind.AUTHN_PASSKEY_FAIL)


def live_sessions(account_id: int) -> list[int]:
    session.rollback()
    open_ones = SignInSession.ended_at.is_(None)
    mine = SignInSession.account_id == account_id
    return list(session.scalars(select(SignInSession.id).where(mine, open_ones)))


@pytest.mark.parametrize("kind", list(Ceremony))
def test_the_same_answer_sent_twenty_times_at_once_is_taken_once(kind: Ceremony) -> None:
    # A key without a counter, since the counter alone would reveal the copies.
    person = ready_for(kind, Authenticator(counts=False))
    text = person.answer(kind, person.ask(kind))
    senders = [person.sender(kind)] * 20
    outcomes = at_once(20, lambda number: senders[number](text))
    assert sum(isinstance(it, USED) for it in outcomes) == 1
    assert outcomes.count(CeremonyRefusal.EXPIRED) == 19
    assert len(passkeys_of(person.account_id)) == 1
    new_sessions = len(live_sessions(person.account_id)) - 1
    assert new_sessions == (kind is Ceremony.SIGN_IN)


@pytest.mark.parametrize("kind", [Ceremony.SIGN_IN, Ceremony.CONFIRM])
def test_only_one_of_simultaneous_answers_with_the_same_count_is_taken(kind: Ceremony) -> None:
    person = member()
    texts = [person.answer(kind, person.ask(kind), sign_count=7) for _ in range(8)]
    send = person.sender(kind)
    outcomes = at_once(8, lambda number: send(texts[number]))
    assert sum(isinstance(it, USED) for it in outcomes) == 1
    assert outcomes.count(CeremonyRefusal.NO_MATCH) == 7
    assert fails() == 7
    (kept,) = passkeys_of(person.account_id)
    assert kept.sign_count == 7


def test_when_two_make_the_same_key_at_once_only_one_gets_it() -> None:
    first, second = newcomer(), newcomer()
    texts = [
        it.answer(Ceremony.ENROL, it.ask(Ceremony.ENROL), credential_id=b"the same" * 4)
        for it in (first, second)
    ]
    senders = [it.sender(Ceremony.ENROL) for it in (first, second)]
    outcomes = at_once(2, lambda number: senders[number](texts[number]))
    assert sum(isinstance(it, USED) for it in outcomes) == 1
    assert sorted(len(passkeys_of(it.account_id)) for it in (first, second)) == [0, 1]


def run(*acts: Callable[[], object]) -> list[object]:
    return at_once(len(acts), lambda number: acts[number]())


@pytest.mark.parametrize("_round", range(2))
@pytest.mark.parametrize("kind", list(Ceremony))
def test_a_freeze_of_the_same_moment_always_wins(kind: Ceremony, _round: int) -> None:
    person = ready_for(kind)
    link = warned(person.account)
    text, send = person.answer(kind, person.ask(kind)), person.sender(kind)
    used, frozen = run(lambda: send(text), lambda: account_freeze.freeze(link, CLIENT))
    assert frozen is True
    assert isinstance(used, USED) or used in (*CeremonyRefusal, "over"), used
    assert live_sessions(person.account_id) == []
    assert passkeys_of(person.account_id) == []
    assert count(PasskeyDevice) == 0
    session.rollback()
    assert session.get_one(Account, person.account_id).frozen_at is not None


@pytest.mark.parametrize("_round", range(3))
def test_a_key_removed_in_the_same_moment_signs_in_before_or_not_at_all(_round: int) -> None:
    person = member()
    (key,) = passkeys_of(person.account_id)
    text, send = person.answer(SIGN_IN, person.ask(SIGN_IN)), person.sender(SIGN_IN)
    used, removed = run(
        lambda: send(text),
        lambda: passkey_devices.remove(session.get_one(Account, person.account_id), key.id, CLIENT),
    )
    assert removed is True
    assert isinstance(used, SignedIn) or used in (CeremonyRefusal.UNKNOWN, CeremonyRefusal.NO_MATCH)
    assert passkeys_of(person.account_id) == []
    assert len(live_sessions(person.account_id)) == 1 + isinstance(used, SignedIn)
