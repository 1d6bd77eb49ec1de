"""Cancelling a change before its day: by whom, until when, and for whom."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from jkn.database import LARGEST_ID, session
from jkn.models import Account, AuditEvent, ChangeRow, ChangeState, EventKind, Relationship
from jkn.services.changes.pending_changes import Cancellation, apply_due, cancel
from tests.support.calls.change_calls import change_now, midnight, scheduled, states, told
from tests.support.calls.sign_in_calls import CLIENT
from tests.support.world.clock import BEGINNING, Clock
from tests.support.world.factories import make_account, make_family, make_participant

pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.both_databases]

FIRST_OF_JUNE = date(2026, 6, 1)
PENDING, CANCELLED = ChangeState.PENDING, ChangeState.CANCELLED


class Household:
    """A family with an account each, but for the baby."""

    def __init__(self) -> None:
        family = make_family()
        self.head = make_account(make_participant(family))
        self.wife = make_account(make_participant(family, relationship=Relationship.WIFE))
        self.son = make_account(make_participant(family, relationship=Relationship.CHILD))
        self.baby = make_participant(
            family, relationship=Relationship.CHILD, birth_date=date(2026, 4, 1)
        )


def of(account: Account) -> int:
    return account.participant_id or 0


def test_a_change_is_cancelled_until_its_day_and_no_longer(clock: Clock) -> None:
    account = make_account()
    first, second = (
        scheduled(of(account), ChangeRow.NAME, name, FIRST_OF_JUNE, account)
        for name in ("Batal", "Berlaku")
    )
    clock.set(midnight(FIRST_OF_JUNE) - timedelta(seconds=1))
    assert cancel(account, first, CLIENT) is Cancellation.CANCELLED
    assert change_now(first).ended_at == midnight(FIRST_OF_JUNE) - timedelta(seconds=1)
    clock.set(midnight(FIRST_OF_JUNE))
    # Its day has come, though the worker has not.
    for change in (first, second):
        assert cancel(account, change, CLIENT) is Cancellation.TOO_LATE
    assert apply_due() == 1
    assert cancel(account, second, CLIENT) is Cancellation.TOO_LATE
    assert states(of(account)) == [CANCELLED, ChangeState.APPLIED]
    assert told(account)[0] == ("Perubahan nama Anda dibatalkan. Data yang lama tetap berlaku.")


def test_a_cancelled_change_is_logged_under_who_did_it_and_told_to_the_member() -> None:
    home = Household()
    change = scheduled(of(home.wife), ChangeRow.DOMICILE, None, FIRST_OF_JUNE, home.wife)
    assert cancel(home.head, change, CLIENT) is Cancellation.CANCELLED
    session.rollback()
    events = session.execute(select(AuditEvent.kind, AuditEvent.account_id)).all()
    assert events == [(EventKind.CHANGE_CANCELLED, home.head.id)]
    said = "dibatalkan. Data yang lama tetap berlaku."
    assert told(home.wife) == [f"Perubahan alamat Anda {said}"]
    assert told(home.head) == [f"Perubahan alamat untuk {home.wife.name} {said}"]
    assert told(home.son) == []


def test_others_cancel_their_own_changes_alone() -> None:
    home = Household()
    own = scheduled(of(home.son), ChangeRow.PHONE, "+6281299990000", FIRST_OF_JUNE)
    of_baby = scheduled(home.baby.id, ChangeRow.NAME, "Bayi", FIRST_OF_JUNE)
    of_all = scheduled(of(home.son), ChangeRow.CARE_CLASS, "1", FIRST_OF_JUNE)
    for change in (of_baby, of_all):
        assert cancel(home.son, change, CLIENT) is Cancellation.UNKNOWN
    assert cancel(home.son, own, CLIENT) is Cancellation.CANCELLED
    assert states(home.baby.id) == [PENDING]
    for change in (of_baby, of_all):
        assert cancel(home.wife, change, CLIENT) is Cancellation.CANCELLED


def test_what_is_not_the_familys_does_not_exist() -> None:
    account, stranger = make_account(), make_account()
    uninsured = make_account(participant_id=None)
    change = scheduled(of(account), ChangeRow.NAME, "Bukan Urusanmu", FIRST_OF_JUNE)
    for who, what in (
        (stranger, change),
        (uninsured, change),
        (account, change + 1),
        (account, 0),
        (account, -1),
        (account, LARGEST_ID + 1),
    ):
        assert cancel(who, what, CLIENT) is Cancellation.UNKNOWN
    assert states(of(account)) == [PENDING]
    assert told(account) == []
    assert session.scalars(select(AuditEvent)).all() == []


def test_an_account_that_waits_for_the_family_cancels_nothing_of_others() -> None:
    family = make_family()
    waiting = make_account(make_participant(family), unconfirmed_since=BEGINNING)
    wife = make_participant(family, relationship=Relationship.WIFE)
    change = scheduled(wife.id, ChangeRow.NAME, "Milik Istri", FIRST_OF_JUNE)
    assert cancel(waiting, change, CLIENT) is Cancellation.UNKNOWN


def test_what_was_cancelled_and_asked_for_again_is_not_ended_by_the_old_page() -> None:
    home = Household()

    def ask() -> list[int]:
        people = (home.head, home.wife)
        return [scheduled(of(it), ChangeRow.CARE_CLASS, "1", FIRST_OF_JUNE, it) for it in people]

    first = ask()
    assert cancel(home.head, first[0], CLIENT) is Cancellation.CANCELLED
    again = ask()
    assert cancel(home.wife, first[0], CLIENT) is Cancellation.TOO_LATE
    assert [change_now(it).state for it in again] == [PENDING] * 2


def test_what_binds_the_family_is_cancelled_for_everybody_and_for_that_day_alone() -> None:
    home = Household()
    people = [of(home.head), of(home.wife), of(home.son), home.baby.id]
    ids = [scheduled(it, ChangeRow.CARE_CLASS, "1", FIRST_OF_JUNE, home.head) for it in people]
    later = scheduled(people[1], ChangeRow.CARE_CLASS, "3", date(2027, 6, 1))
    facility = scheduled(people[1], ChangeRow.EMAIL, None, FIRST_OF_JUNE)
    assert cancel(home.wife, ids[3], CLIENT) is Cancellation.CANCELLED
    assert [change_now(it).state for it in ids] == [CANCELLED] * 4
    assert change_now(later).state is change_now(facility).state is PENDING
    own = "Perubahan kelas rawat Anda dibatalkan. Data yang lama tetap berlaku."
    for account in (home.head, home.wife, home.son):
        assert told(account) == [own]
