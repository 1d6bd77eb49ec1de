"""Lihat: a step-up by PIN lasts ten minutes, in this session only (product.md 3.3; R46)."""

import pytest
from sqlalchemy import select

from jkn.database import session
from jkn.models import Account, AuditEvent, EventKind
from jkn.services.basics.wording import grouped
from tests.support.clients.page_client import PageClient
from tests.support.steps.pin_steps import (
    CREATE,
    DETAILS,
    OTHER_PIN,
    UNLOCK,
    look,
    prove_for_pin,
    set_pin,
    with_pin,
)
from tests.support.steps.sign_in_steps import sign_in, sign_out
from tests.support.world.clock import Clock
from tests.support.world.factories import make_account


@pytest.fixture
def account() -> Account:
    return make_account(phone="+6281239074651", email="siti.aminah@contoh.id")


def is_open(client: PageClient, account: Account) -> bool:
    shown = [
        it in client.text for it in (grouped(account.nik), "0812 3907 4651", account.email or "")
    ]
    assert len(set(shown)) == 1
    return shown[0]


@pytest.mark.both_databases
def test_the_pin_opens_every_number(client: PageClient, account: Account) -> None:
    with_pin(client, account)
    assert not is_open(client.get("/profil"), account)
    look(client)
    assert client.url == DETAILS
    assert is_open(client, account)
    assert "Terbuka sampai 09.40 WIB" in client.text
    assert not is_open(client.follow("Sembunyikan"), account)
    assert is_open(client.follow("Lihat"), account), "it is not asked for again so soon"


def test_a_wrong_pin_opens_nothing(client: PageClient, account: Account) -> None:
    with_pin(client, account)
    look(client, OTHER_PIN)
    assert (client.url, client.status) == (UNLOCK, 422)
    assert not is_open(client.get("/profil"), account)
    assert client.get(DETAILS).url == UNLOCK


def test_the_step_up_ends_after_ten_minutes(
    client: PageClient, account: Account, clock: Clock
) -> None:
    look(with_pin(client, account))
    clock.advance(minutes=9, seconds=59)
    assert client.get(DETAILS).url == DETAILS
    clock.advance(seconds=1)
    assert client.get(DETAILS).url == UNLOCK


def test_the_step_up_holds_for_this_session_only(client: PageClient, account: Account) -> None:
    with_pin(client, account)
    other = sign_in(client.another(), account)
    look(client)
    assert other.get(DETAILS).url == UNLOCK


def test_it_does_not_outlive_the_session(client: PageClient, account: Account) -> None:
    look(with_pin(client, account))
    sign_out(client)
    assert sign_in(client, account).get(DETAILS).url == UNLOCK


def test_a_copy_of_the_cookie_from_before_is_dead(client: PageClient, account: Account) -> None:
    with_pin(client, account)
    thief = client.another(with_cookies=True)
    assert thief.get("/profil").url == "/profil"
    look(client)
    assert thief.get(DETAILS).url == "/masuk"
    assert client.get(DETAILS).url == DETAILS


def test_without_a_pin_one_is_made_first_and_then_it_is_open(
    client: PageClient, account: Account
) -> None:
    sign_in(client, account).get("/profil").follow("Lihat")
    assert client.url == CREATE
    set_pin(prove_for_pin(client))
    assert client.url == DETAILS, "where they were going"
    assert is_open(client, account)
    assert "PIN berhasil dibuat" in client.text


def test_the_step_up_is_recorded_and_looking_is_not(client: PageClient, account: Account) -> None:
    look(with_pin(client, account))
    client.get(DETAILS)
    session.rollback()
    opened = select(AuditEvent.kind).where(AuditEvent.kind == EventKind.SENSITIVE_UNLOCKED)
    assert len(session.scalars(opened).all()) == 1


def test_nothing_of_it_may_be_kept(client: PageClient, account: Account) -> None:
    look(with_pin(client, account)).get(DETAILS)
    assert client.response is not None
    assert client.response.headers["Cache-Control"] == "no-store"
