"""A step whose answer got lost is sent again: it leads to the same next step, and nothing is done
twice (security.md R93, R116)."""

from collections.abc import Callable

import pytest
from flask import Flask

from jkn.models import Journey
from tests.support.calls.ending_calls import freeze
from tests.support.clients.page_client import PageClient
from tests.support.steps import registration_steps as registration
from tests.support.steps.arrivals import every_arrival, table_at
from tests.support.steps.lost_answers import as_it_was, send_twice
from tests.support.steps.mid_journey_steps import (
    ask_for_recovery_code,
    follow_mail,
    somebody,
)
from tests.support.steps.passkey_steps import CREATE
from tests.support.steps.pin_steps import pin_code
from tests.support.steps.recovery_steps import (
    ASKED,
    CODE,
    QUESTIONS,
    SMS,
    START,
    answers_of,
    ask_for_code,
    begin,
    choose,
    give_code,
    link_in,
    messages,
    own,
    set_password,
)
from tests.support.world.clock import Clock

Send = Callable[[PageClient], object]
JOURNEYS = tuple(it.__tablename__ for it in Journey.kinds)


def answer(client: PageClient) -> PageClient:
    return client.submit("Lanjut", {client.heading: "Tidak tahu"})


# How each step of a journey is sent, by its page.
STEPS: dict[str, Send] = {
    "/lupa-kata-sandi/cara": lambda it: choose(it, SMS),
    "/lupa-kata-sandi/kode": give_code,
    "/lupa-kata-sandi/pertanyaan/1": answer,
    "/lupa-kata-sandi/kata-sandi": set_password,
    "/daftar/nomor-hp": registration.give_phone,
    "/daftar/pertanyaan/1": answer,
    "/daftar/syarat": registration.agree,
    "/daftar/kode": registration.give_code,
    "/daftar/waktu-habis": lambda it: it.submit("Lanjutkan pendaftaran"),
    "/profil/pin/kode": lambda it: it.submit("Lanjut", {CODE: pin_code()}),
}


@pytest.mark.parametrize("path", STEPS)
def test_each_step_leads_on_again(client: PageClient, path: str) -> None:
    every_arrival()[path](client)
    # What a step without a new token writes once more is what stands in its journey already.
    first, again, changed = send_twice(client, STEPS[path], but_for=JOURNEYS)
    assert (again, changed) == (first, [])
    assert first != path


def test_no_step_is_left_out(app: Flask) -> None:
    steps = {it for it in every_arrival() if table_at(app, it)}
    of_their_own = {"/profil/pin/baru", "/daftar/kata-sandi", CREATE}
    assert steps - STEPS.keys() == of_their_own, "which have tests below"


def lost_at_the_code(client: PageClient) -> PageClient:
    """Give the right code of a recovery; returns the browser to which the answer never came."""
    ask_for_recovery_code(client)
    before = as_it_was(client)
    assert give_code(client).url == "/lupa-kata-sandi/kata-sandi"
    return before


def test_the_journey_goes_on_to_its_end(client: PageClient) -> None:
    before = give_code(lost_at_the_code(client))
    assert set_password(before).url == "/masuk"


def test_the_link_of_a_mail_leads_on_again(client: PageClient) -> None:
    follow_mail(client)
    first, again, changed = send_twice(client, lambda it: it.submit("Lanjutkan"))
    assert (first, again, changed) == ("/lupa-kata-sandi/kata-sandi", first, [])


def test_the_link_of_a_mail_leads_nobody_on_in_another_browser(client: PageClient) -> None:
    follow_mail(client)
    thief = client.another().get(link_in(messages("code:recovery")[-1][1]))
    client.submit("Lanjutkan")
    assert thief.submit("Lanjutkan").url == "/lupa-kata-sandi/tautan"
    assert thief.get("/lupa-kata-sandi/kata-sandi").url == START


def test_the_last_answer_leads_on_again(client: PageClient) -> None:
    account = somebody()
    choose(begin(client, account.nik), QUESTIONS)
    right = answers_of(own(account))

    def give(it: PageClient) -> PageClient:
        return it.submit("Lanjut", {it.heading: right[ASKED[it.heading]]})

    give(give(client))
    first, again, changed = send_twice(client, give)
    assert (first, again, changed) == ("/lupa-kata-sandi/kata-sandi", first, [])


def test_it_leads_on_for_two_minutes(client: PageClient, clock: Clock) -> None:
    before = lost_at_the_code(client)
    clock.advance(minutes=1, seconds=59)
    assert give_code(as_it_was(before)).url == "/lupa-kata-sandi/kata-sandi"
    clock.advance(seconds=1)
    assert give_code(before).url == START


def test_a_page_is_not_opened_by_the_token_before(client: PageClient) -> None:
    before = lost_at_the_code(client)
    assert as_it_was(before).get("/lupa-kata-sandi/kata-sandi").url == START
    assert give_code(before).url == "/lupa-kata-sandi/kata-sandi", "looking closes nothing"


def test_another_form_leads_nowhere(client: PageClient) -> None:
    ask_for_recovery_code(client)
    at_the_method = as_it_was(client).get("/lupa-kata-sandi/cara")
    give_code(client)
    assert choose(at_the_method, SMS).url == START


def test_a_code_cannot_be_found_by_trying_the_token_before(client: PageClient) -> None:
    before = lost_at_the_code(client)
    assert give_code(as_it_was(before), "000000").url == START
    assert give_code(before).url == START, "one other code closes the way"


def test_it_leads_nowhere_after_a_freeze(client: PageClient) -> None:
    account = somebody()
    ask_for_code(client, account.nik)
    before = as_it_was(client)
    give_code(client)
    freeze(account)
    assert give_code(before).url == START


def test_it_leads_nowhere_after_the_next_step(client: PageClient) -> None:
    before = lost_at_the_code(client)
    set_password(client)
    give_code(before)
    assert before.get("/lupa-kata-sandi/kata-sandi").url in ("/masuk", START)
