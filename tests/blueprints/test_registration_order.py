"""Daftar out of order: steps skipped, repeated and mixed, two tabs, the time over (R62)."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from jkn.database import session
from jkn.models import Consent, RegistrationDraft, RegistrationStage
from tests.support.calls.purge_calls import purged
from tests.support.clients.forms import fill
from tests.support.clients.page_client import PageClient
from tests.support.steps.recovery_steps import answer_all, messages
from tests.support.steps.registration_steps import (
    AGREED,
    CHOSEN,
    CODE_STEP,
    DOORS,
    PASSWORD_STEP,
    PHONE,
    PHONE_STEP,
    TERMS_STEP,
    accounts_of,
    agree,
    begin_as_mobile_user,
    begin_as_new_user,
    choose_password,
    drafts,
    give_code,
    give_phone,
    insured,
    make_resident_of,
    newest_code,
    prove_phone,
    reach_password,
)
from tests.support.steps.sign_in_steps import sign_in
from tests.support.world.clock import Clock
from tests.support.world.connected import ConnectedDatabase
from tests.support.world.factories import make_account, make_resident

STEPS = [PHONE_STEP, "/daftar/pertanyaan", "/daftar/pertanyaan/1", TERMS_STEP, CODE_STEP,
         "/daftar/sms-tidak-datang", PASSWORD_STEP, "/daftar/selesai", "/daftar/cara-lain",
         "/daftar/waktu-habis"]  # fmt: skip


@pytest.mark.parametrize("step", STEPS)
def test_a_step_without_a_draft_leads_to_the_doors(client: PageClient, step: str) -> None:
    client.get(step)
    assert client.url == DOORS
    assert "Pendaftaran sebelumnya" not in client.text


@pytest.mark.parametrize("step", [it for it in STEPS if it != PHONE_STEP])
def test_a_person_who_only_began_is_led_to_the_phone(client: PageClient, step: str) -> None:
    begin_as_new_user(client, make_resident())
    client.get(step)
    assert client.url == PHONE_STEP


def test_the_last_step_cannot_be_posted_first(client: PageClient) -> None:
    resident = make_resident()
    ahead = reach_password(client.another())
    begin_as_new_user(client, resident)
    password = {"Kata sandi baru": CHOSEN, "Ulangi kata sandi baru": CHOSEN}
    submission = fill(ahead.document, "Registrasi", password)
    own = [it.get("value") for it in client.document.elements("input")
           if it.get("name") == "csrf_token"]  # fmt: skip
    submission.fields[:] = [
        (name, str(own[0]) if name == "csrf_token" else value) for name, value in submission.fields
    ]
    client.send(submission)
    assert client.url == PHONE_STEP
    assert accounts_of(resident.nik) == []


def test_the_terms_must_be_ticked(client: PageClient) -> None:
    resident = make_resident()
    give_phone(begin_as_new_user(client, resident))
    client.submit("Selanjutnya")
    assert client.status == 422
    assert "Centang Saya setuju untuk melanjutkan" in client.text
    assert client.get(CODE_STEP).url == TERMS_STEP
    assert session.scalars(select(Consent)).all() == []


def test_the_terms_are_never_ticked_ahead(client: PageClient) -> None:
    give_phone(begin_as_new_user(client, make_resident()))
    (tick,) = [it for it in client.document.elements("input") if it.get("name") == "agreed"]
    assert "checked" not in tick.attrib
    assert AGREED in client.text


def test_only_the_text_that_was_shown_is_agreed_to(client: PageClient) -> None:
    give_phone(begin_as_new_user(client, make_resident()))
    submission = fill(client.document, "Selanjutnya", {AGREED: True})
    submission.fields[:] = [
        (name, "2020-01-01" if name == "version" else value) for name, value in submission.fields
    ]
    client.send(submission)
    assert client.url == TERMS_STEP
    assert "Syaratnya baru saja diganti" in client.text
    assert client.get(CODE_STEP).url == TERMS_STEP
    agree(client)
    assert client.url == CODE_STEP


def test_another_number_kills_what_was_sent_to_the_first(client: PageClient, clock: Clock) -> None:
    agree(give_phone(begin_as_new_user(client, make_resident())))
    first = newest_code()
    clock.advance(minutes=2)
    client.follow("Ubah nomor HP")
    assert client.value("Nomor HP") == PHONE
    give_phone(client, "0813 1111 2222")
    assert client.url == CODE_STEP
    assert "kami kirim ke 0813 1111 2222" in client.text
    assert messages("code:registration")[-1][1].recipient == "+6281311112222"
    give_code(client, first)
    assert client.url == CODE_STEP
    assert client.errors == {"code": "Kode tidak cocok. Periksa SMS terakhir"}
    give_code(client)
    assert client.url == PASSWORD_STEP


def test_the_same_number_once_more_sends_nothing_again(client: PageClient) -> None:
    agree(give_phone(begin_as_new_user(client, make_resident())))
    client.follow("Ubah nomor HP")
    give_phone(client)
    assert client.url == CODE_STEP
    assert len(messages("code:registration")) == 1


def test_a_code_to_another_number_at_once_has_to_wait(client: PageClient) -> None:
    agree(give_phone(begin_as_new_user(client, make_resident())))
    client.follow("Ubah nomor HP")
    give_phone(client, "0813 1111 2222")
    assert (client.url, client.status) == (PHONE_STEP, 429)
    assert client.errors == {"phone": "Minta kode baru mulai pukul 09.31 WIB"}
    assert client.value("Nomor HP") == "0813 1111 2222"


def test_a_number_copied_from_a_chat_is_shown_without_its_marks(client: PageClient) -> None:
    give_phone(
        begin_as_new_user(client, make_resident()), "\u202a+62 813\u20111111\u20112222\u202c"
    )
    assert client.url == TERMS_STEP
    assert [it.phone for it in drafts()] == ["+6281311112222"]
    client.get(PHONE_STEP)
    assert client.value("Nomor HP") == "+62 813\u20111111\u20112222"


def test_a_code_of_one_draft_is_worthless_in_another(client: PageClient, clock: Clock) -> None:
    first, second = client, client.another()
    resident = make_resident()
    agree(give_phone(begin_as_new_user(first, resident)))
    code = newest_code()
    clock.advance(minutes=2)
    agree(give_phone(begin_as_new_user(second, resident)))
    give_code(second, code)
    assert second.url == CODE_STEP


def test_in_two_tabs_the_newer_beginning_counts(client: PageClient, clock: Clock) -> None:
    one, other = make_resident(), make_resident()
    give_phone(begin_as_new_user(client, one))
    clock.advance(minutes=2)
    give_phone(begin_as_new_user(client, other), "0813 1111 2222")
    choose_password(prove_phone(client))
    assert accounts_of(one.nik) == []
    assert len(accounts_of(other.nik)) == 1


def test_two_browsers_of_one_person_make_one_account(client: PageClient, clock: Clock) -> None:
    resident = make_resident()
    first = reach_password(client, resident)
    clock.advance(minutes=2)
    second = reach_password(client.another(), resident)
    choose_password(first)
    assert first.url == "/beranda"
    choose_password(second, "kopi susu di beranda")
    assert second.heading == "Anda sudah punya akun"
    assert len(accounts_of(resident.nik)) == 1
    assert second.get("/beranda").url == "/masuk"


def test_the_last_step_sent_twice_says_that_it_is_done(client: PageClient) -> None:
    resident = make_resident()
    reach_password(client, resident)
    twin = client.another(with_cookies=True)
    twin.get(PASSWORD_STEP)
    choose_password(client)
    choose_password(twin, "kopi susu di beranda")
    assert twin.url == "/masuk"
    assert "Akun Anda sudah terdaftar" in twin.text
    assert len(accounts_of(resident.nik)) == 1


def test_a_person_who_was_signed_in_here_is_signed_out(client: PageClient) -> None:
    owner = make_account()
    sign_in(client, owner)
    before = client.another(with_cookies=True)
    choose_password(reach_password(client))
    assert client.url == "/beranda"
    assert owner.name not in client.text
    assert before.get("/beranda").url == "/masuk"


def test_after_success_there_is_no_draft_any_more(client: PageClient) -> None:
    choose_password(reach_password(client))
    client.get(PASSWORD_STEP)
    assert client.url == DOORS


def test_the_draft_gets_a_new_token_when_the_phone_is_proved(client: PageClient) -> None:
    agree(give_phone(begin_as_new_user(client, make_resident())))
    thief = client.another(with_cookies=True)
    give_code(client)
    assert client.url == PASSWORD_STEP
    assert thief.get(PASSWORD_STEP).url == CODE_STEP, "only who has the code goes on"
    assert give_code(thief, "000000").url == DOORS


def test_mixing_the_doors_begins_anew(client: PageClient) -> None:
    give_phone(begin_as_new_user(client, make_resident()))
    participant, _ = insured(phone="+6281388776655")
    begin_as_mobile_user(client, participant.nik or "")
    assert client.get(TERMS_STEP).url == PHONE_STEP
    assert [it.stage for it in drafts()] == [RegistrationStage.TERMS, RegistrationStage.PHONE]


# The time


@pytest.mark.parametrize("how_far", [begin_as_new_user, reach_password])
def test_after_an_hour_the_time_is_over_and_what_was_typed_is_there(
    client: PageClient, clock: Clock, how_far: Callable[..., PageClient]
) -> None:
    resident = make_resident()
    how_far(client, resident)
    clock.advance(minutes=61)
    client.get(PHONE_STEP)
    assert client.heading == "Waktu pendaftaran sudah habis"
    client.submit("Lanjutkan pendaftaran")
    assert client.url == PHONE_STEP
    assert client.value("Nomor HP") == ("" if how_far is begin_as_new_user else PHONE)
    give_phone(client)
    if client.url == TERMS_STEP:
        agree(client)
    give_code(client)
    choose_password(client)
    assert len(accounts_of(resident.nik)) == 1


def test_each_step_gives_another_hour(client: PageClient, clock: Clock) -> None:
    begin_as_new_user(client, make_resident())
    clock.advance(minutes=50)
    give_phone(client)
    clock.advance(minutes=50)
    assert client.get(TERMS_STEP).url == TERMS_STEP


def test_right_answers_do_not_outlive_the_time(client: PageClient, clock: Clock) -> None:
    participant, resident = insured()
    give_phone(begin_as_new_user(client, resident))
    answer_all(client, participant)
    assert client.url == TERMS_STEP
    clock.advance(minutes=61)
    client.get(TERMS_STEP).submit("Lanjutkan pendaftaran")
    give_phone(client)
    assert client.url == "/daftar/pertanyaan/1"


def test_what_was_told_at_an_end_is_still_told_an_hour_later(
    client: PageClient, clock: Clock
) -> None:
    give_phone(begin_as_new_user(client, make_resident_of(make_account(participant_id=None))))
    prove_phone(client)
    clock.advance(minutes=61)
    client.get(PHONE_STEP)
    assert client.heading == "Anda sudah punya akun"


def test_a_day_later_it_is_forgotten_and_the_doors_say_so(client: PageClient, clock: Clock) -> None:
    begin_as_new_user(client, make_resident())
    clock.advance(hours=24)
    assert purged(RegistrationDraft) == 0
    clock.advance(hours=2)
    assert purged(RegistrationDraft) == 1
    client.get(PHONE_STEP)
    assert client.url == DOORS
    assert "Pendaftaran sebelumnya sudah berakhir" in client.text


def test_a_draft_goes_on_at_another_server(client: PageClient, database: ConnectedDatabase) -> None:
    give_phone(begin_as_new_user(client, make_resident()))
    session.remove()
    database.engine.dispose()
    prove_phone(client)
    assert client.url == PASSWORD_STEP
