"""Steps that many tests take, in the words of the pages."""

from jkn.models import Account
from tests.support.factories import PASSWORD
from tests.support.page_client import PageClient

CAPTCHA = "12345"


def try_to_sign_in(
    client: PageClient, number: str, password: str = PASSWORD, captcha: str = CAPTCHA
) -> PageClient:
    """Open Masuk and send the form."""
    client.get("/masuk")
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
    """Sign in and be on Beranda."""
    try_to_sign_in(client, account.nik)
    assert client.url == "/beranda", client.text
    return client


def sign_out(client: PageClient) -> PageClient:
    """Lainnya → Keluar → Setuju."""
    client.get("/lainnya").follow("Keluar")
    return client.submit("Setuju")
