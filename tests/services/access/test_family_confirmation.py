"""An account with nobody to warn waits for the family or the office (security.md R118)."""

from datetime import date, timedelta

import pytest
from sqlalchemy import update

from jkn.database import session, transaction
from jkn.models import (
    Account,
    EndedReason,
    EventKind,
    FamilyLink,
    Participant,
    Relationship,
)
from jkn.services.access import account_freeze, family_confirmation
from jkn.services.access.family_confirmation import (
    OfficeRefusal,
    confirm_by_office,
    decide,
    newcomer_of,
    refuse_by_office,
)
from jkn.services.basics import clock as app_clock
from jkn.services.basics.identity_numbers import IdentityNumber, IdentityType
from jkn.services.basics.outcomes import Outcome
from jkn.services.messaging import account_channels
from jkn.services.sessions import limited_mode
from tests.support.calls.family_calls import (
    STRANGERS_PHONE,
    asked,
    head_of,
    is_frozen,
    tokens,
    unreachable,
    wait,
    waits,
)
from tests.support.calls.passkey_calls import CLIENT
from tests.support.calls.purge_calls import purged
from tests.support.calls.sign_in_calls import recorded
from tests.support.steps.recovery_steps import messages
from tests.support.world.at_once import at_once
from tests.support.world.clock import Clock
from tests.support.world.factories import (
    make_account,
    make_family,
    make_participant,
    new_phone,
)

pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.both_databases]


def by_nik(account: Account) -> IdentityNumber:
    return IdentityNumber(IdentityType.NIK, account.nik)


def set_(table: type[Account] | type[Participant], row_id: int, **values: object) -> None:
    with transaction():
        session.execute(update(table).where(table.id == row_id).values(**values))


def test_every_grown_up_who_can_be_reached_is_asked_and_nobody_else() -> None:
    family = make_family()
    head = head_of(family, email="kepala@contoh.id")
    unreachable(family)
    head_of(family, birth_date=app_clock.today() - timedelta(days=365 * 12))
    head_of(family, ended_reason=EndedReason.DEATH, active_until=date(2026, 1, 1))
    by_account = unreachable(family, relationship=Relationship.PARENT)
    make_account(by_account, phone="+6281200000017")
    make_participant()
    wait(unreachable(family))
    assert asked() == sorted(["+6281200000017", "kepala@contoh.id", str(head.phone)])


def test_a_dead_head_leaves_it_to_the_office() -> None:
    family = make_family()
    head_of(family, ended_reason=EndedReason.DEATH, active_until=date(2026, 1, 1))
    account = wait(unreachable(family))
    assert asked() == []
    assert not family_confirmation.is_family_asked(account)


def test_the_strangers_own_phone_is_asked_nowhere() -> None:
    family = make_family()
    head_of(family, phone=STRANGERS_PHONE)
    wait(unreachable(family))
    assert asked() == []


def test_a_relative_whose_account_waits_or_came_by_answers_is_no_witness() -> None:
    family = make_family()
    first = unreachable(family)
    wait(first, "+6281388770002")
    by_answers = make_account(unreachable(family), phone="+6281388770003")
    set_(Account, by_answers.id, phone_new_until=app_clock.now())
    wait(unreachable(family))
    assert asked() == []


def test_who_was_asked_and_registers_by_answers_meanwhile_cannot_answer() -> None:
    family = make_family()
    head = head_of(family)
    account = wait(unreachable(family))
    wait(head, "+6281388770004")
    (token, *_) = tokens()
    assert newcomer_of(token) is None
    assert not decide(token, CLIENT, is_theirs=True)
    assert waits(account)


@pytest.mark.parametrize(
    "change",
    [
        {"ended_reason": EndedReason.DEATH, "active_until": date(2026, 1, 1)},
        {"family_id": None},
    ],
    ids=["died", "left"],
)
def test_who_died_or_left_the_family_meanwhile_cannot_answer(change: dict[str, object]) -> None:
    family = make_family()
    head, account = head_of(family), wait(unreachable(family))
    if "family_id" in change:
        change = {"family_id": make_family().id}
    set_(Participant, head.id, **change)
    assert not decide(tokens()[0], CLIENT, is_theirs=True)
    assert not decide(tokens()[0], CLIENT, is_theirs=False)
    assert waits(account)
    assert not is_frozen(account)


