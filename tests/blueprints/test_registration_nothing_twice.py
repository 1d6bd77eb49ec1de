"""Daftar, there and back: whoever goes back and on again types nothing twice, at either door, and
neither does who changes the door (WCAG 3.3.7). Nobody else sees any of it."""

import json
from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select

from jkn.database import session
from jkn.models import AuditEvent, Door
from tests.support.clients.forms import fill
from tests.support.clients.page_client import PageClient
from tests.support.clients.page_observers import Seen, look
from tests.support.steps.recovery_steps import ASKED, answer_all, answers_of, messages
from tests.support.steps.registration_steps import (
    CODE_STEP,
    DOORS,
    MOBILE_USER,
    NEW_USER,
    PHONE,
    PHONE_STEP,
    TERMS_STEP,
    agree,
    answer_by_record,
    begin_as_mobile_user,
    begin_as_new_user,
    claim_of,
    drafts,
    give_phone,
    insured,
    prove_phone,
)
from tests.support.steps.sign_in_steps import CAPTCHA
from tests.support.world.factories import make_resident, new_nik
from tests.support.world.queries import QueryCounter

AGAIN = "?isi=lagi"
OTHER_DOOR = "Belum punya kartu JKN, KIS, atau BPJS? Daftar sebagai Pengguna baru"
NUMBER = "NIK atau nomor kartu"
CAPTCHA_FIELD = "Ketik angka di gambar"


def unknown() -> str:
    return new_nik(date(1985, 2, 5))


def through_new_user(client: PageClient) -> str:
    begin_as_new_user(client, make_resident())
    return "Verifikasi Data"


def through_mobile_user(client: PageClient) -> str:
    begin_as_mobile_user(client, insured(phone="+6281388776655")[0].nik or "")
    return "Lanjut"


BOTH_DOORS = pytest.mark.parametrize("begin", [through_new_user, through_mobile_user])


# The same person goes back as far as the door


@BOTH_DOORS
def test_who_goes_back_to_the_door_and_changes_nothing_goes_on_where_they_were(
    client: PageClient, begin: Callable[[PageClient], str]
) -> None:
    button = begin(client)
    agree(give_phone(client))
    for _ in range(3):
        client.follow("Kembali")
    client.submit(button, {CAPTCHA_FIELD: CAPTCHA})
    assert client.url == PHONE_STEP
    assert client.value("Nomor HP") == PHONE
    give_phone(client)
    assert client.url == CODE_STEP, "neither the terms nor another code"
    assert len(messages("code:registration")) == 1
    assert len(drafts()) == 1


@BOTH_DOORS
def test_the_same_by_the_browsers_own_back(
    client: PageClient, begin: Callable[[PageClient], str]
) -> None:
    """It shows the door as it was first opened."""
    button = begin(client)
    door = client.another(with_cookies=True)
    (draft,) = drafts()
    is_new = draft.door is Door.NEW_USER
    typed = json.loads(draft.typed or "")
    give_phone(client)
    submission = fill(door.get(NEW_USER if is_new else MOBILE_USER).document, button, {})
    typed["captcha_answer"] = CAPTCHA
    submission.fields[:] = [(name, typed.get(name, value)) for name, value in submission.fields]
    door.send(submission)
    assert door.url == PHONE_STEP
    assert door.value("Nomor HP") == PHONE
    assert len(drafts()) == 1


def test_a_birth_date_unlike_the_nik_is_asked_about_once(client: PageClient) -> None:
    resident = make_resident(birth_date=date(1990, 3, 16), nik="3276015503900005")
    begin_as_new_user(client, resident)
    client.submit("Verifikasi Data", {CAPTCHA_FIELD: CAPTCHA})
    assert client.url == PHONE_STEP
    client.follow("Kembali").submit("Verifikasi Data", {CAPTCHA_FIELD: CAPTCHA})
    assert client.url == PHONE_STEP


def test_a_wrong_captcha_goes_nowhere(client: PageClient) -> None:
    through_new_user(client)
    client.follow("Kembali").submit("Verifikasi Data", {CAPTCHA_FIELD: "99999"})
    assert client.status == 422
    assert "Angka tidak cocok" in client.text


