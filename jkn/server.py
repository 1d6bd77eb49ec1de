"""The production server, Granian: starts the web processes, watches them, and lets them finish
before it ends."""

import os
import resource
import socket
import sys
import tempfile
from contextlib import nullcontext
from functools import partial
from pathlib import Path

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import MPServer
from werkzeug.utils import import_string

from jkn import database, worker
from jkn.asgi import WholeRequests
from jkn.database_version import is_up_to_date
from jkn.services.basics import clock
from jkn.services.basics.rule_files import UnusableRules, read_rules
from jkn.services.operations import health
from jkn.settings import Settings, UnsafeSettings, load_settings
from jkn.web import headers
from jkn.web.request_filter import BODY_AT_MOST

# Connections that one process holds. One that sends nothing at all costs a file descriptor, and is
# never ended by the library; at its default of 1,024 a single source could take them all.
_CONNECTIONS = 4096
# Browsers give up a request of ours after 15 s (htmx).
_BODY_SECONDS = 20.0


def _claim(host: str, port: int) -> None:
    """Exit when another server listens here already. The system would allow both, and share the
    requests between two servers that may have different databases."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            sys.exit(
                f"Cannot listen on {host}, port {port}: {error.strerror}. Set PORT to another."
            )


class _Server(MPServer):
    """Granian, which says that it will leave before it does (security.md R98). `leave_seconds`: how
    long it goes on serving in between."""

    run_dir: Path
    leave_seconds: int

    def shutdown(self, exit_code: int = 0) -> None:
        """Let `/health/ready` answer 503 for `leave_seconds`, while everything else is still
        served. Then do what the library does: take no new connections, and let requests under way
        end. A second signal ends the wait."""
        health.announce_leaving(self.run_dir)
        self.main_loop_interrupt.clear()
        self.main_loop_interrupt.wait(self.leave_seconds)
        # The library's method has no types.
        super().shutdown(exit_code)  # type: ignore[no-untyped-call]


def serve(application: str = "app:app") -> None:
    """Serve `application`, named as "module:variable", until a signal ends it. Exits with a
    sentence when it must not or cannot start."""
    try:
        settings = load_settings()
        # Each web process reads them again. One that could not would be replaced for ever.
        read_rules(settings.rules_dir, clock.today())
    except (UnsafeSettings, UnusableRules) as error:
        sys.exit(str(error))
    if not is_up_to_date(database.connect(settings)):
        sys.exit("The database is not at this version's migrations: run `flask prepare` first.")
    _claim(settings.host, settings.port)
    # Beside connections: the database, files, and what the libraries open.
    _allow_files(_CONNECTIONS + 512)
    with tempfile.TemporaryDirectory(prefix="jkn-server-") as folder:
        # The web processes read it as a setting like any other.
        os.environ["JKN_RUN_DIR"] = folder
        server = _made(application, settings)
        server.run_dir, server.leave_seconds = Path(folder), settings.leave_seconds
        with worker.beside() if settings.worker_beside else nullcontext():
            server.serve(target_loader=partial(_whole_requests, settings))


def _whole_requests(settings: Settings, application: str) -> WholeRequests:
    return WholeRequests(
        import_string(application),
        threads=settings.web_threads,
        body_at_most=BODY_AT_MOST,
        body_seconds=_BODY_SECONDS,
        refusal_headers=headers.OF_TEXT,
    )


def _allow_files(count: int) -> None:
    """Raise this process's limit of open files, which is often 1,024, as far as it may be."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY:
        most = count if hard == resource.RLIM_INFINITY else min(count, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, most), hard))


def _made(application: str, settings: Settings) -> _Server:
    return _Server(
        application,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGINL,
        workers=settings.web_processes,
        websockets=False,
        backpressure=_CONNECTIONS,
        # A web process that dies is replaced while the others go on.
        respawn_failed_workers=True,
        respawn_interval=1.0,
        # After SIGTERM, how many seconds requests under way have to end.
        workers_kill_timeout=15,
        log_level=LogLevels.error,
    )
