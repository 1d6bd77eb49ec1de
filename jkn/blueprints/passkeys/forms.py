"""What people type to switch Login dengan Biometrik on, and to name a phone."""

from wtforms import BooleanField, StringField, ValidationError

from jkn.services.passkeys import passkey_devices
from jkn.web.agreement import BiometricsAgreementForm
from jkn.web.form import Form
from jkn.web.own_password import OwnPasswordForm


class BeginForm(BiometricsAgreementForm, OwnPasswordForm):
    """The terms, and the account's password."""


class NameForm(Form):
    """What the owner calls a phone. Empty: as its browser calls itself."""

    name = StringField("Nama HP")

    def validate_name(self, field: StringField) -> None:
        longest = passkey_devices.LONGEST_NAME
        length = len(passkey_devices.tidy_name(field.data or ""))
        if length > longest:
            raise ValidationError(f"Paling banyak {longest} huruf. Anda mengisi {length} huruf")


class RemoveForm(Form):
    """Whether the phones that are signed in by this key go along with it."""

    ends_sessions = BooleanField("Keluarkan juga HP lain yang masuk dengan sidik jari ini")