def test_somebody_elses_browser_does_not_go_on_with_it(client: PageClient) -> None:
    resident = make_resident()
    give_phone(begin_as_new_user(client, resident))
    stranger = begin_as_new_user(client.another(), resident)
    assert stranger.url == PHONE_STEP
    assert stranger.value("Nomor HP") == ""
    assert len(drafts()) == 2


def test_a_phone_that_was_proved_is_not_gone_on_with(client: PageClient) -> None:
    """Whoever types the NIK again has to prove the phone again."""
    resident = make_resident()
    prove_phone(give_phone(begin_as_new_user(client, resident)))
    begin_as_new_user(client, resident)
    assert client.value("Nomor HP") == ""


# Something is put right


def test_who_puts_the_nik_right_finds_the_phone_again(client: PageClient) -> None:
    """A NIK mistyped at the second door is noticed when the questions come."""
    participant, _ = insured(phone="+6281388776655")
    give_phone(begin_as_mobile_user(client, unknown()))
    assert client.url == "/daftar/pertanyaan/1"
    client.follow("Kembali").follow("Kembali")
    client.submit("Lanjut", {NUMBER: participant.nik or "", CAPTCHA_FIELD: CAPTCHA})
    assert client.value("Nomor HP") == PHONE
    assert give_phone(client).url == TERMS_STEP


def test_what_was_proved_of_one_person_is_not_taken_over_to_another(client: PageClient) -> None:
    """Right answers about oneself, and the agreement, say nothing of somebody else."""
    participant, _ = insured()
    other, _ = insured()
    give_phone(begin_as_mobile_user(client, participant.nik or ""))
    agree(answer_by_record(client, participant))
    for _ in range(3):
        client.follow("Kembali")
    client.submit("Lanjut", {NUMBER: other.nik or "", CAPTCHA_FIELD: CAPTCHA})
    assert client.value("Nomor HP") == PHONE
    give_phone(client)
    assert client.url == "/daftar/pertanyaan/1"
    draft = drafts()[-1]
    assert (draft.number, draft.answered_at, draft.agreed_at) == (other.nik, None, None)


def test_whoever_opens_the_door_anew_finds_no_phone_of_another(client: PageClient) -> None:
    """The next of the family, on the same HP."""
    give_phone(begin_as_new_user(client, make_resident()))
    begin_as_new_user(client, make_resident())
    assert client.value("Nomor HP") == ""


def test_whoever_opens_a_door_anew_finds_nothing_that_another_typed_at_the_other_one(
    client: PageClient,
) -> None:
    begin_as_new_user(client, make_resident())
    begin_as_mobile_user(client, insured()[0].card_number or "")
    client.follow("Kembali").follow(OTHER_DOOR)
    assert (client.url, client.value("Nama lengkap")) == (f"{NEW_USER}{AGAIN}", "")


# Answers


def test_back_from_the_questions_to_the_phone_and_on_no_answer_is_asked_again(
    client: PageClient,
) -> None:
    participant, _ = insured()
    right = answers_of(participant)
    give_phone(begin_as_mobile_user(client, participant.nik or ""))
    for _ in range(2):
        client.submit("Lanjut", {client.heading: right[ASKED[client.heading]]})
    client.follow("Kembali").follow("Kembali").follow("Kembali")
    assert (client.url, client.value("Nomor HP")) == (PHONE_STEP, PHONE)
    give_phone(client)
    assert client.url == "/daftar/pertanyaan/3"
    client.submit("Lanjut", {client.heading: right[ASKED[client.heading]]})
    assert client.url == TERMS_STEP


def test_an_answer_is_kept_without_being_shown(client: PageClient) -> None:
    give_phone(begin_as_mobile_user(client, unknown()))
    kept = "Sudah Anda jawab. Biarkan kosong kalau tidak berubah."
    assert kept not in client.text
    client.submit("Lanjut", {client.heading: "Rahasia Sekali"})
    client.follow("Kembali")
    assert kept in client.text
    assert client.value(client.heading) == ""
    assert "Rahasia Sekali" not in client.html
    client.submit("Lanjut", {client.heading: ""})
    assert client.url == "/daftar/pertanyaan/2"
    client.submit("Lanjut", {client.heading: ""})
    assert client.errors == {"answer": "Isi jawaban"}


