"""Where somebody lives, as near as is known."""

from datetime import UTC, datetime, timedelta

import pytest

from jkn.database import transaction
from jkn.models import Address
from jkn.services.basics.points import Point
from jkn.services.facilities.home_places import home_of
from jkn.services.facilities.search import middle_of
from tests.support.world.clock import BEGINNING
from tests.support.world.factories import make_account, make_family, make_participant
from tests.support.world.queries import QueryCounter

pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.both_databases]

SINCE = datetime(2026, 5, 1, tzinfo=UTC)
TOMORROW = BEGINNING + timedelta(days=1)


def test_it_is_the_middle_of_the_village_on_the_family_card(queries: QueryCounter) -> None:
    family = make_family(village_code="32.76.05.1004")
    account = make_account(make_participant(family))
    with queries.at_most(1):
        assert home_of(account) == Point(-6.3908, 106.8381)


def test_whoever_lives_elsewhere_than_the_family_card_says_is_near_that_village() -> None:
    member = make_participant(make_family(village_code="32.76.05.1004"))
    with transaction():
        member.domicile = Address("Jalan Melati 4", "001", "002", "34.04.07.2001", "55281")
    assert home_of(make_account(member)) == middle_of("34.04.07.2001")


def test_a_village_without_a_point_is_in_its_district() -> None:
    account = make_account(make_participant(make_family(village_code="13.06.01.2004")))
    assert home_of(account) == middle_of("13.06.01")


def test_a_village_of_the_past_is_in_the_regency_of_today() -> None:
    """Papua before 2022: 91.04 was Nabire, which is 94.01 now, 200 kilometres away."""
    account = make_account(make_participant(make_family(village_code="91.04.01.2001")))
    assert home_of(account) == middle_of("94.01") != middle_of("91")


def test_whoever_is_no_participant_or_in_limited_mode_is_told_nothing() -> None:
    for limits in ({"unconfirmed_since": SINCE}, {"limited_until": TOMORROW}):
        assert home_of(make_account(make_participant(), **limits)) is None
    account = make_account()
    account.participant_id = None
    assert home_of(account) is None
