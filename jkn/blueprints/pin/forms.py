"""The forms of the PIN. Whether a PIN is right or may be chosen, the services judge."""

from wtforms import PasswordField
from wtforms.validators import DataRequired

from jkn.services.access import pin_changes, pins
from jkn.services.access.pins import WrongPin
from jkn.services.basics import six_digits
from jkn.services.credentials.pin_policy import WeakPin
from jkn.web.form import BUSY, Form, TypedTwice

_SIX_DIGITS = "PIN harus 6 angka"
_WHY_NOT = {
    pin_changes.PinChangeRefusal.UNREADABLE: _SIX_DIGITS,
    pin_changes.PinChangeRefusal.SAME: "PIN baru sama dengan yang lama. Pilih yang lain",
    WeakPin.TRIVIAL: "PIN ini mudah ditebak. Jangan pakai angka berurutan atau berulang",
    WeakPin.BIRTH_DATE: "PIN ini tanggal lahir Anda. Pilih yang lain",
    WeakPin.OWN_NUMBER: "PIN ini bagian dari NIK, nomor kartu, atau nomor HP Anda. Pilih yang lain",
}


def _in_one_form(typed: str) -> str:
    return six_digits.read(typed) or typed


class PinForm(Form):
    """Asks for the present PIN."""

    pin = PasswordField("PIN saat ini", [DataRequired("Masukkan PIN")])

    def say_why_not(self, outcome: WrongPin | pins.PinRefusal) -> int:
        """Put the refusal at the field. Returns the answer's status."""
        if isinstance(outcome, WrongPin):
            self.pin.errors = [f"PIN tidak cocok. Anda bisa mencoba {outcome.left} kali lagi"]
            return 422
        is_busy = outcome is pins.PinRefusal.BUSY
        self.pin.errors = [BUSY if is_busy else _SIX_DIGITS]
        return 503 if is_busy else 422


class NewPinForm(Form):
    """Asks for a new PIN, typed twice."""

    pin = PasswordField("PIN baru", [DataRequired("Masukkan PIN baru")])
    confirmation = PasswordField(
        "Ulangi PIN baru",
        [TypedTwice("pin", "Kedua PIN tidak sama. Ketik lagi keduanya", _in_one_form)],
    )

    def say_why_not(self, outcome: WeakPin | pin_changes.PinChangeRefusal) -> int:
        """Put the refusal at the field. Returns the answer's status."""
        self.pin.errors = [_WHY_NOT.get(outcome, BUSY)]
        return 503 if outcome is pin_changes.PinChangeRefusal.BUSY else 422
