"""Values of changes, written as JSON and read again."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jkn.models import Address, ChangeRow, ParticipantKind, Segment
from jkn.services.membership.change_values import (
    ROWS,
    NotReadableYet,
    SegmentOf,
    Value,
    binds_family,
    from_json,
    label_of,
    to_json,
)

BY_TYPE: dict[type, st.SearchStrategy[Value]] = {
    str: st.text(),
    date: st.dates(),
    Address: st.builds(Address, *[st.text()] * 5),
    SegmentOf: st.builds(SegmentOf, st.sampled_from(Segment), st.sampled_from(ParticipantKind)),
}


def values_of(row: ChangeRow) -> st.SearchStrategy[Value]:
    entry = ROWS[row]
    values = BY_TYPE[entry.takes]
    return st.none() | values if entry.may_be_none else values


def test_every_row_has_its_entry_and_a_name_of_its_own() -> None:
    assert ROWS.keys() == set(ChangeRow)
    assert len({it.label for it in ROWS.values()}) == len(ChangeRow)


@given(st.sampled_from(ChangeRow).flatmap(lambda row: st.tuples(st.just(row), values_of(row))))
def test_what_is_written_is_read_again(written: tuple[ChangeRow, Value]) -> None:
    row, value = written
    assert from_json(row, to_json(row, value)) == value


@pytest.mark.parametrize("row", ChangeRow)
def test_a_row_takes_values_of_its_own_kind_alone(row: ChangeRow) -> None:
    moment = datetime(2026, 5, 3, tzinfo=UTC)
    others: list[Any] = [1, True, b"", moment, ["x"], {"street": "x"}]
    others += [it for it in ("x", date(2026, 5, 3)) if type(it) is not ROWS[row].takes]
    others += [] if ROWS[row].may_be_none else [None]
    for value in others:
        with pytest.raises(TypeError):
            to_json(row, value)


@pytest.mark.parametrize("row", ChangeRow)
@given(stored=st.text() | st.sampled_from(["null", "[]", "{}", "1e999", '{"street": 1}', "[[[["]))
def test_what_no_release_of_ours_wrote_is_refused_without_its_words(
    row: ChangeRow, stored: str
) -> None:
    try:
        value = from_json(row, stored)
    except NotReadableYet as error:
        refused: NotReadableYet | None = error
    else:
        refused = None
        assert to_json(row, value)
    assert refused is None or str(refused) == row.value
    # What a traceback would show.
    assert refused is None or refused.__suppress_context__


def test_a_segment_of_a_newer_release_is_not_guessed() -> None:
    with pytest.raises(NotReadableYet):
        from_json(ChangeRow.SEGMENT, '{"segment": "of_tomorrow", "kind": "police"}')


def test_class_and_segment_bind_the_family() -> None:
    assert {it for it in ChangeRow if binds_family(it)} == {
        ChangeRow.CARE_CLASS, ChangeRow.SEGMENT,
    }  # fmt: skip
    assert label_of(ChangeRow.PRIMARY_FACILITY) == "FKTP"
