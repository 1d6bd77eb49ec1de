"""A journey of somebody signed in goes on at the same step after their session expired."""

from dataclasses import dataclass
from enum import StrEnum

import pytest
from flask import Blueprint, Flask, request, url_for
from werkzeug.wrappers import Response

from jkn.models import EventKind
from jkn.web.access import account
from jkn.web.flows import Flow
from jkn.web.rendering import leave_for
from tests.support.clients.page_client import PageClient
from tests.support.steps.activity_steps import kinds_of
from tests.support.steps.pin_steps import give_pin, with_pin
from tests.support.steps.sign_in_steps import send_sign_in, sign_in, sign_out
from tests.support.world.clock import Clock
from tests.support.world.factories import make_account


class Stage(StrEnum):
    FIRST = "first"
    SECOND = "second"


@dataclass
class Draft:
    account_id: int
    stage: Stage = Stage.FIRST


class Journey:
    """Two steps; a draft is known to its owner alone."""

    def __init__(self) -> None:
        self.drafts: dict[str, Draft] = {}
        self.blueprint = Blueprint("two_steps", __name__, url_prefix="/dua-langkah")
        flow: Flow[Draft] = Flow(
            "two_steps",
            self._find,
            lambda draft: draft.stage,
            {Stage.FIRST: "two_steps.first", Stage.SECOND: "two_steps.second"},
            start="two_steps.start",
            of_account=True,
        )

        @self.blueprint.get("")
        def start() -> Response:
            token = f"draft-{len(self.drafts)}"
            self.drafts[token] = Draft(account().id)
            flow.begin(token)
            return leave_for(url_for("two_steps.first"))

        @self.blueprint.route("/satu", methods=["GET", "POST"])
        @flow.at(Stage.FIRST)
        def first(draft: Draft) -> Response:
            if request.method == "POST":
                draft.stage = Stage.SECOND
                return leave_for(url_for("two_steps.second"))
            return leave_for(url_for("card.index"))

        @self.blueprint.route("/dua", methods=["GET", "POST"])
        @flow.at(Stage.SECOND)
        def second(draft: Draft) -> Response:
            return leave_for(url_for("profile.index"))

    def _find(self, token: str) -> Draft | None:
        draft = self.drafts.get(token)
        return draft if draft and draft.account_id == account().id else None


@pytest.fixture
def journey(own_app: Flask) -> Journey:
    journey = Journey()
    own_app.register_blueprint(journey.blueprint)
    return journey


def at_the_second_step(client: PageClient, journey: Journey) -> None:
    """The first step is done; its page is Kartu here, that of the second is Profil."""
    assert client.get("/dua-langkah").url == "/kartu"
    journey.drafts["draft-0"].stage = Stage.SECOND
    assert client.get("/dua-langkah/satu").url == "/profil"


def test_the_same_step_is_reached_again(client: PageClient, journey: Journey, clock: Clock) -> None:
    owner = make_account()
    sign_in(client, owner)
    at_the_second_step(client, journey)
    clock.advance(minutes=31)
    client.get("/dua-langkah/dua")
    assert client.url == "/masuk"
    assert send_sign_in(client, owner.nik).url == "/profil"
    assert len(journey.drafts) == 1


def test_a_step_that_was_sent_too_late_is_shown_again(
    as_browser: PageClient, journey: Journey, clock: Clock
) -> None:
    owner = make_account()
    sign_in(as_browser, owner)
    at_the_second_step(as_browser, journey)
    clock.advance(minutes=31)
    answer = as_browser.app.test_client(use_cookies=False).post(
        "/dua-langkah/satu",
        headers={"Cookie": as_browser.cookies.header(), "Sec-Fetch-Site": "same-origin"},
    )
    as_browser.cookies.take(answer.headers.getlist("Set-Cookie"))
    as_browser.get("/masuk")
    # What was sent is lost; the journey's own guard leads on to where it is.
    assert send_sign_in(as_browser, owner.nik).url == "/profil"


def test_keluar_forgets_it(client: PageClient, journey: Journey) -> None:
    owner = make_account()
    sign_in(client, owner)
    at_the_second_step(client, journey)
    sign_out(client)
    sign_in(client, owner)
    assert client.get("/dua-langkah/dua").url == "/kartu"
    assert len(journey.drafts) == 2, "the journey began anew"


def test_somebody_else_on_the_same_browser_does_not_get_it(
    client: PageClient, journey: Journey, clock: Clock
) -> None:
    sign_in(client, make_account())
    at_the_second_step(client, journey)
    clock.advance(minutes=31)
    client.get("/dua-langkah/dua")
    assert send_sign_in(client, make_account().nik).url == "/beranda"
    assert client.get("/dua-langkah/dua").url == "/kartu"
    assert len(journey.drafts) == 2, "theirs began anew"


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


def test_nor_by_the_first_ones_other_tab(client: PageClient, clock: Clock) -> None:
    first = make_account()
    sign_in(client, first)
    clock.advance(minutes=31)
    for _tab in range(2):
        client.get(f"/kartu/{first.participant_id}")
    second = make_account()
    assert send_sign_in(client, second.nik).url == "/beranda"
    assert EventKind.AUTHZ_FAIL not in kinds_of(second)


def test_nor_by_a_page_whose_session_went_on_under_another_token(client: PageClient) -> None:
    first = make_account()
    with_pin(client, first).get("/profil/data")
    before = client.another(with_cookies=True)
    give_pin(client)
    assert before.get(f"/kartu/{first.participant_id}").url == "/masuk"
    assert send_sign_in(before, make_account().nik).url == "/beranda"


def test_what_else_the_browser_held_is_gone(
    as_browser: PageClient, journey: Journey, clock: Clock
) -> None:
    owner = make_account()
    as_browser.get("/masuk")
    sign_in(as_browser, owner)
    at_the_second_step(as_browser, journey)
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
