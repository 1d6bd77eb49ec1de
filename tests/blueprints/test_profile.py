"""Profil: who I am here, masked, and the way to everything about my account."""

from jkn.web import rendering
from tests.support.clients.html_parsers import parsed_fragment
from tests.support.clients.page_client import PageClient
from tests.support.steps.sign_in_steps import sign_in
from tests.support.world.factories import make_account
from tests.support.world.masked_numbers import masked


def test_the_card_masks_every_number(client: PageClient) -> None:
    account = make_account(phone="+6281234567890", email="siti.aminah@contoh.id")
    sign_in(client, account).follow("Profil")
    assert client.url == "/profil"
    assert account.name in client.text
    assert masked(account) in client.text
    assert "0812 •••• disamarkan 7890" in client.text
    assert "s••• disamarkan @contoh.id" in client.text
    for number in (account.nik, "81234567890", "siti.aminah"):
        assert number not in client.html


def test_what_somebody_does_not_have_is_said(client: PageClient) -> None:
    sign_in(client, make_account(phone=None, email=None)).get("/profil")
    assert client.text.count("Belum ada") == 2


def test_what_is_masked_is_text_whatever_it_looks_like() -> None:
    shown = rendering.masked("<b>0812 •••• 7890")
    assert shown.startswith("<span>&lt;b&gt;0812 <span")
    assert rendering.masked(shown).startswith("<span><span>&lt;b&gt;0812 <span"), (
        "and is not escaped twice"
    )


def test_what_is_masked_is_one_piece_in_a_row_or_a_grid() -> None:
    for text in ("3276 •••• •••• 0001", "h•••@contoh.example"):
        root = parsed_fragment(rendering.masked(text), "p").root
        assert [it.tag for it in root] == ["span"]
        assert not root.text
        assert not root[0].tail
    assert rendering.masked("Belum ada") == "Belum ada"
