"""Calling services from the test process on the database and keys of a running app."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import update

from jkn.database import session, transaction
from jkn.gateways.outgoing import Email, Sms
from jkn.gateways.simulated import SimulatedGateway
from jkn.models import SignInSession
from jkn.services.basics import clock
from tests.support.world.connected import connected, settings_for
from tests.support.world.databases import ScratchDatabase
from tests.support.world.running_app import RunningApp


@contextmanager
def database_of(app: RunningApp) -> Iterator[None]:
    """In this block, session and services use the database of the app."""
    database = ScratchDatabase("sqlite", f"sqlite:///{app.folder / 'jkn.sqlite3'}")
    settings = settings_for(database.url, app.folder / "assets", {"base_url": app.url})
    with connected(database, settings):
        yield


def receive(app: RunningApp, *messages: Sms | Email) -> None:
    """Let these messages arrive in its simulated world outside."""
    with database_of(app):
        for message in messages:
            SimulatedGateway().send(message)


def long_messages() -> tuple[Sms, Email]:
    """The longest SMS and the longest e-mail that there are."""
    action = "mengonfirmasi perubahan fasilitas kesehatan keluarga"
    words = f"Kode ini untuk {action} dan berlaku sampai pukul 14.30 WIB."
    return (
        Sms(
            "a" * 32,
            "+6281234567890",
            f"Kode JKN: 012345 untuk {action}. Jangan beri tahu siapa pun, juga petugas.\n"
            f"@{'a' * 28}.jkn.example #012345",
        ),
        Email(
            "b" * 32,
            f"{'wulan.prameswari.' * 4}k@{'contoh-' * 4}surat.example.id",
            f"Kode Mobile JKN untuk {action}",
            f"Kode Anda: 654321\n\n{words}\n\nJangan beri kode ini ke siapa pun, termasuk petugas.",
            f"<!doctype html><html lang='id'><title>Kode</title><p>Kode Anda: 654321</p><p>{words}",
        ),
    )


def let_sessions_age(app: RunningApp, unused: timedelta, age: timedelta | None = None) -> None:
    """Set how long ago every session was last used, and with `age` how long ago it began."""
    now = clock.now()
    with database_of(app), transaction():
        session.execute(
            update(SignInSession).values(
                last_used_at=now - unused, started_at=now - (age or unused)
            )
        )
