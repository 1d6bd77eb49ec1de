"""What people type to switch Login dengan Biometrik on, and to name a phone."""

from wtforms import StringField, ValidationError

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
