"""Masuk right after a recovery or a registration: it knows the number and asks for the password
alone, and gives nothing away (product.md 2; R27, R28, R51, R116)."""

from collections.abc import Callable

import pytest

from jkn.models import Account
from jkn.services.credentials.passwords import turn
from tests.support.clients.forms import fill, labels
from tests.support.clients.page_client import PageClient
from tests.support.clients.software_authenticator import Authenticator
from tests.support.rules.canaries import Canaries
from tests.support.steps import registration_steps as registration
from tests.support.steps.lost_answers import as_it_was, send_twice
from tests.support.steps.mid_journey_steps import somebody
from tests.support.steps.passkey_steps import USE, enrolled
from tests.support.steps.recovery_steps import (
    EMAIL,
    NEW_PASSWORD,
    ask_for_code,
    begin,
    link_in,
    messages,
    prove_by_answers,
    prove_by_code,
    set_password,
    sign_in_known,
)
from tests.support.steps.sign_in_steps import (
    CAPTCHA,
    remember_and_leave,
    send_saved,
    send_sign_in,
    sign_out,
)
from tests.support.world.clock import Clock
from tests.support.world.factories import make_account
from tests.support.world.masked_numbers import masked

NUMBER, OTHER = "NIK atau nomor kartu", "Pakai nomor lain"
WRONG = "bukan kata sandinya"
NO_MATCH = "Kata sandi tidak cocok dengan nomor ini. Periksa lagi"
TOO_OLD = "Halaman tadi sudah lama. Ketik nomor Anda"


def recovered(client: PageClient, account: Account) -> PageClient:
    set_password(prove_by_code(client, account))
    assert client.url == "/masuk"
    return client


def knows(client: PageClient, account: Account) -> bool:
    """Whether Masuk shows this number and asks for none."""
    return masked(account) in client.text and NUMBER not in labels(client.document)


@pytest.mark.both_databases
@pytest.mark.parametrize("prove", [prove_by_code, prove_by_answers])
def test_after_a_recovery_the_password_is_all_that_is_typed(
    client: PageClient, prove: Callable[[PageClient, Account], PageClient]
) -> None:
    account = somebody()
    set_password(prove(client, account))
    assert knows(client, account)
    assert labels(client.document) == ["Kata sandi"]
    assert "Kata sandi baru sudah tersimpan" in client.text
    assert sign_in_known(client).url == "/beranda"
    sign_out(client).get("/masuk")
    assert NUMBER in labels(client.document)


@pytest.mark.parametrize("by", ["nik", "card_number"])
def test_after_pengguna_mobile_too(client: PageClient, by: str) -> None:
    participant, _ = registration.insured(phone="+6281388776655")
    registration.begin_as_mobile_user(client, getattr(participant, by))
    registration.give_phone(client, "0813 8877 6655")
    registration.choose_password(registration.prove_phone(client))
    assert (client.url, labels(client.document)) == ("/masuk", ["Kata sandi"])
    assert "Akun Anda sudah terdaftar" in client.text
    assert f"{(participant.nik or '')[:4]} •••• ••••" in client.text
    assert sign_in_known(client, registration.CHOSEN).url == "/beranda"
    assert participant.name in client.text


def test_nothing_that_the_browser_holds_or_gets_tells_the_number(client: PageClient) -> None:
    account = somebody()
    canaries = Canaries()
    for kind in ("nik", "name", "phone", "email"):
        canaries.add(kind, getattr(account, kind))
    recovered(client, account)
    assert client.response is not None
    held = "\n".join([client.html, str(client.response.headers), client.cookies.header()])
    assert canaries.found_in(held) == []
    assert account.nik not in client.url
    assert not client.another().get("/masuk").shows(masked(account))


def test_a_wrong_password_brings_the_captcha_and_keeps_the_number(client: PageClient) -> None:
    account = somebody()
    sign_in_known(recovered(client, account), WRONG)
    assert (client.status, client.errors) == (422, {"password": NO_MATCH})
    assert knows(client, account)
    assert labels(client.document) == ["Kata sandi", "Ketik angka di gambar"]
    assert client.get("/masuk").value("Ketik angka di gambar") == ""
    assert sign_in_known(client).errors == {"captcha_answer": "Ketik 5 angka di gambar"}
    assert "Angka tidak cocok" in send_saved(client, NEW_PASSWORD, "00000").text
    assert send_saved(client, NEW_PASSWORD, CAPTCHA).url == "/beranda"


def test_an_empty_password_costs_no_try(client: PageClient) -> None:
    account = somebody()
    sign_in_known(recovered(client, account), "")
    assert client.errors == {"password": "Masukkan kata sandi"}
    assert labels(client.document) == ["Kata sandi"]
    assert sign_in_known(client).url == "/beranda"


