"""What Info Peserta knows: who may cancel, and what a newer release wrote."""

from datetime import date, datetime

import pytest
from sqlalchemy import text

from jkn.database import session, transaction
from jkn.models import (
    Account,
    ChangeRow,
    EndedReason,
    FacilityKind,
    ParticipantKind,
    Relationship,
    Segment,
)
from jkn.services.audit.audit_log import Client
from jkn.services.basics.clock import JAKARTA
from jkn.services.changes.participant_info import cancellable, info_of
from jkn.services.changes.pending_changes import Cancellation, cancel, schedule
from tests.support.world.clock import Clock
from tests.support.world.factories import (
    make_account,
    make_facility,
    make_family,
    make_participant,
)

pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.both_databases]

SOMEWHERE = Client("203.0.113.7", "Chrome/140 Android")


def email_change(participant_id: int) -> int:
    with transaction():
        waiting = schedule(
            participant_id,
            ChangeRow.EMAIL,
            None,
            date(2026, 6, 1),
            asked_by_id=None,
            reference=None,
        )
        return waiting.id


def now(account: Account) -> Account:
    account_id = account.id
    session.remove()
    return session.get_one(Account, account_id)


def test_a_facility_has_closed_from_the_day_after_its_last_one(clock: Clock) -> None:
    clock.set(datetime(2026, 5, 3, 23, 59, tzinfo=JAKARTA))
    primary = make_facility(open_until=date(2026, 5, 3))
    dental = make_facility(kind=FacilityKind.DENTIST, open_from=date(2026, 6, 1))
    own = make_participant(primary_facility_code=primary.code, dental_facility_code=dental.code)
    account = make_account(own)
    info = info_of(account, own.id)
    assert info
    assert info.closed == frozenset()
    clock.advance(minutes=1)
    info = info_of(now(account), own.id)
    assert info
    assert info.closed == {primary.code}


def test_nobody_is_asked_to_choose_a_facility_for_the_dead() -> None:
    closed = make_facility(open_until=date(2020, 1, 1))
    family = make_family()
    head = make_account(make_participant(family))
    dead = make_participant(
        family,
        relationship=Relationship.PARENT,
        ended_reason=EndedReason.DEATH,
        active_until=date(2026, 4, 30),
        primary_facility_code=closed.code,
    )
    info = info_of(head, dead.id)
    assert info
    assert info.closed == frozenset()


@pytest.mark.parametrize("has_account", [True, False])
def test_contact_data_of_who_has_an_account_are_cancelled_by_nobody_else(
    has_account: bool,
) -> None:
    family = make_family()
    head = make_account(make_participant(family, sex="M"))
    wife = make_participant(family, relationship=Relationship.WIFE)
    wifes = make_account(wife) if has_account else None
    wife_id, change_id = wife.id, email_change(wife.id)

    info = info_of(now(head), wife_id)
    assert info is not None
    assert [it.is_own for it in info.waiting] == [not has_account]
    assert (cancellable(now(head), change_id) is None) is has_account
    expected = Cancellation.UNKNOWN if has_account else Cancellation.CANCELLED
    assert cancel(now(head), change_id, SOMEWHERE) is expected
    if wifes:
        assert cancellable(now(wifes), change_id) is not None
        assert cancel(now(wifes), change_id, SOMEWHERE) is Cancellation.CANCELLED


def test_a_price_has_only_who_pays_by_themselves_and_lives() -> None:
    family = make_family()
    own = {"segment": Segment.PBPU, "kind": ParticipantKind.SELF_EMPLOYED}
    head = make_account(make_participant(family, **own))
    died = {"ended_reason": EndedReason.DEATH, "active_until": date(2026, 1, 5)}
    members = [make_participant(family, **it).id for it in (own, {}, own | died)]
    found = [info_of(now(head), it) for it in members]
    assert [it is not None and it.price is not None for it in found] == [True, False, False]


def test_a_change_is_found_whatever_became_of_it() -> None:
    account = make_account()
    assert account.participant_id is not None
    ids = [email_change(account.participant_id) for _ in range(3)]
    assert cancel(now(account), ids[1], SOMEWHERE) is Cancellation.CANCELLED
    for change_id in ids:
        found = cancellable(now(account), change_id)
        assert found is not None
        assert (found.waiting is None) is (change_id == ids[1])
        change = found.waiting.change if found.waiting else found.past
        assert change is not None
        assert change.id == change_id
    assert cancellable(now(account), ids[2] + 1) is None
    assert cancellable(now(account), 2**63 - 1) is None


def test_a_row_of_a_newer_release_is_left_out_while_it_waits() -> None:
    account = make_account()
    assert account.participant_id is not None
    participant_id, change_id = account.participant_id, email_change(account.participant_id)
    with transaction():
        session.execute(text("UPDATE member_changes SET row = 'blood_group'"))
    info = info_of(now(account), participant_id)
    assert info is not None
    assert info.waiting == []
    assert cancellable(now(account), change_id) is None
