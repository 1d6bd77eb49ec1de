"""Steps that many tests take, in the words of the pages."""

from jkn.models import Account
from jkn.services.access import sign_in as entry
from jkn.services.credentials import known_devices, password_verification
from jkn.services.sessions.sessions import SignedIn
from jkn.web import browser_session, visitor
from tests.support.clients.page_client import PageClient
from tests.support.world.factories import PASSWORD

CAPTCHA = "12345"
# What a message offers to somebody whose password is made to wait or closed, wherever it was typed.
LOCKED_OUT = ["Buat kata sandi baru", "Kenapa harus menunggu?"]


def try_to_sign_in(
    client: PageClient, number: str, password: str = PASSWORD, captcha: str = CAPTCHA
) -> PageClient:
    """Open Masuk, where a number is typed whomever this browser knows, and send the form."""
    client.get("/masuk?nomor=lain")
    return send_sign_in(client, number, password, captcha)


def send_sign_in(
    client: PageClient, number: str, password: str = PASSWORD, captcha: str = CAPTCHA
) -> PageClient:
    """Send the form that is open already."""
    return client.submit(
        "MASUK",
        {
            "NIK atau nomor kartu": number,
            "Kata sandi": password,
            "Ketik angka di gambar": captcha,
        },
    )


def sign_in(client: PageClient, account: Account) -> PageClient:
    """Sign in and open Beranda by calling what Masuk calls once the password was right. The pages
    of Masuk cost more than most tests; test_sign_in_by_rules holds that both ways do the same."""
    with client.request_context("/masuk"):
        here = visitor.client()
        is_known = known_devices.is_known(here.device_token, account.id)
        person = password_verification.Person(
            account.nik, account.id, account.password_hash, is_known
        )
        assert not password_verification.count_attempt(person, here)
        opened = entry._admit(person, PASSWORD, here)
        assert isinstance(opened, SignedIn), opened
        client.take(browser_session.begin_session(opened))
    client.get("/beranda")
    assert client.url == "/beranda", client.text
    return client


def sign_out(client: PageClient) -> PageClient:
    """Lainnya → Keluar → Setuju."""
    client.get("/lainnya").follow("Keluar")
    return client.submit("Setuju")


def remember(client: PageClient) -> PageClient:
    """Profil → Simpan Data Username, for who is signed in."""
    return client.get("/profil").submit("Simpan Data Username")


def remember_and_leave(client: PageClient, *accounts: Account) -> PageClient:
    """Each signs in on this phone, has the number saved, and signs out."""
    for account in accounts:
        client.get("/masuk?nomor=lain")
        send_sign_in(client, account.nik)
        sign_out(remember(client))
    return client


def send_saved(
    client: PageClient,
    password: str = PASSWORD,
    captcha: str = CAPTCHA,
    *,
    whom: str | None = None,
) -> PageClient:
    """Send the open page of Masuk, which shows remembered people; `whom`: one of several."""
    typed = {"Kata sandi": password, "Ketik angka di gambar": captcha}
    if whom:
        typed["Masuk sebagai"] = whom
    return client.submit("MASUK", typed)


def signed_out_on(client: PageClient) -> PageClient:
    """The same phone, by which accounts know it, where nobody is signed in."""
    phone = client.another()
    phone.cookies.values["hp"] = client.cookies.values["hp"]
    return phone
