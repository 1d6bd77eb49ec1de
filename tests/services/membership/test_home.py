"""What Beranda shows, above all the reminders."""

from datetime import date, datetime
from typing import Any

import pytest

from jkn.database import session
from jkn.models import Account, EndedReason, Family, Relationship, Segment
from jkn.services.basics.clock import JAKARTA
from jkn.services.membership.home import Overview, Reminder, ReminderKind, overview
from tests.support.world.clock import Clock
from tests.support.world.factories import make_account, make_family, make_participant
from tests.support.world.queries import QueryCounter

pytestmark = pytest.mark.usefixtures("database")

TODAY = date(2026, 5, 3)


def account_in(family: Family, **changes: Any) -> Account:
    """The account of the head of this family."""
    return make_account(make_participant(family, name="Kepala", **changes))


def child_in(family: Family, **changes: Any) -> None:
    values = {"name": "Anak", "relationship": Relationship.CHILD, "birth_date": date(2015, 1, 1)}
    make_participant(family, **{**values, **changes})


def reminders(account: Account) -> list[Reminder]:
    return seen(account).reminders


def seen(account: Account) -> Overview:
    """The overview as the next request would find it."""
    account_id = account.id
    session.remove()
    return overview(session.get_one(Account, account_id))


def test_a_family_that_is_in_order_is_reminded_of_nothing() -> None:
    family = make_family()
    account = account_in(family)
    child_in(family)
    assert reminders(account) == []


def test_arrears_concern_the_whole_family_once() -> None:
    family = make_family(paid_through=date(2026, 1, 1))
    account = account_in(family, segment=Segment.PBPU)
    child_in(family, segment=Segment.PBPU)
    assert reminders(account) == [
        Reminder(ReminderKind.ARREARS, on=date(2026, 3, 1), months=3),
    ]


def test_a_month_owed_is_told_before_it_suspends(clock: Clock) -> None:
    family = make_family(paid_through=date(2026, 4, 1))
    account = account_in(family, segment=Segment.PBPU)
    assert reminders(account) == []
    clock.advance(days=8)
    assert reminders(account) == [Reminder(ReminderKind.ARREARS, months=1)]


def test_the_calendar_is_that_of_jakarta(clock: Clock) -> None:
    """It is the 11th there while it is still the 10th in UTC."""
    account = account_in(make_family(paid_through=date(2026, 4, 1)), segment=Segment.PBPU)
    clock.set(datetime(2026, 5, 10, 23, 59, tzinfo=JAKARTA))
    assert reminders(account) == []
    clock.set(datetime(2026, 5, 11, 0, 1, tzinfo=JAKARTA))
    assert reminders(account) != []


def test_a_membership_that_ended_is_told_with_the_first_day_uncovered() -> None:
    account = account_in(
        make_family(), active_until=date(2026, 4, 30), ended_reason=EndedReason.EMPLOYMENT_ENDED
    )
    assert reminders(account) == [Reminder(ReminderKind.ENDED, "Kepala", date(2026, 5, 1))]


def test_an_end_to_come_is_told_with_the_last_day_covered() -> None:
    account = account_in(make_family(), active_until=TODAY)
    assert reminders(account) == [Reminder(ReminderKind.ENDING, "Kepala", TODAY)]


def test_a_death_is_no_reminder() -> None:
    family = make_family()
    account = account_in(family)
    child_in(family, active_until=date(2026, 3, 1), ended_reason=EndedReason.DEATH)
    assert reminders(account) == []


@pytest.mark.parametrize(
    ("born_on", "due"),
    [
        (date(2026, 4, 13), date(2026, 7, 13)),
        (date(2026, 1, 31), date(2026, 4, 30)),
        (date(2025, 11, 30), date(2026, 2, 28)),
    ],
    ids=str,
)
def test_a_newborn_gets_a_nik_within_three_months(born_on: date, due: date) -> None:
    family = make_family()
    account = account_in(family)
    child_in(family, nik=None, birth_date=born_on)
    assert reminders(account) == [Reminder(ReminderKind.NEWBORN_NIK, "Anak", due)]


def test_nobody_is_asked_to_get_a_nik_for_a_baby_that_died() -> None:
    family = make_family()
    account = account_in(family)
    child_in(
        family,
        nik=None,
        birth_date=date(2026, 4, 13),
        active_until=date(2026, 4, 20),
        ended_reason=EndedReason.DEATH,
    )
    assert reminders(account) == []


def test_the_familys_arrears_come_before_what_concerns_single_members() -> None:
    family = make_family(paid_through=date(2026, 2, 1))
    account = account_in(family, segment=Segment.PBPU)
    child_in(family, name="Bayi", segment=Segment.PBPU, nik=None, birth_date=date(2026, 4, 20))
    child_in(family, name="Sulung", active_until=date(2026, 5, 31))
    assert reminders(account) == [
        Reminder(ReminderKind.ARREARS, on=date(2026, 4, 1), months=2),
        Reminder(ReminderKind.ENDING, "Sulung", date(2026, 5, 31)),
        Reminder(ReminderKind.NEWBORN_NIK, "Bayi", date(2026, 7, 20)),
    ]


def test_what_concerns_everybody_is_said_of_the_family_not_name_by_name() -> None:
    family = make_family()
    account = account_in(family, active_until=date(2026, 5, 31))
    child_in(family, name="Sulung", active_until=date(2026, 5, 31))
    child_in(family, name="Bungsu", active_until=date(2026, 5, 31))
    child_in(family, name="Nenek", active_until=date(2020, 1, 1), ended_reason=EndedReason.DEATH)
    assert reminders(account) == [Reminder(ReminderKind.ENDING, None, date(2026, 5, 31))]


@pytest.mark.parametrize(
    "of_youngest",
    [{}, {"active_until": date(2026, 6, 30)}, {"active_until": date(2026, 4, 30)}],
    ids=["is covered", "ends another day", "ended"],
)
def test_names_are_named_where_one_of_the_family_is_not_concerned(
    of_youngest: dict[str, Any],
) -> None:
    family = make_family()
    account = account_in(family, active_until=date(2026, 5, 31))
    child_in(family, name="Sulung", active_until=date(2026, 5, 31))
    child_in(family, name="Bungsu", **of_youngest)
    named = [it.member_name for it in reminders(account)]
    assert named[:2] == ["Kepala", "Sulung"]
    assert None not in named


def test_one_person_alone_is_named() -> None:
    account = account_in(make_family(), active_until=date(2026, 5, 31))
    assert reminders(account) == [Reminder(ReminderKind.ENDING, "Kepala", date(2026, 5, 31))]


def test_the_own_card_stands_apart_from_the_family() -> None:
    family = make_family()
    account = account_in(family)
    child_in(family)
    home = seen(account)
    assert home.card is not None
    assert (home.card.name, home.card.is_masked) == ("Kepala", False)
    assert [it.name for it in home.members] == ["Anak"]


def test_an_account_without_membership_sees_no_card_and_no_reminder() -> None:
    assert seen(make_account(participant_id=None)) == Overview(None, [], [])


def test_everything_costs_one_query(queries: QueryCounter) -> None:
    family = make_family(paid_through=date(2026, 1, 1))
    account = account_in(family, segment=Segment.PBPU)
    for number in range(5):
        child_in(family, birth_date=date(2015 + number, 1, 1), nik=None)
    account_id = account.id
    session.remove()
    account = session.get_one(Account, account_id)
    with queries.at_most(1):
        assert len(overview(account).members) == 5
