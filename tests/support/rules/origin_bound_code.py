"""Reading a code out of an SMS as phones do (WICG, Origin-bound one-time codes, 3.2 Parsing)."""

import re

# What Chromium takes for a host; it is stricter than the specification.
_HOST = re.compile(r"[A-Za-z0-9.-]+")
_WHITESPACE = "\t\n\f\r "


def parse(message: str) -> tuple[str, str] | None:
    """The host that the code is for, and the code; None for an SMS that holds none."""
    line = message.replace("\r\n", "\n").replace("\r", "\n").split("\n")[-1]
    host, position = _marked_token(line, 0, "@")
    if host is None or line[position : position + 1] != " ":
        return None
    code, _ = _marked_token(line, position + 1, "#")
    if code is None or not _HOST.fullmatch(host):
        return None
    return host, code


def _marked_token(line: str, position: int, marker: str) -> tuple[str | None, int]:
    if line[position : position + 1] != marker:
        return None, position
    start = end = position + 1
    while end < len(line) and line[end] not in _WHITESPACE:
        end += 1
    return (line[start:end] or None), end
