"""A village as forms ask for it: found by name or postal code, or chosen from the province down.

The form is one, whichever way somebody goes. With htmx its parts come as they are needed; without
it each *Lanjut* brings the next one, and what was chosen stays.
"""

from typing import Any

from wtforms import (
    Field,
    HiddenField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    ValidationError,
)

from jkn.gateways.regions import Region
from jkn.services.basics import region_list
from jkn.services.basics.region_choice import RegionChoice, usual_postal_codes
from jkn.services.basics.typed_text import without_marks, without_separators
from jkn.services.basics.village_search import (
    LONGEST,
    MOST,
    Found,
    SearchOutcome,
    VillageKind,
    kind_of_village,
    search,
)
from jkn.web.form import Form

# Stands for what the list of choices does not have.
OTHER = "lain"
_FROM_THE_PROVINCE = "Pilih dari provinsi"
_NOT_AMONG_THEM = "Tidak ada di daftar? Pilih dari provinsi"
_LONGEST_NAME = 60
_KINDS = {
    VillageKind.KELURAHAN: "Kelurahan",
    VillageKind.DESA: "Desa",
    VillageKind.DESA_ADAT: "Desa adat",
    None: "Desa atau kelurahan",
}
_WORDS = {
    SearchOutcome.NOTHING_TYPED: "Ketik nama desa, kelurahan, atau kode pos",
    SearchOutcome.TOO_SHORT: "Ketik paling sedikit 2 huruf",
    SearchOutcome.TOO_LONG: f"Terlalu panjang. Ketik paling banyak {LONGEST} huruf",
    SearchOutcome.NOT_FIVE_DIGITS: "Kode pos harus 5 angka",
    SearchOutcome.UNKNOWN_POSTAL_CODE: "Kode pos itu tidak ada di daftar. Ketik nama desanya",
    SearchOutcome.UNKNOWN_NAME: "Tidak ada yang cocok. Periksa ejaannya",
}


