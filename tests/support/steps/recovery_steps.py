"""The steps of Lupa Kata Sandi, and what its messages say."""

import re

from sqlalchemy import select

from jkn.database import session, transaction
from jkn.models import Account, Channel, OutboxMessage, Participant, RecoveryAttempt
from jkn.services.credentials.personal_questions import Question
from jkn.services.messaging.outbox import Content
from tests.support.clients.page_client import PageClient
from tests.support.rules.canaries import CANARIES
from tests.support.steps.sign_in_steps import CAPTCHA

START, METHOD = "/lupa-kata-sandi", "/lupa-kata-sandi/cara"
TYPE_CODE, PASSWORD_STEP = "/lupa-kata-sandi/kode", "/lupa-kata-sandi/kata-sandi"
OVER = "Permintaan sebelumnya sudah berakhir"
NEW_PASSWORD = "teh manis di beranda"
CODE = "Kode 6 angka"
SMS, EMAIL, QUESTIONS = "SMS", "Email", "Pertanyaan Data Pribadi"
# The buttons, as they are read.
NAMES = {
    SMS: "SMS Kode ke nomor HP yang terdaftar",
    EMAIL: "Email Kode ke email yang terdaftar",
    QUESTIONS: "Pertanyaan Data Pribadi Kalau nomor HP dan email sudah berganti. Bisa"
    " dicoba 3 kali, lalu sekali sehari.",
}
ASKED = {
    "Berapa nomor Kartu Keluarga (KK) Anda?": Question.FAMILY_CARD,
    "Siapa nama ibu kandung Anda?": Question.MOTHER,
    "Di mana Anda lahir?": Question.BIRTH_PLACE,
    "Apa nama faskes tingkat 1 Anda?": Question.FACILITY,
    "Siapa nama salah satu anggota keluarga Anda?": Question.RELATIVE,
}


def begin(client: PageClient, nik: str, captcha: str = CAPTCHA) -> PageClient:
    """Masuk → Lupa kata sandi? → NIK and captcha."""
    client.get("/masuk").follow("Lupa kata sandi?")
    return client.submit("Lanjut", {"NIK": nik, "Ketik angka di gambar": captcha})


def choose(client: PageClient, way: str) -> PageClient:
    """SMS, Email or the questions."""
    return client.submit(NAMES[way])


def ask_for_code(client: PageClient, nik: str, way: str = SMS) -> PageClient:
    """As far as the page where the code is typed."""
    return choose(begin(client, nik), way)


def give_code(client: PageClient, code: str | None = None) -> PageClient:
    """Type the newest code, or another."""
    return client.submit("Lanjut", {CODE: code or newest_code()})


def prove_by_code(client: PageClient, account: Account, way: str = SMS) -> PageClient:
    """As far as the new password."""
    give_code(ask_for_code(client, account.nik, way))
    assert client.url == "/lupa-kata-sandi/kata-sandi", client.text
    return client


def answer_all(client: PageClient, participant: Participant | None, **wrong: str) -> PageClient:
    """Answer the questions as the membership record has them. `wrong`: other answers, by question.
    `participant` None: answer anything."""
    known = {} if participant is None else answers_of(participant)
    for _ in range(3):
        asked = ASKED[client.heading]
        text = wrong.get(asked, known.get(asked, "Tidak tahu"))
        client.submit("Lanjut", {client.heading: text})
    return client


def prove_by_answers(client: PageClient, account: Account) -> PageClient:
    """As far as the new password, or the end that applies."""
    choose(begin(client, account.nik), QUESTIONS)
    with transaction():
        participant = session.get_one(Participant, account.participant_id)
    return answer_all(client, participant)


def own(account: Account) -> Participant:
    """The membership record of the account's owner."""
    session.rollback()
    found = select(Participant).where(Participant.id == account.participant_id)
    return session.scalars(found).one()


def answers_of(participant: Participant) -> dict[str, str]:
    """The answers in the membership record, by the question as the page puts it."""
    with transaction():
        own = session.get_one(Participant, participant.id)
        others = session.scalars(
            select(Participant.name).where(
                Participant.family_id == own.family_id, Participant.id != own.id
            )
        )
        return {
            Question.FAMILY_CARD: own.family.family_card_number,
            Question.MOTHER: own.mother_name,
            Question.BIRTH_PLACE: own.birth_place,
            Question.FACILITY: own.primary_facility.name if own.primary_facility else "",
            Question.RELATIVE: next(iter(others), ""),
        }


def set_password(client: PageClient, password: str = NEW_PASSWORD) -> PageClient:
    """The last step."""
    return client.submit("Simpan kata sandi baru", {"Kata sandi baru": password})


def sign_in_known(client: PageClient, password: str = NEW_PASSWORD) -> PageClient:
    """Send the open page of Masuk, which knows the number and asks for the password alone."""
    return client.submit("MASUK", {"Kata sandi": password})


def messages(topic: str | None = None) -> list[tuple[Channel, Content]]:
    """The messages to somebody that were not handed over yet, oldest first."""
    session.rollback()
    rows = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)).all()
    session.rollback()
    return [
        (row.channel, Content.from_json(row.content))
        for row in rows
        if row.content is not None and topic in (None, row.topic) and row.state == "waiting"
    ]


def newest_code() -> str:
    """The digits in the newest code that was sent to somebody."""
    found = re.search(r"\b[0-9]{6}\b", messages("code:recovery")[-1][1].text)
    assert found is not None
    CANARIES.add("code", found.group())
    return found.group()


def link_in(content: Content) -> str:
    """The path that the link of a message leads to."""
    found = re.search(r"http://localhost(/\S+)", content.text)
    assert found is not None, content.text
    return found.group(1)


def attempts() -> list[RecoveryAttempt]:
    """All of them, oldest first."""
    session.rollback()
    return list(session.scalars(select(RecoveryAttempt).order_by(RecoveryAttempt.id)))
