"""The app with a door before it, which holds requests back while its database is restored: no
request may begin before and end after that."""

import fcntl
import os
from collections.abc import Iterable
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from jkn import create_app
from jkn.server import serve
from jkn.settings import load_settings
from tests.support.world.saved_world import LATE, door_of

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class _Door:
    """Lets any number of requests in at once. Locking it waits until the last has left."""

    def __init__(self, app: "WSGIApplication", file: Path) -> None:
        self._app = app
        self._file = file
        self._late = float(os.environ.get(LATE, "0"))

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        if self._late:
            Event().wait(self._late)
        with self._file.open("a") as door:
            fcntl.flock(door, fcntl.LOCK_SH)
            return self._app(environ, start_response)


if __name__ == "__main__":
    serve("tests.support.world.restorable_app:app")
else:
    app = create_app()
    app.wsgi_app = _Door(  # type: ignore[method-assign]
        app.wsgi_app, door_of(load_settings().assets_dir.parent)
    )
