"""Whether a membership covers somebody on a given day."""

from datetime import date, timedelta
from typing import Any

import pytest

from jkn.models import EndedReason, Family, Participant, ParticipantKind, Segment
from jkn.services.membership.membership import (
    Membership,
    MembershipState,
    Payer,
    membership_of,
    payer_of,
)
from tests.support.world.rule_folders import bind_rules

PAYS_BY_ITSELF = [Segment.PBPU, Segment.BP]
PAID_FOR = [it for it in Segment if it not in PAYS_BY_ITSELF]
ACTIVE = Membership(MembershipState.ACTIVE)


@pytest.fixture(autouse=True)
def _rules() -> None:
    bind_rules()


def participant(paid_through: date | None = None, **changes: Any) -> Participant:
    """A participant for whom an employer pays, without an end."""
    values = {
        "segment": Segment.PPU_COMPANY,
        "active_from": date(2020, 3, 17),
        "active_until": None,
        "ended_reason": None,
        "family": Family(paid_through=paid_through),
    }
    return Participant(**{**values, **changes})


def payer(paid_through: date | None, **changes: Any) -> Participant:
    """A participant of a family that pays by itself."""
    return participant(paid_through, **{"segment": Segment.PBPU, **changes})


@pytest.mark.parametrize("segment", PAID_FOR, ids=str)
def test_a_person_for_whom_others_pay_never_owes(segment: Segment) -> None:
    """Not even in a family where somebody else has not paid for years."""
    for paid_through in (None, date(2021, 1, 1)):
        assert (
            membership_of(participant(paid_through, segment=segment), date(2026, 5, 31)) == ACTIVE
        )


def test_a_state_pensioner_never_owes_though_other_non_workers_do() -> None:
    """The contribution is withheld from the pension."""
    for kind, owed, by in [
        (ParticipantKind.STATE_PENSIONER, 0, Payer.PENSION),
        (ParticipantKind.NON_WORKER, 4, Payer.NON_WORKER),
    ]:
        someone = payer(date(2026, 1, 1), segment=Segment.BP, kind=kind)
        assert membership_of(someone, date(2026, 5, 31)).months_owed == owed
        assert payer_of(Segment.BP, kind) is by


@pytest.mark.parametrize("segment", PAYS_BY_ITSELF, ids=str)
def test_a_person_who_paid_this_month_is_active_on_every_day_of_it(segment: Segment) -> None:
    for day in range(1, 32):
        someone = payer(date(2026, 5, 1), segment=segment)
        assert membership_of(someone, date(2026, 5, day)) == ACTIVE


def test_a_contribution_is_owed_from_the_eleventh_on() -> None:
    someone = payer(date(2026, 4, 1))
    assert membership_of(someone, date(2026, 5, 1)) == ACTIVE
    assert membership_of(someone, date(2026, 5, 10)) == ACTIVE
    owing = Membership(MembershipState.ACTIVE, months_owed=1)
    assert membership_of(someone, date(2026, 5, 11)) == owing
    assert membership_of(someone, date(2026, 5, 31)) == owing


def test_an_unpaid_month_suspends_from_the_first_of_the_next() -> None:
    someone = payer(date(2026, 4, 1))
    since = date(2026, 6, 1)
    assert membership_of(someone, date(2026, 5, 31)).state is MembershipState.ACTIVE
    assert membership_of(someone, since) == Membership(
        MembershipState.SUSPENDED, since=since, months_owed=1
    )
    assert membership_of(someone, date(2026, 6, 10)).months_owed == 1
    assert membership_of(someone, date(2026, 6, 11)) == Membership(
        MembershipState.SUSPENDED, since=since, months_owed=2
    )


def test_the_turn_of_the_year_is_a_month_like_any_other() -> None:
    someone = payer(date(2025, 11, 1))
    assert membership_of(someone, date(2025, 12, 31)).state is MembershipState.ACTIVE
    assert membership_of(someone, date(2026, 1, 1)) == Membership(
        MembershipState.SUSPENDED, since=date(2026, 1, 1), months_owed=1
    )


