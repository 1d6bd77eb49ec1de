"""A journey without any mark about who may use it is closed (R26, R49, R120). The journey of this
test is written as by a newcomer who knows of no mark."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from jkn.database import session, transaction
from jkn.models import Account, EventKind
from jkn.services.basics import clock as service_clock
from tests.support.calls.sign_in_calls import count
from tests.support.clients.forms import fill
from tests.support.clients.page_client import PageClient
from tests.support.steps.activity_steps import kinds_of
from tests.support.steps.sign_in_steps import sign_in
from tests.support.world.clock import Clock
from tests.support.world.made_up_journey import MadeUpJourney, made_up_journeys, made_up_pages

START, STEP = "/dua-langkah", "/dua-langkah/satu"


@pytest.fixture(autouse=True)
def journey(own_app: Flask) -> Iterator[None]:
    own_app.register_blueprint(made_up_pages())
    with made_up_journeys():
        yield


def sent(client: PageClient, address: str) -> str | None:
    """Where a form that is sent there leads, with the token of another page's."""
    form = fill(client.get("/keluar").document, "Setuju", {})
    return client.ask(address, dict(form.fields)).location


def be_limited(account: Account) -> None:
    until = service_clock.now() + timedelta(hours=24)
    with transaction():
        session.execute(update(Account).values(limited_until=until))


def test_with_full_access_and_lately_signed_in_it_is_open(
    client: PageClient, account: Account
) -> None:
    assert sign_in(client, account).get(START).url == "/kartu"
    assert sent(client, STEP) == "/dua-langkah/dua"
    assert client.get("/dua-langkah/dua").url == "/profil"


@pytest.mark.parametrize("address", [START, STEP])
def test_limited_mode_keeps_each_step_closed(
    client: PageClient, account: Account, address: str
) -> None:
    sign_in(client, account).get(START)
    be_limited(account)
    assert client.get(address).url == "/akses-terbatas"
    assert sent(client, address) == "/akses-terbatas"
    refused = [it for it in kinds_of(account) if it == EventKind.LIMITED_MODE_REFUSED]
    assert len(refused) == 2
    assert count(MadeUpJourney) == 1


@pytest.mark.parametrize("address", [START, STEP])
def test_after_twenty_minutes_each_step_asks_who_it_is(
    client: PageClient, account: Account, clock: Clock, address: str
) -> None:
    sign_in(client, account).get(START)
    clock.advance(minutes=21)
    assert client.get(address).url == "/konfirmasi"
    assert sent(client, address) == "/konfirmasi"
    assert count(MadeUpJourney) == 1


def test_nobody_walks_it_without_an_account(client: PageClient) -> None:
    assert client.get(START).url == "/masuk"
    assert count(MadeUpJourney) == 0
