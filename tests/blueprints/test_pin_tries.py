"""Wrong PINs are counted, whatever happens between them, and ten close the PIN (R42, R43)."""

from tests.support.clients.page_client import PageClient
from tests.support.steps.pin_steps import (
    CHANGE,
    CHOOSE,
    CREATE,
    OTHER_PIN,
    ask_for_pin_code,
    hash_of,
    look,
    pin_code,
    prove_for_pin,
    set_pin,
    with_pin,
)
from tests.support.steps.recovery_steps import CODE
from tests.support.steps.sign_in_steps import sign_in, try_to_sign_in
from tests.support.world.clock import Clock
from tests.support.world.factories import make_account

WRONG = "PIN tidak cocok. Anda bisa mencoba {} kali lagi"


def verify(client: PageClient, pin: str) -> PageClient:
    """Ubah PIN → PIN saat ini → Verifikasi."""
    return client.get(CHANGE).submit("Verifikasi", {"PIN saat ini": pin})


def test_a_wrong_pin_changes_nothing_and_is_counted(client: PageClient) -> None:
    with_pin(client, make_account())
    assert verify(client, OTHER_PIN).errors == {"pin": WRONG.format(9)}
    assert verify(client, "12").errors == {"pin": "PIN harus 6 angka"}
    assert verify(client, "").errors == {"pin": "Masukkan PIN"}
    assert verify(client, OTHER_PIN).errors == {"pin": WRONG.format(8)}
    assert client.get(CHOOSE).url == CHANGE, "no step is passed over"


def test_ten_wrong_pins_in_all_leave_only_lupa_pin(client: PageClient, clock: Clock) -> None:
    account = make_account()
    with_pin(client, account)
    for left in range(9, 0, -1):
        # In whatever session, on whatever page, days apart.
        browser = client if left % 2 else sign_in(client.another(), account)
        wrong = verify(browser, OTHER_PIN) if left % 3 else look(browser, OTHER_PIN)
        assert wrong.errors == {"pin": WRONG.format(left)}
        clock.advance(days=2)
        try_to_sign_in(client, account.nik)
    verify(client, OTHER_PIN)
    assert (client.url, client.heading) == (CREATE, "Lupa PIN")
    assert "PIN Anda diblokir" in client.text
    assert hash_of(account) == ""
    clock.advance(days=400)
    sign_in(client, account)
    assert client.get(CHANGE).url == CREATE, "no waiting opens it, and no right one"
    assert client.get("/profil").follow("Lihat").url == CREATE
    assert "PIN Anda diblokir" in client.get("/notifikasi").text
    set_pin(prove_for_pin(client), OTHER_PIN)
    assert look(sign_in(client.another(), account), OTHER_PIN).url == "/profil/data"


def test_a_right_pin_resets_the_failure_counter(client: PageClient) -> None:
    account = make_account()
    with_pin(client, account)
    for _ in range(9):
        verify(client, OTHER_PIN)
    assert look(client).url == "/profil/data"
    assert verify(client, OTHER_PIN).errors == {"pin": WRONG.format(9)}


def test_wrong_codes_for_a_new_pin_are_no_wrong_pins(client: PageClient) -> None:
    account = make_account()
    with_pin(client, account)
    for _ in range(9):
        verify(client, OTHER_PIN)
    ask_for_pin_code(client)
    wrong = "000000" if pin_code() != "000000" else "111111"
    assert "Terlalu sering" not in client.submit("Lanjut", {CODE: wrong}).text
    assert look(client).url == "/profil/data", "the tenth PIN is looked at, and right"
