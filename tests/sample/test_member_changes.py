"""The changes of the sample world: some wait, some are past, and today's values come of them."""

from datetime import date

import pytest
from sqlalchemy import select

from jkn.database import session
from jkn.models import Account, ChangeRow, ChangeState, Facility, MemberChange, Participant
from jkn.sample.loader import load
from jkn.services.basics.calendar_months import month_start
from jkn.services.basics.clock import JAKARTA
from jkn.services.membership.change_values import from_json, value_of
from jkn.services.membership.history import as_of
from tests.support.world.as_of import DAYS

pytestmark = pytest.mark.usefixtures("database")


@pytest.mark.parametrize("today", DAYS, ids=str)
def test_the_changes_could_have_happened(today: date) -> None:
    load(today=today, hash_password=str.upper)
    changes = list(session.scalars(select(MemberChange).order_by(MemberChange.id)))
    assert {it.state for it in changes} == set(ChangeState) - {ChangeState.DROPPED}
    facilities = set(session.scalars(select(Facility.code)))
    for it in changes:
        participant = session.get_one(Participant, it.participant_id)
        asker = session.get_one(Account, it.asked_by_id)
        assert asker.participant is not None
        assert asker.participant.family_id == participant.family_id
        asked_on = it.asked_at.astimezone(JAKARTA).date()
        assert it.reference is not None
        assert it.reference.startswith(f"UD-{asked_on:%y%m}-")
        assert asked_on <= today
        assert asked_on <= it.effective_on
        value = from_json(it.row, it.value)
        if it.row is ChangeRow.PRIMARY_FACILITY:
            assert value in facilities
            # Asked for in one month, in force from the first of the next.
            assert it.effective_on == month_start(it.effective_on) > asked_on
        if it.state is ChangeState.PENDING:
            assert it.effective_on > today
            assert it.ended_at is None
            assert value != value_of(participant, it.row)
        else:
            assert it.ended_at is not None
            assert it.ended_at.astimezone(JAKARTA).date() <= today
        if it.state is ChangeState.APPLIED:
            assert value == value_of(participant, it.row)
            before = as_of(participant.id, it.effective_on.replace(year=2000, day=1))
            assert getattr(before, it.row) != value


def test_one_person_lives_elsewhere_than_the_family_card_says() -> None:
    load(today=DAYS[0], hash_password=str.upper)
    moved = [it for it in session.scalars(select(Participant)) if it.domicile is not None]
    assert [it.home.village_code[:5] for it in moved] == ["34.04"]
    assert moved[0].family.address.village_code.startswith("32.76")


def test_a_class_waits_for_the_whole_family_that_lives() -> None:
    load(today=DAYS[0], hash_password=str.upper)
    waiting = session.scalars(
        select(MemberChange.participant_id).where(MemberChange.row == ChangeRow.CARE_CLASS)
    ).all()
    people = [session.get_one(Participant, it) for it in waiting]
    family = session.scalars(
        select(Participant).where(Participant.family_id == people[0].family_id)
    )
    assert {it.id for it in family if it.ended_reason is None} == set(waiting)
