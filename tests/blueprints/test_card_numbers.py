"""Lihat nomor lengkap: a step-up shows card number and NIK of one family member, so that a
mother can read her child's out at the clinic (product.md 3.3)."""

from dataclasses import dataclass

import pytest
from sqlalchemy import func, select

from jkn.database import session, transaction
from jkn.models import Account, AuditEvent, EventKind, Participant, Relationship
from jkn.services.basics.wording import grouped
from jkn.services.sessions import limited_mode
from tests.support.clients.page_client import PageClient
from tests.support.clients.software_authenticator import Authenticator
from tests.support.steps.passkey_steps import USE, enrolled, use_phone
from tests.support.steps.pin_steps import (
    CREATE,
    OTHER_PIN,
    UNLOCK,
    give_pin,
    prove_for_pin,
    set_pin,
    with_pin,
)
from tests.support.steps.sign_in_steps import sign_in
from tests.support.world.clock import Clock
from tests.support.world.factories import make_account, make_family, make_participant
from tests.support.world.queries import QueryCounter

OPEN = "Lihat nomor lengkap"


@dataclass
class Family:
    """The mother has the account."""

    account: Account
    mother: Participant
    child: Participant
    father: Participant


@pytest.fixture
def family() -> Family:
    household = make_family()
    mother = make_participant(household, relationship=Relationship.WIFE)
    father = make_participant(household)
    child = make_participant(household, relationship=Relationship.CHILD)
    return Family(make_account(mother), mother, child, father)


def numbers_of(member: Participant) -> list[str]:
    return [grouped(member.card_number), grouped(member.nik or "")]


def shown_of(client: PageClient, member: Participant) -> list[bool]:
    """Whether its card number, and its NIK, can be read here."""
    return [number in client.text for number in numbers_of(member)]


def look_at(client: PageClient, member: Participant) -> PageClient:
    """Kartu → the member → Lihat nomor lengkap."""
    return client.get("/kartu").get(f"/kartu/{member.id}").follow(OPEN)


def refused_accesses() -> int:
    session.rollback()
    kind = AuditEvent.kind == EventKind.AUTHZ_FAIL
    return session.scalar(select(func.count()).select_from(AuditEvent).where(kind)) or 0


def test_kembali_leads_to_the_card_that_stays_masked(client: PageClient, family: Family) -> None:
    with_pin(client, family.account)
    look_at(client, family.child)
    assert client.url == UNLOCK
    give_pin(client, OTHER_PIN)
    client.follow("Kembali")
    assert client.url == f"/kartu/{family.child.id}"
    assert shown_of(client, family.child) == [False, False]


@pytest.mark.both_databases
def test_the_pin_opens_the_numbers_of_a_child(client: PageClient, family: Family) -> None:
    look_at(with_pin(client, family.account), family.child)
    assert client.url == UNLOCK
    give_pin(client)
    assert client.url == f"/kartu/{family.child.id}/data"
    assert client.heading == "Kartu anggota keluarga"
    assert shown_of(client, family.child) == [True, True]
    assert "Terbuka sampai 09.40 WIB" in client.text
    client.follow("Sembunyikan")
    assert client.url == f"/kartu/{family.child.id}"
    assert shown_of(client, family.child) == [False, False]
    client.follow(OPEN)
    assert shown_of(client, family.child) == [True, True], "it is not asked for again so soon"


def test_the_pin_opens_the_own_nik_and_nobody_elses(client: PageClient, family: Family) -> None:
    with_pin(client, family.account).get("/kartu")
    assert shown_of(client, family.mother) == [True, False]
    give_pin(client.follow(OPEN))
    assert client.heading == "Kartu Anda"
    assert shown_of(client, family.mother) == [True, True]
    for member in (family.child, family.father):
        assert shown_of(client, member) == [False, False]
    client.follow("Sembunyikan")
    assert client.url == "/kartu"
    assert shown_of(client, family.mother) == [True, False]


def test_the_fingerprint_opens_them_too(client: PageClient, family: Family) -> None:
    phone = Authenticator()
    look_at(enrolled(client, family.account, phone), family.child)
    use_phone(client, USE, phone.get)
    assert client.url == f"/kartu/{family.child.id}/data"
    assert shown_of(client, family.child) == [True, True]


def test_without_a_pin_one_is_made_first_and_then_the_card_is_open(
    client: PageClient, family: Family
) -> None:
    look_at(sign_in(client, family.account), family.child)
    assert client.url == CREATE
    set_pin(prove_for_pin(client))
    assert client.url == f"/kartu/{family.child.id}/data"
    assert "PIN berhasil dibuat" in client.text
    assert shown_of(client, family.child) == [True, True]


def test_after_turning_back_nobody_is_led_there_later(client: PageClient, family: Family) -> None:
    look_at(with_pin(client, family.account), family.child)
    client.get("/kartu").get(UNLOCK)
    assert give_pin(client).url == "/profil/data"


