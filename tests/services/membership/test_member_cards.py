"""The cards of a family, as one of its members sees them."""

from datetime import date

import pytest

from jkn.database import session, transaction
from jkn.models import Account, EndedReason, Participant, Relationship, Segment
from jkn.services.basics.masking import mask_card_number, mask_nik
from jkn.services.basics.wording import grouped
from jkn.services.membership.member_cards import cards_for, family_of
from jkn.services.membership.membership import Membership, MembershipState, Payer
from jkn.services.sessions import limited_mode
from tests.support.world.factories import make_account, make_facility, make_family, make_participant
from tests.support.world.queries import QueryCounter

pytestmark = pytest.mark.usefixtures("database")


def family_with_a_child(of: str = "Sari") -> tuple[Account, Participant, Participant]:
    """The account of the wife, the husband (older) and the child (youngest)."""
    family = make_family()
    child = make_participant(
        family, name=f"{of} si anak", relationship=Relationship.CHILD, birth_date=date(2019, 6, 1)
    )
    wife = make_participant(
        family, name=f"{of} sang ibu", relationship=Relationship.WIFE, birth_date=date(1988, 2, 29)
    )
    husband = make_participant(family, name=f"{of} sang ayah", sex="M", birth_date=date(1985, 1, 1))
    return make_account(wife), husband, child


def names(account: Account) -> list[str]:
    """Whom the holder of the account sees, as the next request would find them."""
    account_id = account.id
    session.remove()
    return [card.name for card in cards_for(session.get_one(Account, account_id))]


def test_the_own_card_comes_first_then_the_family_by_age() -> None:
    account, _, _ = family_with_a_child()
    assert names(account) == ["Sari sang ibu", "Sari sang ayah", "Sari si anak"]
    assert [card.is_masked for card in cards_for(account)] == [False, True, True]


def test_members_who_died_come_last_however_old_they_were() -> None:
    account, husband, _ = family_with_a_child()
    with transaction():
        late = session.get_one(Participant, husband.id)
        late.active_until, late.ended_reason = date(2026, 3, 1), EndedReason.DEATH
    assert names(account) == ["Sari sang ibu", "Sari si anak", "Sari sang ayah"]


def test_the_own_card_number_is_whole_and_all_others_are_masked() -> None:
    account, husband, child = family_with_a_child()
    own, *others = cards_for(account)
    assert account.participant is not None
    assert own.card_number == account.participant.card_number
    assert len(own.card_number) == 13
    assert own.card_number.isdigit()
    for card, member in zip(others, [husband, child], strict=True):
        assert card.id == member.id
        assert card.card_number == mask_card_number(member.card_number)
        assert member.card_number not in str(card)


def test_no_nik_is_whole_not_even_the_own() -> None:
    account, husband, _ = family_with_a_child()
    cards = cards_for(account)
    for member, card in [(account, cards[0]), (husband, cards[1])]:
        assert member.nik is not None
        assert card.nik == f"{member.nik[:4]} •••• •••• {member.nik[-4:]}"
        assert member.nik not in str(card)


def test_a_newborn_without_nik_has_none_to_show() -> None:
    account, _, child = family_with_a_child()
    with transaction():
        session.get_one(Participant, child.id).nik = None
    assert cards_for(account)[2].nik is None


def test_a_card_says_what_the_contract_promises() -> None:
    facility = make_facility(name="Klinik Anggrek")
    participant = make_participant(
        make_family(paid_through=date(2026, 5, 1)),
        name="Ketut Suardana",
        segment=Segment.PBPU,
        care_class="2",
        primary_facility_code=facility.code,
    )
    card = cards_for(make_account(participant))[0]
    assert (card.name, card.relationship) == ("Ketut Suardana", Relationship.HEAD)
    assert (card.payer, card.care_class_name) == (Payer.THEMSELVES, "Kelas 2")
    assert card.facility_name == "Klinik Anggrek"
    assert card.membership == Membership(MembershipState.ACTIVE)


def test_a_card_without_a_facility_has_no_facility_name() -> None:
    account = make_account()
    with transaction():
        participant = session.get_one(Participant, account.participant_id)
        participant.primary_facility_code = None
    session.remove()
    assert cards_for(account)[0].facility_name is None


def test_a_card_tells_that_the_facility_has_closed() -> None:
    closed = make_facility(open_until=date(2020, 1, 1))
    own = make_participant(primary_facility_code=closed.code)
    assert cards_for(make_account(own))[0].is_facility_closed
    assert not cards_for(make_account())[0].is_facility_closed


def test_other_families_are_never_seen() -> None:
    mine, _, _ = family_with_a_child("Sari")
    theirs, _, _ = family_with_a_child("Wayan")
    assert all(name.startswith("Sari") for name in names(mine))
    assert all(name.startswith("Wayan") for name in names(theirs))
    assert len(names(mine)) == len(names(theirs)) == 3


def test_a_person_who_leaves_the_family_loses_sight_of_it_at_once_and_is_seen_no_more() -> None:
    account, husband, _ = family_with_a_child()
    husbands = make_account(husband)
    other = make_family()
    make_participant(other, name="Orang lain", birth_date=date(2001, 1, 1))
    assert "Sari sang ayah" in names(account)
    with transaction():
        session.get_one(Participant, husband.id).family_id = other.id
    assert names(account) == ["Sari sang ibu", "Sari si anak"]
    assert names(husbands) == ["Sari sang ayah", "Orang lain"]


def test_an_account_without_membership_has_no_card(queries: QueryCounter) -> None:
    account = make_account(participant_id=None)
    with queries.at_most(0):
        assert family_of(account) == []
        assert cards_for(account) == []


def test_the_whole_family_costs_one_query(queries: QueryCounter) -> None:
    account, _, _ = family_with_a_child()
    account_id = account.id
    session.remove()
    account = session.get_one(Account, account_id)
    with queries.at_most(1):
        assert len(cards_for(account)) == 3


def test_an_opened_card_is_whole_and_the_others_stay_as_they_are() -> None:
    account, husband, child = family_with_a_child()
    own, of_husband, of_child = cards_for(account, opened=child.id)
    assert (of_child.card_number, of_child.is_masked) == (child.card_number, False)
    assert of_child.nik == grouped(child.nik or "")
    for card, member in [(own, account), (of_husband, husband)]:
        assert card.nik == mask_nik(member.nik or "")
    assert of_husband.is_masked


def test_limited_mode_keeps_an_opened_card_masked() -> None:
    account, _, child = family_with_a_child()
    with transaction():
        limited_mode.begin(account)
    for opened in (account.participant_id, child.id):
        for card in cards_for(account, opened=opened):
            assert card.is_masked
            assert "•" in (card.nik or "")
            assert "•" in card.card_number
