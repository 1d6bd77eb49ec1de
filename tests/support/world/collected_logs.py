"""What the application logs during a test, as it would be written."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager


class _Collector(logging.Handler):
    def __init__(self, like: logging.Handler | None) -> None:
        super().__init__()
        self.lines: list[str] = []
        if like is not None:
            self.setFormatter(like.formatter)

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@contextmanager
def collected_logs() -> Iterator[list[str]]:
    """Every line of this block, through the formatter that the application configured."""
    root = logging.getLogger()
    collector = _Collector(root.handlers[0] if root.handlers else None)
    root.addHandler(collector)
    try:
        yield collector.lines
    finally:
        root.removeHandler(collector)
