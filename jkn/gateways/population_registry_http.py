"""The population registry over HTTP, in the shape that Dukcapil gives to institutions.

Everything in an answer is checked before it is used, because parts of it are shown on pages and
written into messages.
"""

import json
import re
import ssl
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import structlog

from jkn.gateways.breaker import Breaker, Resting
from jkn.gateways.connection import NoAnswer
from jkn.gateways.http_post import post
from jkn.gateways.population_registry import (
    Away,
    EmbeddedRegistry,
    PopulationRegistry,
    Resident,
)
from jkn.service_url import ServiceUrl
from jkn.settings import Settings

SECONDS = 3.0
_HEADERS = {"Content-Type": "application/json", "Accept": "application/json"}
_NUMBER = re.compile(r"[0-9]{16}")
_POSTAL_CODE = re.compile(r"[0-9]{5}")
# All fields that are read. Names of regions, for instance, are not: the codes say which they are.
_FIELDS = (
    "NIK", "NO_KK", "NAMA_LGKP", "TMPT_LHR", "TGL_LHR", "JENIS_KLMIN", "STAT_HBKEL",
    "NAMA_LGKP_IBU", "ALAMAT", "NO_RT", "NO_RW", "NO_PROP", "NO_KAB", "NO_KEC", "NO_KEL",
    "KODE_POS",
)  # fmt: skip
# Words of messages that are about us or about the registry, not about the person: a wrong login,
# an unknown IP address, a spent quota, a fault.
_NOT_ABOUT_THE_PERSON = frozenset(
    "login user userid user_id password ip akses kuota error gangguan timeout".split()
)
# Permendagri 73/2022 allows 60 letters; names that were given before it may be longer.
_LONGEST_NAME = 100
_LONGEST_STREET = 255
_LONGEST_MESSAGE = 255
# What names and addresses are written with; the backtick is an apostrophe on many keyboards.
_LETTERS = "A-Za-zÀ-ÖØ-öø-ɏḀ-ỿ"
_SIGNS = r" '’‘`´.,/()\-"
_NAME = re.compile(rf"[{_SIGNS}]*[{_LETTERS}][{_LETTERS}{_SIGNS}]*")
_STREET = re.compile(rf"[{_LETTERS}0-9{_SIGNS}\"#&+:;]+")
_YEAR_FIRST = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DAY_FIRST = re.compile(r"[0-9]{2}-[0-9]{2}-[0-9]{4}")
# An earlier date is not a birth date, but the value for "no date" in some database.
_EARLIEST_BIRTH = date(1850, 1, 1)
_SEXES = {"lakilaki": "M", "l": "M", "1": "M", "perempuan": "F", "p": "F", "2": "F"}

_log = structlog.get_logger(__name__)


class HttpRegistry:
    """`POST {base}/CALL_NIK` and `{base}/CALL_KK`, with the login in the body.

    `seconds`: the longest time of a whole look-up. `tls`: which authorities are trusted; None:
    those of the operating system. After `failures` in a row the registry is left alone for
    `rest_seconds`. `places`: how many look-ups may wait at once in this process, so that a registry
    that hangs holds a few threads and not the whole app.
    """

    def __init__(
        self,
        url: ServiceUrl,
        *,
        seconds: float = SECONDS,
        tls: ssl.SSLContext | None = None,
        failures: int = 3,
        rest_seconds: float = 15.0,
        places: int = 4,
    ) -> None:
        self._url = url
        self._seconds = seconds
        self._tls = tls or ssl.create_default_context()
        self._breaker = Breaker(Away, failures=failures, rest_seconds=rest_seconds)
        self._places = threading.BoundedSemaphore(places)

    def person(self, nik: str) -> Resident | None:
        """The person with this NIK; None: there is no such NIK. Raises Away."""
        found = self._look_up("CALL_NIK", "NIK", nik)
        return found[0] if found else None

    def family(self, family_card_number: str) -> list[Resident]:
        """Everybody on this family card, in the registry's order; empty: there is no such card.
        Raises Away, also when the record of one member cannot be used: nobody is enrolled with half
        a family."""
        return self._look_up("CALL_KK", "NO_KK", family_card_number)

    def _look_up(self, call: str, field: str, number: str) -> list[Resident]:
        # No other text is anybody's number, and asking for one could look like a failure.
        if not _NUMBER.fullmatch(number):
            return []
        try:
            with self._place():
                records = self._breaker.call(self._ask, call, field, number)
            # Not within the breaker: somebody who knows of one unusable record could otherwise
            # close the registry for everybody by asking for it again and again.
            return _residents(records, field, number)
        except Resting:
            # The failures that opened the breaker are in the log already.
            raise Away("resting") from None
        except Away as away:
            _log.warning("registry_failed", problem=away.problem)
            raise

    @contextmanager
    def _place(self) -> Iterator[None]:
        # Not within the breaker either: the registry was not asked, so it did not fail.
        if not self._places.acquire(blocking=False):
            raise Away("busy")
        try:
            yield
        finally:
            self._places.release()

    def _ask(self, call: str, field: str, number: str) -> list[dict[str, Any]]:
        login = {"user_id": self._url.user, "password": self._url.password}
        url = replace(self._url, target=f"{self._url.target.rstrip('/')}/{call}")
        body = json.dumps({field: number, **login}).encode()
        try:
            answer = post(url, body, _HEADERS, seconds=self._seconds, tls=self._tls)
        except NoAnswer as no_answer:
            raise Away(no_answer.problem) from None
        if answer.status != 200:
            raise Away(f"status {answer.status}")
        return _records(answer.body)


