"""What Ubah Kata Sandi asks for."""

from wtforms import PasswordField, ValidationError

from jkn.web.captchas import CaptchaForm
from jkn.web.new_passwords import NewPasswordForm


class PasswordChangeForm(NewPasswordForm, CaptchaForm):
    """The old one is judged by the service."""

    old_password = PasswordField("Kata sandi lama")

    def validate_old_password(self, field: PasswordField) -> None:
        if not field.data:
            raise ValidationError("Masukkan kata sandi lama")
