"""Masuk by fingerprint: nothing typed, nothing told, and no way in without the key (R32-R39)."""

import pytest
from sqlalchemy import select, update

from jkn.database import session, transaction
from jkn.models import Account, FailureCounter, PasskeyCeremony, SignInSession
from tests.support.clients.forms import fill
from tests.support.clients.page_client import PageClient
from tests.support.clients.software_authenticator import Authenticator
from tests.support.rules.canaries import CANARIES
from tests.support.steps.passkey_steps import (
    LIST,
    NO_MATCH,
    USE,
    enrolled,
    keys_of,
    limit,
    listed,
    options_for,
    said,
    sign_in_by_passkey,
    turn_off,
    use_phone,
)
from tests.support.steps.pin_steps import CREATE, TYPE_CODE, ask_for_pin_code
from tests.support.steps.recovery_steps import (
    prove_by_code,
    set_password,
    sign_in_known,
)
from tests.support.steps.sign_in_steps import send_sign_in, sign_in, sign_out, try_to_sign_in
from tests.support.world.clock import Clock
from tests.support.world.factories import make_account, make_passkey
from tests.support.world.queries import QueryCounter

OPTIONS = "/masuk/biometrik/tantangan"
NUMBER = "NIK atau nomor kartu"


@pytest.fixture
def phone() -> Authenticator:
    return Authenticator()


@pytest.mark.both_databases
def test_a_fingerprint_signs_in_with_nothing_typed(
    client: PageClient, account: Account, phone: Authenticator, clock: Clock
) -> None:
    sign_out(enrolled(client, account, phone))
    clock.advance(minutes=3)
    sign_in_by_passkey(client, phone)
    assert client.url == "/beranda"
    assert account.name in client.text
    (shown,) = listed(client)
    assert "HP ini" in shown
    assert "Terakhir dipakai: Hari ini 09.33 WIB" in shown


@pytest.mark.parametrize("address", ["/", "/masuk"])
def test_the_page_of_a_phone_where_it_is_on_shows_it_first(
    client: PageClient, account: Account, phone: Authenticator, address: str
) -> None:
    assert client.get("/").document.by_id("passkey-button") is None
    sign_out(enrolled(client, account, phone))
    client.cookies.values.pop("jkn")
    client.get(address)
    assert client.response is not None
    assert "<style" in client.html, "the longest answer: the style sheet stands in it"
    next_way = 'href="/masuk">Masuk<' if address == "/" else ">MASUK<"
    assert client.html.index('id="passkey-button"') < client.html.index(next_way)
    use_phone(client, USE, phone.get)
    assert client.url == "/beranda"
    assert client.another().get("/").document.by_id("passkey-button") is None


def test_a_refused_fingerprint_is_told_on_the_first_page(
    client: PageClient, account: Account, phone: Authenticator
) -> None:
    sign_out(enrolled(client, account, phone))
    client.get("/")
    with transaction():
        session.delete(keys_of(account)[0])
    use_phone(client, USE, phone.get)
    assert (client.status, said(client)) == (422, NO_MATCH)


def test_it_leads_to_where_the_person_was_going(
    client: PageClient, account: Account, phone: Authenticator
) -> None:
    sign_out(enrolled(client, account, phone))
    client.get("/profil/perangkat")
    assert client.url == "/masuk"
    assert use_phone(client, USE, phone.get).url == "/profil/perangkat"


def test_masuk_puts_the_fingerprint_first_where_it_is_used(
    as_browser: PageClient, account: Account, phone: Authenticator
) -> None:
    as_browser.get("/masuk")
    number = as_browser.document.by_id("number")
    assert number is not None
    assert number.get("autocomplete") == "username webauthn"
    assert hides_button(as_browser), "the script shows it where it works"
    sign_out(enrolled(as_browser, account, phone)).get("/masuk")
    assert not hides_button(as_browser)
    assert as_browser.html.index(USE) < as_browser.html.index(NUMBER)
    del as_browser.cookies.values["hp"]
    assert hides_button(as_browser.get("/masuk"))
    assert use_phone(as_browser, USE, phone.get).url == "/beranda", "another browser of the phone"
    assert "HP ini" in listed(as_browser)[0]
    assert len(keys_of(account)) == 1


def hides_button(client: PageClient) -> bool:
    return "hidden" in fill(client.document, USE, {}).form.attrib


def test_a_closed_password_does_not_close_the_fingerprint(
    as_browser: PageClient, account: Account, phone: Authenticator
) -> None:
    sign_out(enrolled(as_browser, account, phone))
    try_to_sign_in(as_browser, account.nik, "bukan ini")
    with transaction():
        session.execute(update(FailureCounter).values(failures=100))
    assert try_to_sign_in(as_browser, account.nik).status == 429
    assert sign_in_by_passkey(as_browser, phone).url == "/beranda"
    sign_out(as_browser)
    assert try_to_sign_in(as_browser, account.nik).status == 429, "it is not opened by that"


def test_what_is_limited_stays_limited(
    as_browser: PageClient, account: Account, phone: Authenticator
) -> None:
    sign_out(enrolled(as_browser, account, phone))
    limit(account)
    assert sign_in_by_passkey(as_browser, phone).url == "/beranda"
    assert as_browser.get("/profil/kata-sandi").url == "/akses-terbatas"


