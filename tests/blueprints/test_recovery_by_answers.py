"""Lupa Kata Sandi by questions about one's own record (R26)."""

import pytest
from sqlalchemy import select

from jkn.database import session
from jkn.models import Account, AuditEvent, Channel, EventKind
from jkn.services.credentials.personal_questions import Question
from tests.support.clients.page_client import PageClient
from tests.support.steps.mid_journey_steps import somebody
from tests.support.steps.recovery_steps import (
    ASKED,
    NEW_PASSWORD,
    PASSWORD_STEP,
    QUESTIONS,
    answer_all,
    begin,
    choose,
    link_in,
    messages,
    own,
    prove_by_answers,
    set_password,
)
from tests.support.steps.sign_in_steps import sign_in, try_to_sign_in
from tests.support.world.clock import Clock
from tests.support.world.factories import PASSWORD, make_participant, new_nik

WRONG = "Ada jawaban yang tidak cocok. Jawab lagi semuanya"
TOO_OFTEN = "Terlalu sering salah. Pertanyaan terbuka lagi 4 Mei 2026, 09.30 WIB. Pilih cara lain"


@pytest.fixture
def account() -> Account:
    """An account of somebody with a family, so that every question has an answer."""
    return somebody()


def asked(client: PageClient, account: Account) -> PageClient:
    return choose(begin(client, account.nik), QUESTIONS)


@pytest.mark.both_databases
def test_three_right_answers_lead_to_a_new_password(client: PageClient, account: Account) -> None:
    asked(client, account)
    assert client.url == "/lupa-kata-sandi/pertanyaan/1"
    assert "Pertanyaan 1 dari 3" in client.text
    answer_all(client, own(account))
    assert client.url == PASSWORD_STEP
    set_password(client)
    assert try_to_sign_in(client, account.nik, NEW_PASSWORD).url == "/beranda"
    assert "Akun dibatasi sampai" in client.text


def test_the_owner_is_warned_before_a_password_can_be_set(
    client: PageClient, account: Account
) -> None:
    prove_by_answers(client, account)
    assert client.url == PASSWORD_STEP
    warned = messages("answers_right")
    assert {(channel, it.recipient) for channel, it in warned} == {
        (Channel.SMS, account.phone),
        (Channel.EMAIL, account.email),
    }
    assert all(link_in(it).startswith("/bukan-saya/") for _, it in warned)


def test_bukan_saya_in_time_ends_the_recovery(client: PageClient, account: Account) -> None:
    prove_by_answers(client, account)
    owner = client.another().get(link_in(messages("answers_right")[0][1]))
    owner.submit("Bukan saya, bekukan akun")
    assert owner.heading == "Akun sudah dibekukan"
    set_password(client)
    assert client.url == "/lupa-kata-sandi"
    assert "Permintaan sebelumnya sudah berakhir" in client.text


def test_one_wrong_answer_reads_like_three(client: PageClient) -> None:
    pages = []
    for wrong in (
        {Question.FAMILY_CARD: "1" * 16},
        {Question.MOTHER: "Orang Lain"},
        dict.fromkeys(Question, "Salah Semua"),
    ):
        somebody_else = somebody()
        person = own(somebody_else)
        visitor = asked(client.another(), somebody_else)
        answer_all(visitor, person, **{**dict.fromkeys(Question, "Salah"), **wrong})
        pages.append((visitor.status, visitor.url, visitor.errors))
    assert pages == [(200, "/lupa-kata-sandi/pertanyaan/1", {"answer": WRONG})] * 3


def test_every_single_wrong_answer_is_enough_to_fail(
    client: PageClient, account: Account, clock: Clock
) -> None:
    asked(client, account)
    headings = []
    for _ in range(3):
        headings.append(client.heading)
        client.submit("Lanjut", {client.heading: "x"})
    for heading in headings:
        clock.advance(hours=25)
        visitor = asked(client.another(), account)
        answer_all(visitor, own(account), **{ASKED[heading]: "Bukan Ini"})
        assert visitor.url != PASSWORD_STEP, heading
    clock.advance(hours=25)
    visitor = asked(client.another(), account)
    assert answer_all(visitor, own(account)).url == PASSWORD_STEP


def test_the_third_wrong_try_closes_the_questions_for_a_day(
    client: PageClient, account: Account, clock: Clock
) -> None:
    asked(client, account)
    for _ in range(2):
        answer_all(client, None)
        assert client.errors == {"answer": WRONG}
    answer_all(client, None)
    assert client.url == "/lupa-kata-sandi/cara?pilih=questions"
    assert client.errors == {"questions": TOO_OFTEN}
    # Right answers of a new attempt in another browser are not judged either.
    other = asked(client.another(), account)
    assert other.errors == {"questions": TOO_OFTEN}
    clock.advance(hours=24)
    other = asked(client.another(), account)
    answer_all(other, own(account))
    assert other.url == PASSWORD_STEP


