"""Who is told of a change of participants' data, and in which words."""

from datetime import date

import pytest
from sqlalchemy import select, update

from jkn.database import session, transaction
from jkn.models import (
    Account,
    Address,
    AuditEvent,
    ChangeRow,
    EventKind,
    Notification,
    Relationship,
)
from jkn.services.audit import activity
from tests.support.calls.change_calls import scheduled, told
from tests.support.world.clock import BEGINNING
from tests.support.world.factories import make_account, make_family, make_participant

pytestmark = pytest.mark.usefixtures("database")

TODAY = BEGINNING.date()
HOME = Address("Jalan Uji Coba 9", "001", "002", "32.76.05.1001", "16411")


def test_the_member_and_who_asked_are_told_and_nobody_else() -> None:
    family = make_family()
    head = make_account(make_participant(family))
    wife = make_account(make_participant(family, relationship=Relationship.WIFE))
    child = make_account(make_participant(family, relationship=Relationship.CHILD))
    stranger = make_account()
    scheduled(wife.participant_id or 0, ChangeRow.DOMICILE, HOME, TODAY, head)
    scheduled(child.participant_id or 0, ChangeRow.CARE_CLASS, "1", TODAY, head)
    assert told(wife) == ["Perubahan alamat Anda sudah berlaku."]
    assert told(head) == [f"Perubahan alamat untuk {wife.name} sudah berlaku."]
    # The class is everybody's: each is told of the own one.
    assert told(child) == ["Perubahan kelas rawat Anda sudah berlaku."]
    assert told(stranger) == []


def test_of_a_member_without_an_account_the_head_is_told() -> None:
    family = make_family()
    wife = make_account(make_participant(family, relationship=Relationship.WIFE))
    baby = make_participant(family, relationship=Relationship.CHILD, birth_date=date(2026, 4, 1))
    stranger = make_account()
    scheduled(baby.id, ChangeRow.NAME, "Bayi Bernama", TODAY, stranger)
    assert told(wife) == ["Perubahan nama untuk Bayi Bernama sudah berlaku."]
    # Who asked and is not of the family any more sees nothing of it.
    assert told(stranger) == []
    with transaction():
        session.execute(
            update(Account).where(Account.id == wife.id).values(unconfirmed_since=BEGINNING)
        )
    scheduled(baby.id, ChangeRow.NAME, "Bayi Lain", TODAY)
    assert len(told(wife)) == 1


def test_of_a_head_and_a_wife_the_head_is_told_though_the_wife_was_here_first() -> None:
    family = make_family()
    wife = make_account(make_participant(family, relationship=Relationship.WIFE))
    head = make_account(make_participant(family))
    baby = make_participant(family, relationship=Relationship.CHILD, birth_date=date(2026, 4, 1))
    scheduled(baby.id, ChangeRow.NAME, "Bayi Bernama", TODAY)
    assert told(head) == ["Perubahan nama untuk Bayi Bernama sudah berlaku."]
    assert told(wife) == []


def test_of_a_member_without_an_account_no_child_is_told() -> None:
    family = make_family()
    son = make_account(make_participant(family, relationship=Relationship.CHILD))
    baby = make_participant(family, relationship=Relationship.CHILD, birth_date=date(2026, 4, 1))
    scheduled(baby.id, ChangeRow.NAME, "Bayi Bernama", TODAY)
    assert told(son) == []


def test_riwayat_says_that_nobody_did_it() -> None:
    account = make_account()
    scheduled(account.participant_id or 0, ChangeRow.NAME, "Baru", TODAY, account)
    session.rollback()
    (item,) = activity.page(account).items
    assert (item.title, item.device) == ("Perubahan data mulai berlaku", "Otomatis")
    kinds = session.scalars(select(AuditEvent.kind)).all()
    assert kinds == [EventKind.CHANGE_APPLIED]
    assert session.scalars(select(Notification.account_id)).all() == [account.id]
