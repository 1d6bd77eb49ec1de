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
    """What every way to sign in with a password asks for. `identity`: whose it is, set once the
    form is valid."""

    identity: IdentityNumber

    password = PasswordField("Kata sandi", [InputRequired("Masukkan kata sandi")])


class SavedNumberForm(PasswordForm):
    """Whom this browser remembers need not type a number. What `saved` stands for is found out
    elsewhere."""

    saved = HiddenField("Masuk sebagai")


class SignInForm(PasswordForm):
    """By a number. `is_saved_gone`: the one that was to be taken is not remembered any more."""

    is_saved_gone = False

    identity_type = RadioField(
        "Masuk dengan",
        choices=[
            SelectChoice(IdentityType.NIK, "NIK"),
            SelectChoice(IdentityType.CARD_NUMBER, "Nomor kartu (NOKA)"),
        ],
        default=IdentityType.NIK,
        # The length of the number decides; whatever else is sent here changes nothing.
        validate_choice=False,
    )
    number = StringField("NIK atau nomor kartu")

    def validate_number(self, field: StringField) -> None:
        """Explain by the type that the person chose."""
        if self.is_saved_gone:
            raise ValidationError("Nomor tersimpan sudah tidak ada. Ketik nomor Anda")
        read = read_identity(field.data or "")
        if isinstance(read, IdentityNumber):
            self.identity = read
            self.identity_type.data = read.type
            return
        known = set(IdentityType)
        chosen = self.identity_type.data
        expected = IdentityType(chosen) if chosen in known else IdentityType.NIK
        raise ValidationError(misread(field.data or "", read, expected))
