"""What may stand for a row in an address."""

from flask import Flask
from werkzeug.routing import IntegerConverter, Map

from jkn.database import LARGEST_ID


class _RowId(IntegerConverter):
    """`<id:…>`: a number that the database may have. Any other is no address of ours."""

    def __init__(self, addresses: Map) -> None:
        super().__init__(addresses, max=LARGEST_ID)


def init_app(app: Flask) -> None:
    """Before any route is added that has one."""
    app.url_map.converters["id"] = _RowId
