"""The sign-in form: reads what people type and says in words what is missing."""

from wtforms import PasswordField, RadioField, SelectChoice, StringField, ValidationError

from jkn.services.identity_numbers import IdentityNumber, IdentityType, read_identity
from jkn.web.captchas import CaptchaForm
from jkn.web.identity_words import misread


class SignInForm(CaptchaForm):
    """`identity` is set once the form is valid."""

    identity: IdentityNumber

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
    password = PasswordField("Kata sandi")

    def validate_number(self, field: StringField) -> None:
        """Explain by the type that the person chose."""
        read = read_identity(field.data or "")
        if isinstance(read, IdentityNumber):
            self.identity = read
            self.identity_type.data = read.type
            return
        known = set(IdentityType)
        chosen = self.identity_type.data
        expected = IdentityType(chosen) if chosen in known else IdentityType.NIK
        raise ValidationError(misread(field.data or "", read, expected))

    def validate_password(self, field: PasswordField) -> None:
        if not field.data:
            raise ValidationError("Masukkan kata sandi")
