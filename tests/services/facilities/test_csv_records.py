"""Reading a CSV file, whatever is in it."""

import io
import tracemalloc
from collections.abc import Iterator

import pytest

from jkn.services.facilities.csv_records import Record, UnreadableFileError, records


def read(*lines: str | bytes, encoding: str = "utf-8") -> list[Record]:
    data = b"".join(it if isinstance(it, bytes) else it.encode(encoding) for it in lines)
    return list(records(io.BytesIO(data), encoding))


def problems(found: list[Record]) -> dict[int, str]:
    return {it.line: it.problem for it in found if it.problem}


def test_a_record_has_its_cells_and_the_number_of_its_line() -> None:
    found = read("kode,nama\r\n", "\r\n", '1,"Klinik ""A""\r\nSehat"\r\n', "2,B\n", "3,C")
    assert found == [
        Record(1, ("kode", "nama")),
        Record(3, ("1", 'Klinik "A"\r\nSehat')),
        Record(5, ("2", "B")),
        Record(6, ("3", "C")),
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_header_tells_the_delimiter(delimiter: str) -> None:
    header, line = read(f"kode{delimiter}nama\n", f'1{delimiter}"A{delimiter}B"\n')
    assert header.cells == ("kode", "nama")
    assert line.cells == ("1", f"A{delimiter}B")


def test_a_byte_order_mark_is_no_part_of_the_header() -> None:
    assert read(b"\xef\xbb\xbfkode,nama\n")[0].cells == ("kode", "nama")


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (b"2,caf\xe9\n", "it is not utf-8"),
        (b"2,a\0b\n", "it holds a NUL character"),
        (b"2," + b"x" * 10_000_000 + b"\n", "it is longer than 16,384 bytes"),
        (b'2,"a"b\n', "its quotes do not match"),
        (b'2,"never closed\n', "a quote is not closed"),
    ],
    ids=["other encoding", "NUL", "ten megabytes", "text after a quote", "open quote"],
)
def test_a_line_that_cannot_be_read_is_told_and_the_next_ones_are_read(
    bad: bytes, why: str
) -> None:
    found = read("kode,nama\n", "1,A\n", bad, "3,C\n", "4,D\n")
    assert problems(found) == {3: why}
    assert [it.cells for it in found if not it.problem] == [
        ("kode", "nama"), ("1", "A"), ("3", "C"), ("4", "D"),
    ]  # fmt: skip


def test_a_quote_that_nobody_closes_does_not_swallow_the_file() -> None:
    found = read("kode,nama\n", '1,"A\n', *(f"{number},N\n" for number in range(2, 200)))
    assert problems(found) == {2: "a quote is not closed"}
    assert len(found) == 200


def test_the_last_line_may_be_cut_off() -> None:
    assert problems(read("kode,nama\n", "1,A\n", '2,"B')) == {3: "a quote is not closed"}


def test_another_encoding_is_read_when_it_is_named() -> None:
    assert read("kode,nama\n", "1,café\n", encoding="cp1252")[1].cells == ("1", "café")
    with pytest.raises(LookupError):
        read("kode\n", encoding="utf-9")


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "empty"),
        (b"\n\r\n\n", "empty"),
        ("kode,nama\n".encode("utf-16"), "UTF-16"),
        (b"ko\0de,nama\n", "NUL"),
        (b"x" * 20_000, "longer"),
    ],
    ids=["empty", "blank", "UTF-16", "NUL", "one long line"],
)
def test_a_file_without_a_header_is_refused_as_a_whole(data: bytes, why: str) -> None:
    with pytest.raises(UnreadableFileError, match=why):
        read(data)


def test_the_progress_is_that_of_the_file() -> None:
    data = b'kode,nama\n1,"A\nB"\n' + b"x" * 40_000 + b"\n2,C\n"
    taken: list[int] = []
    assert len(list(records(io.BytesIO(data), progress=taken.append))) == 4
    assert sum(taken) == len(data)


class Endless(io.RawIOBase):
    """A file that is made while it is read."""

    def __init__(self, lines: Iterator[bytes]) -> None:
        self._lines = lines

    def readline(self, _size: int | None = -1) -> bytes:
        return next(self._lines, b"")


def test_memory_does_not_grow_with_the_file() -> None:
    def lines(count: int) -> Iterator[bytes]:
        yield b"kode,nama\n"
        for number in range(count):
            yield b'%d,"Klinik\r\n' % number
            yield b'Sehat"\r\n'

    def peak(count: int) -> int:
        tracemalloc.start()
        for _ in records(Endless(lines(count))):
            pass
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(10)
    assert peak(5000) < 2 * peak(500)
