"""The steps of Buat PIN, Ubah PIN and Lihat, in the words of the pages."""

import re

from sqlalchemy import select

from jkn.database import session
from jkn.models import Account
from tests.support.clients.page_client import PageClient
from tests.support.rules.canaries import CANARIES
from tests.support.steps.recovery_steps import CODE, messages
from tests.support.steps.sign_in_steps import sign_in
from tests.support.world.factories import PASSWORD

PIN, OTHER_PIN = "482915", "730264"
CHANGE, CREATE, TYPE_CODE = "/profil/pin", "/profil/pin/buat", "/profil/pin/kode"
CHOOSE, UNLOCK, DETAILS = "/profil/pin/baru", "/profil/pin/buka", "/profil/data"


def hash_of(account: Account) -> str | None:
    """The hash of the account's PIN."""
    session.rollback()
    return session.scalar(select(Account.pin_hash).where(Account.id == account.id))


def pin_code() -> str:
    """The digits in the newest code for a PIN."""
    found = re.search(r"\b[0-9]{6}\b", messages("code:pin")[-1][1].text)
    assert found is not None
    CANARIES.add("code", found.group())
    return found.group()


def ask_for_pin_code(client: PageClient, password: str = PASSWORD) -> PageClient:
    """Buat PIN or Lupa PIN → the account's password."""
    client.get(CREATE)
    return client.submit("Kirim kode", {"Kata sandi akun": password})


def prove_for_pin(client: PageClient) -> PageClient:
    """As far as the new PIN, by password and code."""
    ask_for_pin_code(client).submit("Lanjut", {CODE: pin_code()})
    assert client.url == CHOOSE, client.text
    return client


def set_pin(client: PageClient, pin: str = PIN, again: str | None = None) -> PageClient:
    """The last step."""
    values = {"PIN baru": pin, "Ulangi PIN baru": pin if again is None else again}
    return client.submit("Simpan PIN", values)


def with_pin(client: PageClient, account: Account, pin: str = PIN) -> PageClient:
    """Sign in, with a PIN that was chosen a moment ago in another browser."""
    set_pin(prove_for_pin(sign_in(client.another(), account)), pin)
    return sign_in(client, account)


def give_pin(client: PageClient, pin: str = PIN) -> PageClient:
    """Answer the page that asks for the PIN."""
    return client.submit("Buka", {"PIN": pin})


def look(client: PageClient, pin: str = PIN) -> PageClient:
    """Profil → Lihat → the PIN."""
    client.get("/profil").follow("Lihat")
    return give_pin(client, pin)
