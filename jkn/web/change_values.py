"""What a change is about, in words: a row's value before and after, masked until a step-up."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum

from jkn.models import Address, ChangeRow
from jkn.services.basics.dated_rules import care_class_on
from jkn.services.basics.masking import HIDDEN, mask_email, mask_nik, mask_phone
from jkn.services.basics.region_list import region
from jkn.services.basics.wording import grouped, local_phone, long_date
from jkn.services.membership.change_values import SegmentOf, Value
from jkn.services.membership.membership import payer_of

TITLES = {
    ChangeRow.NIK: "NIK",
    ChangeRow.NAME: "Nama",
    ChangeRow.BIRTH_DATE: "Tanggal lahir",
    ChangeRow.SEX: "Jenis kelamin",
    ChangeRow.DOMICILE: "Alamat tinggal",
    ChangeRow.PHONE: "Nomor HP",
    ChangeRow.EMAIL: "Email",
    ChangeRow.PRIMARY_FACILITY: "Faskes tingkat 1 (FKTP)",
    ChangeRow.DENTAL_FACILITY: "Faskes gigi",
    ChangeRow.CARE_CLASS: "Kelas rawat",
    ChangeRow.SEGMENT: "Cara membayar iuran (segmen)",
}
_NONE = {
    ChangeRow.NIK: "Belum ada",
    ChangeRow.DOMICILE: "Alamat di Kartu Keluarga",
    ChangeRow.PRIMARY_FACILITY: "Belum dipilih",
    ChangeRow.DENTAL_FACILITY: "Belum dipilih",
}
_SEXES = {"F": "Perempuan", "M": "Laki-laki"}


class Sight(Enum):
    """How much of personal data is shown: all while a step-up is under way, and in limited mode not
    even the district where somebody lives."""

    OPEN = "open"
    MASKED = "masked"
    LIMITED = "limited"


@dataclass(frozen=True)
class Known:
    """What the words of a value hang on. `day`: the day whose class names count.
    `facility_names`: by code."""

    day: date
    facility_names: Mapping[str, str]
    sight: Sight


def title_of(row: ChangeRow) -> str:
    """The row's name as a heading; a general word for a row of a newer release."""
    return TITLES.get(row, "Data peserta")


def value_words(row: ChangeRow, value: Value, known: Known) -> str:
    """The value as people know it; for a segment the `Payer`, for which templates have words."""
    if value is None:
        return _NONE.get(row, "Tidak ada")
    if isinstance(value, SegmentOf):
        return payer_of(value.segment, value.kind)
    if isinstance(value, Address):
        return address_words(value, known.sight)
    if isinstance(value, date):
        return long_date(value)
    in_words = _TEXTS.get(row)
    return in_words(value, known) if in_words else value


def address_words(address: Address, sight: Sight) -> str:
    """Street, neighbourhood and village only while a step-up is under way."""
    if sight is Sight.LIMITED:
        return HIDDEN * 4
    is_open = sight is Sight.OPEN
    place = region(address.village_code if is_open else address.village_code[:8])
    # Of a village of Timor Timur the province is all that is known.
    around = [place.district, place.regency or place.province] if place else []
    if not is_open:
        return ", ".join([HIDDEN * 4, *(it for it in around if it)])
    village = place.village if place else None
    near = f"{address.street}, RT {address.rt}/RW {address.rw}"
    return ", ".join(it for it in (near, village, *around, address.postal_code) if it)


def _class_name(code: str, known: Known) -> str:
    try:
        return care_class_on(code, known.day).name
    except LookupError:
        return code


def _facility_name(code: str, known: Known) -> str:
    return known.facility_names.get(code, code)


_TEXTS: dict[ChangeRow, Callable[[str, Known], str]] = {
    ChangeRow.NIK: lambda nik, known: grouped(nik) if known.sight is Sight.OPEN else mask_nik(nik),
    ChangeRow.PHONE: lambda phone, known: (
        grouped(local_phone(phone)) if known.sight is Sight.OPEN else mask_phone(phone)
    ),
    ChangeRow.EMAIL: lambda email, known: email if known.sight is Sight.OPEN else mask_email(email),
    ChangeRow.SEX: lambda sex, _known: _SEXES.get(sex, sex),
    ChangeRow.PRIMARY_FACILITY: _facility_name,
    ChangeRow.DENTAL_FACILITY: _facility_name,
    ChangeRow.CARE_CLASS: _class_name,
}
