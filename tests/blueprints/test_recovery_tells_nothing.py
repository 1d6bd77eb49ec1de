"""Asking for somebody's recovery tells nothing about them (R22). Until something is proved, every
page is the same for people who are registered or not, locked, frozen, without a channel, insured or
unknown."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from jkn.database import session, transaction
from jkn.models import Account, Relationship
from jkn.services.throttling import failure_counters
from tests.support.clients.page_client import PageClient
from tests.support.clients.page_observers import Seen, look
from tests.support.steps.recovery_steps import (
    CODE,
    EMAIL,
    QUESTIONS,
    SMS,
    answer_all,
    begin,
    choose,
    link_in,
    messages,
    prove_by_code,
    set_password,
)
from tests.support.world.clock import BEGINNING, Clock
from tests.support.world.factories import make_account, make_family, make_participant, new_nik
from tests.support.world.queries import QueryCounter

WRONG_CODE = "000000"


def registered() -> str:
    family = make_family()
    account = make_account(make_participant(family))
    make_participant(family, relationship=Relationship.CHILD)
    return account.nik


def closed() -> str:
    nik = registered()
    with transaction():
        for _ in range(4):
            failure_counters.count_attempt(
                failure_counters.person_key(nik), failure_counters.PASSWORD_BACKOFF
            )
    return nik


def frozen() -> str:
    nik = registered()
    with transaction():
        account = session.scalars(select(Account).order_by(Account.id.desc()).limit(1)).one()
        account.frozen_at = account.created_at
        account.password_hash = ""
    return nik


PEOPLE: dict[str, Callable[[], str]] = {
    "registered": registered,
    "locked": closed,
    "frozen": frozen,
    "without a channel": lambda: make_account(phone=None, email=None).nik,
    "not insured": lambda: make_account(participant_id=None).nik,
    "insured, not registered": lambda: make_participant().nik or "",
    "unknown": lambda: new_nik(make_participant().birth_date),
}


def walk_by_code(client: PageClient, nik: str, way: str, clock: Clock) -> Seen:
    seen: Seen = []
    begin(client, nik)
    look(client, seen)
    choose(client, way)
    look(client, seen)
    for _ in range(2):
        client.submit("Lanjut", {CODE: WRONG_CODE})
        look(client, seen)
    client.submit("Kirim ulang")
    look(client, seen)
    clock.advance(minutes=2)
    client.submit("Kirim ulang")
    look(client, seen)
    for _ in range(4):
        client.submit("Lanjut", {CODE: WRONG_CODE})
        look(client, seen)
    client.follow("Kembali")
    look(client, seen)
    return seen


def walk_by_answers(client: PageClient, nik: str, _way: str, _clock: Clock) -> Seen:
    seen: Seen = []
    choose(begin(client, nik), QUESTIONS)
    look(client, seen)
    for _ in range(3):
        answer_all(client, None)
        look(client, seen)
    return seen


@pytest.mark.parametrize(
    ("walk", "way"),
    [(walk_by_code, SMS), (walk_by_code, EMAIL), (walk_by_answers, QUESTIONS)],
    ids=["SMS", "email", "questions"],
)
def test_every_page_is_the_same_for_everybody(
    client: PageClient, clock: Clock, walk: Callable[..., Seen], way: str
) -> None:
    people = {name: make() for name, make in PEOPLE.items()}
    seen = {}
    for name, nik in people.items():
        clock.set(BEGINNING)
        seen[name] = walk(client.another(), nik, way, clock)
    usual = seen.pop("registered")
    for name, others in seen.items():
        for step, (ours, theirs) in enumerate(zip(usual, others, strict=True)):
            assert theirs == ours, f"{name}, step {step}"


@pytest.mark.parametrize("way", [SMS, EMAIL, QUESTIONS])
def test_everybody_costs_the_same_statements(
    as_browser: PageClient, queries: QueryCounter, way: str
) -> None:
    counts = {}
    for name, make in PEOPLE.items():
        nik = make()
        visitor = as_browser.another()
        # The very first request also reads which tables there are.
        begin(as_browser.another(), new_nik(make_participant().birth_date))
        with queries.counted() as counted:
            begin(visitor, nik)
            choose(visitor, way)
            if way == QUESTIONS:
                answer_all(visitor, None)
            else:
                visitor.submit("Lanjut", {CODE: WRONG_CODE})
        counts[name] = len(counted)
    assert len(set(counts.values())) == 1, counts


def test_sign_in_tells_nothing_of_a_freeze(client: PageClient) -> None:
    account = make_account()
    set_password(prove_by_code(client, account))
    link = link_in(messages("password_changed")[0][1])
    client.another().get(link).submit("Bukan saya, bekukan akun")
    pages = []
    for number in (account.nik, new_nik(account.birth_date)):
        visitor = client.another().get("/masuk")
        visitor.submit(
            "MASUK",
            {
                "NIK atau nomor kartu": number,
                "Kata sandi": "teh manis di beranda",
                "Ketik angka di gambar": "12345",
            },
        )
        pages.append((visitor.status, visitor.text))
    assert pages[0] == pages[1]
