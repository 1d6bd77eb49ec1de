"""The production server, Granian: starts the web processes, watches them, ends them in peace."""

import socket
import sys

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from jkn import database
from jkn.database_version import is_up_to_date
from jkn.settings import UnsafeSettings, load_settings


def _claim(host: str, port: int) -> None:
    """Exit when somebody serves here already: the system would let both, and share requests
    out between two servers that may not even have the same database."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            sys.exit(
                f"Cannot listen on {host}, port {port}: {error.strerror}. Set PORT to another."
            )


def serve() -> None:
    """Serve until told to stop. Exits with a sentence when it must not or cannot start."""
    try:
        settings = load_settings()
    except UnsafeSettings as error:
        sys.exit(str(error))
    if not is_up_to_date(database.connect(settings)):
        sys.exit("The database is not at this version's migrations: run `flask prepare` first.")
    _claim(settings.host, settings.port)
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
        # Its one warning is about many threads, which are meant: half may wait to hash.
        log_level=LogLevels.error,
    ).serve()
