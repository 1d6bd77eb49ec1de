"""Lupa Kata Sandi by questions about one's own record, and the limited mode that follows (R26)."""

import pytest
from flask import Flask
from sqlalchemy import select

from jkn.database import session
from jkn.models import Account, Channel, EventKind, Participant, Relationship, SecurityEvent
from jkn.services.personal_questions import Question
from jkn.web.access import not_limited
from jkn.web.rendering import leave_for
from tests.blueprints.journeys import sign_in, try_to_sign_in
from tests.blueprints.midways import somebody
from tests.blueprints.recoveries import (
    ASKED,
    CODE,
    NEW_PASSWORD,
    QUESTIONS,
    answer_all,
    begin,
    choose,
    link_in,
    messages,
    prove_by_answers,
    prove_by_code,
    set_password,
)
from tests.support.clock import Clock
from tests.support.factories import PASSWORD, make_account, make_family, make_participant, new_nik
from tests.support.page_client import PageClient
from tests.support.privacy import CANARIES

PASSWORD_STEP = "/lupa-kata-sandi/kata-sandi"
WRONG = "Ada jawaban yang tidak cocok. Jawab lagi semuanya"
TOO_OFTEN = "Terlalu sering salah. Pertanyaan terbuka lagi 4 Mei 2026, 09.30 WIB. Pilih cara lain"


@pytest.fixture
def account() -> Account:
    """Of a mother with a family, so that every question can be answered."""
    family = make_family()
    mother = make_participant(family)
    make_participant(family, relationship=Relationship.HUSBAND, sex="M", name="Bambang Wicaksono")
    return make_account(mother)


def own(account: Account) -> Participant:
    session.rollback()
    return session.scalars(
        select(Participant).where(Participant.id == account.participant_id)
    ).one()


def asked(client: PageClient, account: Account) -> PageClient:
    return choose(begin(client, account.nik), QUESTIONS)


def in_limited_mode(client: PageClient, account: Account) -> PageClient:
    set_password(prove_by_answers(client, account))
    try_to_sign_in(client, account.nik, NEW_PASSWORD)
    assert client.url == "/beranda", client.text
    return client


def opening_code() -> str:
    text = messages("code:full_access")[-1][1].text
    code = next(word for word in text.replace(":", " ").split() if word.isdigit())
    CANARIES.add("code", code)
    return code


def test_three_right_answers_lead_to_a_new_password(client: PageClient, account: Account) -> None:
    asked(client, account)
    assert client.url == "/lupa-kata-sandi/pertanyaan/1"
    assert "Pertanyaan 1 dari 3" in client.text
    answer_all(client, own(account))
    assert client.url == PASSWORD_STEP
    set_password(client)
    assert try_to_sign_in(client, account.nik, NEW_PASSWORD).url == "/beranda"


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


def test_saying_not_me_in_time_ends_it(client: PageClient, account: Account) -> None:
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
    assert client.errors == {"way": TOO_OFTEN}
    # The right answers in another browser, after a new beginning: not looked at.
    other = asked(client.another(), account)
    assert other.errors == {"way": TOO_OFTEN}
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
    kinds = list(session.scalars(select(SecurityEvent.kind).order_by(SecurityEvent.id)))
    assert kinds.count(EventKind.AUTHN_ANSWERS_FAIL) == 3


def test_a_wrong_try_does_not_tell_known_from_unknown(client: PageClient, account: Account) -> None:
    known, unknown = asked(client, account), asked(client.another(), make_unknown(account))
    for visitor in (known, unknown):
        for _ in range(3):
            answer_all(visitor, None)
    assert known.errors == unknown.errors == {"way": TOO_OFTEN}


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
def test_no_answer_is_said(client: PageClient, account: Account, typed: str) -> None:
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
    for number in (0, 2, 3, 4, 99):
        assert client.get(f"/lupa-kata-sandi/pertanyaan/{number}").url.endswith("/pertanyaan/1")
    client.submit("Lanjut", {client.heading: "Tidak tahu"})
    client.get("/lupa-kata-sandi/pertanyaan/1")
    assert client.heading
    client.get("/lupa-kata-sandi/pertanyaan/3")
    assert client.url.endswith("/pertanyaan/2")


def test_a_frozen_account_wants_a_code(client: PageClient, account: Account) -> None:
    prove_by_answers(client, account)
    client.another().get(link_in(messages()[0][1])).submit("Bukan saya, bekukan akun")
    visitor = prove_by_answers(client.another(), account)
    assert visitor.heading == "Akun ini sedang dibekukan"


def test_right_answers_without_an_account_name_the_way(client: PageClient) -> None:
    participant = make_participant()
    choose(begin(client, participant.nik or ""), QUESTIONS)
    answer_all(client, participant)
    assert client.heading == "Anda belum punya akun"
    assert messages() == []


# Limited mode


