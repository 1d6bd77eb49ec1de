"""Logging: one line for each event, with personal numbers and e-mail addresses masked whichever
code logs them."""

import logging
import re
import secrets
import sys
from typing import Any

import structlog
from structlog.typing import EventDict, WrappedLogger

# Card numbers, NIK, No. KK, virtual accounts and phone numbers, also grouped or URL-encoded.
_LONG_NUMBER = re.compile(r"\+?\d(?:(?:[\s.\-–/()+]|%20|%2[Dd]|%2[Ff]){0,3}\d){8,}")
_EMAIL = re.compile(r"[^\s@\"'<>=/]+(?:@|%40)[^\s@\"'<>]+\.[A-Za-z]{2,}")
# Six digits alone may be a one-time code; after a point or a colon they are part of a time.
_CODE = re.compile(r"(?:(?<![A-Za-z\d.,:])|(?<=%3[Dd])|(?<=%20))\d{6}(?![A-Za-z\d])")
# Hexadecimal digits as letters that are not confused on the phone and spell no word.
_LETTERS = str.maketrans("0123456789abcdef", "BCDFGHJKLMPQRTXZ")


def configure_logging(level: str, *, as_json: bool) -> None:
    """Make every logger of this process write masked lines to standard error."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    renderer: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if as_json
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _mask_event,
                renderer,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    # The limiter writes a line with the address for each request that it turns away.
    for name in ("alembic", "flask-limiter"):
        logging.getLogger(name).setLevel(logging.WARNING)


def loggable_id(letters: int) -> str:
    """A random id of so many letters, four bits each. It has no digits, because several in a row
    would be masked."""
    return secrets.token_hex((letters + 1) // 2)[:letters].translate(_LETTERS)


def loggable(value: bytes) -> str:
    """The bytes as letters, two for each, never digits: logs show them unmasked."""
    return value.hex().translate(_LETTERS)


def mask(text: str) -> str:
    """The text with every long number, one-time code and e-mail address made unreadable."""
    return _CODE.sub("[code]", _mask_long_numbers(_EMAIL.sub("[email]", text)))


def _mask_long_numbers(text: str) -> str:
    return _LONG_NUMBER.sub(_mask_number, text)


def _mask_number(match: re.Match[str]) -> str:
    found = match.group()
    # A time stamp is no personal number; masking it would make the log useless.
    return found if _TIME_STAMP.fullmatch(found) else "[number]"


_TIME_STAMP = re.compile(r"(?:19|20)\d\d-[01]\d-[0-3]\d(?:\s\d\d)?")


def _mask_event(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Mask before the event becomes a line: what replaces a number must not break the line's
    JSON."""
    return {name: _masked(value) for name, value in event.items()}


def _masked(value: Any) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, dict):
        return {mask(str(name)): _masked(item) for name, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_masked(item) for item in value]
    if isinstance(value, int | float):
        # A number of six digits is a count, not a code: codes are text, which keeps leading zeros.
        hidden = _mask_long_numbers(str(value))
        return value if hidden == str(value) else hidden
    return mask(str(value))
