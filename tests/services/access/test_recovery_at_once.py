"""Recoveries at the same moment as another step, a freeze or a sign-in, on both databases (R15,
R24, R26, R93, R94)."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from jkn.database import session, transaction
from jkn.models import Account, FreezeLink, RecoveryAttempt, RecoveryMethod, RecoveryStage
from jkn.services.access import account_freeze, recovery
from jkn.services.access.recovered_password import NewPasswordRefusal
from jkn.services.access.recovery import ProvedRecovery
from jkn.services.basics import tokens
from jkn.services.basics.outcomes import Outcome
from jkn.services.credentials import one_time_codes, passwords
from jkn.services.credentials.journey_codes import RightCode
from jkn.services.credentials.question_rounds import Answered
from jkn.services.journeys import journeys
from jkn.services.sessions import sessions
from jkn.services.throttling.retry_after import RetryAfter
from tests.support.calls.one_code_calls import latest_code
from tests.support.calls.purge_calls import purged
from tests.support.calls.recovery_calls import NEW_PASSWORD, attempt_of, begun, choose, proved
from tests.support.calls.sign_in_calls import CLIENT, count, enter
from tests.support.calls.warning_calls import warned
from tests.support.world.at_once import at_once
from tests.support.world.clock import Clock
from tests.support.world.connected import bind_changed
from tests.support.world.factories import PASSWORD, make_account, new_nik

pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.both_databases]


def now(account_id: int) -> Account:
    session.rollback()
    return session.get_one(Account, account_id, populate_existing=True)


def test_only_one_of_twenty_who_follow_a_link_at_once_goes_on() -> None:
    attempt = attempt_of(begun(make_account().nik))
    with transaction():
        row = session.get_one(RecoveryAttempt, attempt.id)
        row.link_digest = tokens.digest("a token")
    outcomes = at_once(20, lambda _: recovery.follow_link("a token", CLIENT))
    assert sum(isinstance(it, ProvedRecovery) for it in outcomes) == 1


def test_only_one_of_twenty_simultaneous_right_codes_goes_on() -> None:
    attempt = attempt_of(begun(make_account().nik))
    recovery.send_code(attempt, RecoveryMethod.SMS, CLIENT)
    code = latest_code()

    def give(_: int) -> object:
        return recovery.CODE.verify(attempt, code, CLIENT)

    outcomes = at_once(20, give)
    assert sum(isinstance(it, RightCode) for it in outcomes) == 1


def test_only_one_of_the_passwords_chosen_at_once_is_taken() -> None:
    account = make_account()
    account_id, attempt = account.id, proved(account.nik)
    # All may hash at the same time and at full cost, so all begin before the first one ends.
    bind_changed(web_threads=40, argon2_cost="safe")
    outcomes = at_once(8, lambda number: choose(attempt, f"{NEW_PASSWORD} {number}"))
    assert outcomes.count(Outcome.DONE) == 1
    assert set(outcomes) <= {Outcome.DONE, NewPasswordRefusal.OVER}
    taken = outcomes.index(Outcome.DONE)
    stored = now(account_id).password_hash
    assert passwords.is_right(stored, f"{NEW_PASSWORD} {taken}")


@pytest.mark.parametrize("_round", range(5))
def test_a_freeze_of_the_same_moment_always_wins(_round: int) -> None:
    account = make_account()
    account_id, link = account.id, warned(account)
    attempt = proved(account.nik)
    acts: list[Callable[[], object]] = [
        lambda: choose(attempt),
        lambda: account_freeze.freeze(link, CLIENT),
    ]
    outcomes = at_once(2, lambda number: acts[number]())
    assert outcomes[1] is True
    assert outcomes[0] in (Outcome.DONE, NewPasswordRefusal.OVER)
    frozen = now(account_id)
    assert frozen.frozen_at is not None
    assert frozen.password_hash == ""


@pytest.mark.parametrize("_round", range(5))
def test_the_old_password_opens_nothing_that_outlives_the_new_one(_round: int) -> None:
    nik = make_account().nik
    attempt = proved(nik)
    acts: list[Callable[[], object]] = [
        lambda: choose(attempt),
        lambda: enter(nik, PASSWORD),
    ]
    chosen, entered = at_once(2, lambda number: acts[number]())
    session.rollback()
    lives = isinstance(entered, str) and len(entered) > 30 and sessions.resume(entered) is not None
    # Either the new password came first, or the sign-in ended the attempt.
    assert (chosen is Outcome.DONE) != lives, (chosen, entered)


def test_only_three_of_thirty_simultaneous_wrong_answers_are_judged() -> None:
    nik = new_nik(make_account().birth_date)
    tokens = [begun(nik) for _ in range(30)]
    for token in tokens:
        attempt = attempt_of(token)
        recovery.ask_questions(attempt, CLIENT)
        for number in (1, 2):
            assert recovery.answer(attempt, number, "x", CLIENT) is Answered.MORE

    def answer(number: int) -> object:
        return recovery.answer(attempt_of(tokens[number]), 3, "x", CLIENT)

    outcomes = at_once(30, answer)
    looked_at = [it for it in outcomes if it is Answered.WRONG]
    assert len(looked_at) <= 3
    assert all(isinstance(it, RetryAfter) for it in outcomes if it is not Answered.WRONG)


def test_an_attempt_that_expired_meanwhile_changes_no_password(clock: Clock) -> None:
    account = make_account()
    account_id, before = account.id, account.password_hash
    attempt = proved(account.nik)
    clock.advance(minutes=30)
    assert choose(attempt) is NewPasswordRefusal.OVER
    assert now(account_id).password_hash == before


def test_an_attempt_that_was_ended_meanwhile_goes_no_further() -> None:
    """For example when the account is frozen between finding the attempt and judging its code."""
    account = make_account()
    account_id, attempt = account.id, attempt_of(begun(account.nik))
    recovery.send_code(attempt, RecoveryMethod.SMS, CLIENT)
    code = latest_code()
    with transaction():
        journeys.end_all(account_id)
    assert recovery.CODE.verify(attempt, code, CLIENT) is Outcome.ELSEWHERE
    assert count(RecoveryAttempt) == 0


# Purging


def test_attempts_are_deleted_a_day_after_they_ended(clock: Clock) -> None:
    begun(make_account().nik)
    clock.advance(hours=24, minutes=29)
    assert purged(RecoveryAttempt) == 0
    clock.advance(minutes=2)
    assert purged(RecoveryAttempt) == 1
    assert count(RecoveryAttempt) == 0


def test_links_are_deleted_after_a_week(clock: Clock) -> None:
    warned(make_account())
    clock.advance(days=7)
    assert purged(FreezeLink) == 0
    clock.advance(seconds=1)
    # One by SMS, one by e-mail.
    assert purged(FreezeLink) == 2


def test_answers_are_deleted_once_they_were_judged() -> None:
    attempt = attempt_of(begun(make_account().nik))
    recovery.ask_questions(attempt, CLIENT)
    for number in (1, 2, 3):
        recovery.answer(attempt, number, "x", CLIENT)
    (row,) = session.scalars(select(RecoveryAttempt))
    assert row.stage is RecoveryStage.QUESTIONS
    assert recovery.round_of(row).given() == []


def test_the_last_answer_sent_twice_does_not_lead_back_to_the_questions() -> None:
    attempt = attempt_of(begun(make_account().nik))
    recovery.ask_questions(attempt, CLIENT)
    with transaction():
        held = journeys.hold(attempt, RecoveryStage.QUESTIONS)
        assert held is not None
        journeys.advance(held, RecoveryStage.PASSWORD)
    recovery.answer(attempt, 1, "x", CLIENT)
    (row,) = session.scalars(select(RecoveryAttempt))
    assert row.stage is RecoveryStage.PASSWORD


def test_a_code_of_another_purpose_is_worthless() -> None:
    account = make_account()
    attempt = attempt_of(begun(account.nik))
    recovery.send_code(attempt, RecoveryMethod.SMS, CLIENT)
    of_another = one_time_codes.Confirmation(
        account.nik, one_time_codes.CodePurpose.FULL_ACCESS, flow=attempt.flow
    )
    with transaction():
        verdict = one_time_codes.verify(of_another, latest_code(), CLIENT)
    assert verdict is one_time_codes.Verdict.WRONG
