"""Login dengan Biometrik with a software authenticator, in the words of the pages."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update
from werkzeug.test import TestResponse

from jkn.database import session, transaction
from jkn.models import Account, Consent, ConsentPurpose, Passkey
from jkn.services.basics import clock
from tests.support.clients.forms import Submission, fill
from tests.support.clients.markup import Element, text_of
from tests.support.clients.page_client import PageClient
from tests.support.clients.software_authenticator import Authenticator
from tests.support.steps.sign_in_steps import sign_in
from tests.support.world.factories import PASSWORD

LIST = "/profil/biometrik"
BEGIN, CREATE = f"{LIST}/nyalakan", f"{LIST}/daftarkan"
AGREE = "Saya setuju dengan syarat & ketentuan ini"
MAKE, USE = "Daftarkan HP ini", "Sidik jari atau wajah"
SWITCH = "Login dengan Biometrik"
REMOVE = "Hapus perangkat"
SIGN_OUT_THERE = "Keluarkan juga HP lain yang masuk dengan sidik jari ini"
ON, OFF = ("true", "ON · menyala di HP ini"), ("false", "Mati")
UNREADABLE = "Jawaban HP ini tidak terbaca. Coba lagi, atau pakai cara lain"
TOO_LATE = "Waktunya habis. Tekan tombolnya sekali lagi"
REFUSED = "Belum berhasil. Coba lagi, atau pakai cara lain"
NO_MATCH = "Belum ada akun dengan sidik jari HP ini. Pakai cara lain"
Answer = Callable[[dict[str, Any]], str]


def agree(client: PageClient, password: str = PASSWORD, *, agrees: bool = True) -> PageClient:
    """The first step: the terms and the account's password."""
    client.get(BEGIN)
    return client.submit("Lanjut", {AGREE: agrees, "Kata sandi akun": password})


def use_phone(client: PageClient, button: str, answer: Answer) -> PageClient:
    """Tap the button; the script asks the server, the phone answers, the form is sent."""
    asked = options_for(client, button)
    assert asked.status_code == 200, asked.get_data(as_text=True)
    assert asked.json is not None
    return send(client, button, answer(asked.json))


def options_for(client: PageClient, button: str) -> TestResponse:
    """Ask for the options, as the script does when the button is tapped."""
    submission = fill(client.document, button, {})
    element = _element_around(client, submission.form)
    return client.ask(element.get("data-options", ""), dict(submission.fields))


def send(client: PageClient, button: str, credential: str) -> PageClient:
    """Send the form with what a phone answered, or with anything else."""
    submission = fill(client.document, button, {})
    return client.send(with_credential(submission, credential))


def with_credential(submission: Submission, credential: str) -> Submission:
    """Fill the hidden field, as the script does."""
    submission.fields = [
        (name, credential if name == "credential" else value) for name, value in submission.fields
    ]
    return submission


def enrol(client: PageClient, phone: Authenticator) -> PageClient:
    """Both steps, for somebody who is signed in; afterwards the fingerprint is on."""
    agree(client)
    assert client.url == CREATE, client.text
    use_phone(client, MAKE, phone.create)
    assert client.url == "/profil", client.text
    return client


def enrolled(client: PageClient, account: Account, phone: Authenticator) -> PageClient:
    """Sign in, and switch the fingerprint on here."""
    return enrol(sign_in(client, account), phone)


def sign_in_by_passkey(client: PageClient, phone: Authenticator) -> PageClient:
    """Masuk, with nothing typed."""
    return use_phone(client.get("/masuk"), USE, phone.get)


def turn_off(client: PageClient) -> PageClient:
    """Profil → the switch."""
    return client.get("/profil").submit(SWITCH)


def remove(client: PageClient, name: str, *, and_sign_out: bool = False) -> PageClient:
    """The list → Hapus, with its question. `and_sign_out`: tick what the page offers."""
    client.follow(f"Hapus {name}")
    if client.status != 200 or not client.shows(REMOVE):
        return client
    return client.submit(REMOVE, {SIGN_OUT_THERE: True} if and_sign_out else {})


def switch(client: PageClient) -> tuple[str | None, str]:
    """Whether the switch on the open page of Profil is on, and what its row says."""
    button = client.document.by_id("passkey-switch")
    assert button is not None
    words = [it for it in button.iter("span") if "data-label" in it.attrib]
    return button.get("aria-checked"), text_of(words[0])


def said(client: PageClient) -> str:
    """The words at the button of the fingerprint."""
    (around,) = (it for it in client.document.elements("passkey-form") if it.get("id") == "passkey")
    return next(
        text_of(it).removeprefix("Kesalahan: ")
        for it in around.iter("p")
        if it.get("class") == "error"
    )


def listed(client: PageClient) -> list[str]:
    """The phones of the list, as they read."""
    client.get(LIST)
    return [text_of(it) for it in client.document.elements("li") if it.get("class") == "device"]


def keys_of(account: Account) -> list[Passkey]:
    """The passkeys of the account, oldest first."""
    session.rollback()
    mine = select(Passkey).where(Passkey.account_id == account.id)
    return list(session.scalars(mine.order_by(Passkey.id)))


def consents() -> list[Consent]:
    """All consents to Login dengan Biometrik."""
    session.rollback()
    about = select(Consent).where(Consent.purpose == ConsentPurpose.BIOMETRICS)
    return list(session.scalars(about))


def limit(account: Account) -> None:
    """Put the account into limited mode, as if answers alone had just set the password."""
    with transaction():
        until = clock.now() + timedelta(hours=24)
        of_account = update(Account).where(Account.id == account.id)
        session.execute(of_account.values(limited_until=until))


def _element_around(client: PageClient, form: Element) -> Element:
    return next(it for it in client.document.elements("passkey-form") if form in list(it.iter()))
