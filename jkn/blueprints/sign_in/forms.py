"""The sign-in form: reads what people type and says in words what is missing."""

from wtforms import PasswordField, RadioField, SelectChoice, StringField, ValidationError

from jkn.services.identity_numbers import (
    DIGITS,
    IdentityNumber,
    IdentityType,
    Misread,
    read_identity,
    without_separators,
)
from jkn.web.captchas import CaptchaForm

_NAMES = {IdentityType.NIK: "NIK", IdentityType.CARD_NUMBER: "Nomor kartu"}


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
        chosen = self.identity_type.data
        chosen = chosen if chosen in _NAMES else IdentityType.NIK
        name, digits = _NAMES[chosen], DIGITS[chosen]
        if read is Misread.EMPTY:
            raise ValidationError(f"Masukkan {name if name == 'NIK' else name.lower()}")
        if read is Misread.NOT_DIGITS:
            raise ValidationError(f"{name} hanya berisi angka 0 sampai 9")
        typed = len(without_separators(field.data))
        raise ValidationError(f"{name} harus {digits} angka. Anda mengisi {typed} angka")

    def validate_password(self, field: PasswordField) -> None:
        if not field.data:
            raise ValidationError("Masukkan kata sandi")
