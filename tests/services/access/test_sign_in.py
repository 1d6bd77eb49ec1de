"""Signing in with a number and a password (security.md R02, R04, R08, R28)."""

import unicodedata

import pytest
from argon2 import PasswordHasher
from sqlalchemy import Connection, event, text

from jkn.database import session, transaction
from jkn.models import Account, SignInSession, SpentCaptcha
from jkn.services.access.sign_in import SignInRefusal
from jkn.services.credentials import passwords
from jkn.services.credentials.captcha import accept
from jkn.services.credentials.passwords import hash_password
from jkn.services.sessions.sessions import resume
from tests.support.calls.sign_in_calls import CLIENT, answered, count, enter, entered
from tests.support.world.at_once import at_once
from tests.support.world.clock import Clock
from tests.support.world.connected import ConnectedDatabase
from tests.support.world.factories import (
    PASSWORD,
    make_account,
    make_family,
    make_participant,
    new_card_number,
    new_nik,
)
from tests.support.world.queries import QueryCounter

pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.both_databases]
EVERYBODY_GETS_A_TURN = pytest.mark.settings(web_threads=64)


def card_number_of(account: Account) -> str:
    assert account.participant is not None
    return account.participant.card_number


def stored_hash(account_id: int) -> str:
    session.remove()
    return session.get_one(Account, account_id).password_hash


def test_a_nik_opens_the_account_of_its_owner() -> None:
    make_account()
    account = make_account()
    record = resume(entered(account.nik))
    assert record is not None
    assert record.account_id == account.id


def test_a_card_number_opens_the_account_of_its_owner() -> None:
    family = make_family()
    make_account(make_participant(family))
    account = make_account(make_participant(family))
    record = resume(entered(card_number_of(account)))
    assert record is not None
    assert record.account_id == account.id


def test_an_account_without_membership_opens_by_nik() -> None:
    account = make_account(participant_id=None)
    record = resume(entered(account.nik))
    assert record is not None
    assert record.account.participant_id is None


def test_each_time_a_session_of_its_own_is_opened() -> None:
    account = make_account()
    first, second = entered(account.nik), entered(account.nik)
    assert first != second
    assert resume(first) is not None
    assert resume(second) is not None


@pytest.mark.parametrize(
    "wrong",
    [PASSWORD.upper(), f"{PASSWORD} ", f" {PASSWORD}", PASSWORD[:-1], PASSWORD * 10, "", "x"],
)
def test_a_password_that_is_nearly_right_is_wrong(wrong: str) -> None:
    account = make_account()
    assert enter(account.nik, wrong) is SignInRefusal.NO_MATCH
    assert count(SignInSession) == 0


def test_a_letter_changed_at_place_100_is_noticed() -> None:
    long = "suara jangkrik dan gerimis malam " * 3 + "sampai pagi"
    account = make_account(password=long)
    assert enter(account.nik, long[:99] + "X" + long[100:]) is SignInRefusal.NO_MATCH
    assert resume(str(enter(account.nik, long))) is not None


def test_a_password_set_on_one_phone_opens_on_another() -> None:
    account = make_account(password=unicodedata.normalize("NFC", "café crème di Menteng"))
    token = enter(account.nik, unicodedata.normalize("NFD", "café crème di Menteng"))
    assert resume(str(token)) is not None


def test_a_password_does_not_age(clock: Clock) -> None:
    account = make_account()
    clock.advance(days=731)
    assert resume(entered(account.nik)) is not None


def test_every_kind_of_stranger_gets_the_same_answer_and_costs_the_same(
    queries: QueryCounter,
) -> None:
    """An unknown person, a wrong password, no account and no membership look the same, so nobody
    can find out by trying who has an account (R28)."""
    account = make_account()
    family = make_family()
    uninsured = make_account(participant_id=None)
    no_account = make_participant(family)
    assert no_account.nik is not None
    tries = {
        "unknown nik": new_nik(account.birth_date),
        "unknown card": new_card_number(),
        "wrong password by nik": account.nik,
        "wrong password by card": card_number_of(account),
        "wrong password without membership": uninsured.nik,
        "no account by nik": no_account.nik,
        "no account by card": no_account.card_number,
    }
    costs = {}
    for name, number in tries.items():
        answer = answered()
        session.remove()
        with queries.counted() as statements:
            assert enter(number, "bukan kata sandinya", answer) is SignInRefusal.NO_MATCH
        costs[name] = [it.split()[0] for it in statements]
    # Captcha spent, person looked up, source and person counted, event written.
    one = ("INSERT", "SELECT", "INSERT", "INSERT", "INSERT")
    assert set(map(tuple, costs.values())) == {one}, costs
    assert count(SignInSession) == 0