def test_neither_time_nor_a_code_to_the_new_phone_ends_it(clock: Clock) -> None:
    family = make_family()
    head_of(family)
    account = wait(unreachable(family))
    clock.advance(days=400)
    session.rollback()
    account = session.get_one(Account, account.id)
    assert limited_mode.is_limited(account)
    assert limited_mode.channels_of(account) == []
    assert account_channels.dependable(account) == {}, "nor does it prove anything else"
    session.rollback()
    assert decide(tokens()[0], CLIENT, is_theirs=True), "the link lives as long as it waits"


def test_benar_opens_it_once_and_its_person_is_told() -> None:
    family = make_family()
    head_of(family, email="kepala@contoh.id")
    account = wait(unreachable(family))
    first, second = tokens()
    assert newcomer_of(first) is not None
    assert waits(account), "looking changes nothing"
    assert decide(first, CLIENT, is_theirs=True)
    session.rollback()
    assert not limited_mode.is_limited(session.get_one(Account, account.id))
    session.rollback()
    assert [it.recipient for _, it in messages("confirmed")] == [STRANGERS_PHONE]
    assert (EventKind.ACCOUNT_CONFIRMED_BY_FAMILY, account.id, None) in recorded()
    for token in (first, second):
        assert not decide(token, CLIENT, is_theirs=True), "it is confirmed"
    assert len(messages("confirmed")) == 1


@pytest.mark.parametrize("who", ["another", "the same"])
def test_bukan_counts_for_a_week_after_benar(clock: Clock, who: str) -> None:
    family = make_family()
    head_of(family)
    head_of(family, relationship=Relationship.PARENT)
    account = wait(unreachable(family))
    yes, other = tokens()
    clock.advance(days=30)
    assert decide(yes, CLIENT, is_theirs=True)
    clock.advance(days=6)
    assert purged(FamilyLink) == 0
    no = other if who == "another" else yes
    newcomer = newcomer_of(no)
    assert newcomer is not None
    assert newcomer.confirmed_until == app_clock.now() + timedelta(days=1)
    assert decide(no, CLIENT, is_theirs=False)
    assert is_frozen(account)
    session.rollback()
    assert session.get_one(Account, account.id).phone is None, "no code goes to the stranger"
    session.rollback()
    assert waits(account), "if it is opened, it waits again"
    assert newcomer_of(yes) is newcomer_of(other) is None


def test_a_week_after_benar_it_is_too_late_for_bukan(clock: Clock) -> None:
    family = make_family()
    head_of(family)
    head_of(family, relationship=Relationship.PARENT)
    account = wait(unreachable(family))
    yes, other = tokens()
    assert decide(yes, CLIENT, is_theirs=True)
    clock.advance(days=7)
    for token in (yes, other):
        assert newcomer_of(token) is None
        assert not decide(token, CLIENT, is_theirs=False)
    assert not is_frozen(account)
    assert not refuse_by_office(by_nik(account))


def test_who_left_the_family_after_another_said_benar_cannot_say_bukan() -> None:
    family = make_family()
    head_of(family)
    gone = head_of(family, relationship=Relationship.PARENT)
    account = wait(unreachable(family))
    yes, other = tokens()
    assert decide(yes, CLIENT, is_theirs=True)
    set_(Participant, gone.id, family_id=make_family().id)
    assert not decide(other, CLIENT, is_theirs=False)
    assert not is_frozen(account)


def test_bukan_freezes_the_new_account_alone() -> None:
    family = make_family()
    head = head_of(family)
    heads_account = make_account(head)
    account = wait(unreachable(family))
    assert decide(tokens()[0], CLIENT, is_theirs=False)
    assert is_frozen(account)
    assert not is_frozen(heads_account)
    session.rollback()
    assert session.get_one(Account, account.id).phone is None, "no code goes to the stranger"
    session.rollback()
    refused = confirm_by_office(by_nik(account), STRANGERS_PHONE)
    assert refused is OfficeRefusal.NOBODY, "it is frozen"
    assert not decide(tokens()[-1], CLIENT, is_theirs=True)
    assert account_freeze.unfreeze(account.nik)
    assert waits(account), "opening it again confirms nothing"
    assert not decide(tokens()[0], CLIENT, is_theirs=True), "this link has spoken"
    assert confirm_by_office(by_nik(account), None) is Outcome.DONE
    assert not decide(tokens()[-1], CLIENT, is_theirs=False), "the office has"


