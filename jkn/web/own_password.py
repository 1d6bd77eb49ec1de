"""The form for the account's password, when somebody signed in has to give it once more."""

from wtforms import PasswordField
from wtforms.validators import InputRequired

from jkn.services.basics.wording import not_before
from jkn.services.credentials.password_verification import PasswordRefusal
from jkn.services.throttling.retry_after import RetryAfter
from jkn.web.form import BUSY, Form


class OwnPasswordForm(Form):
    """Whether the password is right, the flow's own command judges."""

    password = PasswordField("Kata sandi akun", [InputRequired("Masukkan kata sandi")])

    def say_why_not(self, outcome: PasswordRefusal | RetryAfter) -> int:
        """Put the refusal at the field. Returns the answer's status."""
        self.password.errors, status = why_refused(outcome)
        return status


def why_refused(outcome: PasswordRefusal | RetryAfter) -> tuple[list[str], int]:
    """The words for the refusal, and the answer's status."""
    if isinstance(outcome, RetryAfter):
        if outcome.until is None:
            return ["Kata sandi diblokir di HP ini. Buat yang baru lewat Lupa Kata Sandi"], 429
        until = not_before(outcome.until)
        if not outcome.failures:
            return [f"Terlalu banyak percobaan dari jaringan ini. Coba lagi pukul {until}"], 429
        return [f"Terlalu sering salah. Coba lagi pukul {until}"], 429
    if outcome is PasswordRefusal.BUSY:
        return [BUSY], 503
    return ["Kata sandi tidak cocok. Coba lagi"], 422
