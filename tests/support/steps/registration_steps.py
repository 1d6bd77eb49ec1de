"""The steps of Daftar, in the words of the pages."""

import re
from typing import Any

from sqlalchemy import select

from jkn.database import session
from jkn.models import (
    Account,
    Participant,
    RegistrationDraft,
    RegistryPerson,
    Relationship,
)
from jkn.services.basics.wording import MONTHS
from tests.support.clients.page_client import PageClient
from tests.support.rules.canaries import CANARIES
from tests.support.steps.recovery_steps import CODE, answer_all, messages
from tests.support.steps.sign_in_steps import CAPTCHA
from tests.support.world.factories import make_family, make_participant, make_resident, new_phone

DOORS = "/daftar"
NEW_USER, MOBILE_USER = "/daftar/pengguna-baru", "/daftar/pengguna-mobile"
PHONE_STEP, TERMS_STEP = "/daftar/nomor-hp", "/daftar/syarat"
CODE_STEP, PASSWORD_STEP = "/daftar/kode", "/daftar/kata-sandi"
PHONE = "0813 8877 6655"
CHOSEN = "teh manis di beranda"
AGREED = "Saya setuju dengan syarat & ketentuan ini"
# What the button of the phone says: where questions may come first, and where none can.
CODE_OR_QUESTIONS, CODE_ALONE = "Lanjut ke kode atau pertanyaan", "Kirim Kode Verifikasi"
CLOSED = "/daftar/pertanyaan-ditutup"


def insured(**changes: Any) -> tuple[Participant, RegistryPerson]:
    """A participant with a child, and the same person as the population registry has them."""
    family = make_family()
    participant = make_participant(family, **changes)
    make_participant(family, relationship=Relationship.CHILD)
    return participant, make_resident_of(participant)


def make_resident_of(person: Participant | Account, **changes: Any) -> RegistryPerson:
    """Add the same person to the population registry."""
    values = {"nik": person.nik, "name": person.name, "birth_date": person.birth_date}
    return make_resident(**{**values, **changes})


def claim_of(resident: RegistryPerson, **changes: str) -> dict[str, str]:
    """The fields of the first door, as this person types them."""
    born = resident.birth_date
    typed = {
        "NIK": resident.nik,
        "Nama lengkap": resident.name,
        "Hari": str(born.day),
        "Bulan": MONTHS[born.month - 1],
        "Tahun": str(born.year),
        "Ketik angka di gambar": CAPTCHA,
    }
    return {**typed, **changes}


def begin_as_new_user(client: PageClient, resident: RegistryPerson, **changes: str) -> PageClient:
    """Daftar → Pengguna baru → Verifikasi Data."""
    client.get(NEW_USER)
    return client.submit("Verifikasi Data", claim_of(resident, **changes))


def begin_as_mobile_user(client: PageClient, number: str, captcha: str = CAPTCHA) -> PageClient:
    """Daftar → Pendaftaran Pengguna Mobile → Lanjut."""
    client.get(MOBILE_USER)
    typed = {"NIK atau nomor kartu": number, "Ketik angka di gambar": captcha}
    return client.submit("Lanjut", typed)


def as_written(phone: str) -> str:
    """+6281271300012 as people write it: 0812 7130 0012."""
    digits = phone.replace("+62", "0")
    return " ".join((digits[:4], digits[4:8], digits[8:]))


def own_phone() -> str:
    """A phone that no record knows, as its owner writes it."""
    return as_written(new_phone())


def give_phone(client: PageClient, phone: str = PHONE) -> PageClient:
    """Nomor HP → the only button."""
    CANARIES.add("phone", "+62" + re.sub(r"[^0-9]", "", phone).removeprefix("0").removeprefix("62"))
    button = CODE_ALONE if client.shows(CODE_ALONE) else CODE_OR_QUESTIONS
    return client.submit(button, {"Nomor HP": phone})


def agree(client: PageClient) -> PageClient:
    """Syarat & ketentuan → Selanjutnya."""
    return client.submit("Selanjutnya", {AGREED: True})


def newest_code() -> str:
    """The digits in the newest code that was sent."""
    found = re.search(r"\b[0-9]{6}\b", messages("code:registration")[-1][1].text)
    assert found is not None
    CANARIES.add("code", found.group())
    return found.group()


def give_code(client: PageClient, code: str | None = None) -> PageClient:
    """Type the newest code, or another."""
    return client.submit("Lanjut", {CODE: code or newest_code()})


def prove_phone(client: PageClient) -> PageClient:
    """From the terms to what comes after the code."""
    return give_code(agree(client))


def choose_password(client: PageClient, password: str = CHOSEN, again: str = "") -> PageClient:
    """The last step."""
    return client.submit(
        "Registrasi",
        {"Kata sandi baru": password, "Ulangi kata sandi baru": again or password},
    )


def reach_password(client: PageClient, resident: RegistryPerson | None = None) -> PageClient:
    """As far as the password, as somebody who is not insured."""
    give_phone(begin_as_new_user(client, resident or make_resident()))
    prove_phone(client)
    assert client.url == PASSWORD_STEP, client.text
    return client


def answer_by_record(client: PageClient, participant: Participant, **wrong: str) -> PageClient:
    """Answer the three questions as the membership record has them."""
    return answer_all(client, participant, **wrong)


def accounts_of(nik: str) -> list[Account]:
    """All accounts of this NIK: one at most."""
    session.rollback()
    return [it for it in session.scalars(select(Account)) if it.nik == nik]


def drafts() -> list[RegistrationDraft]:
    """All of them, oldest first."""
    session.rollback()
    return list(session.scalars(select(RegistrationDraft).order_by(RegistrationDraft.id)))
