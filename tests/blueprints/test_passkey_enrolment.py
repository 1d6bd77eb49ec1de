"""Switching Login dengan Biometrik on: terms, the account's password, the phone's own key."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from jkn.database import session
from jkn.models import Account, ConsentPurpose, Passkey, PasskeyCeremony, PasskeyEnrolment
from jkn.services.basics import clock as time_now
from jkn.services.basics import terms
from tests.support.clients.forms import fill
from tests.support.clients.page_client import PageClient
from tests.support.clients.software_authenticator import USER_PRESENT, Authenticator, as_bytes
from tests.support.rules.canaries import CANARIES
from tests.support.steps.passkey_steps import (
    AGREE,
    BEGIN,
    CREATE,
    LIST,
    MAKE,
    OFF,
    ON,
    REFUSED,
    SWITCH,
    TOO_LATE,
    UNREADABLE,
    agree,
    consents,
    enrolled,
    keys_of,
    options_for,
    said,
    send,
    sign_in_by_passkey,
    switch,
    use_phone,
)
from tests.support.steps.sign_in_steps import LOCKED_OUT, sign_in, signed_out_on, try_to_sign_in
from tests.support.world.clock import Clock
from tests.support.world.factories import PASSWORD, make_account, make_passkey

PASSWORD_FIELD = "Kata sandi akun"


@pytest.fixture
def phone() -> Authenticator:
    return Authenticator()


def is_begun() -> bool:
    session.rollback()
    return session.scalars(select(PasskeyEnrolment)).first() is not None


@pytest.mark.both_databases
def test_the_switch_leads_through_terms_and_password_to_on(
    client: PageClient, account: Account, phone: Authenticator, clock: Clock
) -> None:
    sign_in(client, account).get("/profil")
    assert switch(client) == OFF
    assert "perangkat bisa masuk" not in client.text
    client.submit(SWITCH)
    assert client.url == BEGIN
    shown = terms.current(ConsentPurpose.BIOMETRICS)
    assert "Sidik jari dan wajah Anda tetap di HP" in client.text
    client.submit("Lanjut", {AGREE: True, PASSWORD_FIELD: PASSWORD})
    assert client.url == CREATE
    agreed_at = time_now.now()
    clock.advance(minutes=2)
    thief = client.another(with_cookies=True)
    assert (keys_of(account), consents()) == ([], []), "not before the phone made its key"
    use_phone(client, MAKE, phone.create)
    assert client.url == "/profil"
    assert "Login dengan Biometrik sudah menyala" in client.text
    assert switch(client) == ON
    assert "1 perangkat bisa masuk" in client.text
    (consent,) = consents()
    assert (consent.account_id, consent.given_at) == (account.id, agreed_at)
    assert (consent.version, consent.text_hash) == (shown.version, shown.text_hash)
    assert thief.get("/beranda").url == "/masuk", "a copy of the cookie from before is dead"
    assert client.get(BEGIN).url == LIST, "there is nothing left to switch on"


def test_what_is_missing_is_said_and_nothing_begins(client: PageClient, account: Account) -> None:
    sign_in(client, account)
    agree(client, "", agrees=False)
    assert client.status == 422
    assert client.error(AGREE) == "Kesalahan: Centang Saya setuju untuk melanjutkan"
    assert client.error(PASSWORD_FIELD) == "Kesalahan: Masukkan kata sandi"
    agree(client, agrees=False)
    assert (client.error(AGREE) != "", client.error(PASSWORD_FIELD)) == (True, "")
    agree(client, "bukan ini")
    assert client.error(AGREE) == ""
    assert client.error(PASSWORD_FIELD) == "Kesalahan: Kata sandi tidak cocok. Coba lagi"
    assert not is_begun()
    client.get(BEGIN)
    ticks = [it for it in client.document.elements("input") if it.get("name") == "agreed"]
    assert ["checked" in it.attrib for it in ticks] == [False], "never ticked ahead"


def test_wrong_passwords_count_with_those_of_masuk(
    as_browser: PageClient, account: Account
) -> None:
    sign_in(as_browser, account)
    for _ in range(5):
        agree(as_browser, "bukan ini")
    agree(as_browser)
    assert as_browser.status == 429
    assert as_browser.next_steps == LOCKED_OUT
    assert "Terlalu sering salah. Coba lagi pukul" in as_browser.errors["password"]
    assert try_to_sign_in(signed_out_on(as_browser), account.nik).status == 429
    assert not is_begun()


def test_terms_that_were_replaced_meanwhile_are_read_again(
    client: PageClient, account: Account
) -> None:
    sign_in(client, account).get(BEGIN)
    submission = fill(client.document, "Lanjut", {AGREE: True, PASSWORD_FIELD: PASSWORD})
    submission.fields = [
        (name, "2025-01-01" if name == "version" else value) for name, value in submission.fields
    ]
    client.send(submission)
    assert client.url == BEGIN
    assert "Syaratnya baru saja diganti" in client.text
    assert not is_begun()
    assert agree(client).url == CREATE


def test_what_is_not_genuine_makes_no_key(
    client: PageClient, account: Account, phone: Authenticator
) -> None:
    agree(sign_in(client, account))
    lies = [
        (400, UNREADABLE, ""),
        (400, UNREADABLE, "{}"),
        (400, UNREADABLE, phone.create(asked(client), origin="https://jkn.contoh")),
        (400, UNREADABLE, phone.create(asked(client), crossOrigin=True)),
        (422, REFUSED, phone.create(asked(client), flags=USER_PRESENT)),
        (422, REFUSED, phone.create(asked(client), rp_id="jkn.contoh")),
        (422, TOO_LATE, phone.create(asked(client.another(with_cookies=True)), challenge="AAAA")),
    ]
    for status, words, lie in lies:
        send(client, MAKE, lie)
        assert (client.url, client.status, said(client)) == (CREATE, status, words)
        assert "Kesalahan: " in client.title or client.with_htmx
    assert (keys_of(account), consents()) == ([], [])
    assert use_phone(client, MAKE, phone.create).url == "/profil"


def asked(client: PageClient) -> dict[str, object]:
    """A fresh challenge, on the page of the second step."""
    if client.url != CREATE:
        client.get(CREATE)
    return dict(options_for(client, MAKE).json or {})


def test_a_key_that_somebody_has_already_is_not_taken_up(
    as_browser: PageClient, account: Account, phone: Authenticator
) -> None:
    foreign = make_passkey(make_account())
    agree(sign_in(as_browser, account))
    use_phone(as_browser, MAKE, lambda it: phone.create(it, credential_id=foreign.credential_id))
    assert as_browser.url == BEGIN
    assert "HP ini sudah terdaftar" in as_browser.text
    assert (keys_of(account), consents()) == ([], [])


def test_the_phone_is_told_no_number_and_is_asked_anew_each_time(
    as_browser: PageClient, account: Account, phone: Authenticator
) -> None:
    make_passkey(account)
    agree(sign_in(as_browser, account))
    one, other = (options_for(as_browser, MAKE) for _ in range(2))
    assert one.mimetype == "application/json"
    assert one.headers["Cache-Control"] == "no-store"
    told = one.json or {}
    assert told["challenge"] != (other.json or {})["challenge"]
    assert len(as_bytes(told["challenge"])) == 32
    assert len(as_bytes(told["user"]["id"])) == 64
    assert told["user"]["name"] == told["user"]["displayName"] == account.name
    assert told["rp"]["id"] == "localhost"
    assert told["authenticatorSelection"]["userVerification"] == "required"
    assert told["authenticatorSelection"]["residentKey"] == "required"
    (known,) = told["excludeCredentials"]
    assert as_bytes(known["id"]) == keys_of(account)[0].credential_id
    assert CANARIES.found_in(one.text, "nik", "phone", "email", "card_number") == []
    use_phone(as_browser, MAKE, phone.create)
    assert CANARIES.found_in(str(as_browser.cookies.values), "nik", "phone", "email") == []


def test_without_a_token_nobody_is_asked(as_browser: PageClient, account: Account) -> None:
    agree(sign_in(as_browser, account))
    for fields in ({}, {"csrf_token": "made-up"}):
        assert as_browser.ask(f"{CREATE}/tantangan", fields).status_code == 400
    session.rollback()
    assert session.scalars(select(PasskeyCeremony)).all() == []


def test_every_kind_of_key_signs_in(as_browser: PageClient) -> None:
    for phone in (Authenticator(makes_rsa=True), Authenticator(counts=False, travels=True)):
        account = make_account()
        client = enrolled(as_browser.another(), account, phone)
        assert sign_in_by_passkey(client.another(), phone).url == "/beranda"
        (key,) = keys_of(account)
        assert key.is_backup_eligible is key.is_backed_up is phone.travels
        assert isinstance(key, Passkey)
        assert time_now.now() - key.created_at < timedelta(minutes=1)
