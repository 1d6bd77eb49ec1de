"""Canaries: made-up personal values, which are searched for where they must not be."""

import base64
import contextlib
import functools
import json
import re
import threading
import zlib
from collections.abc import Mapping
from urllib.parse import quote, quote_plus, unquote_plus

# Shorter values appear by chance.
_SHORTEST = 5
_SHORTEST_NUMBER = 10
_CODE_DIGITS = 6
_BASE64 = re.compile(r"[A-Za-z0-9_\-+/]{8,}={0,2}")

_FULL_WIDTH = {ord("0") + digit: 0xFF10 + digit for digit in range(10)}
_SEPARATORS = re.compile(r"[\s.\-]+")
# What every form of a number consists of.
_OF_NUMBER = re.compile(r"[\d +\-\u00a0]{5,}", re.ASCII)


class Canaries:
    """Personal values by what they are: "nik", "name", "password", "code", "cookie" … Tests of what
    happens at once add them from several threads."""

    def __init__(self) -> None:
        self._kinds: dict[str, set[str]] = {}
        self._adding = threading.Lock()

    def add(self, kind: str, value: str | None) -> None:
        """Remember a value that must not leak. None and very short values are left out, and so is a
        text that was typed as a code without being one."""
        if kind == "code":
            value = "".join(str(int(it)) for it in value or "" if it.isdecimal())
            value = value if len(value) == _CODE_DIGITS else None
        if value and len(value) >= _SHORTEST:
            with self._adding:
                others = {it: values - {value} for it, values in self._kinds.items()}
                # Put in its place at once, so that whoever reads goes on with what was there.
                self._kinds = others | {kind: others.get(kind, set()) | {value}}

    def clear(self) -> None:
        """Forget all, between tests."""
        with self._adding:
            self._kinds = {}

    def values(self, *kinds: str) -> list[str]:
        """All values, or those of these kinds."""
        known = self._kinds
        return [it for kind in kinds or known for it in known.get(kind, ())]

    def by_kind(self) -> Mapping[str, set[str]]:
        """All values as they are now; later ones are not added to this."""
        return self._kinds

    def found_in(self, text: str, *kinds: str, except_for: str = "") -> list[str]:
        """The kinds of the values that stand in the text: as they are, grouped in fours, encoded
        for a URL or JSON, or inside base64, compressed or not. Values that also stand in
        `except_for` do not count."""
        allowed = f"{except_for}\0{_SEPARATORS.sub('', except_for)}"
        hay = _haystack(text)
        known = self._kinds
        return sorted(
            kind
            for kind in kinds or known
            if any(
                _stands_in(hay, kind, value) and value not in allowed
                for value in known.get(kind, ())
            )
        )


def _stands_in(hay: str, kind: str, value: str) -> bool:
    # Longer numbers and random hexadecimal ones contain a few digits by chance, so such a value
    # counts only when it stands alone.
    if kind == "code" or (len(value) < _SHORTEST_NUMBER and value.isdigit()):
        return _alone(value).search(hay) is not None
    numbers, others = _forms(value)
    return any(map(_numbers_in(hay).__contains__, numbers)) or any(map(hay.__contains__, others))


CANARIES = Canaries()


@functools.cache
def _forms(value: str) -> tuple[frozenset[str], frozenset[str]]:
    """How the value may be written: the forms that are numbers, and all others."""
    forms = {value, quote(value), quote_plus(value), json.dumps(value)[1:-1]}
    if value.isdigit():
        forms |= {sep.join(re.findall(".{1,4}", value)) for sep in (" ", "-", "\u00a0")}
    if value.startswith("+62"):
        forms |= {"0" + value[3:], value[1:]}
    numbers = frozenset(it for it in forms if _OF_NUMBER.fullmatch(it))
    return numbers, frozenset(forms) - numbers


@functools.cache
def _alone(code: str) -> re.Pattern[str]:
    half = len(code) // 2
    spaced = r"(?:[\s.\-\u00a0]|\\u00a0|%20|\+)?".join((code[:half], code[half:]))
    full_width = code.translate(_FULL_WIDTH)
    escaped = re.escape(json.dumps(full_width)[1:-1])
    return re.compile(
        rf"(?<![\da-f.,])(?:{spaced}|{full_width})(?![\da-f])|{escaped}", re.IGNORECASE
    )


@functools.lru_cache(maxsize=8)
def _numbers_in(hay: str) -> str:
    """Everything in which a number can stand: a page has little of that, so most are found missing
    at once."""
    return "\0".join(_OF_NUMBER.findall(hay))


@functools.lru_cache(maxsize=8)
def _haystack(text: str) -> str:
    return "\0".join((text, unquote_plus(text), *_decoded(text)))


def _decoded(text: str) -> list[str]:
    return [it for match in set(_BASE64.findall(text)) for it in _readings(match, 2)]


@functools.lru_cache(maxsize=10_000)
def _readings(match: str, depth: int) -> list[str]:
    """What a text that looks like base64 may decode to, and what base64 inside that may."""
    padded = match.rstrip("=") + "=" * (-len(match.rstrip("=")) % 4)
    try:
        raw = base64.b64decode(padded.translate(str.maketrans("-_", "+/")), validate=True)
    except ValueError:
        return []
    found = [raw.decode("utf-8", "replace")]
    with contextlib.suppress(zlib.error):
        found.append(zlib.decompress(raw).decode("utf-8", "replace"))
    if depth:
        found += [it for inner in _BASE64.findall(found[0]) for it in _readings(inner, depth - 1)]
    return found
