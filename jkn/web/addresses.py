"""Which numbers an address may hold: each is written in one way only."""

from flask import Flask
from werkzeug.routing import IntegerConverter, Map

from jkn.database import LARGEST_ID


class _Number(IntegerConverter):
    """`<int:…>`: 1 and more. The library takes zeros in front and the digits of every script, so
    that many addresses would lead to one page."""

    regex = "[1-9][0-9]*"


class _RowId(_Number):
    """`<id:…>`: a number that the database can hold. With any other number the address is 404."""

    def __init__(self, addresses: Map) -> None:
        super().__init__(addresses, max=LARGEST_ID)


def init_app(app: Flask) -> None:
    """Register the converters; must run before any route with a number is added."""
    app.url_map.converters |= {"int": _Number, "id": _RowId}


def read_number(text: str) -> int:
    """A number from a query or a form: 0 and more, in plain digits. Raises ValueError."""
    if not (text.isascii() and text.isdigit()):
        raise ValueError("no number")
    return int(text)
