"""Daftar tells a stranger nothing (R29, R30). Until the phone is proved, nobody can see who has an
account nor, at the second door, who is insured: pages, statuses, headers and the number of
statements are the same."""

from collections.abc import Callable
from datetime import date

import pytest

from jkn.models import EndedReason, Participant, RegistryPerson, Relationship
from tests.support.clients.page_client import PageClient
from tests.support.clients.page_observers import Seen, look
from tests.support.steps.recovery_steps import answer_all
from tests.support.steps.registration_steps import (
    agree,
    begin_as_mobile_user,
    begin_as_new_user,
    give_phone,
    insured,
    make_resident_of,
    own_phone,
)
from tests.support.world.clock import BEGINNING, Clock
from tests.support.world.factories import (
    make_account,
    make_family,
    make_participant,
    make_resident,
    new_nik,
)
from tests.support.world.queries import QueryCounter


def with_account(participant: Participant) -> Participant:
    make_account(participant)
    return participant


def relative_of(participant: Participant) -> Participant:
    """Add a relative, so that everybody can be asked the same kinds of questions."""
    make_participant(participant.family, relationship=Relationship.CHILD)
    return participant


# Makes people who give their number at the second door, with a phone that no record has.
BY_NUMBER: dict[str, Callable[[], str]] = {
    "insured": lambda: insured()[0].nik or "",
    "insured, without a phone on record": lambda: insured(phone=None)[0].nik or "",
    "registered": lambda: with_account(insured()[0]).nik or "",
    "a child": lambda: make_participant(make_family(), birth_date=date(2012, 4, 1)).nik or "",
    "dead": lambda: (
        insured(active_until=date(2026, 3, 1), ended_reason=EndedReason.DEATH)[0].nik or ""
    ),
    "registered and not insured": lambda: make_account(participant_id=None).nik,
    "unknown": lambda: new_nik(date(1985, 2, 5)),
}


def walk_by_number(client: PageClient, number: str, clock: Clock) -> Seen:
    seen: Seen = []
    begin_as_mobile_user(client, number)
    look(client, seen)
    give_phone(client, own_phone())
    look(client, seen)
    for _ in range(3):
        answer_all(client, None)
        look(client, seen)
    client.follow("Pakai nomor HP yang terdaftar")
    look(client, seen)
    give_phone(client, own_phone())
    look(client, seen)
    client.get("/daftar/kode")
    look(client, seen)
    return seen


def test_at_the_second_door_everybody_sees_the_same(client: PageClient, clock: Clock) -> None:
    people = {name: make() for name, make in BY_NUMBER.items()}
    seen = {}
    for name, number in people.items():
        clock.set(BEGINNING)
        seen[name] = walk_by_number(client.another(), number, clock)
    usual = seen.pop("insured")
    for name, others in seen.items():
        for step, (ours, theirs) in enumerate(zip(usual, others, strict=True)):
            assert theirs == ours, f"{name}, step {step}"


def test_at_the_second_door_everybody_costs_the_same_statements(
    as_browser: PageClient, queries: QueryCounter
) -> None:
    counts = {}
    begin_as_mobile_user(as_browser.another(), new_nik(date(1985, 2, 5)))
    for name, make in BY_NUMBER.items():
        number, visitor, phone = make(), as_browser.another(), own_phone()
        with queries.counted() as counted:
            begin_as_mobile_user(visitor, number)
            give_phone(visitor, phone)
            answer_all(visitor, None)
        counts[name] = len(counted)
    assert len(set(counts.values())) == 1, counts


# Makes people who match at the first door, with a phone that no record has.
MATCHED: dict[str, Callable[[], RegistryPerson]] = {
    "not registered": make_resident,
    "registered": lambda: make_resident_of(make_account(participant_id=None)),
}
MATCHED_AND_INSURED: dict[str, Callable[[], RegistryPerson]] = {
    "not registered": lambda: insured()[1],
    "registered": lambda: make_resident_of(with_account(relative_of(make_participant()))),
}


@pytest.mark.parametrize("people", [MATCHED, MATCHED_AND_INSURED], ids=["", "insured"])
def test_at_the_first_door_who_has_an_account_is_not_seen_before_the_code(
    client: PageClient,
    clock: Clock,
    queries: QueryCounter,
    people: dict[str, Callable[[], RegistryPerson]],
) -> None:
    seen, counts = {}, {}
    begin_as_new_user(client.another(), make_resident())
    for name, make in people.items():
        resident, visitor, phone = make(), client.another(), own_phone()
        clock.set(BEGINNING)
        steps: Seen = []
        with queries.counted() as counted:
            begin_as_new_user(visitor, resident)
            look(visitor, steps)
            give_phone(visitor, phone)
            look(visitor, steps)
            if people is MATCHED:
                agree(visitor)
                look(visitor, steps)
                visitor.submit("Lanjut", {"Kode 6 angka": "000000"})
                look(visitor, steps)
        seen[name], counts[name] = steps, len(counted)
    assert seen["registered"] == seen["not registered"]
    assert len(set(counts.values())) == 1, counts
