"""A new password as every form asks for it: refused with the reason, and mostly typed twice."""

from enum import StrEnum

from wtforms import PasswordField
from wtforms.validators import InputRequired

from jkn.services.credentials import password_policy
from jkn.services.credentials.password_policy import WeakPassword
from jkn.services.credentials.passwords import LONGEST, normalised
from jkn.web.form import BUSY, Form, TypedTwice

_WHY_NOT = {
    WeakPassword.TOO_LONG: f"Kata sandi paling banyak {LONGEST} huruf",
    WeakPassword.OWN_NUMBER: (
        "Kata sandi memuat NIK, nomor kartu, atau nomor HP Anda. Pilih yang lain"
    ),
    WeakPassword.BIRTH_DATE: "Kata sandi memuat tanggal lahir Anda. Pilih yang lain",
    WeakPassword.OWN_NAME: "Kata sandi ini nama Anda. Pilih yang lain",
    WeakPassword.CONTEXT: "Kata sandi ini memakai nama aplikasi. Pilih yang lain",
    WeakPassword.COMMON: "Kata sandi ini terlalu umum dan mudah ditebak. Pilih yang lain",
}


class NewPasswordOnceForm(Form):
    """Where a typing error costs little: the person types the password again at once, at Masuk, and
    can begin anew. Whether it may be chosen, the flow's own command asks the policy."""

    password = PasswordField("Kata sandi baru", [InputRequired("Masukkan kata sandi baru")])

    def say_why_not(self, why: WeakPassword | StrEnum) -> int:
        """Say why the policy refuses the password; any other outcome means that too many passwords
        are being hashed. Returns the answer's status."""
        if isinstance(why, WeakPassword):
            too_short = f"Kata sandi paling sedikit {password_policy.shortest()} huruf"
            return self.say(_WHY_NOT.get(why, too_short))
        self.say(BUSY)
        return 503

    def say(self, words: str) -> int:
        """Put these words at the field. Returns the answer's status."""
        self.password.errors = [words]
        return 422


class NewPasswordForm(NewPasswordOnceForm):
    """Typed twice."""

    confirmation = PasswordField(
        "Ulangi kata sandi baru",
        [TypedTwice("password", "Kedua kata sandi tidak sama. Ketik lagi keduanya", normalised)],
    )