def sign_in_over(client: PageClient, phone: Authenticator) -> None:
    """Sign in by passkey where somebody is signed in, as from a tab that was opened before."""
    client.get("/keluar")
    token = dict(fill(client.document, "Setuju", {}).fields)["csrf_token"]
    made = phone.get(client.ask(OPTIONS, {"csrf_token": token}).json or {})
    submission = fill(client.document, "Setuju", {})
    submission.action = "/masuk/biometrik"
    submission.fields = [("csrf_token", token), ("credential", made)]
    client.send(submission)
    assert client.url == "/beranda"


def test_signing_in_as_somebody_else_ends_who_was_here(
    as_browser: PageClient, account: Account, phone: Authenticator
) -> None:
    sign_out(enrolled(as_browser, account, phone))
    guest = make_account()
    copy = sign_in(as_browser, guest).another(with_cookies=True)
    sign_in_over(as_browser, phone)
    assert account.name in as_browser.text
    assert copy.get("/beranda").url == "/masuk"
    session.rollback()
    of_guest = select(SignInSession.ended_at).where(SignInSession.account_id == guest.id)
    assert session.scalars(of_guest).one() is not None


def test_who_signs_in_over_somebody_is_told_nothing_of_what_they_had_begun(
    as_browser: PageClient, account: Account, phone: Authenticator
) -> None:
    sign_out(enrolled(as_browser, account, phone))
    ask_for_pin_code(sign_in(as_browser, make_account()))
    sign_in_over(as_browser, phone)
    assert as_browser.get(TYPE_CODE).url == CREATE
    assert "Waktunya sudah habis" not in as_browser.text


def test_two_people_on_one_phone_each_have_their_own(
    client: PageClient, account: Account, phone: Authenticator
) -> None:
    budi = make_account()
    for person in (account, budi):
        client.get("/masuk?nomor=lain")
        sign_out(enrolled(client, person, phone))
    for person, key in zip((account, budi), phone.credentials, strict=True):
        client.get("/masuk")
        use_phone(client, USE, lambda it, key=key: phone.get(it, credential=key))
        assert person.name in client.text
        (shown,) = listed(client)
        assert "HP ini" in shown
        sign_out(client)
    turn_off(send_sign_in(client.get("/masuk"), budi.nik))
    sign_out(client).get("/masuk")
    assert not hides_button(client), "it is still used by one of them"
    use_phone(client, USE, lambda it: phone.get(it, credential=phone.credentials[1]))
    assert said(client) == NO_MATCH
    use_phone(client, USE, lambda it: phone.get(it, credential=phone.credentials[0]))
    assert account.name in client.text


def test_after_a_recovery_the_phones_are_looked_through(
    client: PageClient, account: Account, phone: Authenticator
) -> None:
    other = client.another()
    sign_out(enrolled(other, account, phone))
    set_password(prove_by_code(client, account))
    assert client.url == "/masuk"
    sign_in_known(client)
    assert client.url == LIST
    assert client.get("/masuk").url == "/beranda", "once"
    assert sign_in_by_passkey(other, phone).url == "/beranda", "the keys stay, in other browsers"


def test_after_a_recovery_without_phones_there_is_nothing_to_look_through(
    as_browser: PageClient, account: Account
) -> None:
    set_password(prove_by_code(as_browser, account))
    assert sign_in_known(as_browser).url == "/beranda"


def test_somebody_else_is_not_led_to_their_phones_after_a_recovery(
    as_browser: PageClient, account: Account
) -> None:
    make_passkey(account)
    set_password(prove_by_code(as_browser, account))
    assert try_to_sign_in(as_browser, make_account().nik).url == "/beranda"


def test_the_options_are_for_scripts_and_name_nobody(
    as_browser: PageClient, account: Account, phone: Authenticator
) -> None:
    sign_out(enrolled(as_browser, account, phone)).get("/masuk")
    answer = options_for(as_browser, USE)
    assert answer.mimetype == "application/json"
    assert answer.headers["Cache-Control"] == "no-store"
    told = answer.json or {}
    assert not told.get("allowCredentials"), "nobody learns who is here"
    assert told["userVerification"] == "required"
    assert CANARIES.found_in(answer.text) == []
    for fields in ({}, {"csrf_token": "made-up"}):
        assert as_browser.ask(OPTIONS, fields).status_code == 400
    session.rollback()
    assert len(session.scalars(select(PasskeyCeremony)).all()) == 1
    use_phone(as_browser, USE, phone.get)
    assert CANARIES.found_in(str(as_browser.cookies.values), "nik", "phone", "email") == []


def test_ten_phones_cost_no_more_statements_than_one(
    as_browser: PageClient, account: Account, phone: Authenticator, queries: QueryCounter
) -> None:
    sign_out(enrolled(as_browser, account, phone))
    counts = []
    for more in (0, 9):
        for _ in range(more):
            make_passkey(account)
        as_browser.get("/masuk")
        with queries.counted() as masuk:
            as_browser.get("/masuk")
        made = phone.get(options_for(as_browser, USE).json or {})
        submission = fill(as_browser.document, USE, {})
        submission.fields = [
            (name, made if name == "credential" else value) for name, value in submission.fields
        ]
        with queries.counted() as signing_in:
            as_browser.send(submission)
        assert as_browser.url == "/beranda"
        with queries.counted() as listing:
            as_browser.get(LIST)
        with queries.counted() as profil:
            as_browser.get("/profil")
        counts.append([len(it) for it in (masuk, signing_in, listing, profil)])
        sign_out(as_browser)
    assert counts[0] == counts[1]
