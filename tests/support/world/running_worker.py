"""The real worker in a process of its own, and the outbox as requests fill it."""

import os
import shutil
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import select

from jkn.database import session, transaction
from jkn.models import Channel, OutboxMessage
from jkn.services.messaging import outbox
from jkn.services.messaging.outbox import Content
from jkn.settings import Settings
from tests.support.gateways.http_stub import HttpStub
from tests.support.world.connected import SECRETS
from tests.support.world.databases import ROOT
from tests.support.world.processes import LeashedProcess, scratch_folder


@contextmanager
def running_worker(
    settings: Settings, gateway: HttpStub, **environment: str
) -> Iterator[LeashedProcess]:
    """A worker on the database of these settings, whose SMS go to this gateway."""
    folder = scratch_folder("worker")
    process = LeashedProcess(
        [sys.executable, "-m", "jkn.worker"],
        folder=folder,
        environment={
            **{name: it for name, it in os.environ.items() if not name.startswith("JKN_")},
            **{f"JKN_{name.upper()}": it for name, it in SECRETS.items()},
            "JKN_DATABASE_URL": settings.database_url,
            "JKN_SMS_URL": f"http://token@127.0.0.1:{gateway.port}/sms",
            **environment,
        },
        working_folder=ROOT,
        stop_signal=signal.SIGTERM,
    )
    try:
        yield process
    finally:
        process.stop()
        shutil.rmtree(folder, ignore_errors=True)


def write_messages(count: int = 1) -> list[str]:
    """Write messages to the outbox, each in a transaction; returns their idempotency keys."""
    for number in range(count):
        with transaction():
            outbox.write(Channel.SMS, "code:test", Content(f"+62812{number:07}", "Kode JKN"))
    newest = select(OutboxMessage.idempotency_key).order_by(OutboxMessage.id.desc()).limit(count)
    session.rollback()
    ids = list(session.scalars(newest))
    session.rollback()
    return ids
