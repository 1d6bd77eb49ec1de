"""The pages of Daftar as people know them, and what somebody who walks them has at hand."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

from playwright.sync_api import Locator, expect
from sqlalchemy import delete, select, update

from jkn.database import session, transaction
from jkn.models import (
    Account,
    Participant,
    RegistrationDraft,
    RegistryPerson,
    SimulatedMessage,
    SpentRateLimit,
)
from jkn.services.basics import clock
from jkn.services.basics.wording import MONTHS
from tests.support.pages.captcha_part import CaptchaPart
from tests.support.pages.page_objects import LandingPage, Screen
from tests.support.world.app_database import database_of
from tests.support.world.recovery_world import Message, answers_of, begin_anew, newest_message
from tests.support.world.running_app import RunningApp

NEW_USER, MOBILE_USER = "Pengguna baru", "Pendaftaran Pengguna Mobile"
NEW_PHONE = "0813 8877 6655"
CHOSEN = "teh manis di beranda"


@dataclass(frozen=True)
class Claim:
    """Who somebody claims to be, as they type it."""

    nik: str
    name: str
    day: str
    month: str
    year: str

    def typed(self) -> dict[str, str]:
        """What is typed, by label."""
        texts = (self.nik, self.name, self.day, self.month, self.year)
        return dict(zip(("NIK", "Nama lengkap", "Hari", "Bulan", "Tahun"), texts, strict=True))


def claim_of(running: RunningApp, persona: str) -> Claim:
    """This person as the population registry writes them."""
    nik = running.identity(persona).nik
    with database_of(running):
        person = next(it for it in session.scalars(select(RegistryPerson)) if it.nik == nik)
        born = person.birth_date
        return Claim(nik, person.name, str(born.day), MONTHS[born.month - 1], str(born.year))


def recorded_phone(running: RunningApp, persona: str) -> str:
    """The phone of the membership record, as its owner writes it."""
    nik = running.identity(persona).nik
    with database_of(running):
        phones = {it.nik: it.phone for it in session.scalars(select(Participant))}
    return (phones[nik] or "").replace("+62", "0")


def sms_to(running: RunningApp, phone: str, containing: str = "Kode JKN") -> Message:
    """The newest SMS that this phone got; waits for the worker."""
    number = "+62" + re.sub(r"[^0-9]", "", phone).removeprefix("0")
    return newest_message(running, "sms", containing, to=number)


def let_the_time_run_out(running: RunningApp) -> None:
    """As if nobody had touched any registration for more than an hour."""
    with database_of(running), transaction():
        session.execute(
            update(RegistrationDraft).values(expires_at=clock.now() - timedelta(minutes=1))
        )


def as_if_nobody_had_registered(running: RunningApp) -> None:
    """Detach the accounts that were made here from their people, and delete what was sent and
    counted."""
    begin_anew(running)
    of_the_sample = {it.nik for it in running.identities()}
    with database_of(running), transaction():
        for table in (SimulatedMessage, RegistrationDraft, SpentRateLimit):
            session.execute(delete(table))
        for account in session.scalars(select(Account)):
            if account.nik not in of_the_sample:
                account.nik, account.participant_id = f"{account.id:016}", None


class RegistrationPages(Screen):
    """Daftar, step by step."""

    def open(self) -> RegistrationPages:
        """From the first page, as people find it."""
        LandingPage(self.page).open().link("Daftar").click()
        expect(self.heading).to_have_text("Sudah punya kartu JKN, KIS, atau BPJS?")
        return self

    def choose(self, door: str) -> RegistrationPages:
        """NEW_USER or MOBILE_USER."""
        self.page.get_by_role("link", name=re.compile(f"^{door}")).click()
        is_new = door == NEW_USER
        expect(self.heading).to_have_text("Isi data diri Anda" if is_new else MOBILE_USER)
        return self

    def field(self, label: str) -> Locator:
        """By its exact label."""
        return self.page.get_by_label(label, exact=True)

    @property
    def captcha(self) -> CaptchaPart:
        """What shows that no robot asks."""
        return CaptchaPart(self.page)

    @property
    def code(self) -> Locator:
        """Where the code is typed."""
        return self.field("Kode 6 angka")

    @property
    def tick(self) -> Locator:
        """The tick for agreeing."""
        return self.page.get_by_role("checkbox", name="Saya setuju dengan syarat & ketentuan ini")

    def tab_to(self, target: Locator) -> Locator:
        """Press Tab until the focus is there."""
        for _ in range(40):
            self.page.keyboard.press("Tab")
            if target.evaluate("it => it === document.activeElement"):
                return target
        raise AssertionError(f"Tab does not lead to {target}")

    def claim(self, claim: Claim, captcha: str | None = None) -> RegistrationPages:
        """Who I am, captcha, Verifikasi Data."""
        self.captcha.answer(captcha)
        for label, text in claim.typed().items():
            self.field(label).fill(text)
        self.button("Verifikasi Data").click()
        return self

    def verify(self, captcha: str | None = None) -> RegistrationPages:
        """Captcha, Verifikasi Data; the other fields are filled in already."""
        self.captcha.answer(captcha)
        self.button("Verifikasi Data").click()
        return self

    def name_number(self, number: str, captcha: str | None = None) -> RegistrationPages:
        """NIK or card number, captcha, Lanjut."""
        self.captcha.answer(captcha)
        self.field("NIK atau nomor kartu").fill(number)
        self.next()
        return self

    def next(self) -> None:
        """Lanjut."""
        self.button("Lanjut").click()

    def give_phone(self, phone: str = NEW_PHONE) -> RegistrationPages:
        """Nomor HP, and on."""
        expect(self.heading).to_have_text("Berapa nomor HP Anda?")
        self.field("Nomor HP").fill(phone)
        return self.to_code_or_questions()

    def to_code_or_questions(self) -> RegistrationPages:
        """From the phone that is filled in already, where questions may come first."""
        self.button("Lanjut ke kode atau pertanyaan").click()
        return self

    def answer_as(self, running: RunningApp, nik: str) -> RegistrationPages:
        """Answer the three questions as the membership record has them."""
        known = answers_of(running, nik)
        for number in (1, 2, 3):
            expect(self.page.get_by_text(f"Pertanyaan {number} dari 3")).to_be_visible()
            self.page.get_by_role("textbox").fill(known[self.heading.inner_text()])
            self.next()
        return self

    def agree(self) -> RegistrationPages:
        """Tick, Selanjutnya."""
        expect(self.heading).to_have_text("Syarat & ketentuan")
        self.tick.check()
        self.button("Selanjutnya").click()
        expect(self.heading).to_have_text("Masukkan kode dari SMS")
        return self

    def give_code(self, code: str) -> RegistrationPages:
        """Type it, and on."""
        self.code.fill(code)
        self.next()
        return self

    def register(self, password: str = CHOSEN) -> None:
        """Kata sandi twice, Registrasi."""
        expect(self.heading).to_have_text("Buat kata sandi")
        self.field("Kata sandi baru").fill(password)
        self.field("Ulangi kata sandi baru").fill(password)
        self.button("Registrasi").click()
