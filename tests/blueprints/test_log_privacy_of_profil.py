"""No log line holds PINs, codes, passwords or tokens of Profil and the fingerprint, nor the id or
name of a key, also when a page fails (R72)."""

from collections.abc import Iterator

import pytest
from flask import Flask

from jkn.models import Account
from tests.support.clients.page_client import PageClient
from tests.support.clients.software_authenticator import Authenticator, as_text
from tests.support.rules.canaries import CANARIES
from tests.support.rules.log_lines import RENDERERS, add_token_of_session, watched_lines
from tests.support.steps.passkey_steps import (
    LIST,
    NO_MATCH,
    REMOVE,
    UNREADABLE,
    USE,
    enrolled,
    keys_of,
    remove,
    said,
    send,
    sign_in_by_passkey,
    use_phone,
)
from tests.support.steps.pin_steps import (
    CHANGE,
    OTHER_PIN,
    PIN,
    ask_for_pin_code,
    give_pin,
    look,
    pin_code,
    prove_for_pin,
    set_pin,
)
from tests.support.steps.recovery_steps import CODE, NEW_PASSWORD
from tests.support.steps.sign_in_steps import CAPTCHA, sign_in, sign_out, try_to_sign_in
from tests.support.world.clock import Clock
from tests.support.world.connected import ConnectedDatabase
from tests.support.world.factories import PASSWORD, make_account
from tests.support.world.refused_rows import refused

WRONG = "bukan kata sandi siapa pun"


@pytest.fixture(params=RENDERERS)
def lines(request: pytest.FixtureRequest, app: Flask) -> Iterator[list[str]]:
    """Every line of the test, by both renderers; afterwards all are searched for canaries."""
    with watched_lines(request.param) as lines:
        yield lines


def add_key(phone: Authenticator) -> None:
    """Make the id of the key a canary, too, in every way in which it is written."""
    for made in phone.credentials:
        for value in (made.id, made.user_handle):
            CANARIES.add("key", as_text(value))
            CANARIES.add("key", value.hex())


def name_phone(client: PageClient, account: Account, name: str) -> PageClient:
    """Profil → the list → Ubah nama."""
    CANARIES.add("phone name", name)
    client.get(f"{LIST}/{keys_of(account)[-1].id}/nama")
    return client.submit("Simpan nama", {"Nama HP": name})


def test_profil_from_the_first_pin_to_a_new_password(
    lines: list[str], client: PageClient, clock: Clock
) -> None:
    account = make_account()
    sign_in(client, account)
    add_token_of_session(client)
    ask_for_pin_code(client, WRONG)
    ask_for_pin_code(client)
    add_token_of_session(client)
    client.submit("Lanjut", {CODE: "000000"})
    client.submit("Lanjut", {CODE: pin_code()})
    set_pin(client, PIN, OTHER_PIN)
    set_pin(client)
    add_token_of_session(client)
    assert client.url == "/profil"
    clock.advance(minutes=11)
    look(client, OTHER_PIN)
    assert "PIN tidak cocok" in client.text
    give_pin(client)
    assert client.url == "/profil/data"
    add_token_of_session(client)
    clock.advance(minutes=11)
    client.get(CHANGE).submit("Lanjut", {"Kata sandi akun": PASSWORD})
    assert client.url == CHANGE
    add_token_of_session(client)
    for old in (WRONG, PASSWORD):
        client.get("/profil/kata-sandi").submit(
            "Simpan",
            {
                "Kata sandi lama": old,
                "Kata sandi baru": NEW_PASSWORD,
                "Ulangi kata sandi baru": NEW_PASSWORD,
                "Ketik angka di gambar": CAPTCHA,
            },
        )
    assert client.url == "/masuk"
    assert try_to_sign_in(client, account.nik, NEW_PASSWORD).url == "/beranda"
    for endpoint in ("pin.code", "pin.new", "pin.unlock", "password_change.index"):
        assert any(endpoint in it for it in lines), endpoint
    assert set(CANARIES.values("password")) >= {PIN, OTHER_PIN, PASSWORD, NEW_PASSWORD, WRONG}
    assert len(CANARIES.values("code")) == 2


def test_the_fingerprint_from_the_first_to_the_last(
    lines: list[str], client: PageClient, clock: Clock
) -> None:
    account, phone = make_account(), Authenticator()
    enrolled(client, account, phone)
    add_key(phone)
    add_token_of_session(client)
    name_phone(client, account, "HP Wulan di dapur")
    name_phone(client, account, "x" * 41)
    assert client.status == 422
    sign_out(client)
    stranger = Authenticator()
    stranger.create({"user": {"id": "AAAA"}, "rp": {"id": "localhost"}, "challenge": ""})
    add_key(stranger)
    sign_in_by_passkey(client, stranger)
    assert said(client) == NO_MATCH
    send(client, USE, '{"id": "' + as_text(phone.credentials[0].id) + '"')
    assert said(client) == UNREADABLE
    sign_in_by_passkey(client, phone)
    assert client.url == "/beranda"
    add_token_of_session(client)
    client.get(LIST).follow("Hapus HP Wulan di dapur")
    clock.advance(minutes=21)
    client.submit(REMOVE)
    use_phone(client, USE, phone.get)
    add_token_of_session(client)
    remove(client.get(LIST), "HP Wulan di dapur")
    assert keys_of(account) == []
    sign_in_by_passkey(sign_out(client), phone)
    assert said(client) == NO_MATCH
    for endpoint in ("passkeys.create", "passkeys.name", "passkeys.remove", "sign_in.passkey"):
        assert any(endpoint in it for it in lines), endpoint
    assert all(CANARIES.values(it) for it in ("key", "phone name", "cookie", "password"))


@pytest.mark.parametrize("table", ["accounts", "passkeys"])
def test_pages_of_profil_that_fail_in_the_database(
    lines: list[str], client: PageClient, database: ConnectedDatabase, table: str
) -> None:
    """PostgreSQL repeats the whole row in its error."""
    account, phone = make_account(), Authenticator()
    prove_for_pin(enrolled(client, account, phone))
    add_key(phone)
    add_token_of_session(client)
    # PostgreSQL shortens long values, so a part of the hash is a canary, too.
    CANARIES.add("salt", account.password_hash.split("$")[4])
    CANARIES.add("birth date", account.birth_date.isoformat())
    with refused(database, table, "UPDATE"):
        if table == "accounts":
            set_pin(client)
        else:
            name_phone(client, account, "HP Wulan di dapur")
        assert client.status == 500
    assert sum("request_failed" in it for it in lines) == 1
    assert "Traceback" in "".join(lines)
    assert "IntegrityError" in "".join(lines), "the cause stays known"
    assert "DETAIL" not in "".join(lines)