def test_a_form_without_the_field_is_no_empty_answer(client: PageClient) -> None:
    give_phone(begin_as_mobile_user(client, unknown()))
    client.submit("Lanjut", {client.heading: "Tidak tahu"})
    submission = fill(client.follow("Kembali").document, "Lanjut", {})
    submission.fields[:] = [(name, value) for name, value in submission.fields if name != "answer"]
    client.send(submission)
    assert client.errors == {"answer": "Isi jawaban"}


# The doors


@pytest.mark.parametrize(
    ("begin", "door", "row"),
    [
        (through_new_user, NEW_USER, "Pengguna baru Belum punya kartu, atau tidak tahu"),
        (
            through_mobile_user,
            MOBILE_USER,
            "Pendaftaran Pengguna Mobile Sudah punya kartu, belum punya akun",
        ),
    ],
)
def test_back_to_the_choice_and_to_the_same_door_nothing_is_gone(
    client: PageClient, begin: Callable[[PageClient], str], door: str, row: str
) -> None:
    begin(client)
    label = "NIK" if begin is through_new_user else NUMBER
    nik = drafts()[0].number
    client.follow("Kembali").follow("Kembali")
    assert client.url == f"{DOORS}{AGAIN}"
    client.follow(row)
    assert (client.url, client.value(label)) == (f"{door}{AGAIN}", nik)
    assert client.get(DOORS).follow(row).value(label) == ""


def test_at_the_other_door_the_nik_is_there(client: PageClient) -> None:
    begin_as_new_user(client, resident := make_resident())
    client.follow("Kembali").follow("Kembali")
    client.follow("Pendaftaran Pengguna Mobile Sudah punya kartu, belum punya akun")
    assert client.value(NUMBER) == resident.nik
    client.submit("Lanjut", {CAPTCHA_FIELD: CAPTCHA})
    client.follow("Kembali").follow(OTHER_DOOR)
    claim = claim_of(resident)
    del claim[CAPTCHA_FIELD]
    assert [client.value(it) for it in claim] == list(claim.values())


def test_a_card_number_is_no_nik(client: PageClient) -> None:
    begin_as_mobile_user(client, insured()[0].card_number or "")
    client.follow("Kembali").follow(OTHER_DOOR)
    assert client.url == f"{NEW_USER}{AGAIN}"
    assert client.value("NIK") == ""


def test_who_has_typed_nothing_yet_finds_nothing_of_another(client: PageClient) -> None:
    """The ways from door to door carry what was typed only for whoever came back to them."""
    begin_as_mobile_user(client, unknown())
    client.get(MOBILE_USER).follow(OTHER_DOOR)
    assert (client.url, client.value("NIK")) == (NEW_USER, "")


# Known and unknown people


def test_going_back_and_on_shows_and_costs_the_same_for_everybody(
    client: PageClient, queries: QueryCounter
) -> None:
    seen: list[Seen] = []
    costs = []
    for number in (insured()[0].nik or "", unknown()):
        visitor, steps = client.another(), Seen()
        with queries.counted() as counted:
            give_phone(begin_as_mobile_user(visitor, number))
            look(visitor.follow("Kembali"), steps)
            look(visitor.follow("Kembali").submit("Lanjut", {CAPTCHA_FIELD: CAPTCHA}), steps)
            look(give_phone(visitor), steps)
            look(answer_all(visitor, None), steps)
        seen.append(steps)
        costs.append(len(counted))
    assert seen[0] == seen[1]
    assert costs[0] == costs[1]


def test_going_on_is_recorded_as_little_as_beginning(client: PageClient) -> None:
    through_new_user(client)
    client.follow("Kembali").submit("Verifikasi Data", {CAPTCHA_FIELD: CAPTCHA})
    session.rollback()
    assert list(session.scalars(select(AuditEvent.kind))) == []