def test_a_wrong_pin_opens_nothing(client: PageClient, family: Family) -> None:
    look_at(with_pin(client, family.account), family.child)
    give_pin(client, OTHER_PIN)
    assert client.url == UNLOCK
    assert client.get(f"/kartu/{family.child.id}/data").url == UNLOCK
    client.get(f"/kartu/{family.child.id}")
    assert shown_of(client, family.child) == [False, False]


def test_an_unlocked_session_masks_them_until_it_is_asked(
    client: PageClient, family: Family
) -> None:
    give_pin(look_at(with_pin(client, family.account), family.child))
    for page in ("/beranda", "/kartu", f"/kartu/{family.child.id}"):
        client.get(page)
        assert shown_of(client, family.child) == [False, False]


def test_they_close_after_ten_minutes_by_themselves(
    client: PageClient, family: Family, clock: Clock
) -> None:
    give_pin(look_at(with_pin(client, family.account), family.child))
    for member, masked in ((family.child, f"/kartu/{family.child.id}"), (family.mother, "/kartu")):
        client.get(f"/kartu/{member.id}/data")
        assert client.response is not None
        assert client.response.headers["Refresh"] == f"600; url={masked}?otomatis=1"
        assert client.response.headers["Cache-Control"] == "no-store"
    clock.advance(minutes=10)
    assert client.get(f"/kartu/{family.child.id}/data").url == UNLOCK


def test_nothing_of_another_family_opens(client: PageClient, family: Family) -> None:
    stranger = make_participant()
    give_pin(look_at(with_pin(client, family.account), family.child))
    client.get(f"/kartu/{stranger.id}/data")
    foreign = (client.status, client.text)
    assert shown_of(client, stranger) == [False, False]
    client.get("/kartu/999999999/data")
    assert foreign == (client.status, client.text)
    assert client.status == 404
    assert refused_accesses() == 2


def test_the_card_of_a_member_who_left_closes_at_once(client: PageClient, family: Family) -> None:
    give_pin(look_at(with_pin(client, family.account), family.child))
    elsewhere = make_family()
    with transaction():
        session.get_one(Participant, family.child.id).family_id = elsewhere.id
    assert client.get(f"/kartu/{family.child.id}/data").status == 404


def test_limited_mode_keeps_them_closed(client: PageClient, family: Family) -> None:
    give_pin(look_at(with_pin(client, family.account), family.child))
    with transaction():
        limited_mode.begin(session.get_one(Account, family.account.id))
    for member in (family.child, family.mother):
        assert client.get(f"/kartu/{member.id}/data").url == "/akses-terbatas"
        client.get(f"/kartu/{member.id}")
        assert shown_of(client, member) == [False, False]


def test_an_open_card_costs_no_more_than_a_masked_one(
    as_browser: PageClient, family: Family, queries: QueryCounter
) -> None:
    give_pin(look_at(with_pin(as_browser, family.account), family.child))
    for member in (family.child, family.mother):
        with queries.at_most(3):
            as_browser.get(f"/kartu/{member.id}/data")


def large(client: PageClient, member: Participant) -> PageClient:
    return client.get(f"/kartu/{member.id}/besar")


def test_the_own_number_is_copied_and_shown_large_where_it_stands_in_full(
    client: PageClient, family: Family
) -> None:
    sign_in(client, family.account).get("/kartu")
    (copied,) = client.document.elements("copy-number")
    assert copied.get("data-number") == family.mother.card_number
    client.follow("Tampilkan besar untuk petugas")
    assert client.heading == family.mother.name
    assert grouped(family.mother.card_number) in client.text
    assert client.follow("Kembali").url == "/kartu"


def test_the_number_of_a_child_is_large_only_while_it_is_open(
    client: PageClient, family: Family, clock: Clock
) -> None:
    with_pin(client, family.account).get(f"/kartu/{family.child.id}")
    assert not client.shows("Tampilkan besar untuk petugas")
    assert list(client.document.elements("copy-number")) == []
    assert large(client, family.child).url == UNLOCK
    give_pin(client)
    assert client.url == f"/kartu/{family.child.id}/besar"
    assert client.follow("Kembali").url == f"/kartu/{family.child.id}/data"
    client.follow("Tampilkan besar untuk petugas")
    assert grouped(family.child.card_number) in client.text
    answer = client.response
    assert answer is not None
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Refresh"].endswith(f"url=/kartu/{family.child.id}?otomatis=1")
    clock.advance(minutes=11)
    assert large(client, family.child).url == UNLOCK


def test_nobody_elses_number_is_shown_large(client: PageClient, family: Family) -> None:
    stranger = make_participant(make_family())
    with_pin(client, family.account).get("/profil").follow("Lihat")
    give_pin(client)
    assert large(client, stranger).status == 404
    assert large(client, family.child).status == 200


def test_who_has_no_card_has_none_to_show(client: PageClient) -> None:
    sign_in(client, make_account(participant_id=None))
    assert client.get("/kartu/besar").url == "/kartu"