def test_the_owner_is_told_of_wrong_answers(client: PageClient, account: Account) -> None:
    asked(client, account)
    for _ in range(3):
        answer_all(client, None)
    asked(client.another(), account)
    sign_in(client.another(), account).get("/notifikasi")
    session.rollback()
    kinds = list(session.scalars(select(AuditEvent.kind).order_by(AuditEvent.id)))
    assert kinds.count(EventKind.AUTHN_ANSWERS_FAIL) == 3


def test_a_wrong_try_does_not_tell_known_from_unknown(client: PageClient, account: Account) -> None:
    known, unknown = asked(client, account), asked(client.another(), make_unknown(account))
    for visitor in (known, unknown):
        for _ in range(3):
            answer_all(visitor, None)
    assert known.errors == unknown.errors == {"questions": TOO_OFTEN}


def make_unknown(account: Account) -> Account:
    return Account(nik=new_nik(account.birth_date))


def test_the_questions_stay_the_same_for_a_number(client: PageClient, account: Account) -> None:
    seen = []
    for _ in range(3):
        visitor = asked(client.another(), account)
        headings = []
        for _ in range(3):
            headings.append(visitor.heading)
            visitor.submit("Lanjut", {visitor.heading: "Tidak tahu"})
        seen.append(headings)
    assert seen[0] == seen[1] == seen[2]
    assert len(set(seen[0])) == 3


@pytest.mark.parametrize("typed", ["", "   "])
def test_a_missing_answer_is_asked_for(client: PageClient, account: Account, typed: str) -> None:
    asked(client, account)
    client.submit("Lanjut", {client.heading: typed})
    assert client.status == 422
    assert client.errors == {"answer": "Isi jawaban"}


def test_an_endless_answer_is_only_wrong(client: PageClient, account: Account) -> None:
    asked(client, account)
    for text in ("a" * 60_000, "😀" * 5000, "٣" * 16):
        client.submit("Lanjut", {client.heading: text})
    assert client.errors == {"answer": WRONG}


def test_questions_cannot_be_skipped(client: PageClient, account: Account) -> None:
    asked(client, account)
    for number in (2, 3, 4, 99):
        assert client.get(f"/lupa-kata-sandi/pertanyaan/{number}").url.endswith("/pertanyaan/1")
    client.submit("Lanjut", {client.heading: "Tidak tahu"})
    client.get("/lupa-kata-sandi/pertanyaan/1")
    assert client.heading
    client.get("/lupa-kata-sandi/pertanyaan/3")
    assert client.url.endswith("/pertanyaan/2")


def test_kembali_leads_to_the_question_before_and_at_last_to_the_ways(
    client: PageClient, account: Account
) -> None:
    asked(client, account)
    client.submit("Lanjut", {client.heading: "Salah ketik"})
    assert client.follow("Kembali").url == "/lupa-kata-sandi/pertanyaan/1"
    assert client.follow("Kembali").url.startswith("/lupa-kata-sandi/cara")


def test_a_person_who_goes_back_answers_anew(client: PageClient, account: Account) -> None:
    asked(client, account)
    client.submit("Lanjut", {client.heading: "Salah ketik"})
    client.submit("Lanjut", {client.heading: "Salah juga"})
    client.get("/lupa-kata-sandi/pertanyaan/1")
    answer_all(client, own(account))
    assert client.url == PASSWORD_STEP


def test_a_question_says_that_it_was_answered_and_an_empty_field_keeps_the_answer(
    client: PageClient, account: Account
) -> None:
    kept = "Sudah Anda jawab. Biarkan kosong kalau tidak berubah."
    asked(client, account)
    for number in ("1", "2"):
        assert (client.url[-1], client.errors, kept in client.text) == (number, {}, False)
        client.submit("Lanjut", {client.heading: "Salah ketik"})
    client.get("/lupa-kata-sandi/pertanyaan/2")
    assert (client.errors, kept in client.text) == ({}, True)
    assert client.submit("Lanjut", {client.heading: ""}).url == "/lupa-kata-sandi/pertanyaan/3"


def test_a_frozen_account_needs_a_code(client: PageClient, account: Account) -> None:
    prove_by_answers(client, account)
    warned = messages("answers_right")
    client.another().get(link_in(warned[0][1])).submit("Bukan saya, bekukan akun")
    visitor = prove_by_answers(client.another(), account)
    assert visitor.heading == "Akun ini sedang dibekukan"
    assert messages("answers_right") == warned, "there is nothing left to freeze"


def test_right_answers_without_an_account_name_the_way(client: PageClient) -> None:
    participant = make_participant()
    choose(begin(client, participant.nik or ""), QUESTIONS)
    answer_all(client, participant)
    assert client.heading == "Anda belum punya akun"
    assert messages() == []


def test_by_answers_the_old_password_cannot_be_guessed(
    client: PageClient, account: Account
) -> None:
    """Refusing the old password would tell a thief, who knows the answers alone, what it was."""
    prove_by_answers(client, account)
    set_password(client, PASSWORD)
    assert client.url == "/masuk"
