"""Reads a CSV file record by record, whatever is in it: a line that cannot be read is told and
skipped, and the next one is read as if nothing had been. Memory does not grow with the file."""

import csv
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

# A record of the real lists has 500 bytes; a quote that nobody closed would swallow the whole file.
_LONGEST_LINE = 16_384
_MOST_LINES = 20
_DELIMITERS = ",;\t|"
_OTHER_ENCODINGS = (b"\xff\xfe", b"\xfe\xff")

Progress = Callable[[int], object]


class UnreadableFileError(Exception):
    """The file as a whole is no list that can be read; its text says why."""


@dataclass(frozen=True, slots=True)
class Record:
    """`line`: the number of its first line, counted from 1. `problem`: why it cannot be read, and
    then it has no cells; None: it was read."""

    line: int
    cells: tuple[str, ...] = ()
    problem: str | None = None


def records(
    file: BinaryIO, encoding: str = "utf-8", progress: Progress = lambda _bytes: None
) -> Iterator[Record]:
    """The records of the file, its header first. Empty lines are left out. `progress` is called
    with the bytes that each record took. Raises UnreadableFileError for a file without a readable
    header, and LookupError for an encoding that Python does not know."""
    lines = _Lines(file, encoding)
    delimiter = None
    for record in lines.joined():
        progress(lines.taken())
        if not isinstance(record, Record) and not record[1].strip():
            continue
        if delimiter is None:
            delimiter = _delimiter_of(record)
        yield record if isinstance(record, Record) else _split(*record, delimiter)
    if delimiter is None:
        raise UnreadableFileError("The file is empty.")


def _delimiter_of(header: "Record | _Joined") -> str:
    if isinstance(header, Record):
        raise UnreadableFileError(f"The header cannot be read: {header.problem}.")
    return max(_DELIMITERS, key=header[1].count)


def _split(line: int, text: str, delimiter: str) -> Record:
    try:
        (cells,) = csv.reader([text], delimiter=delimiter, strict=True)
    except (csv.Error, ValueError):
        return Record(line, problem="its quotes do not match")
    return Record(line, tuple(cells))


# The number of the first line, and the lines of one record.
_Joined = tuple[int, str]


class _Lines:
    def __init__(self, file: BinaryIO, encoding: str) -> None:
        self._file = file
        self._encoding = encoding
        "".encode(encoding)
        self._number = 0
        self._back: deque[Record | _Joined] = deque()
        self._taken = 0

    def taken(self) -> int:
        """Bytes read since this was asked last."""
        taken, self._taken = self._taken, 0
        return taken

    def joined(self) -> Iterator[Record | _Joined]:
        """Lines that a quoted line break belongs to as one."""
        while (first := self._next()) is not None:
            yield first if isinstance(first, Record) else self._whole(first)

    def _whole(self, first: _Joined) -> Record | _Joined:
        number, text = first
        read: list[Record | _Joined] = []
        # Halves of a doubled quote count as two, so an even number is closed.
        while text.count('"') % 2:
            more = self._next() if len(read) < _MOST_LINES else None
            if more is not None:
                read.append(more)
            if more is None or isinstance(more, Record):
                # These lines may be records of their own.
                self._back.extendleft(reversed(read))
                return Record(number, problem="a quote is not closed")
            text += more[1]
        return number, text

    def _next(self) -> Record | _Joined | None:
        if self._back:
            return self._back.popleft()
        data = self._file.readline(_LONGEST_LINE)
        self._taken += len(data)
        if not data:
            return None
        self._number += 1
        if self._number == 1:
            if data.startswith(_OTHER_ENCODINGS):
                raise UnreadableFileError("The file is UTF-16. Save it as CSV in UTF-8.")
            data = data.removeprefix(b"\xef\xbb\xbf")
        if len(data) == _LONGEST_LINE and not data.endswith(b"\n"):
            self._skip_line()
            return Record(self._number, problem=f"it is longer than {_LONGEST_LINE:,} bytes")
        if b"\0" in data:
            return Record(self._number, problem="it holds a NUL character")
        try:
            return self._number, data.decode(self._encoding)
        except UnicodeDecodeError:
            return Record(self._number, problem=f"it is not {self._encoding}")

    def _skip_line(self) -> None:
        while data := self._file.readline(_LONGEST_LINE):
            self._taken += len(data)
            if data.endswith(b"\n"):
                return