class RegionForm(Form):
    """What a form inherits to ask for a village. `region_choice` is set once the form is valid.

    `is_only_place`: on where nobody writes a letter there. Then no postal code is asked for, and a
    district is near enough.
    """

    is_only_place = False

    region_choice: RegionChoice

    region_text = StringField("Desa, kelurahan, atau kode pos")
    region_code = RadioField("Yang mana?", validate_choice=False)
    province = SelectField("Provinsi", validate_choice=False)
    regency = SelectField("Kabupaten atau kota", validate_choice=False)
    district = SelectField("Kecamatan atau distrik", validate_choice=False)
    village = SelectField("Desa atau kelurahan", validate_choice=False)
    village_words = StringField("Nama desa atau kelurahan")
    postal_code = StringField("Kode pos")
    # For which region the postal code was filled in: another one brings its own.
    postal_code_for = HiddenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.found = search(self.region_text.data or "")
        self._offer_found()
        self._offer_parts()
        self._fill_in_postal_code()

    def _offer_found(self) -> None:
        """Choices are what was found for the words that stand there now. Without words, a village
        that was chosen before is the only one."""
        villages = list(self.found.villages)
        code = self.region_code.data or ""
        if not (self.region_text.data or "").strip() and (known := region_list.region(code)):
            villages = [known] if known.village else []
        choices = [SelectChoice(it.code, str(it.village)) for it in villages]
        choices.append(SelectChoice(OTHER, _NOT_AMONG_THEM if villages else _FROM_THE_PROVINCE))
        self.region_code.label.text = "Yang mana?" if villages else "Cara lain"
        self.region_code.choices = choices
        self.region_notes = {it.code: _path(it) for it in villages}
        if code not in {it.value for it in choices}:
            self.region_code.data = None

    def _offer_parts(self) -> None:
        """Each select offers the parts of what is chosen above it; what does not lie in it is not
        chosen any more. One where something is chosen has only that, and a way to choose anew:
        four whole lists would be twice as large as a part of a page may be."""
        above = ""
        for select in (self.province, self.regency, self.district, self.village):
            lines = region_list.parts(above) if select is self.province or above else []
            choices = [SelectChoice(it.code, it.name) for it in lines]
            if select is self.village and choices:
                choices.append(SelectChoice(OTHER, "Tidak ada di daftar ini"))
            chosen = [it for it in choices if it.value == select.data]
            if not chosen:
                select.data = None
            anew = SelectChoice("", "Ganti pilihan" if chosen else "Pilih")
            select.choices = [anew, *(chosen or choices)]
            above = select.data or ""

    def _fill_in_postal_code(self) -> None:
        code = self.place_code
        if not code or self.postal_code_for.data == code:
            return
        usual = usual_postal_codes(code)
        self.postal_code_for.data = code
        self.postal_code.data = usual[0] if len(usual) == 1 else ""

    @property
    def is_by_list(self) -> bool:
        """Whether somebody chooses from the province down."""
        return bool(self.region_code.data == OTHER)

    @property
    def is_in_words(self) -> bool:
        """Whether the village is one that the list does not have."""
        return self.is_by_list and self.village.data == OTHER

    @property
    def place_code(self) -> str | None:
        """The code of the village, or of the district where that is as far as it goes; None: not
        chosen yet."""
        if not self.is_by_list:
            return self.region_code.data or None
        if self.village.data and not self.is_in_words:
            return str(self.village.data)
        is_enough = self.is_in_words or (self.is_only_place and self.district.data)
        return self.district.data if is_enough else None

    @property
    def selects(self) -> list[SelectField]:
        """The selects to be shown: down to the first that nothing is chosen in."""
        shown = []
        for select in (self.province, self.regency, self.district, self.village):
            shown.append(select)
            if not select.data:
                break
        return shown

    @property
    def region_fields(self) -> list[Field]:
        """The fields that may have an error, in the order of the page."""
        selects = self.selects if self.is_by_list else []
        first = [self.region_text, self.region_code]
        return [*first, *selects, self.village_words, self.postal_code]

    @property
    def count_in_words(self) -> str:
        """What was found, in a line that is read aloud; empty before anything was typed."""
        return _count_in_words(self.found)

    @property
    def postal_code_warning(self) -> str:
        """What is said of a postal code that the list does not have for the place; empty for any
        other."""
        code, typed = self.place_code, _digits(self.postal_code.data)
        usual = usual_postal_codes(code) if code else []
        if not usual or typed is None or typed in usual:
            return ""
        most = ", ".join(usual[:3])
        return f"Biasanya {most}. Kode Anda tetap bisa dipakai."

    def validate_region_text(self, _field: StringField) -> None:
        if not self.region_code.data and self.found.outcome is not SearchOutcome.FOUND:
            raise ValidationError(_WORDS[self.found.outcome])

    def validate_region_code(self, field: RadioField) -> None:
        if not field.data and self.found.outcome is SearchOutcome.FOUND:
            raise ValidationError("Pilih desa atau kelurahan")

    def validate_province(self, field: SelectField) -> None:
        self._ask_for(field, "Pilih provinsi")

    def validate_regency(self, field: SelectField) -> None:
        self._ask_for(field, "Pilih kabupaten atau kota")

    def validate_district(self, field: SelectField) -> None:
        self._ask_for(field, "Pilih kecamatan atau distrik")

    def validate_village(self, field: SelectField) -> None:
        if not self.is_only_place:
            self._ask_for(field, "Pilih desa atau kelurahan")

    def validate_village_words(self, field: StringField) -> None:
        if not self.is_in_words:
            return
        named = without_marks(field.data or "").strip()
        if not any(it.isalpha() for it in named):
            raise ValidationError("Tulis nama desa atau kelurahan")
        if len(named) > _LONGEST_NAME:
            raise ValidationError(f"Nama paling banyak {_LONGEST_NAME} huruf")

    def validate_postal_code(self, field: StringField) -> None:
        code = self.place_code
        if code is None:
            return
        postal_code = _digits(field.data)
        if postal_code is None and not self.is_only_place:
            raise ValidationError("Kode pos harus 5 angka" if field.data else "Masukkan kode pos")
        named = without_marks(self.village_words.data or "").strip() if self.is_in_words else None
        self.region_choice = RegionChoice(code, postal_code or "", named)

    def _ask_for(self, field: SelectField, words: str) -> None:
        if self.is_by_list and field is self.selects[-1] and not field.data:
            raise ValidationError(words)


def _digits(typed: str | None) -> str | None:
    """Five ASCII digits, however they are grouped; None for anything else."""
    digits = without_separators(typed or "")
    return digits if len(digits) == 5 and digits.isascii() and digits.isdigit() else None


def _path(region: Region) -> str:
    kind = _KINDS[kind_of_village(region.code)]
    return f"{kind} di {region.district}, {region.regency}, {region.province} {region.postal_code}"


def _count_in_words(found: Found) -> str:
    if found.outcome is SearchOutcome.NOTHING_TYPED:
        return ""
    if found.outcome is not SearchOutcome.FOUND:
        return f"{_WORDS[found.outcome]}."
    if found.has_more:
        return f"{MOST} yang pertama. Tambahkan nama kecamatan atau kota."
    return f"{len(found.villages)} yang cocok."
