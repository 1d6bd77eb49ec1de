"""The first page, and the bar on top of all that need no sign-in."""

import pytest

from tests.support.clients.page_client import PageClient
from tests.support.steps.sign_in_steps import sign_in
from tests.support.world.factories import make_account


def test_help_has_one_entry_and_the_telephone_one(client: PageClient) -> None:
    client.get("/")
    links = [it.get("href") for it in client.document.elements("a")]
    assert links.count("/bantuan") == 1
    assert links.count("tel:165") == 1


@pytest.mark.parametrize("address", ["/", "/data-dihapus"])
def test_the_first_page_leads_to_masuk_from_its_top_left(client: PageClient, address: str) -> None:
    client.get(address)
    assert first_in_the_bar(client) == ("/masuk", "Masuk/Daftar")


@pytest.mark.parametrize(
    "address", ["/masuk", "/daftar", "/lupa-kata-sandi", "/bantuan", "/syarat-ketentuan", "/tidak"]
)
def test_on_pages_below_it_stands_the_brand(client: PageClient, address: str) -> None:
    client.get(address)
    assert first_in_the_bar(client) == ("/", "Mobile JKN")


def test_of_somebody_signed_in_the_brand_leads_to_beranda(client: PageClient) -> None:
    sign_in(client, make_account())
    client.get("/bantuan")
    assert first_in_the_bar(client) == ("/beranda", "Mobile JKN")


def first_in_the_bar(client: PageClient) -> tuple[str | None, str]:
    """Where it leads, and its words."""
    bar = next(it for it in client.document.elements("header"))
    link = next(iter(bar))
    return link.get("href"), client.document.name_of(link)
