"""What people type on the way to a new password."""

from wtforms import StringField

from jkn.web.captchas import CaptchaForm
from jkn.web.identity_words import read_nik


class StartForm(CaptchaForm):
    """`number` is the NIK in its canonical form once the form is valid."""

    number: str

    nik = StringField("NIK")

    def validate_nik(self, field: StringField) -> None:
        self.number = read_nik(field.data or "")