def test_of_two_who_answer_at_once_bukan_wins() -> None:
    family = make_family()
    head_of(family)
    make_account(unreachable(family), phone=new_phone())
    account = wait(unreachable(family))
    links = tokens()
    outcomes = at_once(2, lambda turn: decide(links[turn], CLIENT, is_theirs=turn == 0))
    assert outcomes[1] is True
    assert is_frozen(account)
    assert waits(account)
    assert len(messages("confirmed")) == sum(outcomes) - 1


def test_two_taps_on_bukan_are_one() -> None:
    family = make_family()
    head_of(family)
    account = wait(unreachable(family))
    (token,) = tokens()
    assert sorted(at_once(2, lambda _: decide(token, CLIENT, is_theirs=False))) == [False, True]
    frozen = [it for it in recorded() if it[:2] == (EventKind.ACCOUNT_FROZEN, account.id)]
    assert len(frozen) == 1


@pytest.mark.parametrize("by", IdentityType)
def test_the_office_confirms_by_either_number(by: IdentityType) -> None:
    participant = unreachable()
    number = participant.nik if by is IdentityType.NIK else participant.card_number
    identity = IdentityNumber(by, str(number))
    account = wait(participant)
    assert confirm_by_office(identity, STRANGERS_PHONE) is Outcome.DONE
    assert not waits(account)
    assert (EventKind.ACCOUNT_CONFIRMED_BY_OFFICE, account.id, None) in recorded()
    for it in (identity, IdentityNumber(by, "0" * 16)):
        refused = confirm_by_office(it, STRANGERS_PHONE)
        assert refused is OfficeRefusal.NOBODY, "it waits no longer"


@pytest.mark.parametrize("phone", [None, "+6281388770009"])
def test_the_office_does_not_confirm_for_somebody_with_another_phone(phone: str | None) -> None:
    account = wait(unreachable())
    assert confirm_by_office(by_nik(account), phone) is OfficeRefusal.OTHER_PHONE
    assert waits(account)


def test_what_the_office_says_is_final() -> None:
    family = make_family()
    head_of(family)
    account = wait(unreachable(family))
    (token,) = tokens()
    assert confirm_by_office(by_nik(account), STRANGERS_PHONE) is Outcome.DONE
    assert newcomer_of(token) is None
    assert not decide(token, CLIENT, is_theirs=False)
    assert not is_frozen(account)
    assert not refuse_by_office(by_nik(account))


@pytest.mark.parametrize("is_confirmed", [False, True], ids=["waits", "confirmed"])
def test_the_office_freezes_what_a_stranger_registered(*, is_confirmed: bool) -> None:
    family = make_family()
    head_of(family)
    account = wait(unreachable(family))
    if is_confirmed:
        assert decide(tokens()[0], CLIENT, is_theirs=True)
    assert refuse_by_office(by_nik(account))
    assert is_frozen(account)
    assert waits(account)
    session.rollback()
    assert session.get_one(Account, account.id).phone is None, "no code goes to the stranger"
    session.rollback()
    assert (EventKind.ACCOUNT_FROZEN, account.id, None) in recorded()
    assert not refuse_by_office(by_nik(account)), "it is frozen"
    assert not refuse_by_office(by_nik(make_account())), "nobody asked about it"


def test_a_link_is_kept_while_the_account_waits_and_a_week_at_least(clock: Clock) -> None:
    family = make_family()
    head_of(family)
    wait(unreachable(family))
    clock.advance(days=400)
    assert purged(FamilyLink) == 0
    assert decide(tokens()[0], CLIENT, is_theirs=True)
    assert purged(FamilyLink) == 0
    clock.advance(days=7, seconds=1)
    assert purged(FamilyLink) == 1