def registry_of(settings: Settings) -> PopulationRegistry:
    """The registry of `JKN_REGISTRY_URL`; the embedded one where that is not set. Make one for the
    whole process: it counts waiting look-ups and failures."""
    if settings.registry_url is None:
        return EmbeddedRegistry()
    return HttpRegistry(settings.registry_url)


def _records(body: bytes) -> list[dict[str, Any]]:
    """The records in `content`, not checked yet; empty where nobody was found. Raises Away."""
    try:
        # Decoded here, because the parser would also accept other encodings than UTF-8.
        answer = json.loads(body.decode())
    except (ValueError, RecursionError):
        raise Away("no JSON") from None
    content = answer.get("content") if isinstance(answer, dict) else None
    if not isinstance(content, list) or not all(isinstance(it, dict) for it in content):
        raise Away("no list of people")
    if len(content) == 1 and _is_message_alone(content[0]):
        message = _text(content[0], "RESPON", _LONGEST_MESSAGE).casefold()
        if _NOT_ABOUT_THE_PERSON & set(re.findall(r"\w+", message)):
            raise Away("refused or out of order, as it says")
        return []
    return content


def _is_message_alone(record: dict[str, Any]) -> bool:
    return _has(record, "RESPON") and not any(_has(record, it) for it in _FIELDS)


def _has(record: dict[str, Any], field: str) -> bool:
    return record.get(field) not in (None, "")


def _residents(records: list[dict[str, Any]], field: str, number: str) -> list[Resident]:
    """The people in these records. Raises Away unless each record is whole, was asked for, and
    comes once."""
    for record in records:
        if _digits(record, field, _NUMBER) != number:
            raise Away(f"{field}: another one than was asked for")
    residents = [_resident(it) for it in records]
    if len({it.nik for it in residents}) < len(residents):
        raise Away("NIK: the same one twice")
    return residents


def _resident(record: dict[str, Any]) -> Resident:
    """The person in a record. Raises Away where a field is missing or holds something wrong."""
    return Resident(
        nik=_digits(record, "NIK", _NUMBER),
        family_card_number=_digits(record, "NO_KK", _NUMBER),
        name=_name(record, "NAMA_LGKP"),
        birth_place=_name(record, "TMPT_LHR"),
        birth_date=_birth_date(record),
        sex=_sex(record),
        relationship_code=_count(record, "STAT_HBKEL", 1, 11),
        mother_name=_name(record, "NAMA_LGKP_IBU"),
        street=_matching(record, "ALAMAT", _LONGEST_STREET, _STREET),
        rt=f"{_count(record, 'NO_RT', 0, 999):03}",
        rw=f"{_count(record, 'NO_RW', 0, 999):03}",
        village_code=_village_code(record),
        postal_code=_digits(record, "KODE_POS", _POSTAL_CODE),
        is_deceased=_is_deceased(record),
    )


def _text(record: dict[str, Any], field: str, longest: int) -> str:
    """A text or a whole number as one line with single spaces, in the usual form of Unicode."""
    value = record.get(field)
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise Away(f"{field}: missing")
    text = str(value)
    if len(text) > longest:
        raise Away(f"{field}: too long")
    # Line breaks and all other control or format characters are not printable.
    if not text.isprintable():
        raise Away(f"{field}: hidden characters")
    text = unicodedata.normalize("NFC", " ".join(text.split()))
    if not text:
        raise Away(f"{field}: missing")
    return text


def _matching(record: dict[str, Any], field: str, longest: int, pattern: re.Pattern[str]) -> str:
    text = _text(record, field, longest)
    if not pattern.fullmatch(text):
        raise Away(f"{field}: not what it should be")
    return text


def _digits(record: dict[str, Any], field: str, pattern: re.Pattern[str]) -> str:
    return _matching(record, field, 20, pattern)


def _name(record: dict[str, Any], field: str) -> str:
    return _matching(record, field, _LONGEST_NAME, _NAME)


def _count(record: dict[str, Any], field: str, lowest: int, highest: int) -> int:
    number = int(_matching(record, field, 4, re.compile("[0-9]+")))
    if not lowest <= number <= highest:
        raise Away(f"{field}: no such number")
    return number


def _village_code(record: dict[str, Any]) -> str:
    above = (_count(record, it, 1, 99) for it in ("NO_PROP", "NO_KAB", "NO_KEC"))
    return ".".join([*(f"{it:02}" for it in above), f"{_count(record, 'NO_KEL', 1, 9999):04}"])


def _birth_date(record: dict[str, Any]) -> date:
    """From `YYYY-MM-DD` or `DD-MM-YYYY`."""
    text = _text(record, "TGL_LHR", 10)
    if _DAY_FIRST.fullmatch(text):
        text = f"{text[6:]}-{text[3:5]}-{text[:2]}"
    # In the east of the country the next day has begun already.
    latest = datetime.now(UTC).date() + timedelta(days=1)
    try:
        day = date.fromisoformat(text) if _YEAR_FIRST.fullmatch(text) else date.max
    except ValueError:
        day = date.max
    if not _EARLIEST_BIRTH <= day <= latest:
        raise Away("TGL_LHR: no such day")
    return day


def _sex(record: dict[str, Any]) -> str:
    text = _text(record, "JENIS_KLMIN", 20).casefold()
    sex = _SEXES.get(text.replace("-", "").replace(" ", ""))
    if sex is None:
        raise Away("JENIS_KLMIN: neither")
    return sex


def _is_deceased(record: dict[str, Any]) -> bool:
    """Whether the person has died: RESPON then says "meninggal" beside the data, since the registry
    keeps its dead. With any other RESPON, or none, the person lives. (A RESPON without data is no
    person at all, whatever it says.)"""
    if not _has(record, "RESPON"):
        return False
    return "meninggal" in _text(record, "RESPON", _LONGEST_MESSAGE).casefold()
