"""The form of the search for facilities, and how kinds are called."""

from wtforms import SelectChoice, SelectField, StringField

from jkn.services.facilities.positions import Misplaced
from jkn.web.form import Form

# By `FacilityKind`; each must have one.
NAMES = {
    "puskesmas": "Puskesmas",
    "primary_clinic": "Klinik pratama",
    "doctor": "Dokter praktik perorangan",
    "primary_hospital": "RS Kelas D Pratama",
    "dentist": "Dokter gigi",
    "specialist_clinic": "Klinik utama",
    "hospital": "Rumah sakit",
    "pharmacy": "Apotek",
}
# Stands for every kind that may be chosen as a primary facility.
FKTP = "fktp"
BY_WORD = {name.lower().replace(" ", "-"): kind for kind, name in NAMES.items()}
_CHOICES = [
    SelectChoice("", "Semua jenis"),
    SelectChoice(FKTP, "Faskes tingkat 1 (FKTP)"),
    *(SelectChoice(word, NAMES[kind]) for word, kind in BY_WORD.items()),
]
NO_POSITION = {
    Misplaced.ABROAD: "Lokasi Anda di luar Indonesia. Ketik nama faskes",
    Misplaced.UNREADABLE: "Lokasi Anda tidak terbaca. Ketik nama faskes",
}
LONGEST_NAME = 100


def _shortened(typed: str | None) -> str:
    """As much as the field takes. Only a made-up address holds more."""
    return (typed or "").strip()[:LONGEST_NAME]


class SearchForm(Form):
    """What stands in the address of the page, so it has no token. Nothing in it can be wrong: an
    unknown kind is any kind."""

    class Meta:
        csrf = False

    facility_name = StringField("Nama faskes", filters=[_shortened], name="nama")
    kind = SelectField("Jenis", choices=_CHOICES, validate_choice=False, name="jenis")
    region_code = StringField("Wilayah", filters=[_shortened], name="wilayah")
