"""What the owner calls a phone that may sign in."""

import pytest

from jkn.models import Account
from tests.support.clients.page_client import PageClient
from tests.support.steps.passkey_steps import LIST, keys_of
from tests.support.steps.sign_in_steps import sign_in
from tests.support.world.factories import make_passkey

NAME = "Nama HP"


def test_a_name_may_be_anything_that_is_short(as_browser: PageClient, account: Account) -> None:
    key = make_passkey(account)
    sign_in(as_browser, account)
    page = f"{LIST}/{key.id}/nama"
    for name in ("📱👩‍👩‍👧 Siti", "<b>HP</b>&amp;", "هاتف ابي", "a" * 40, "é" * 40):
        as_browser.get(page).submit("Simpan nama", {NAME: name})
        assert as_browser.url == LIST
        assert keys_of(account)[0].name == name
        assert not list(as_browser.document.elements("b")), "it is shown, and is no markup"
    for name in ("a" * 41, "📱" * 41):
        as_browser.get(page).submit("Simpan nama", {NAME: name})
        assert as_browser.status == 422
        assert as_browser.errors == {"name": "Paling banyak 40 huruf. Anda mengisi 41 huruf"}
        assert as_browser.value(NAME) == name
    assert keys_of(account)[0].name == "é" * 40


@pytest.mark.parametrize("name", ["HP \u202ekerja", "HP\u200b kerja\ufeff", "\u2066HP kerja\u2069"])
def test_marks_that_nobody_sees_are_not_kept(
    client: PageClient, account: Account, name: str
) -> None:
    key = make_passkey(account)
    sign_in(client, account).get(f"{LIST}/{key.id}/nama").submit("Simpan nama", {NAME: name})
    assert keys_of(account)[0].name == "HP kerja"
    client.get(f"{LIST}/{key.id}/nama").submit("Simpan nama", {NAME: "\u200b\u200d\u202e"})
    assert keys_of(account)[0].name is None
