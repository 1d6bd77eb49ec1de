"""A form that opens a session, whose answer got lost: sent again it leads to the same session, and
the owner is told of a new phone once (security.md R93, R116)."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from jkn.database import session
from jkn.models import Account, AuditEvent, EventKind, SignInSession
from tests.support.calls.ending_calls import ENDINGS
from tests.support.clients.page_client import PageClient
from tests.support.clients.software_authenticator import Authenticator
from tests.support.steps import registration_steps as registration
from tests.support.steps.lost_answers import as_it_was, send_twice
from tests.support.steps.mid_journey_steps import somebody
from tests.support.steps.passkey_steps import USE, enrolled, options_for, send
from tests.support.steps.pin_steps import give_pin, with_pin
from tests.support.steps.sign_in_steps import send_sign_in, sign_out
from tests.support.world.at_once import at_once
from tests.support.world.clock import Clock
from tests.support.world.connected import bind_changed
from tests.support.world.factories import PASSWORD

COPIES = 20


def events(*kinds: EventKind) -> int:
    session.rollback()
    return len(session.scalars(select(AuditEvent.id).where(AuditEvent.kind.in_(kinds))).all())


def sessions_of(account: Account) -> int:
    session.rollback()
    of_account = SignInSession.account_id == account.id
    return len(session.scalars(select(SignInSession.id).where(of_account)).all())


def lost_at_masuk(client: PageClient) -> tuple[PageClient, Account]:
    """Sign in; returns the browser to which the answer never came."""
    account = somebody()
    client.get("/masuk")
    before = as_it_was(client)
    assert send_sign_in(client, account.nik).url == "/beranda"
    return before, account


def test_masuk_leads_on_again(client: PageClient) -> None:
    account = somebody()
    client.get("/masuk")
    first, again, changed = send_twice(client, lambda it: send_sign_in(it, account.nik))
    assert (first, again, changed) == ("/beranda", "/beranda", [])


def test_a_new_phone_is_told_of_once(client: PageClient, clock: Clock) -> None:
    account = somebody()
    clock.advance(days=2)  # The first phone of a new account is its owner's.
    client.get("/masuk")
    before = as_it_was(client)
    send_sign_in(client, account.nik)
    send_sign_in(before, account.nik)
    assert (events(EventKind.AUTHN_NEW_DEVICE), sessions_of(account)) == (1, 1)
    sign_out(before).get("/masuk")
    assert send_sign_in(before, account.nik).url == "/beranda"
    assert events(EventKind.AUTHN_NEW_DEVICE) == 1, "the phone is known from then on"


def test_the_end_of_daftar_leads_on_again(client: PageClient) -> None:
    registration.reach_password(client)
    first, again, changed = send_twice(client, registration.choose_password)
    assert (first, again, changed) == ("/beranda", "/beranda", [])


def test_a_fingerprint_leads_on_again(as_browser: PageClient) -> None:
    phone = Authenticator()
    enrolled(as_browser, somebody(), phone)
    sign_out(as_browser).get("/masuk")
    credential = phone.get(options_for(as_browser, USE).json or {})
    first, again, changed = send_twice(as_browser, lambda it: send(it, USE, credential))
    assert (first, again, changed) == ("/beranda", "/beranda", [])


@pytest.mark.both_databases
def test_copies_of_a_fingerprint_are_no_attack(as_browser: PageClient) -> None:
    phone, account = Authenticator(), somebody()
    enrolled(as_browser, account, phone)
    sign_out(as_browser).get("/masuk")
    credential = phone.get(options_for(as_browser, USE).json or {})
    copies, before = [as_it_was(as_browser) for _ in range(COPIES)], sessions_of(account)
    ends = at_once(COPIES, lambda it: send(copies[it], USE, credential).url)
    assert set(ends) == {"/beranda"}
    assert (events(EventKind.AUTHN_PASSKEY_FAIL), sessions_of(account)) == (0, before + 1)


def test_a_fingerprint_that_is_replayed_later_is_recorded(
    as_browser: PageClient, clock: Clock
) -> None:
    phone = Authenticator()
    enrolled(as_browser, somebody(), phone)
    sign_out(as_browser).get("/masuk")
    credential = phone.get(options_for(as_browser, USE).json or {})
    before = as_it_was(as_browser)
    send(as_browser, USE, credential)
    clock.advance(minutes=2)
    assert send(before, USE, credential).url == "/masuk/biometrik"
    assert events(EventKind.AUTHN_PASSKEY_FAIL) == 1


@pytest.mark.both_databases
def test_copies_of_the_end_of_daftar_lead_to_the_same_page(client: PageClient) -> None:
    bind_changed(web_threads=80)  # With places to hash for all of them.
    registration.reach_password(client)
    copies = [as_it_was(client) for _ in range(COPIES)]
    ends = at_once(COPIES, lambda it: registration.choose_password(copies[it]).url)
    assert set(ends) == {"/beranda"}
    assert events(EventKind.ACCOUNT_CREATED) == 1


def test_masuk_leads_on_for_two_minutes(client: PageClient, clock: Clock) -> None:
    before, account = lost_at_masuk(client)
    clock.advance(minutes=1, seconds=59)
    assert send_sign_in(as_it_was(before), account.nik).url == "/beranda"
    clock.advance(seconds=2)
    assert send_sign_in(before, account.nik).url == "/masuk"


def test_a_password_cannot_be_found_by_trying_the_cookie_before(client: PageClient) -> None:
    before, account = lost_at_masuk(client)
    assert send_sign_in(as_it_was(before), account.nik, "payung teduh sore").url == "/masuk"
    assert send_sign_in(before, account.nik).url == "/masuk", "one other password closes the way"


def test_the_same_form_leads_nobody_in_from_another_browser(client: PageClient) -> None:
    before, account = lost_at_masuk(client)
    thief = client.another().get("/masuk")
    thief.document = before.document
    assert send_sign_in(thief, account.nik).url == "/masuk"


@pytest.mark.parametrize("ending", [sign_out, *ENDINGS])
def test_masuk_leads_nowhere_after_an_end(
    client: PageClient, ending: Callable[[object], object]
) -> None:
    before, account = lost_at_masuk(client)
    ending(client if ending is sign_out else session.get_one(Account, account.id))
    assert send_sign_in(before, account.nik).url == "/masuk"


def test_masuk_leads_nowhere_after_the_pin(client: PageClient) -> None:
    account = somebody()
    with_pin(client, account)
    sign_out(client).get("/masuk")
    before = as_it_was(client)
    send_sign_in(client, account.nik, PASSWORD).get("/profil/data")
    give_pin(client)
    assert send_sign_in(before, account.nik).url == "/masuk"
