"""Which numbers an address may hold as the id of a row."""

from flask import Flask
from werkzeug.routing import IntegerConverter, Map

from jkn.database import LARGEST_ID


class _RowId(IntegerConverter):
    """`<id:…>`: a number that the database can hold. With any other number the address is 404."""

    def __init__(self, addresses: Map) -> None:
        super().__init__(addresses, max=LARGEST_ID)


def init_app(app: Flask) -> None:
    """Register the converter; must run before any route with an id is added."""
    app.url_map.converters["id"] = _RowId
