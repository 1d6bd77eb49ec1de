"""Where somebody lives, as near as is known."""

from datetime import UTC, datetime

import pytest

from jkn.services.basics.points import Point
from jkn.services.facilities.home_places import home_of
from jkn.services.facilities.search import middle_of
from tests.support.world.factories import make_account, make_family, make_participant
from tests.support.world.queries import QueryCounter

pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.both_databases]

SINCE = datetime(2026, 5, 1, tzinfo=UTC)


def test_it_is_the_middle_of_the_village_on_the_family_card(queries: QueryCounter) -> None:
    family = make_family(village_code="32.76.05.1004")
    account = make_account(make_participant(family))
    with queries.at_most(1):
        assert home_of(account) == Point(-6.3908, 106.8381)


def test_a_village_without_a_point_is_in_its_district() -> None:
    account = make_account(make_participant(make_family(village_code="13.06.01.2004")))
    assert home_of(account) == middle_of("13.06.01")


def test_whoever_is_no_participant_or_waits_for_the_family_is_told_nothing() -> None:
    assert home_of(make_account(make_participant(), unconfirmed_since=SINCE)) is None
    account = make_account()
    account.participant_id = None
    assert home_of(account) is None