def test_a_wrong_captcha_is_told_before_anybody_is_looked_up(queries: QueryCounter) -> None:
    account = make_account()
    answer = answered("54321")
    with queries.counted() as statements:
        assert enter(account.nik, PASSWORD, answer) is SignInRefusal.WRONG_CAPTCHA
    assert not [it for it in statements if "accounts" in it and it.startswith("SELECT")]
    assert count(SignInSession) == 0


def test_a_captcha_serves_one_try_only() -> None:
    account = make_account()
    answer = answered()
    assert enter(account.nik, "salah", answer) is SignInRefusal.NO_MATCH
    assert enter(account.nik, PASSWORD, answer) is SignInRefusal.WRONG_CAPTCHA
    assert not accept(answer, CLIENT)


@EVERYBODY_GETS_A_TURN
def test_one_solved_captcha_opens_one_of_twenty_sessions() -> None:
    account = make_account()
    nik, answer = account.nik, answered()
    outcomes = at_once(20, lambda _: enter(nik, PASSWORD, answer))
    assert sum(not isinstance(it, SignInRefusal) for it in outcomes) == 1
    assert outcomes.count(SignInRefusal.WRONG_CAPTCHA) == 19
    assert count(SignInSession) == 1
    assert count(SpentCaptcha) == 1


@EVERYBODY_GETS_A_TURN
def test_many_people_come_in_at_the_same_moment() -> None:
    niks = [make_account().nik for _ in range(12)]
    tokens = at_once(12, lambda number: enter(niks[number]))
    assert len(set(tokens)) == 12
    assert all(resume(str(token)) is not None for token in tokens)


def test_a_password_changed_while_it_was_compared_opens_nothing(
    database: ConnectedDatabase,
) -> None:
    """The owner changes the password between the reading of its hash and the sign-in."""
    account = make_account()
    account_id, nik, answer = account.id, account.nik, answered()
    new_hash = hash_password("kata sandi yang baru")
    session.remove()

    def change(_connection: Connection) -> None:
        with database.engine.begin() as other:
            other.execute(text("UPDATE accounts SET password_hash = :it"), {"it": new_hash})

    # Signing in returns its connection after it read the hash and before it compares.
    event.listen(database.engine, "rollback", change, once=True)
    assert enter(nik, PASSWORD, answer) is SignInRefusal.NO_MATCH
    assert stored_hash(account_id) == new_hash, "the password was not changed in between"
    assert count(SignInSession) == 0
    assert resume(str(enter(nik, "kata sandi yang baru"))) is not None


@pytest.mark.settings(argon2_cost="safe")
def test_an_old_weak_hash_is_made_anew_by_signing_in() -> None:
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    weak = hasher.hash(passwords._peppered(PASSWORD))
    account = make_account(password_hash=weak)
    account_id, nik = account.id, account.nik
    assert enter(nik, "salah") is SignInRefusal.NO_MATCH
    assert stored_hash(account_id) == weak
    entered(nik)
    anew = stored_hash(account_id)
    assert anew.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert resume(entered(nik)) is not None
    assert stored_hash(account_id) == anew, "a hash of today was made anew for nothing"


def test_a_hash_made_anew_while_the_password_was_compared_is_no_change(
    database: ConnectedDatabase,
) -> None:
    """The same person on another phone was a moment faster."""
    account = make_account()
    nik, answer, same_password = account.nik, answered(), hash_password(PASSWORD)
    session.remove()

    def change(_connection: Connection) -> None:
        with database.engine.begin() as other:
            other.execute(text("UPDATE accounts SET password_hash = :it"), {"it": same_password})

    event.listen(database.engine, "rollback", change, once=True)
    assert resume(str(enter(nik, PASSWORD, answer))) is not None


@EVERYBODY_GETS_A_TURN
def test_people_with_an_old_hash_come_in_at_the_same_moment() -> None:
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    nik = make_account(password_hash=hasher.hash(passwords._peppered(PASSWORD))).nik
    tokens = at_once(8, lambda _: enter(nik))
    assert all(resume(str(token)) is not None for token in tokens)


def test_an_account_whose_password_was_closed_opens_to_nobody() -> None:
    account = make_account()
    nik, number = account.nik, card_number_of(account)
    with transaction():
        session.get_one(Account, account.id).password_hash = ""
    for password in (PASSWORD, "nobody signs in with this"):
        assert enter(nik, password) is SignInRefusal.NO_MATCH
        assert enter(number, password) is SignInRefusal.NO_MATCH
