"""The agreement to terms, as every form asks for it."""

from wtforms import BooleanField, HiddenField
from wtforms.validators import DataRequired

from jkn.models import ConsentPurpose
from jkn.services.basics import terms
from jkn.services.basics.terms import Terms
from jkn.web.form import Form


class AgreementForm(Form):
    """The tick is never set in advance. `purpose`: what is agreed to. `version`: which version of
    the text the page showed."""

    purpose = ConsentPurpose.ACCOUNT

    version = HiddenField()
    agreed = BooleanField(
        "Saya setuju dengan syarat & ketentuan ini",
        [DataRequired("Centang Saya setuju untuk melanjutkan")],
    )

    def terms(self) -> Terms:
        """The text in force."""
        return terms.current(self.purpose)

    def is_about_another_text(self) -> bool:
        """Whether the text was replaced while the page was open."""
        return bool(self.version.data != self.terms().version)


class BiometricsAgreementForm(AgreementForm):
    """The agreement to *Login dengan Biometrik*."""

    purpose = ConsentPurpose.BIOMETRICS
