"""A date of birth as forms ask for it: three fields that are one."""

from datetime import date

from wtforms import StringField, ValidationError

from jkn.services.basics import clock
from jkn.services.basics.written_dates import MisreadDate, read_birth_date
from jkn.web.form import Form

_WORDS = {
    MisreadDate.EMPTY: "Masukkan tanggal lahir",
    MisreadDate.INCOMPLETE: "Isi hari, bulan, dan tahun lahir",
    MisreadDate.UNREADABLE: "Tanggal lahir tidak terbaca. Contoh: 17 8 1990",
    MisreadDate.SHORT_YEAR: "Tahun lahir harus 4 angka. Contoh: 1990",
    MisreadDate.IMPOSSIBLE: "Tanggal itu tidak ada di kalender",
    MisreadDate.FUTURE: "Tanggal lahir harus sudah lewat. Periksa tahunnya",
    MisreadDate.TOO_LONG_AGO: "Tahun lahir terlalu lama. Periksa tahunnya",
}


class BirthDateForm(Form):
    """What a form inherits to ask for a birth date. `birth_date` is set once the form is valid. One
    error stands for all three fields, at the first of them."""

    birth_date: date

    birth_day = StringField("Hari")
    birth_month = StringField("Bulan")
    birth_year = StringField("Tahun")

    def validate_birth_day(self, _field: StringField) -> None:
        day, month, year = (
            it.data or "" for it in (self.birth_day, self.birth_month, self.birth_year)
        )
        read = read_birth_date(day, month, year, clock.today())
        if isinstance(read, MisreadDate):
            raise ValidationError(_WORDS[read])
        self.birth_date = read
