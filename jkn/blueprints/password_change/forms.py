"""What Ubah Kata Sandi asks for."""

from wtforms import PasswordField
from wtforms.validators import InputRequired

from jkn.web.captchas import CaptchaForm
from jkn.web.new_passwords import NewPasswordForm


class PasswordChangeForm(NewPasswordForm, CaptchaForm):
    """Whether the old password is right, the service judges."""

    old_password = PasswordField("Kata sandi lama", [InputRequired("Masukkan kata sandi lama")])