def test_every_page_says_what_is_closed_and_until_when(
    client: PageClient, account: Account
) -> None:
    in_limited_mode(client, account)
    for page in ("/beranda", "/kartu", "/lainnya", "/notifikasi", "/bantuan"):
        client.get(page)
        assert "Akses terbatas sampai 4 Mei 2026, 09.30 WIB" in client.text, page
    client.follow("Buka dengan kode")
    assert client.heading == "Akses terbatas sampai 4 Mei 2026, 09.30 WIB"


def test_numbers_are_masked(client: PageClient, account: Account) -> None:
    number = own(account).card_number
    grouped = " ".join(number[start : start + 4] for start in range(0, 13, 4))
    in_limited_mode(client, account)
    for page in ("/beranda", "/kartu", f"/kartu/{account.participant_id}"):
        client.get(page)
        assert grouped not in client.text
        assert number not in client.text
    open_with_code(client)
    assert grouped in client.get("/beranda").text


def open_with_code(client: PageClient, way: str = "SMS Ke nomor HP yang terdaftar") -> PageClient:
    client.get("/akses-terbatas").submit("Kirim kode", {"Kirim kode lewat": way})
    return client.submit("Lanjut", {CODE: opening_code()})


@pytest.mark.parametrize("way", ["SMS Ke nomor HP yang terdaftar", "Email Ke email yang terdaftar"])
def test_a_code_opens_everything_at_once(client: PageClient, account: Account, way: str) -> None:
    in_limited_mode(client, account)
    open_with_code(client, way)
    assert client.url == "/beranda"
    assert "Akses penuh terbuka lagi" in client.text
    assert "Akses terbatas" not in client.text
    assert client.get("/akses-terbatas").url == "/beranda"


def test_a_wrong_code_opens_nothing(client: PageClient, account: Account) -> None:
    in_limited_mode(client, account)
    client.get("/akses-terbatas").submit(
        "Kirim kode", {"Kirim kode lewat": "SMS Ke nomor HP yang terdaftar"}
    )
    code = opening_code()
    client.submit("Lanjut", {CODE: f"{(int(code) + 1) % 1_000_000:06}"})
    assert client.status == 422
    assert "Akses terbatas" in client.get("/beranda").text


def test_a_code_of_another_session_opens_nothing(client: PageClient, account: Account) -> None:
    in_limited_mode(client, account)
    other = client.another()
    try_to_sign_in(other, account.nik, NEW_PASSWORD)
    client.get("/akses-terbatas").submit(
        "Kirim kode", {"Kirim kode lewat": "SMS Ke nomor HP yang terdaftar"}
    )
    other.get("/akses-terbatas/sms").submit("Lanjut", {CODE: opening_code()})
    assert other.status == 422


def test_no_channel_chosen_is_said(client: PageClient, account: Account) -> None:
    in_limited_mode(client, account).get("/akses-terbatas").submit("Kirim kode")
    assert client.errors == {"way": "Pilih SMS atau Email"}


def test_only_channels_that_there_are_can_be_chosen(client: PageClient) -> None:
    account = make_account(email=None)
    in_limited_mode(client, account).get("/akses-terbatas")
    assert "Ke email" not in client.text
    assert client.get("/akses-terbatas/email").url == "/akses-terbatas"


def test_it_ends_by_itself(client: PageClient, account: Account, clock: Clock) -> None:
    in_limited_mode(client, account)
    clock.advance(hours=24)
    try_to_sign_in(client, account.nik, NEW_PASSWORD)
    assert "Akses terbatas" not in client.text


def test_what_is_sensitive_is_closed_and_leads_back_once_opened(
    app: Flask, client: PageClient, account: Account
) -> None:
    @app.route("/ubah-sesuatu", methods=["GET", "POST"])
    @not_limited
    def change_something() -> object:
        return leave_for("/bantuan")

    in_limited_mode(client, account)
    assert client.get("/ubah-sesuatu").url == "/akses-terbatas"
    client.submit("Kirim kode", {"Kirim kode lewat": "SMS Ke nomor HP yang terdaftar"})
    client.submit("Lanjut", {CODE: opening_code()})
    assert client.url == "/bantuan", "where they were going, and it is open now"


def test_without_limits_nothing_is_closed(app: Flask, client: PageClient) -> None:
    @app.get("/ubah-sesuatu")
    @not_limited
    def change_something() -> object:
        return leave_for("/bantuan")

    sign_in(client, make_account())
    assert client.get("/ubah-sesuatu").url == "/bantuan"


def test_by_answers_the_old_password_cannot_be_guessed(
    client: PageClient, account: Account
) -> None:
    """With answers alone, "the same as before" would tell a thief what the password was."""
    prove_by_answers(client, account)
    set_password(client, PASSWORD)
    assert client.url == "/masuk"


def test_a_code_later_takes_limited_mode_away(client: PageClient, account: Account) -> None:
    in_limited_mode(client, account)
    visitor = client.another()
    set_password(prove_by_code(visitor, account), "sate ayam madura")
    assert try_to_sign_in(visitor, account.nik, "sate ayam madura").url == "/beranda"
    assert "Akses terbatas" not in visitor.text
