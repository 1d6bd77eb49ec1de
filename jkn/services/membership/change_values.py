"""What a change is about: one table of rows, with each row's words, the value that a participant
has in it, and how that value is written as JSON.

A new row is a value of `ChangeRow` and an entry here.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from jkn.models import Address, ChangeRow, Participant, ParticipantKind, Segment


@dataclass(frozen=True)
class SegmentOf:
    """The segment with its finer kind: one is not changed without the other."""

    segment: Segment
    kind: ParticipantKind


# NIK, phone, e-mail and facilities (by code): a text, or None. Birth date: a date. Domicile: an
# address; None: that of the family card. Segment: both parts. All others: a text.
Value = str | date | Address | SegmentOf | None


class NotReadableYet(ValueError):
    """The JSON is no value of this release: a newer one wrote it, and its servers read it."""


@dataclass(frozen=True)
class RowEntry:
    """`label`: the row's name within a sentence of a message. `takes`: the type of its values;
    `may_be_none`: None is one, too. `read` and `write`: the value of a participant; `write` also
    notes since when. `from_json`: the value of what the JSON holds, unless that is null.
    `binds_family`: everybody on the family card has the same, so nobody's is changed or cancelled
    alone."""

    label: str
    takes: type
    read: Callable[[Participant], Value]
    write: Callable[[Participant, Any, date], None]
    from_json: Callable[[Any], Value]
    may_be_none: bool = False
    binds_family: bool = False


def to_json(row: ChangeRow, value: Value) -> str:
    """The value as it is stored. Raises TypeError for one that the row does not take."""
    entry = ROWS[row]
    if value is None:
        if not entry.may_be_none:
            raise TypeError(f"{row} is never without a value")
        return "null"
    if type(value) is not entry.takes:
        raise TypeError(f"{row} takes {entry.takes.__name__}, not {type(value).__name__}")
    plain: object = value
    if isinstance(value, date):
        plain = value.isoformat()
    elif isinstance(value, Address | SegmentOf):
        plain = asdict(value)
    return json.dumps(plain)


def from_json(row: ChangeRow, stored: str) -> Value:
    """The value that is stored. Raises NotReadableYet for what no `to_json` of this release
    wrote; its message holds nothing personal."""
    entry = ROWS.get(row)
    if entry is None:
        raise NotReadableYet("row")
    try:
        plain = json.loads(stored)
        if plain is None and entry.may_be_none:
            return None
        return entry.from_json(plain)
    except (ValueError, TypeError, KeyError):
        # Without the cause, since its message may hold the value.
        raise NotReadableYet(row.value) from None


def value_of(participant: Participant, row: ChangeRow) -> Value:
    """What the participant has in this row today."""
    return ROWS[row].read(participant)


def label_of(row: ChangeRow) -> str:
    """The row's name within a sentence; a general word for a row of a newer release."""
    entry = ROWS.get(row)
    return "data peserta" if entry is None else entry.label


def binds_family(row: ChangeRow) -> bool:
    """Whether everybody on the family card has the same value."""
    return row in ROWS and ROWS[row].binds_family


def _text_row(label: str, attribute: str, *, since: str | None = None, **more: bool) -> RowEntry:
    """A row that is one text of the participant. `since`: the attribute that notes its first
    day."""

    def write(participant: Participant, value: str | None, effective_on: date) -> None:
        setattr(participant, attribute, value)
        if since is not None:
            setattr(participant, since, effective_on)

    def read(participant: Participant) -> str | None:
        value: str | None = getattr(participant, attribute)
        return value

    return RowEntry(label, str, read, write, _text, **more)


def _text(plain: Any) -> str:
    if not isinstance(plain, str):
        raise TypeError
    return plain


def _write_birth_date(participant: Participant, value: date, _effective_on: date) -> None:
    participant.birth_date = value


def _write_domicile(participant: Participant, value: Address | None, _effective_on: date) -> None:
    participant.domicile = value


def _write_segment(participant: Participant, value: SegmentOf, _effective_on: date) -> None:
    participant.segment, participant.kind = value.segment, value.kind


def _address(plain: Any) -> Address:
    names = ("street", "rt", "rw", "village_code", "postal_code")
    return Address(**{name: _text(plain[name]) for name in names})


def _segment(plain: Any) -> SegmentOf:
    return SegmentOf(Segment(plain["segment"]), ParticipantKind(plain["kind"]))


ROWS: dict[ChangeRow, RowEntry] = {
    ChangeRow.NIK: _text_row("NIK", "nik", may_be_none=True),
    ChangeRow.NAME: _text_row("nama", "name"),
    ChangeRow.BIRTH_DATE: RowEntry(
        "tanggal lahir",
        date,
        lambda it: it.birth_date,
        _write_birth_date,
        lambda plain: date.fromisoformat(plain),
    ),
    ChangeRow.SEX: _text_row("jenis kelamin", "sex"),
    ChangeRow.DOMICILE: RowEntry(
        "alamat", Address, lambda it: it.domicile, _write_domicile, _address, may_be_none=True
    ),
    ChangeRow.PHONE: _text_row("nomor HP", "phone", may_be_none=True),
    ChangeRow.EMAIL: _text_row("email", "email", may_be_none=True),
    ChangeRow.PRIMARY_FACILITY: _text_row(
        "FKTP", "primary_facility_code", since="primary_facility_since", may_be_none=True
    ),
    ChangeRow.DENTAL_FACILITY: _text_row("faskes gigi", "dental_facility_code", may_be_none=True),
    ChangeRow.CARE_CLASS: _text_row(
        "kelas rawat", "care_class", since="care_class_since", binds_family=True
    ),
    ChangeRow.SEGMENT: RowEntry(
        "segmen peserta",
        SegmentOf,
        lambda it: SegmentOf(it.segment, it.kind),
        _write_segment,
        _segment,
        binds_family=True,
    ),
}
