"""After their session expired, signed-in people go on with a journey at the same step."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import update

from jkn.database import session, transaction
from jkn.models import EventKind
from tests.support.calls.sign_in_calls import count
from tests.support.clients.page_client import PageClient
from tests.support.steps.activity_steps import kinds_of
from tests.support.steps.pin_steps import give_pin, with_pin
from tests.support.steps.sign_in_steps import send_sign_in, sign_in, sign_out
from tests.support.world.clock import Clock
from tests.support.world.factories import make_account
from tests.support.world.made_up_journey import (
    MadeUpJourney,
    Stage,
    made_up_journeys,
    made_up_pages,
)


@pytest.fixture
def journey(own_app: Flask) -> Iterator[None]:
    own_app.register_blueprint(made_up_pages())
    with made_up_journeys():
        yield


def at_the_second_step(client: PageClient) -> None:
    """Do the first step. Kartu stands for its page, Profil for that of the second step."""
    assert client.get("/dua-langkah").url == "/kartu"
    with transaction():
        session.execute(update(MadeUpJourney).values(stage=Stage.SECOND))
    assert client.get("/dua-langkah/satu").url == "/profil"


def test_the_same_step_is_reached_again(client: PageClient, journey: None, clock: Clock) -> None:
    owner = make_account()
    sign_in(client, owner)
    at_the_second_step(client)
    clock.advance(minutes=31)
    client.get("/dua-langkah/dua")
    assert client.url == "/masuk"
    assert send_sign_in(client, owner.nik).url == "/profil"
    assert count(MadeUpJourney) == 1


def test_a_step_that_was_sent_too_late_is_shown_again(
    as_browser: PageClient, journey: None, clock: Clock
) -> None:
    owner = make_account()
    sign_in(as_browser, owner)
    at_the_second_step(as_browser)
    clock.advance(minutes=31)
    answer = as_browser.app.test_client(use_cookies=False).post(
        "/dua-langkah/satu",
        headers={"Cookie": as_browser.cookies.header(), "Sec-Fetch-Site": "same-origin"},
    )
    as_browser.cookies.take(answer.headers.getlist("Set-Cookie"))
    as_browser.get("/masuk")
    # The form that was sent is lost; the journey leads on to its current step.
    assert send_sign_in(as_browser, owner.nik).url == "/profil"


def test_keluar_ends_the_journey_in_this_browser(client: PageClient, journey: None) -> None:
    owner = make_account()
    sign_in(client, owner)
    at_the_second_step(client)
    sign_out(client)
    sign_in(client, owner)
    assert client.get("/dua-langkah/dua").url == "/kartu", "the journey began anew"


def test_somebody_else_on_the_same_browser_does_not_get_it(
    client: PageClient, journey: None, clock: Clock
) -> None:
    sign_in(client, make_account())
    at_the_second_step(client)
    clock.advance(minutes=31)
    client.get("/dua-langkah/dua")
    assert send_sign_in(client, make_account().nik).url == "/beranda"
    assert client.get("/dua-langkah/dua").url == "/kartu"
    assert count(MadeUpJourney) == 2, "theirs began anew"


def test_somebody_else_on_the_same_phone_is_not_led_where_the_first_was(
    client: PageClient, clock: Clock
) -> None:
    first = make_account()
    sign_in(client, first)
    clock.advance(minutes=31)
    client.get(f"/kartu/{first.participant_id}")
    assert client.url == "/masuk"
    assert send_sign_in(client, make_account().nik).url == "/beranda"
    clock.advance(minutes=31)
    client.get("/kartu")
    assert client.url == "/masuk"


def test_somebody_else_is_not_led_there_by_the_first_ones_other_tab(
    client: PageClient, clock: Clock
) -> None:
    first = make_account()
    sign_in(client, first)
    clock.advance(minutes=31)
    for _tab in range(2):
        client.get(f"/kartu/{first.participant_id}")
    second = make_account()
    assert send_sign_in(client, second.nik).url == "/beranda"
    assert EventKind.AUTHZ_FAIL not in kinds_of(second)


def test_somebody_else_is_not_led_there_by_a_page_whose_token_was_rotated(
    client: PageClient,
) -> None:
    first = make_account()
    with_pin(client, first).get("/profil/data")
    before = client.another(with_cookies=True)
    give_pin(client)
    assert before.get(f"/kartu/{first.participant_id}").url == "/masuk"
    assert send_sign_in(before, make_account().nik).url == "/beranda"


def test_the_token_of_forms_does_not_outlive_the_session(
    as_browser: PageClient, journey: None, clock: Clock
) -> None:
    owner = make_account()
    as_browser.get("/masuk")
    sign_in(as_browser, owner)
    at_the_second_step(as_browser)
    token = csrf_token(as_browser.get("/keluar"))
    clock.advance(minutes=31)
    as_browser.get("/dua-langkah/dua")
    assert csrf_token(as_browser) != token
    at_masuk = csrf_token(as_browser)
    send_sign_in(as_browser, owner.nik)
    assert csrf_token(as_browser.get("/keluar")) not in (token, at_masuk)


def csrf_token(client: PageClient) -> str:
    fields = (it for it in client.document.elements("input") if it.get("name") == "csrf_token")
    return next(it.get("value", "") for it in fields)
