"""A step whose answer got lost is sent again: it leads to the same next step, and nothing is done
twice (security.md R93, R116)."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from jkn.database import session, transaction
from jkn.models import Account, Journey, SignInSession
from jkn.services.basics import clock
from tests.support.calls.ending_calls import ENDINGS, freeze
from tests.support.clients.page_client import PageClient
from tests.support.clients.software_authenticator import Authenticator
from tests.support.steps import registration_steps as registration
from tests.support.steps.arrivals import every_arrival, table_at
from tests.support.steps.lost_answers import as_it_was, send_twice
from tests.support.steps.mid_journey_steps import (
    ask_for_recovery_code,
    follow_mail,
    somebody,
)
from tests.support.steps.passkey_steps import (
    AGREE,
    BEGIN,
    CREATE,
    MAKE,
    USE,
    enrolled,
    options_for,
    send,
)
from tests.support.steps.pin_steps import OTHER_PIN, give_pin, pin_code, set_pin, with_pin
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
from tests.support.steps.sign_in_steps import sign_in, sign_out
from tests.support.world.clock import Clock
from tests.support.world.factories import PASSWORD
from tests.support.world.rows import all_rows, changes

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


@pytest.mark.parametrize(
    ("path", "send"),
    [
        ("/profil/pin/buka", give_pin),
        ("/profil/pin/baru", set_pin),
        ("/profil/pin/buat", lambda it: it.submit("Kirim kode", {"Kata sandi akun": PASSWORD})),
        ("/konfirmasi", lambda it: it.submit("Lanjut", {"Kata sandi akun": PASSWORD})),
        (BEGIN, lambda it: it.submit("Lanjut", {AGREE: True, "Kata sandi akun": PASSWORD})),
    ],
)
def test_each_new_token_of_a_session_is_given_again(
    client: PageClient, path: str, send: Send
) -> None:
    arrivals = every_arrival()
    if path in arrivals:
        arrivals[path](client)
    else:
        sign_in(client, somebody())
    client.get(path)
    first, again, changed = send_twice(client, send)
    assert (again, changed) == (first, [])
    assert first not in (path, "/masuk")


def test_the_code_that_opens_full_access_is_taken_again(client: PageClient) -> None:
    every_arrival()["/akses-terbatas"](client)
    client.get("/akses-terbatas")
    client.submit("Kirim kode", {"Kirim kode lewat": "SMS Ke nomor HP yang terdaftar"})
    found = re.search(r"\b[0-9]{6}\b", messages("code:full_access")[-1][1].text)
    code = found.group() if found else ""
    first, again, changed = send_twice(client, lambda it: it.submit("Lanjut", {CODE: code}))
    assert (again, changed) == (first, [])
    assert first != "/masuk"


@pytest.mark.parametrize("path", ["/konfirmasi", "/profil/pin/buka", CREATE])
def test_what_a_phone_signed_is_taken_again(as_browser: PageClient, path: str) -> None:
    phone = Authenticator()
    if path == CREATE:
        every_arrival()[path](as_browser)
        button, answer = MAKE, phone.create
    else:
        account = somebody()
        enrolled(as_browser, account, phone)
        with transaction():
            long_ago = clock.now() - timedelta(minutes=25)
            session.execute(update(SignInSession).values(started_at=long_ago, confirmed_at=None))
        as_browser.get(path)
        button, answer = USE, phone.get
    credential = answer(options_for(as_browser, button).json or {})
    first, again, changed = send_twice(as_browser, lambda it: send(it, button, credential))
    assert (again, changed) == (first, [])
    assert first not in (path, "/masuk")


def lost_at_the_pin(client: PageClient) -> tuple[PageClient, Account]:
    """Give the right PIN; returns the browser to which the answer never came."""
    account = somebody()
    with_pin(client, account).get("/profil/data")
    before = as_it_was(client)
    assert give_pin(client).url == "/profil/data"
    return before, account


def test_the_session_goes_on_where_it_was_going(client: PageClient) -> None:
    before, _ = lost_at_the_pin(client)
    assert give_pin(before).url == "/profil/data"
    assert client.get("/profil/data").url == "/profil/data", "it is the same session"


def test_the_session_leads_on_for_two_minutes(client: PageClient, clock: Clock) -> None:
    before, _ = lost_at_the_pin(client)
    clock.advance(minutes=2)
    assert give_pin(before).url == "/masuk"


def test_a_pin_cannot_be_found_by_trying_the_token_before(client: PageClient) -> None:
    before, _ = lost_at_the_pin(client)
    assert give_pin(as_it_was(before), OTHER_PIN).url == "/masuk"
    assert give_pin(before).url == "/masuk", "one other PIN closes the way"


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_session_leads_nowhere_after_an_end(
    client: PageClient, ending: Callable[[Account], object]
) -> None:
    before, account = lost_at_the_pin(client)
    ending(session.get_one(Account, account.id))
    assert give_pin(before).url == "/masuk"


def test_the_session_leads_nowhere_after_keluar(client: PageClient) -> None:
    before, _ = lost_at_the_pin(client)
    sign_out(client)
    assert give_pin(before).url == "/masuk"


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
    assert before.get("/lupa-kata-sandi/kata-sandi").url == "/lupa-kata-sandi/kode"
    assert give_code(before).url == "/lupa-kata-sandi/kata-sandi", "looking closes nothing"


@pytest.mark.parametrize(
    ("code", "earlier"),
    [("/lupa-kata-sandi/kode", "/lupa-kata-sandi/cara"), ("/daftar/kode", "/daftar/nomor-hp")],
)
def test_who_looks_at_a_page_meanwhile_types_the_code_again(
    client: PageClient, code: str, earlier: str
) -> None:
    every_arrival()[code](client)
    before = as_it_was(client)
    STEPS[code](client)
    rows = all_rows()
    assert before.get(earlier).url == code
    assert "Ketik lagi kode yang sama" in before.text
    assert not before.shows("Kirim kode baru"), "another code would begin from zero"
    STEPS[code](before)
    assert (before.url, changes(rows, all_rows())) == (client.url, [])


def test_nobody_is_asked_again_after_two_minutes(client: PageClient, clock: Clock) -> None:
    before = lost_at_the_code(client)
    clock.advance(minutes=2)
    assert before.get("/lupa-kata-sandi/kode").url == START


def test_who_came_by_answers_is_not_asked_for_a_code(client: PageClient) -> None:
    account = somebody()
    choose(begin(client, account.nik), QUESTIONS)
    right = answers_of(own(account))
    for _ in range(3):
        before = as_it_was(client)
        client.submit("Lanjut", {client.heading: right[ASKED[client.heading]]})
    assert client.url == "/lupa-kata-sandi/kata-sandi"
    assert before.get("/lupa-kata-sandi/kode").url == START


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
