"""What people type on the way to a new password."""

from dataclasses import dataclass

from wtforms import StringField, ValidationError

from jkn.services.identity_numbers import IdentityNumber, IdentityType, Misread, read_identity
from jkn.services.personal_questions import Question
from jkn.web.captchas import CaptchaForm
from jkn.web.form import Form
from jkn.web.identity_words import misread


class StartForm(CaptchaForm):
    """`number` is the NIK in its one form once the form is valid."""

    number: str

    nik = StringField("NIK")

    def validate_nik(self, field: StringField) -> None:
        read = read_identity(field.data or "")
        if isinstance(read, IdentityNumber) and read.type is IdentityType.NIK:
            self.number = read.number
            return
        why = read if isinstance(read, Misread) else Misread.WRONG_LENGTH
        raise ValidationError(misread(field.data or "", why, IdentityType.NIK))


class AnswerForm(Form):
    """One question a page."""

    answer = StringField("Jawaban")

    def validate_answer(self, field: StringField) -> None:
        if not (field.data or "").strip():
            raise ValidationError("Isi jawaban")


@dataclass(frozen=True)
class Words:
    """How a question is put. `inputmode`: the keyboard that fits."""

    question: str
    hint: str
    inputmode: str = "text"


QUESTIONS = {
    Question.FAMILY_CARD: Words(
        "Berapa nomor Kartu Keluarga (KK) Anda?", "16 angka di bagian atas KK.", "numeric"
    ),
    Question.MOTHER: Words(
        "Siapa nama ibu kandung Anda?", "Nama lengkap seperti di KK, tanpa gelar."
    ),
    Question.BIRTH_PLACE: Words("Di mana Anda lahir?", "Kota atau kabupaten, seperti di KTP."),
    Question.FACILITY: Words(
        "Apa nama faskes tingkat 1 Anda?",
        "Puskesmas, klinik, atau dokter tempat Anda terdaftar. Ada di kartu JKN.",
    ),
    Question.RELATIVE: Words(
        "Siapa nama salah satu anggota keluarga Anda?",
        "Nama lengkap satu orang lain di KK Anda.",
    ),
}
