"""*Kembali* on a step of Lupa Kata Sandi and Daftar leads to the step before, and what was typed
there is there again. Secrets are not."""

import pytest

from jkn.models import RegistrationDraft
from tests.support.calls.purge_calls import purged
from tests.support.clients.page_client import PageClient
from tests.support.steps.recovery_steps import (
    SMS,
    TYPE_CODE,
    ask_for_code,
    begin,
    choose,
    messages,
)
from tests.support.steps.registration_steps import (
    AGREED,
    CODE_STEP,
    MOBILE_USER,
    NEW_USER,
    PHONE,
    PHONE_STEP,
    TERMS_STEP,
    agree,
    begin_as_mobile_user,
    begin_as_new_user,
    claim_of,
    give_phone,
    insured,
    prove_phone,
)
from tests.support.world.clock import Clock
from tests.support.world.factories import make_account, make_resident

AGAIN = "?isi=lagi"
CAPTCHA_FIELD = "Ketik angka di gambar"


def typed(client: PageClient, *labels: str) -> list[str]:
    return [client.value(it) for it in labels]


def test_from_the_phone_to_who_one_is(client: PageClient) -> None:
    """As it was typed, which is not quite as the registry has it."""
    resident = make_resident(name="MUHAMMAD RIZKI")
    nik = f"{resident.nik[:4]} {resident.nik[4:]}"
    begin_as_new_user(client, resident, **{"NIK": nik, "Nama lengkap": "H. Muhamad Rizki"})
    assert client.url == PHONE_STEP
    client.follow("Kembali")
    assert client.url == f"{NEW_USER}{AGAIN}"
    wanted = {**claim_of(resident), "NIK": nik, "Nama lengkap": "H. Muhamad Rizki"}
    del wanted[CAPTCHA_FIELD]
    assert typed(client, *wanted) == list(wanted.values())
    assert client.value(CAPTCHA_FIELD) == ""
    client.submit("Verifikasi Data", {CAPTCHA_FIELD: "12345"})
    assert client.url == PHONE_STEP


def test_from_the_phone_to_the_number(client: PageClient) -> None:
    """Who typed a card number is not told the NIK that belongs to it."""
    participant, _ = insured()
    begin_as_mobile_user(client, participant.card_number or "")
    client.follow("Kembali")
    assert client.url == f"{MOBILE_USER}{AGAIN}"
    assert client.value("NIK atau nomor kartu") == participant.card_number
    assert (participant.nik or "") not in client.html


def test_all_the_way_back_from_the_code(client: PageClient) -> None:
    agree(give_phone(begin_as_new_user(client, resident := make_resident())))
    assert client.url == CODE_STEP
    assert client.follow("Kembali").url == TERMS_STEP
    (tick,) = [it for it in client.document.elements("input") if it.get("name") == "agreed"]
    assert "checked" in tick.attrib
    assert client.follow("Kembali").url == PHONE_STEP
    assert client.value("Nomor HP") == PHONE
    client.follow("Kembali")
    assert client.value("NIK") == resident.nik


def test_and_forward_again_nothing_is_asked_twice(client: PageClient) -> None:
    agree(give_phone(begin_as_new_user(client, make_resident())))
    client.follow("Kembali").submit("Selanjutnya")
    assert client.url == CODE_STEP
    client.follow("Kembali").follow("Kembali")
    assert give_phone(client).url == CODE_STEP


def test_who_takes_the_tick_away_has_to_set_it(client: PageClient) -> None:
    agree(give_phone(begin_as_new_user(client, make_resident())))
    client.follow("Kembali").submit("Selanjutnya", {AGREED: False})
    assert client.status == 422


@pytest.mark.parametrize("door", [NEW_USER, MOBILE_USER])
def test_whoever_opens_a_door_finds_it_empty(client: PageClient, door: str) -> None:
    begin_as_new_user(client, make_resident())
    label = "NIK" if door == NEW_USER else "NIK atau nomor kartu"
    assert client.get(door).value(label) == ""


def test_once_the_phone_is_proved_the_door_is_empty(client: PageClient) -> None:
    prove_phone(give_phone(begin_as_new_user(client, make_resident())))
    assert client.get(f"{NEW_USER}{AGAIN}").value("NIK") == ""


def test_nobody_elses_browser_shows_it(client: PageClient) -> None:
    begin_as_new_user(client, make_resident())
    assert client.another().get(f"{NEW_USER}{AGAIN}").value("NIK") == ""


def test_it_is_gone_when_the_time_is_over(client: PageClient, clock: Clock) -> None:
    begin_as_new_user(client, make_resident())
    clock.advance(minutes=61)
    assert client.get(f"{NEW_USER}{AGAIN}").value("NIK") == ""
    clock.advance(hours=25)
    assert purged(RegistrationDraft) == 1


def test_a_number_among_many_spaces_is_kept_short(client: PageClient) -> None:
    participant, _ = insured()
    begin_as_mobile_user(client, " " * 5000 + (participant.nik or ""))
    client.follow("Kembali")
    assert len(client.value("NIK atau nomor kartu")) <= 100


@pytest.mark.parametrize("is_known", [True, False])
def test_from_the_ways_to_the_nik(client: PageClient, is_known: bool) -> None:
    nik = make_account().nik if is_known else "3276016810820009"
    begin(client, nik)
    client.follow("Kembali")
    assert client.url == f"/lupa-kata-sandi{AGAIN}"
    assert typed(client, "NIK", CAPTCHA_FIELD) == [nik, ""]
    assert client.get("/lupa-kata-sandi").value("NIK") == ""
    assert client.another().get(f"/lupa-kata-sandi{AGAIN}").value("NIK") == ""


def test_from_the_code_to_the_ways_and_by_one_tap_back_to_it(client: PageClient) -> None:
    ask_for_code(client, make_account().nik, SMS)
    assert client.follow("Kembali").heading == "Pilih cara verifikasi"
    before = len(messages("code:recovery"))
    assert choose(client, SMS).url == TYPE_CODE
    assert len(messages("code:recovery")) == before, "the first is still good"
