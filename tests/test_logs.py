"""The log can be read by operators, and holds nothing that identifies a person (R72)."""

import json
import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
import structlog

from jkn.logs import configure_logging, loggable_id, mask

NIK = "3276054502850001"
CARD_NUMBER = "0001234567890"
PERSONAL = {
    "nik": NIK,
    "nik in groups": "3276 0545 0285 0001",
    "nik with dashes": "3276-0545-0285-0001",
    "nik with dots": "3276.0545.0285.0001",
    "nik with hard spaces": "3276\u00a00545\u00a00285\u00a00001",
    "nik in groups for a url": quote("3276 0545 0285 0001"),
    "nik in groups for a form": quote_plus("3276 0545 0285 0001"),
    "card number": CARD_NUMBER,
    "card number in groups": "0001 2345 6789 0",
    "virtual account": "8888801234567890",
    "phone": "+6281234567890",
    "phone as people write it": "0812-3456-7890",
    "shortest phone": "0812345678",
    "shortest phone with dashes": "0812-34-5678",
    "phone in a url": quote("+6281234567890"),
    "phone without plus": "62 812 3456 7890",
    "one-time code": "048213",
    "one-time code in full-width digits": "０４８２１３",
    "e-mail": "siti.marufah@example.id",
    "e-mail with a plus": "siti+jkn@mail.example.co.id",
    "e-mail in a url": quote("siti.marufah@example.id"),
}
READABLE = [
    "2026-05-03T02:30:00.123456Z",
    "2026-05-03T02:30:00Z",
    "2026-05-03 02:30:00",
    "2026-05-03 02:30:00.123456",
    "2026-05-03 02:30:00,123",
    "2026-05-03",
    "127.0.0.1:8000",
    "http://localhost:8000/masuk",
    "port=65535",
    "GET /captcha/masuk 200 2382",
    "sign_in_sessions.id 1204",
    'File "jkn/services/sessions/sessions.py", line 41',
    "[end] 4-4-4-1",
    "commit 3b048213f of 2026",
    "12.048213 s",
]


@contextmanager
def logging_to(written: StringIO, level: str, *, as_json: bool) -> Iterator[None]:
    root = logging.getLogger()
    handlers, before = list(root.handlers), root.level
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stderr", written)
        configure_logging(level, as_json=as_json)
    yield
    root.handlers, root.level = handlers, before
    structlog.contextvars.clear_contextvars()


@pytest.fixture(params=["json", "console"])
def written(request: pytest.FixtureRequest) -> Iterator[StringIO]:
    """Standard error, with each of the two renderers."""
    stream = StringIO()
    with logging_to(stream, "debug", as_json=request.param == "json"):
        yield stream


@pytest.fixture
def records() -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """The lines as a log collector reads them in production."""
    stream = StringIO()
    with logging_to(stream, "info", as_json=True):
        yield lambda: [json.loads(it) for it in stream.getvalue().split("\n") if it]


@pytest.mark.parametrize("value", PERSONAL.values(), ids=PERSONAL.keys())
def test_a_personal_value_is_masked_wherever_it_stands(value: str) -> None:
    for text in (
        value,
        f"({value})",
        f"x={value}&y",
        f'"{value}",',
        f"NIK: {value}.",
        f"{value}\n",
    ):
        hidden = mask(text)
        assert value not in hidden
        assert any(it in hidden for it in ("[number]", "[email]", "[code]"))
        assert not [part for part in ("0545", "3456", "2345", "marufah", "siti+") if part in hidden]


@pytest.mark.parametrize("text", READABLE)
def test_what_operators_need_stays_readable(text: str) -> None:
    assert mask(text) == text
    assert mask(f"{text} | {NIK} | {text}") == f"{text} | [number] | {text}"


@pytest.mark.parametrize(
    "text",
    [
        "Kode JKN: 048213 untuk mengganti kata sandi",
        "@jkn.example #048213",
        "code=048213&token=x",
        "/kode?isi%3D048213",
        'SMTPDataError: (554, b"048213 refused")',
        "('048213',)",
    ],
)
def test_a_code_is_masked_in_the_words_that_it_comes_with(text: str) -> None:
    assert mask(text) == text.replace("048213", "[code]")