@pytest.mark.settings(web_threads=2)
def test_in_a_crowd_the_try_is_kept_for_later(client: PageClient) -> None:
    account = somebody()
    recovered(client, account)
    with turn():
        sign_in_known(client)
    assert client.status == 503
    assert "Sedang ramai. Tunggu sebentar, lalu coba lagi" in client.text
    assert client.with_htmx or client.errors.keys() == {"password"}
    assert sign_in_known(client).url == "/beranda"


def test_pakai_nomor_lain_forgets_it(client: PageClient) -> None:
    account, other = somebody(), make_account()
    recovered(client, account).submit(OTHER)
    assert client.value(NUMBER) == ""
    assert not knows(client.get("/masuk"), account)
    assert send_sign_in(client, other.nik).url == "/beranda"
    assert other.name in client.text


@pytest.mark.parametrize("begin_anew", [begin, registration.begin_as_mobile_user])
def test_it_is_forgotten_when_a_journey_begins_anew(
    client: PageClient, begin_anew: Callable[[PageClient, str], PageClient]
) -> None:
    account = somebody()
    before = as_it_was(recovered(client, account))
    begin_anew(client, somebody().nik)
    assert not knows(client.get("/masuk"), account)
    assert not knows(before.get("/masuk"), account), "nor by a copy of the cookie"


def test_it_is_forgotten_with_all_that_this_phone_holds(client: PageClient) -> None:
    account = somebody()
    before = as_it_was(recovered(client, account))
    token = fill(client.document, OTHER, {}).fields[0][1]
    client.ask("/keluar/hapus-semua", {"csrf_token": token})
    assert not knows(before.get("/masuk"), account)


def test_after_a_quarter_of_an_hour_the_number_is_typed(client: PageClient, clock: Clock) -> None:
    account = somebody()
    recovered(client, account)
    clock.advance(minutes=15)
    sign_in_known(client)
    assert (client.status, client.errors["number"]) == (422, TOO_OLD)
    assert send_sign_in(client, account.nik, NEW_PASSWORD).url == "/beranda"


def test_a_page_of_one_person_never_tries_the_password_of_another(client: PageClient) -> None:
    """Two tabs, and somebody else has gone through a recovery in the second."""
    first, second = somebody(), somebody()
    tab = recovered(client, first)
    page = as_it_was(tab)
    recovered(client, second)
    page.cookies.values.update(client.cookies.values)
    assert sign_in_known(page).errors["number"] == TOO_OLD
    assert not page.shows(masked(second))


def test_back_and_reload_still_know_it(client: PageClient) -> None:
    account = somebody()
    recovered(client, account)
    for page in ("/masuk", "/lupa-kata-sandi/kata-sandi", "/lupa-kata-sandi/kode"):
        assert client.get(page).url == "/masuk"
        assert knows(client, account)


def test_the_answer_to_the_new_password_may_get_lost(client: PageClient) -> None:
    account = somebody()
    prove_by_code(client, account)
    before = as_it_was(client)
    set_password(client)
    assert knows(set_password(before), account)
    assert sign_in_known(before).url == "/beranda"


def test_the_answer_to_the_sign_in_may_get_lost(client: PageClient) -> None:
    recovered(client, somebody())
    assert send_twice(client, sign_in_known) == ("/beranda", "/beranda", [])


def test_the_link_of_a_mail_in_another_browser_does_not_know_it(client: PageClient) -> None:
    """Whoever has only the e-mail must still know the number."""
    account = somebody()
    ask_for_code(client, account.nik, EMAIL)
    link = link_in(messages("code:recovery")[-1][1])
    other = client.another().get(link)
    set_password(other.submit("Lanjutkan"))
    assert (other.url, other.value(NUMBER)) == ("/masuk", "")
    assert not other.shows(masked(account))


def test_the_link_of_a_mail_in_the_same_browser_knows_it(client: PageClient) -> None:
    account = somebody()
    ask_for_code(client, account.nik, EMAIL)
    client.get(link_in(messages("code:recovery")[-1][1])).submit("Lanjutkan")
    assert knows(set_password(client), account)


def test_a_phone_that_keeps_numbers_shows_the_known_one_alone(client: PageClient) -> None:
    siti, budi = somebody(), somebody()
    remember_and_leave(client, siti, budi)
    recovered(client, siti)
    assert knows(client, siti)
    assert masked(budi) not in client.text
    client.submit(OTHER).follow("Pakai nomor tersimpan")
    assert masked(budi) in client.text


def test_with_the_fingerprint_on_the_password_comes_first(client: PageClient) -> None:
    account = somebody()
    sign_out(enrolled(client, account, Authenticator()))
    recovered(client, account)
    assert client.html.index("MASUK") < client.html.index('id="passkey-button"')
    sign_in_known(client, WRONG)
    assert client.shows(USE) or client.with_htmx