def test_at_most_24_months_are_owed() -> None:
    someone = payer(date(2023, 12, 1))
    for day, owed in [
        (date(2025, 12, 10), 23),
        (date(2025, 12, 11), 24),
        (date(2026, 1, 11), 24),
        (date(2036, 1, 11), 24),
    ]:
        assert membership_of(someone, day) == Membership(
            MembershipState.SUSPENDED, since=date(2024, 2, 1), months_owed=owed
        )


def test_a_person_who_paid_ahead_owes_nothing_until_then() -> None:
    someone = payer(date(2026, 12, 1))
    assert membership_of(someone, date(2026, 5, 11)) == ACTIVE
    assert membership_of(someone, date(2027, 1, 10)) == ACTIVE
    assert membership_of(someone, date(2027, 1, 11)).months_owed == 1


def test_the_day_that_stands_for_the_month_paid_does_not_matter() -> None:
    assert membership_of(payer(date(2026, 4, 30)), date(2026, 6, 1)) == membership_of(
        payer(date(2026, 4, 1)), date(2026, 6, 1)
    )


def test_a_person_who_never_paid_owes_from_the_first_month_on() -> None:
    someone = payer(None, active_from=date(2026, 3, 17))
    assert membership_of(someone, date(2026, 3, 17)).state is MembershipState.ACTIVE
    assert membership_of(someone, date(2026, 4, 1)) == Membership(
        MembershipState.SUSPENDED, since=date(2026, 4, 1), months_owed=1
    )


def test_a_known_last_day_is_still_covered() -> None:
    last_day = date(2026, 5, 31)
    someone = participant(active_until=last_day, ended_reason=EndedReason.EMPLOYMENT_ENDED)
    ending = Membership(MembershipState.ENDING, until=last_day)
    assert membership_of(someone, date(2026, 5, 3)) == ending
    assert membership_of(someone, last_day) == ending
    for day in (date(2026, 6, 1), date(2030, 1, 1)):
        assert membership_of(someone, day) == Membership(
            MembershipState.ENDED, since=date(2026, 6, 1)
        )


@pytest.mark.parametrize("reason", [None, EndedReason.EMPLOYMENT_ENDED], ids=str)
def test_a_membership_ends_with_or_without_a_reason(reason: EndedReason | None) -> None:
    someone = participant(active_until=date(2026, 2, 28), ended_reason=reason)
    assert membership_of(someone, date(2026, 3, 1)) == Membership(
        MembershipState.ENDED, since=date(2026, 3, 1)
    )


def test_the_dead_are_neither_ended_nor_in_arrears() -> None:
    died_on = date(2026, 3, 24)
    for someone in (
        participant(active_until=died_on, ended_reason=EndedReason.DEATH),
        payer(date(2021, 1, 1), active_until=died_on, ended_reason=EndedReason.DEATH),
    ):
        assert membership_of(someone, date(2026, 5, 31)) == Membership(
            MembershipState.DECEASED, since=died_on + timedelta(days=1)
        )


def test_nobody_owes_a_month_after_leaving() -> None:
    someone = payer(date(2025, 12, 1), active_until=date(2025, 12, 31))
    assert membership_of(someone, date(2026, 5, 31)) == Membership(
        MembershipState.ENDED, since=date(2026, 1, 1)
    )


def test_arrears_weigh_more_than_an_end_to_come() -> None:
    """Until the membership ends, the arrears are what keeps somebody from being treated."""
    someone = payer(date(2026, 2, 1), active_until=date(2026, 6, 30))
    assert membership_of(someone, date(2026, 5, 3)) == Membership(
        MembershipState.SUSPENDED, since=date(2026, 4, 1), months_owed=2
    )


def test_an_end_to_come_still_tells_of_a_month_owed() -> None:
    someone = payer(date(2026, 4, 1), active_until=date(2026, 6, 30))
    assert membership_of(someone, date(2026, 5, 11)) == Membership(
        MembershipState.ENDING, until=date(2026, 6, 30), months_owed=1
    )


def test_on_the_last_day_of_a_life_nobody_is_told_that_cover_will_end() -> None:
    died = participant(active_until=date(2026, 5, 31), ended_reason=EndedReason.DEATH)
    assert membership_of(died, date(2026, 5, 31)).state is MembershipState.DECEASED
