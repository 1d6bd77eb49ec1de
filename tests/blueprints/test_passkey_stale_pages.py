"""Pages of Login dengan Biometrik that were opened long before their button is tapped."""

from jkn.models import Account
from tests.support.clients.page_client import PageClient
from tests.support.steps.passkey_steps import (
    LIST,
    keys_of,
    remove,
)
from tests.support.steps.sign_in_steps import sign_in
from tests.support.world.clock import Clock
from tests.support.world.factories import PASSWORD, make_passkey

NAME = "Nama HP"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1"


def test_a_list_from_before_names_no_phone_that_came_after(
    client: PageClient, account: Account
) -> None:
    make_passkey(account, user_agent=IPHONE)
    sign_in(client, account)
    tab = client.another(with_cookies=True).get(LIST)
    remove(client.get(LIST), "Safari di iPhone")
    make_passkey(account)
    remove(tab, "Safari di iPhone")
    assert len(keys_of(account)) == 1


def test_a_name_sent_too_late_is_not_saved_and_the_page_says_so(
    client: PageClient, account: Account, clock: Clock
) -> None:
    key = make_passkey(account)
    sign_in(client, account).get(f"{LIST}/{key.id}/nama")
    clock.advance(minutes=21)
    client.submit("Simpan nama", {NAME: "HP kerja"})
    client.submit("Lanjut", {"Kata sandi akun": PASSWORD})
    assert client.url == f"{LIST}/{key.id}/nama"
    assert "Nama belum tersimpan" in client.text
    assert "Belum ada yang dihapus" not in client.get(LIST).text
