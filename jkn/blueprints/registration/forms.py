"""What people type on the way to an account."""

from typing import ClassVar

from wtforms import HiddenField, StringField, ValidationError
from wtforms.validators import DataRequired, Length

from jkn.services.access.identity_check import Claim
from jkn.services.access.registration import Phone
from jkn.services.basics.identity_numbers import IdentityNumber
from jkn.services.basics.phone_numbers import read_phone
from jkn.services.basics.typed_text import without_marks
from jkn.web.birth_dates import BirthDateForm
from jkn.web.captchas import CaptchaForm
from jkn.web.form import Form
from jkn.web.identity_words import read_either, read_nik

_LONGEST_NAME = 100


class DoorForm(CaptchaForm):
    """What a door asks. `KEPT`: the fields that are filled in again for whoever comes back."""

    KEPT: ClassVar[tuple[str, ...]]

    def typed(self) -> dict[str, str]:
        """What was typed, by the names of the fields. A valid number is short, but may stand among
        any number of spaces."""
        return {name: (self[name].data or "")[:_LONGEST_NAME] for name in self.KEPT}


class NewUserForm(BirthDateForm, DoorForm):
    """Who somebody claims to be. `checked`: the person was asked already to look at NIK and birth
    date again, which happens only once."""

    KEPT = ("nik", "name", "birth_day", "birth_month", "birth_year")

    nik = StringField("NIK")
    name = StringField(
        "Nama lengkap",
        [
            DataRequired("Masukkan nama lengkap"),
            Length(max=_LONGEST_NAME, message=f"Nama paling banyak {_LONGEST_NAME} huruf"),
        ],
    )
    checked = HiddenField()

    def validate_nik(self, field: StringField) -> None:
        self._nik = read_nik(field.data or "")

    def claim(self) -> Claim:
        """The claim; only once the form is valid."""
        return Claim(self._nik, (self.name.data or "").strip(), self.birth_date)

    def is_sure(self) -> bool:
        """Whether the person was asked already to look again."""
        return bool(self.checked.data)

    def say_check_again(self) -> None:
        """Say that the NIK was issued for another birth date."""
        self.checked.data = "1"
        self.birth_day.errors = [
            "Periksa lagi: tanggal lahir berbeda dari NIK. Kalau benar, lanjutkan"
        ]

    def say_no_match(self) -> None:
        """Say that something does not match, never which of the three."""
        self.nik.errors = ["Tidak cocok dengan data Dukcapil. Periksa NIK, nama, dan tanggal lahir"]


class MobileUserForm(DoorForm):
    """`identity` is set once the form is valid."""

    KEPT = ("number",)

    identity: IdentityNumber

    number = StringField("NIK atau nomor kartu")

    def validate_number(self, field: StringField) -> None:
        self.identity = read_either(field.data or "")


class PhoneForm(Form):
    """`given` is set once the form is valid."""

    given: Phone

    phone = StringField("Nomor HP", [DataRequired("Masukkan nomor HP")])

    def validate_phone(self, field: StringField) -> None:
        # It is shown again as typed; a mark of direction would turn it round.
        typed = without_marks(field.data).strip()
        number = read_phone(typed)
        if number is None:
            raise ValidationError("Tulis nomor HP Indonesia. Contoh: 0812 3456 7890")
        self.given = Phone(number, typed)
