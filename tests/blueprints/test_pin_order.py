"""The steps to a PIN are taken in order, and only by the owner of the journey (R49, R62)."""

from sqlalchemy import update

from jkn.database import session, transaction
from jkn.models import EventKind, PinChange
from tests.support.clients.page_client import PageClient
from tests.support.steps.activity_steps import kinds_of
from tests.support.steps.mid_journey_steps import be_limited
from tests.support.steps.pin_steps import (
    CHANGE,
    CHOOSE,
    CREATE,
    OTHER_PIN,
    PIN,
    TYPE_CODE,
    ask_for_pin_code,
    hash_of,
    pin_code,
    prove_for_pin,
    set_pin,
    with_pin,
)
from tests.support.steps.recovery_steps import CODE
from tests.support.steps.sign_in_steps import send_sign_in, sign_in, sign_out
from tests.support.world.clock import Clock
from tests.support.world.factories import PASSWORD, make_account

NOT_DONE = "Belum ada yang berubah"


def test_steps_cannot_be_passed_over(client: PageClient) -> None:
    sign_in(client, make_account())
    for step in (TYPE_CODE, CHOOSE):
        assert client.get(step).url == CREATE, "without a PIN, Ubah PIN leads on to Buat PIN"
    ask_for_pin_code(client)
    assert client.get(CHOOSE).url == TYPE_CODE


def test_the_last_step_first_is_refused_and_recorded(client: PageClient) -> None:
    account = make_account()
    prove_for_pin(sign_in(client, account))
    last = client.document
    ask_for_pin_code(client)
    client.document = last
    assert set_pin(client).url == TYPE_CODE
    assert hash_of(account) is None
    assert kinds_of(account)[-1] == EventKind.SEQUENCE_FAIL


def test_a_step_that_was_passed_may_be_sent_again(client: PageClient) -> None:
    account = make_account()
    passed = ask_for_pin_code(sign_in(client, account)).document
    client.submit("Lanjut", {CODE: pin_code()})
    client.document = passed
    client.submit("Lanjut", {CODE: "123456"})
    assert client.url == CHOOSE
    assert EventKind.SEQUENCE_FAIL not in kinds_of(account)


def test_the_journey_of_another_account_is_not_found(client: PageClient) -> None:
    owner, other = make_account(), make_account()
    prove_for_pin(sign_in(client, owner))
    with transaction():
        # As if the cookie of one signed-in person held the journey of another.
        session.execute(update(PinChange).values(account_id=other.id))
    assert set_pin(client).url == CREATE
    assert client.get(CHOOSE).url == CREATE
    assert (hash_of(owner), hash_of(other)) == (None, None)


def test_a_journey_that_took_too_long_begins_anew_and_says_so(
    client: PageClient, clock: Clock
) -> None:
    prove_for_pin(sign_in(client, make_account()))
    page = client.document
    for _ in range(3):
        clock.advance(minutes=21)
        client.get("/profil")
    client.document = page
    set_pin(client)
    client.submit("Lanjut", {"Kata sandi akun": PASSWORD})
    assert client.url == CREATE
    assert "Waktunya sudah habis" in client.text


def test_a_person_who_has_to_sign_in_again_goes_on_at_the_same_step(
    client: PageClient, clock: Clock
) -> None:
    account = make_account()
    prove_for_pin(sign_in(client, account))
    clock.advance(minutes=31)
    set_pin(client)
    assert client.url == "/masuk"
    send_sign_in(client, account.nik)
    assert client.url == CHOOSE
    assert set_pin(client).url == "/profil"


def test_keluar_ends_the_journey(client: PageClient) -> None:
    account = make_account()
    prove_for_pin(sign_in(client, account))
    sign_out(client)
    assert sign_in(client, account).get(CHOOSE).url == CREATE


def test_a_person_whose_answer_was_lost_is_told_that_it_is_done(client: PageClient) -> None:
    account = make_account()
    before = prove_for_pin(sign_in(client, account)).another(with_cookies=True)
    before.document = client.document
    set_pin(client)
    chosen = hash_of(account)
    assert set_pin(before).url == "/profil"
    assert "PIN berhasil dibuat" in before.text
    assert hash_of(account) == chosen


def test_another_tab_that_sends_it_too_is_told_that_it_is_done(client: PageClient) -> None:
    account = make_account()
    page = prove_for_pin(sign_in(client, account)).document
    set_pin(client)
    client.document = page
    assert set_pin(client, OTHER_PIN).url == "/profil"
    assert "PIN berhasil dibuat" in client.text
    assert EventKind.SEQUENCE_FAIL not in kinds_of(account)


def test_the_last_step_asks_for_the_password_when_it_was_given_long_ago(
    client: PageClient, clock: Clock
) -> None:
    prove_for_pin(sign_in(client, make_account()))
    clock.advance(minutes=21)
    assert client.get(CHOOSE).url == "/konfirmasi"
    client.submit("Lanjut", {"Kata sandi akun": PASSWORD})
    assert client.url == CHOOSE


def test_a_pin_sent_too_late_is_not_saved_and_the_page_says_so(
    client: PageClient, clock: Clock
) -> None:
    account = make_account()
    prove_for_pin(sign_in(client, account))
    clock.advance(minutes=21)
    assert set_pin(client).url == "/konfirmasi"
    client.submit("Lanjut", {"Kata sandi akun": PASSWORD})
    assert client.url == CHOOSE
    assert NOT_DONE in client.text
    assert hash_of(account) is None
    set_pin(client)
    assert hash_of(account) is not None
    assert NOT_DONE not in client.text


def test_a_code_and_a_pin_sent_too_late_are_told_of(client: PageClient, clock: Clock) -> None:
    account = make_account()
    with_pin(client, account).get(CHANGE)
    clock.advance(minutes=21)
    client.submit("Verifikasi", {"PIN saat ini": PIN})
    client.submit("Lanjut", {"Kata sandi akun": PASSWORD})
    assert client.url == CHANGE
    assert NOT_DONE in client.text
    ask_for_pin_code(client)
    clock.advance(minutes=21)
    client.submit("Lanjut", {CODE: "123456"})
    client.submit("Lanjut", {"Kata sandi akun": PASSWORD})
    assert client.url == TYPE_CODE
    assert NOT_DONE in client.text


def test_limited_mode_keeps_the_pin_closed(client: PageClient) -> None:
    be_limited(client)
    for page in (CHANGE, CREATE, TYPE_CODE, CHOOSE, "/profil/pin/buka", "/profil/data"):
        assert client.get(page).url == "/akses-terbatas", page


def test_a_password_given_long_ago_is_asked_for_before_the_pin_changes(
    client: PageClient, clock: Clock
) -> None:
    with_pin(client, make_account())
    clock.advance(minutes=21)
    client.get(CHANGE)
    assert client.url == "/konfirmasi"
    client.submit("Lanjut", {"Kata sandi akun": PASSWORD})
    assert client.url == CHANGE
