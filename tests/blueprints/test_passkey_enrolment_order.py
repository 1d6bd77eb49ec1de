"""Switching Login dengan Biometrik on out of order: back, twice, in two tabs, too late (R62)."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from jkn.database import session, transaction
from jkn.models import (
    Account,
    EventKind,
    PasskeyCeremony,
    PasskeyEnrolment,
    PinChange,
    PinStage,
)
from jkn.services.messaging import alerts
from jkn.services.passkeys import passkey_devices
from tests.support.clients.forms import fill
from tests.support.clients.page_client import PageClient
from tests.support.clients.software_authenticator import Authenticator
from tests.support.steps.activity_steps import kinds_of
from tests.support.steps.lost_answers import as_it_was
from tests.support.steps.passkey_steps import (
    AGREE,
    BEGIN,
    CREATE,
    LIST,
    MAKE,
    SWITCH,
    TOO_LATE,
    agree,
    consents,
    enrol,
    keys_of,
    limit,
    options_for,
    remove,
    said,
    send,
    use_phone,
)
from tests.support.steps.pin_steps import PIN, prove_for_pin, set_pin
from tests.support.steps.recovery_steps import (
    NEW_PASSWORD,
    link_in,
    messages,
    prove_by_code,
    set_password,
)
from tests.support.steps.sign_in_steps import CAPTCHA, send_sign_in, sign_in, try_to_sign_in
from tests.support.world.clock import Clock
from tests.support.world.factories import PASSWORD, make_account, make_passkey

BEGUN_ANEW = "Demi keamanan, silakan mulai lagi dari sini."


@pytest.fixture
def phone() -> Authenticator:
    return Authenticator()


def test_back_and_on_again_asks_the_phone_anew(
    client: PageClient, account: Account, phone: Authenticator
) -> None:
    agree(sign_in(client, account))
    asked = options_for(client, MAKE)
    stale = phone.create(asked.json or {})
    client.get(BEGIN)
    assert client.url == BEGIN
    agree(client)
    send(client, MAKE, stale)
    assert (client.url, client.status, said(client)) == (CREATE, 422, TOO_LATE)
    use_phone(client, MAKE, phone.create)
    assert client.url == "/profil"
    assert [it.credential_id for it in keys_of(account)] == [phone.credentials[-1].id]


def test_the_form_sent_twice_or_from_two_tabs_makes_one_key(
    client: PageClient, account: Account, phone: Authenticator
) -> None:
    agree(sign_in(client, account))
    tab = client.another(with_cookies=True).get(CREATE)
    asked, of_tab = options_for(client, MAKE), options_for(tab, MAKE)
    made = phone.create(asked.json or {})
    send(client, MAKE, made)
    assert client.url == "/profil"
    tab.cookies = client.cookies
    send(tab, MAKE, made)
    assert tab.url == "/profil", "it is on already"
    assert "menyala" in tab.text
    tab.get(BEGIN)
    assert tab.url == LIST
    client.get(CREATE)
    assert client.url == "/profil"
    assert of_tab.status_code == 200
    assert len(keys_of(account)) == len(consents()) == 1


def test_a_person_who_has_not_begun_is_led_to_the_start(
    as_browser: PageClient, account: Account, phone: Authenticator
) -> None:
    sign_in(as_browser, account)
    assert as_browser.get(CREATE).url == BEGIN
    assert BEGUN_ANEW not in as_browser.text
    token = dict(fill(as_browser.document, "Lanjut", {}).fields)["csrf_token"]
    answer = as_browser.ask(f"{CREATE}/tantangan", {"csrf_token": token})
    assert (answer.status_code, answer.location) == (303, BEGIN)
    made = phone.create({"challenge": "AAAA", "rp": {"id": "localhost"}, "user": {"id": "AAAA"}})
    submission = fill(as_browser.document, "Lanjut", {})
    submission.action, submission.fields = CREATE, [("csrf_token", token), ("credential", made)]
    assert as_browser.send(submission).url == BEGIN
    assert keys_of(account) == []
    session.rollback()
    assert session.scalars(select(PasskeyCeremony)).all() == []


def test_a_challenge_lives_five_minutes_and_the_whole_way_fifteen(
    client: PageClient, account: Account, phone: Authenticator, clock: Clock
) -> None:
    agree(sign_in(client, account))
    late = phone.create(options_for(client, MAKE).json or {})
    clock.advance(minutes=5)
    send(client, MAKE, late)
    assert (client.status, said(client)) == (422, TOO_LATE)
    late = phone.create(options_for(client, MAKE).json or {})
    clock.advance(minutes=10)
    send(client, MAKE, late)
    assert client.url == BEGIN
    assert BEGUN_ANEW in client.text
    assert BEGUN_ANEW not in client.get(BEGIN).text
    assert (keys_of(account), consents()) == ([], [])


def test_a_person_who_was_signed_out_meanwhile_goes_on_with_a_new_challenge(
    client: PageClient, account: Account, phone: Authenticator
) -> None:
    agree(sign_in(client, account))
    made = phone.create(options_for(client, MAKE).json or {})
    sign_in(client.another(), account).get("/profil/perangkat").submit("Keluarkan semua yang lain")
    send(client, MAKE, made)
    assert client.url == "/masuk"
    assert keys_of(account) == []
    try_to_sign_in(client, account.nik)
    assert client.get(CREATE).url == CREATE
    send(client, MAKE, made)
    assert said(client) == TOO_LATE, "it was made in another session"
    use_phone(client, MAKE, phone.create)
    assert client.url == "/profil"


def recover(client: PageClient, account: Account) -> None:
    set_password(prove_by_code(client, account))


def change_password(client: PageClient, account: Account) -> None:
    typed = {"Kata sandi lama": PASSWORD, "Kata sandi baru": NEW_PASSWORD}
    typed |= {"Ulangi kata sandi baru": NEW_PASSWORD, "Ketik angka di gambar": CAPTCHA}
    sign_in(client, account).get("/profil/kata-sandi").submit("Simpan", typed)


def freeze(client: PageClient, account: Account) -> None:
    with transaction():
        alerts.send(account, "password_changed")
    client.get(link_in(messages("password_changed")[-1][1])).submit("Bukan saya, bekukan akun")


def test_a_person_whose_answer_was_lost_is_told_that_it_is_on(
    as_browser: PageClient, account: Account, phone: Authenticator
) -> None:
    agree(sign_in(as_browser, account))
    before = as_it_was(as_browser)
    credential = phone.create(options_for(as_browser, MAKE).json or {})
    send(as_browser, MAKE, credential)
    assert before.another(with_cookies=True).get(CREATE).url == "/masuk", "its token opens nothing"
    send(before, MAKE, credential)
    assert before.url == "/profil"
    assert "menyala" in before.text
    assert len(keys_of(account)) == 1


def test_another_tab_that_asks_the_phone_again_is_led_on(
    as_browser: PageClient, account: Account, phone: Authenticator
) -> None:
    agree(sign_in(as_browser, account))
    use_phone(as_browser, MAKE, phone.create)
    assert as_browser.get(CREATE).url == "/profil"
    assert EventKind.SEQUENCE_FAIL not in kinds_of(account)


@pytest.mark.parametrize("end", [recover, change_password, freeze])
def test_what_ends_every_session_ends_what_is_under_way(
    as_browser: PageClient,
    account: Account,
    phone: Authenticator,
    clock: Clock,
    end: Callable[[PageClient, Account], None],
) -> None:
    set_pin(prove_for_pin(sign_in(as_browser, account)))
    as_browser.get("/profil/pin").submit("Verifikasi", {"PIN saat ini": PIN})
    agree(as_browser)
    clock.advance(minutes=1)
    made = phone.create(options_for(as_browser, MAKE).json or {})
    end(as_browser.another(), account)
    assert send(as_browser, MAKE, made).url == "/masuk"
    session.rollback()
    assert session.scalars(select(PasskeyEnrolment)).all() == []
    assert session.scalars(select(PasskeyCeremony)).all() == []
    assert set(session.scalars(select(PinChange.stage))) == {PinStage.DONE}, "the one before"
    if end is not freeze:
        send_sign_in(as_browser, account.nik, NEW_PASSWORD)
        assert as_browser.url == BEGIN, "where they were going, from its start"
        assert BEGUN_ANEW in as_browser.text
    assert keys_of(account) == []


def test_another_person_on_this_phone_does_not_go_on_with_it(
    as_browser: PageClient, account: Account
) -> None:
    agree(sign_in(as_browser, account))
    sign_in(as_browser.another(), account).get("/profil/perangkat").submit(
        "Keluarkan semua yang lain"
    )
    assert as_browser.get("/beranda").url == "/masuk"
    try_to_sign_in(as_browser, make_account().nik)
    assert as_browser.get(CREATE).url == BEGIN


def asked(client: PageClient) -> dict[str, object]:
    """A fresh challenge, on the page of the second step."""
    if client.url != CREATE:
        client.get(CREATE)
    return dict(options_for(client, MAKE).json or {})


def test_ten_phones_and_no_more(
    as_browser: PageClient, account: Account, phone: Authenticator
) -> None:
    for _ in range(passkey_devices.MOST - 1):
        make_passkey(account)
    agree(sign_in(as_browser, account))
    make_passkey(account)
    use_phone(as_browser, MAKE, phone.create)
    assert as_browser.url == BEGIN
    assert "Sudah ada 10 perangkat yang bisa masuk. Hapus satu dulu." in as_browser.text
    assert not as_browser.shows("Lanjut")
    assert len(keys_of(account)) == passkey_devices.MOST
    remove(as_browser.follow("Lihat perangkat"), "browser lain")
    assert enrol(as_browser, phone).url == "/profil"


def test_a_person_who_has_ten_keys_by_now_is_asked_for_none(
    client: PageClient, account: Account
) -> None:
    sign_in(client, account).get(BEGIN)
    for _ in range(passkey_devices.MOST):
        make_passkey(account)
    client.submit("Lanjut", {AGREE: True, "Kata sandi akun": PASSWORD})
    assert client.url == BEGIN
    assert "Sudah ada 10 perangkat" in client.text
    session.rollback()
    assert session.scalars(select(PasskeyEnrolment)).all() == []


def test_limited_mode_keeps_it_closed(as_browser: PageClient, account: Account) -> None:
    agree(sign_in(as_browser, account))
    limit(account)
    assert as_browser.get(CREATE).url == "/akses-terbatas"
    assert as_browser.get(BEGIN).url == "/akses-terbatas"
    assert as_browser.get("/profil").submit(SWITCH).url == "/akses-terbatas"
