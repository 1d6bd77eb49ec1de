"""The production server, Granian: starts the web processes, watches them, ends them in peace."""

import sys

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from jkn import database
from jkn.database_version import is_up_to_date
from jkn.settings import UnsafeSettings, load_settings


def serve() -> None:
    """Serve until told to stop. Exits with a sentence when it must not or cannot start."""
    try:
        settings = load_settings()
    except UnsafeSettings as error:
        sys.exit(str(error))
    if not is_up_to_date(database.connect(settings)):
        sys.exit("The database is not at this version's migrations: run `flask prepare` first.")
    Server(
        "app:app",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=settings.web_processes,
        blocking_threads=settings.web_threads,
        websockets=False,
        # A web process that dies is replaced while the others go on.
        respawn_failed_workers=True,
        respawn_interval=1.0,
        # SIGTERM lets requests under way end, but does not wait for a stuck one for ever.
        workers_kill_timeout=15,
        log_level=LogLevels.warning,
    ).serve()
