"""The sign-in forms: read what people type and say in words what is missing."""

from wtforms import (
    HiddenField,
    PasswordField,
    RadioField,
    SelectChoice,
    StringField,
    ValidationError,
)
from wtforms.validators import InputRequired

from jkn.services.basics.identity_numbers import IdentityNumber, IdentityType, read_identity
from jkn.web.captchas import CaptchaForm
from jkn.web.identity_words import misread


class PasswordForm(CaptchaForm):
    """What every sign-in with a password asks for. `identity`: the number of the person, set once
    the form is valid."""

    identity: IdentityNumber

    password = PasswordField("Kata sandi", [InputRequired("Masukkan kata sandi")])


class SavedNumberForm(PasswordForm):
    """For people whom this browser remembers, who need not type a number. Whom `saved` stands for,
    the route finds out."""

    saved = HiddenField("Masuk sebagai")


class HintForm(PasswordForm):
    """For the person whom the hint knows. `needs_captcha`: a password was tried already."""

    needs_captcha = False

    hint = HiddenField("Masuk sebagai")

    def validate_captcha_answer(self, field: StringField) -> None:
        """The first try needs none."""
        if self.needs_captcha:
            super().validate_captcha_answer(field)


class SignInForm(PasswordForm):
    """For people who type a number. `why_gone`: the words where the page that was sent showed a
    number that this browser does not know any more."""

    why_gone = ""

    identity_type = RadioField(
        "Masuk dengan",
        choices=[
            SelectChoice(IdentityType.NIK, "NIK"),
            SelectChoice(IdentityType.CARD_NUMBER, "NOKA"),
        ],
        default=IdentityType.NIK,
        # The length of the number decides, so any value that is sent here will do.
        validate_choice=False,
    )
    number = StringField("NIK atau nomor kartu")

    def validate_number(self, field: StringField) -> None:
        """Explain an error by the type of number that the person chose."""
        if self.why_gone:
            raise ValidationError(self.why_gone)
        read = read_identity(field.data or "")
        if isinstance(read, IdentityNumber):
            self.identity = read
            self.identity_type.data = read.type
            return
        known = set(IdentityType)
        chosen = self.identity_type.data
        expected = IdentityType(chosen) if chosen in known else IdentityType.NIK
        raise ValidationError(misread(field.data or "", read, expected))
