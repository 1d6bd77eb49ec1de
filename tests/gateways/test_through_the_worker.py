"""The whole way of a message: a row, the app's own worker, a real gateway and a real server."""

import json
from pathlib import Path

import pytest
from sqlalchemy import select

from jkn.database import session, transaction
from jkn.models import Channel, MessageState, OutboxMessage
from jkn.services.messaging import outbox
from jkn.services.messaging.outbox import Content
from tests.support.gateways.http_stub import http_stub
from tests.support.gateways.sms_gateways import answering
from tests.support.gateways.smtp_stub import smtp_stub
from tests.support.world.app_database import database_of
from tests.support.world.running_app import RunningApp, running_app
from tests.support.world.waiting import wait_until

NUMBER, ADDRESS, CODE = "+6281234567890", "siti.marufah@example.id", "070809"

pytestmark = pytest.mark.starts_app


def rows() -> list[OutboxMessage]:
    session.rollback()
    session.expire_all()
    return list(session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)))


def are_finished() -> bool:
    return all(it.state is MessageState.HANDED_OVER for it in rows())


def write_both() -> None:
    with transaction():
        outbox.write(Channel.SMS, "trial", Content(NUMBER, f"Kode JKN: {CODE}"))
        outbox.write(Channel.EMAIL, "trial", Content(ADDRESS, f"Kode: {CODE}", "Kode", "<p>"))


def test_sms_and_email_reach_who_is_named_in_the_settings(world: Path) -> None:
    with (
        http_stub(answering(503)) as down,
        http_stub(answering(202, b'{"id": "sms-1"}')) as up,
        smtp_stub() as post,
        running_app(
            world=world,
            JKN_SMS_URL=",".join(f"http://s3cret@127.0.0.1:{it.port}/v1" for it in (down, up)),
            JKN_SMTP_URL=f"smtp://127.0.0.1:{post.port}",
            JKN_MAIL_FROM="tidak-dibalas@jkn.example",
        ) as app,
        database_of(app),
    ):
        write_both()
        wait_until(are_finished, "both were handed over", app.log)
        sms, email = rows()
        assert (sms.gateway, sms.delivery_id, sms.content) == ("127.0.0.1", "sms-1", None)
        assert (email.gateway, email.delivery_id, email.content) == (
            "127.0.0.1", "2.0.0 Ok: queued as 4ZxT0p", None,
        )  # fmt: skip
        assert [it.headers["Idempotency-Key"] for it in (*down.received, *up.received)] == [
            sms.idempotency_key
        ] * 2
        assert json.loads(up.received[0].body)["to"] == NUMBER
        (mail,) = post.delivered
        assert mail.message["Message-ID"] == f"<{email.idempotency_key}@jkn.example>"
        assert "gateway_failed" in app.log()
        the_log_says_nothing_of(app, NUMBER[3:], ADDRESS, CODE, "s3cret")


def the_log_says_nothing_of(app: RunningApp, *secrets: str) -> None:
    log = app.log()
    assert "message_handed_over" in log
    assert not [it for it in secrets if it in log]
