"""What is known of a family when it is asked who may change what."""

from datetime import date

import pytest

from jkn.database import session, transaction
from jkn.models import Account, Address, ChangeRow, Relationship
from jkn.services.basics.clock import today
from jkn.services.changes.household import household_of
from jkn.services.changes.pending_changes import schedule
from jkn.services.changes.who_may import Allowed, Household, Reason, Refused, may
from jkn.services.membership.change_values import Value
from tests.support.world.clock import Clock
from tests.support.world.factories import make_account, make_family, make_participant
from tests.support.world.queries import QueryCounter

pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.both_databases]

DEPOK = Address("Gang Melati 4", "003", "007", "32.76.05.1001", "16411")
ELSEWHERE_IN_DEPOK = Address("Jalan Anggrek 5", "001", "002", "32.76.06.1002", "16421")
NABIRE = Address("Jalan Pepera 7", "001", "001", "94.01.01.2001", "98811")
BOGOR = Address("Jalan Kenanga 6", "002", "001", "32.01.01.1004", "16912")


def now(account: Account) -> Household:
    """The household as the next request would find it."""
    account_id = account.id
    session.remove()
    return household_of(session.get_one(Account, account_id))


def change(participant_id: int | None, row: ChangeRow, value: Value, on: date) -> None:
    assert participant_id is not None
    with transaction():
        schedule(participant_id, row, value, on, asked_by_id=None, reference=None)


def test_it_knows_who_has_an_account_and_what_is_pending() -> None:
    family = make_family()
    account = make_account(make_participant(family))
    others = [
        make_participant(family, relationship=Relationship.CHILD, birth_date=date(2000 + n, 1, 1))
        for n in range(2)
    ]
    make_account(others[0])
    for row, day in (
        (ChangeRow.EMAIL, date(2026, 6, 1)),
        (ChangeRow.EMAIL, date(2026, 8, 1)),
        (ChangeRow.PHONE, date(2026, 7, 1)),
    ):
        change(others[1].id, row, None, day)
    it = now(account)
    assert it.with_account == {account.participant_id, others[0].id}
    assert it.pending == {
        (others[1].id, ChangeRow.EMAIL): date(2026, 8, 1),
        (others[1].id, ChangeRow.PHONE): date(2026, 7, 1),
    }


def test_a_move_is_one_to_another_regency(clock: Clock) -> None:
    account = make_account(make_participant(make_family()))
    own_id = account.participant_id
    moves = []
    for value in (ELSEWHERE_IN_DEPOK, BOGOR, None, DEPOK):
        clock.advance(days=1)
        change(own_id, ChangeRow.DOMICILE, value, today())
        moves.append(now(account).moved_on.get(own_id or 0))
    assert moves == [None, date(2026, 5, 5), date(2026, 5, 6), date(2026, 5, 6)]


def test_a_new_code_for_the_same_regency_is_no_move() -> None:
    """Nabire was 91.04 before Papua was split in 2022."""
    account = make_account(make_participant(make_family(village_code="91.04.01.2001")))
    own_id = account.participant_id
    change(own_id, ChangeRow.DOMICILE, NABIRE, today())
    assert now(account).moved_on == {}


def test_who_moved_to_another_regency_may_choose_a_facility_there() -> None:
    account = make_account(make_participant(make_family(), primary_facility_since=date(2026, 4, 1)))

    def answer() -> object:
        it = now(account)
        return may(account, it.members[0], it, ChangeRow.PRIMARY_FACILITY, today())

    assert answer() == Refused(Reason.FACILITY_TOO_SOON, date(2026, 7, 1))
    change(account.participant_id, ChangeRow.DOMICILE, BOGOR, today())
    assert answer() == Allowed()


def test_an_account_without_membership_has_no_household() -> None:
    assert household_of(make_account(participant_id=None)) == Household(())


def test_a_large_family_costs_four_queries(queries: QueryCounter) -> None:
    family = make_family()
    account = make_account(make_participant(family))
    for number in range(6):
        relative = make_participant(family, relationship=Relationship.CHILD)
        change(relative.id, ChangeRow.DOMICILE, BOGOR, date(2026, 5, 3))
        change(relative.id, ChangeRow.EMAIL, None, date(2026, 6, 1 + number))
    account_id = account.id
    session.remove()
    account = session.get_one(Account, account_id)
    with queries.at_most(4):
        it = household_of(account)
        for member in it.members:
            for row in ChangeRow:
                may(account, member, it, row, date(2026, 5, 3))
    assert len(it.moved_on) == len(it.pending) == 6
