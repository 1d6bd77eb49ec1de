"""What every journey gets by being one, shown by a journey that the product does not have."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import select

from jkn.database import session, transaction
from jkn.models import Account
from jkn.services.journeys import journeys
from tests.support.calls.ending_calls import ENDINGS
from tests.support.calls.purge_calls import purged
from tests.support.calls.sign_in_calls import count
from tests.support.world.at_once import at_once
from tests.support.world.clock import Clock
from tests.support.world.factories import make_account
from tests.support.world.made_up_journey import MadeUpJourney, Stage, made_up_journeys

pytestmark = [pytest.mark.usefixtures("database", "made_up"), pytest.mark.both_databases]


@pytest.fixture
def made_up(database: object) -> Iterator[None]:
    with made_up_journeys():
        yield


def begun(account: Account, stage: Stage = Stage.FIRST) -> str:
    with transaction():
        return journeys.begin(MadeUpJourney(account_id=account.id, stage=stage))


def found(token: str, account: Account) -> MadeUpJourney | None:
    session.rollback()
    return journeys.find(MadeUpJourney, token, account.id)


def moved_on(seen: MadeUpJourney | None) -> str | None:
    """Move it from the first step to the second and rotate its token; None: it was not at the
    first."""
    assert seen is not None
    with transaction():
        held = journeys.hold(seen, Stage.FIRST)
        return None if held is None else journeys.rotate(held, Stage.SECOND)


def test_its_owner_finds_it_by_its_token_and_nobody_else_does() -> None:
    owner, other = make_account(), make_account()
    token = begun(owner)
    mine = found(token, owner)
    assert mine is not None
    assert mine.stage is Stage.FIRST
    assert found(token, other) is None
    assert found("made-up", owner) is None
    assert found("", owner) is None


def test_after_its_time_it_is_found_only_at_its_end(clock: Clock) -> None:
    owner = make_account()
    done, on_the_way = begun(owner, Stage.DONE), begun(owner)
    clock.advance(minutes=60)
    assert found(on_the_way, owner) is None
    assert found(done, owner) is not None


def test_the_token_before_the_rotation_leads_nowhere() -> None:
    owner = make_account()
    first = begun(owner)
    second = moved_on(found(first, owner))
    assert second is not None
    assert found(first, owner) is None
    mine = found(second, owner)
    assert mine is not None
    assert mine.stage is Stage.SECOND


def test_a_row_that_was_found_under_the_old_token_cannot_be_held() -> None:
    owner = make_account()
    seen = found(begun(owner), owner)
    moved_on(seen)
    with transaction():
        assert journeys.hold(seen, *Stage) is None


def test_a_row_that_expired_meanwhile_moves_no_further(clock: Clock) -> None:
    owner = make_account()
    seen = found(begun(owner), owner)
    clock.advance(minutes=60)
    assert moved_on(seen) is None


def test_only_one_of_twenty_simultaneous_requests_moves_it_on() -> None:
    owner = make_account()
    seen = found(begun(owner), owner)
    outcomes = at_once(20, lambda _: moved_on(seen))
    assert sum(it is not None for it in outcomes) == 1


def test_it_can_be_ended_by_its_token_unless_it_is_done() -> None:
    owner = make_account()
    done, on_the_way = begun(owner, Stage.DONE), begun(owner)
    with transaction():
        for token in (on_the_way, done, "made-up", None):
            journeys.end(MadeUpJourney, token)
    assert found(on_the_way, owner) is None
    assert found(done, owner) is not None


@pytest.mark.parametrize("ending", ENDINGS)
def test_what_sends_everybody_away_ends_it(ending: Callable[[Account], object]) -> None:
    """The product ends it without knowing it."""
    owner, other = make_account(), make_account()
    token, of_other = begun(owner), begun(other)
    seen = found(token, owner)
    ending(owner)
    assert found(token, owner) is None
    assert moved_on(seen) is None, "nor does who had found it a moment before get on"
    assert found(of_other, other) is not None


def test_it_is_purged_when_its_time_is_over(clock: Clock) -> None:
    owner, other = make_account(), make_account()
    begun(owner, Stage.DONE)
    begun(owner)
    clock.advance(minutes=59)
    late = begun(other)
    clock.advance(minutes=2)
    assert purged(MadeUpJourney) == 2
    assert found(late, other) is not None
    assert count(MadeUpJourney) == 1


def test_its_owner_is_on_one_at_a_time() -> None:
    owner, other = make_account(), make_account()
    of_other, done, first = begun(other), begun(owner, Stage.DONE), begun(owner)
    second = begun(owner)
    assert found(first, owner) is None
    assert found(second, owner) is not None
    assert found(done, owner) is not None
    assert found(of_other, other) is not None


def test_only_a_digest_of_the_token_is_kept() -> None:
    token = begun(make_account())
    (digest,) = session.scalars(select(MadeUpJourney.token_digest))
    assert token.encode() not in digest
    assert len(digest) == 32