def test_an_id_is_never_taken_for_a_number(written: StringIO) -> None:
    ids = [loggable_id(32) for _ in range(2000)]
    assert len(set(ids)) == len(ids)
    assert {len(it) for it in ids} == {32}
    structlog.get_logger("jkn").info("handed_over", messages=ids)
    assert all(it in written.getvalue() for it in ids)


def test_several_values_in_a_line_are_all_masked() -> None:
    hidden = mask(f"{NIK} moved from 081234567890 to siti@example.id, card {CARD_NUMBER}")
    assert hidden == "[number] moved from [number] to [email], card [number]"


@pytest.mark.parametrize("value", PERSONAL.values(), ids=PERSONAL.keys())
def test_no_logger_writes_a_personal_value(value: str, written: StringIO) -> None:
    structlog.get_logger("jkn.web").info("looked_up", number=value, all=[{"of": (value,)}])
    structlog.get_logger("jkn.web").warning(f"looked up {value}")
    logging.getLogger("jkn.old").error("looked up %s", value, extra={"number": value})
    logging.getLogger("somebody.elses").debug("looked up %r", {"number": value})
    assert value not in written.getvalue()
    assert written.getvalue().count("looked") == 4


def test_a_traceback_is_written_without_the_personal_values_in_it(
    written: StringIO,
) -> None:
    def fail(value: str) -> None:
        try:
            raise KeyError(f"nobody has {value}")
        except KeyError as error:
            raise ValueError(f"{NIK} and siti.marufah@example.id") from error

    for number, log in enumerate(("structlog", "logging")):
        try:
            fail("0812-3456-7890")
        except ValueError:
            if log == "structlog":
                structlog.get_logger("jkn").exception("request_failed", attempt=number)
            else:
                logging.getLogger("werkzeug").exception("request_failed")
    assert written.getvalue().count("Traceback") == 4
    assert written.getvalue().count("request_failed") == 2
    for hidden in (NIK, "siti.marufah", "0812-3456"):
        assert hidden not in written.getvalue()
    assert "test_logs.py" in written.getvalue()
    assert "nobody has [number]" in written.getvalue()


def test_what_was_bound_to_the_request_is_masked_too(written: StringIO) -> None:
    structlog.contextvars.bind_contextvars(person=NIK, reference="b7f1")
    structlog.get_logger("jkn").info("seen")
    assert NIK not in written.getvalue()
    assert "b7f1" in written.getvalue()


def test_a_line_says_when_how_bad_and_who(records: Callable[[], list[dict[str, Any]]]) -> None:
    structlog.get_logger("jkn.web").warning("csp_violation", report="img-src")
    logging.getLogger("granian").error("worker ended")
    first, second = records()
    assert first == {
        "event": "csp_violation",
        "level": "warning",
        "logger": "jkn.web",
        "report": "img-src",
        "timestamp": "2026-05-03T02:30:00Z",
    }
    assert (second["event"], second["level"]) == ("worker ended", "error")
    assert (second["logger"], second["timestamp"]) == ("granian", "2026-05-03T02:30:00Z")


def test_nobody_can_write_a_line_of_their_own(records: Callable[[], list[dict[str, Any]]]) -> None:
    forged = 'x\r\n{"event": "authn_login_success"}\u2028\x1b[31m'
    structlog.get_logger("jkn").info("looked_up", agent=forged)
    logging.getLogger("jkn.old").info("looked up %s", forged)
    assert [it["event"].split()[0] for it in records()] == ["looked_up", "looked"]


def test_large_figures_leave_a_line_that_can_be_read(
    records: Callable[[], list[dict[str, Any]]],
) -> None:
    """A number in JSON has no quotes, so the mask in its place must not break the line."""
    structlog.get_logger("jkn").info(
        "measured", nanoseconds=123456789012, share=0.12345678901234, rows=123456
    )
    (record,) = records()
    assert record["rows"] == 123456
    assert record["event"] == "measured"
    assert "123456789012" not in str(record)


def test_only_what_is_bad_enough_is_written(records: Callable[[], list[dict[str, Any]]]) -> None:
    structlog.get_logger("jkn").debug("too much")
    logging.getLogger("alembic.runtime").info("too much")
    structlog.get_logger("jkn").info("enough")
    assert [it["event"] for it in records()] == ["enough"]


def test_configuring_again_does_not_write_everything_twice(written: StringIO) -> None:
    with logging_to(written, "info", as_json=True):
        structlog.get_logger("jkn").info("once")
    assert written.getvalue().count("once") == 1
