"""Sign-in hints: whom Masuk knows after a recovery, and that it gives no rights (R27, R51)."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from jkn.database import session, transaction
from jkn.models import Account, RecoveryMethod, SignInHint
from jkn.services.access import recovery
from jkn.services.access.sign_in import SignInRefusal, sign_in
from jkn.services.basics.identity_numbers import IdentityNumber, IdentityType
from jkn.services.basics.tokens import digest
from jkn.services.credentials import sign_in_hints
from jkn.services.credentials.sign_in_hints import LIFE, Hint
from jkn.services.sessions.sessions import SignedIn
from jkn.services.throttling.retry_after import RetryAfter
from tests.support.calls.ending_calls import ENDINGS
from tests.support.calls.one_code_calls import latest_code
from tests.support.calls.purge_calls import purged
from tests.support.calls.recovery_calls import NEW_PASSWORD, attempt_of, begun, choose
from tests.support.calls.sign_in_calls import CLIENT, answered, count, enter
from tests.support.world.at_once import at_once
from tests.support.world.clock import Clock
from tests.support.world.factories import make_account

pytestmark = pytest.mark.usefixtures("database")
WRONG = "bukan kata sandinya"


def recovered(account: Account) -> str:
    """The token of a browser that has just gone through a recovery."""
    token = begun(account.nik)
    attempt = attempt_of(token)
    recovery.send_code(attempt, RecoveryMethod.SMS, CLIENT)
    outcome = recovery.CODE.verify(attempt, latest_code(), CLIENT)
    token = getattr(outcome, "token", "")
    choose(attempt_of(token))
    return token


def hint_of(token: str) -> Hint:
    hint = sign_in_hints.newest([token])
    assert hint is not None
    return hint


def try_with(hint: Hint, password: str = NEW_PASSWORD) -> SignedIn | SignInRefusal | RetryAfter:
    """What the page does, which shows no captcha yet."""
    return sign_in(hint.identity, password, hint, CLIENT)


def test_the_number_is_masked_and_leads_to_an_ordinary_sign_in() -> None:
    account = make_account()
    hint = hint_of(recovered(account))
    assert hint.number == f"{account.nik[:4]} •••• •••• {account.nik[-4:]}"
    assert hint.identity == IdentityNumber(IdentityType.NIK, account.nik)
    assert isinstance(try_with(hint), SignedIn)


@pytest.mark.both_databases
def test_one_password_is_tried_without_a_captcha() -> None:
    account = make_account()
    token = recovered(account)
    hint = hint_of(token)
    assert try_with(hint, WRONG) is SignInRefusal.NO_MATCH
    assert hint_of(token).needs_captcha
    assert try_with(hint) is SignInRefusal.NO_CAPTCHA, "not even the right one"
    assert enter(account.nik, NEW_PASSWORD, answered("00000")) is SignInRefusal.WRONG_CAPTCHA
    assert isinstance(enter(account.nik, NEW_PASSWORD), str)


@pytest.mark.both_databases
def test_of_twenty_tries_at_once_one_is_judged() -> None:
    hint = hint_of(recovered(make_account()))
    outcomes = at_once(20, lambda _: try_with(hint, WRONG))
    judged = [it for it in outcomes if it is not SignInRefusal.NO_CAPTCHA]
    assert set(judged) <= {SignInRefusal.NO_MATCH, SignInRefusal.BUSY}
    assert judged.count(SignInRefusal.NO_MATCH) <= 1


def test_the_try_is_counted_like_every_other() -> None:
    account = make_account()
    token = recovered(account)
    for _ in range(5):
        enter(account.nik, WRONG)
    assert isinstance(try_with(hint_of(token)), RetryAfter)


@pytest.mark.parametrize("ending", ENDINGS)
def test_it_is_gone_after_everything_that_ends_an_account_s_ways_in(
    ending: Callable[[Account], object],
) -> None:
    account = make_account()
    with transaction():
        sign_in_hints.leave(account.id, digest("a token"))
    assert sign_in_hints.newest(["a token"])
    ending(session.get_one(Account, account.id))
    assert sign_in_hints.newest(["a token"]) is None


def test_it_is_gone_after_a_sign_in_of_its_person_alone() -> None:
    account = make_account()
    token = recovered(account)
    other = make_account()
    assert isinstance(enter(other.nik), str)
    assert sign_in_hints.newest([token])
    assert isinstance(enter(account.nik, NEW_PASSWORD), str)
    assert sign_in_hints.newest([token]) is None


def test_it_lives_a_quarter_of_an_hour_and_then_is_deleted(clock: Clock) -> None:
    token = recovered(make_account())
    clock.advance(seconds=LIFE.total_seconds() - 1)
    assert sign_in_hints.newest([token])
    clock.advance(seconds=1)
    assert sign_in_hints.newest([token]) is None
    clock.advance(seconds=1)
    assert timedelta(minutes=15) == LIFE
    assert purged(SignInHint) == 1
    assert count(SignInHint) == 0


def test_a_page_names_the_hint_that_it_showed() -> None:
    """In another tab somebody else may have gone through a recovery meanwhile."""
    tokens = [recovered(make_account()) for _ in range(2)]
    first, second = map(hint_of, tokens)
    assert sign_in_hints.newest(tokens) == second
    assert sign_in_hints.newest(tokens, str(first.id)) == first
    for foreign in (str(first.id), "", "x", "-1", "٣", "9" * 30):
        assert sign_in_hints.newest(tokens[1:], foreign) is None
    assert sign_in_hints.newest([]) is None
    sign_in_hints.forget_browser(tokens[:1])
    assert sign_in_hints.newest(tokens, str(first.id)) is None
    assert sign_in_hints.newest(tokens) == second
