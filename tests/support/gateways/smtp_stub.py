"""A real SMTP server on this machine that behaves as badly as it is told to."""

import asyncio
import ssl
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.support.world.waiting import PATIENCE_SECONDS

LOGIN = ("the-user", "the-pass word")
_ACCEPTED = "250 2.0.0 Ok: queued as 4ZxT0p"

Reply = Callable[["SmtpStub", SMTP], Awaitable[str]]


async def accept(_stub: "SmtpStub", _server: SMTP) -> str:
    """The usual reply of a server that took the e-mail."""
    return _ACCEPTED


def say(words: str) -> Reply:
    """A step that always gives this reply."""

    async def reply(_stub: "SmtpStub", _server: SMTP) -> str:
        return words

    return reply


async def drop(_stub: "SmtpStub", server: SMTP) -> str:
    """Break the connection after the text was received."""
    if isinstance(server.transport, asyncio.Transport):
        server.transport.abort()
    return _ACCEPTED


async def hang(stub: "SmtpStub", _server: SMTP) -> str:
    """Give no reply as long as the stub lives."""
    stub.held += 1
    await stub.end.wait()
    return _ACCEPTED


@dataclass(frozen=True)
class Delivered:
    """An e-mail whose text was received whole. `login`: the name that was given, if any."""

    sender: str
    recipients: list[str]
    message: EmailMessage
    raw: bytes
    is_encrypted: bool
    login: str | None
    greeted_as: str


@dataclass
class SmtpStub:
    """`to_…`: the replies to each step. `delivered`: every e-mail whose text was received, accepted
    or not. `held`: how many clients were left without a reply so far."""

    to_sender: Reply = accept
    to_recipient: Reply = accept
    to_text: Reply = accept
    asks_for_login: bool = False
    delivered: list[Delivered] = field(default_factory=list)
    sessions: int = 0
    held: int = 0
    port: int = 0
    end: asyncio.Event = field(default_factory=asyncio.Event)

    def authenticate(
        self, _server: SMTP, session: Session, _envelope: Envelope, _mechanism: str, login: object
    ) -> AuthResult:
        """Accept one name and one password."""
        is_right = isinstance(login, LoginPassword) and (login.login, login.password) == tuple(
            it.encode() for it in LOGIN
        )
        return AuthResult(success=is_right, handled=False, auth_data=LOGIN[0])

    async def handle_MAIL(  # noqa: N802  the library's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Reply to the sender."""
        if self.asks_for_login and not session.authenticated:
            return "530 5.7.0 Authentication required"
        envelope.mail_from = address
        return await self.to_sender(self, server)

    async def handle_RCPT(  # noqa: N802  the library's name
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Reply to a recipient."""
        envelope.rcpt_tos.append(address)
        return await self.to_recipient(self, server)

    async def handle_DATA(  # noqa: N802  the library's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Reply to the text, once all of it was received."""
        raw = envelope.content if isinstance(envelope.content, bytes) else b""
        transport = server.transport
        message = message_from_bytes(raw, policy=SMTP_POLICY)
        self.delivered.append(
            Delivered(
                str(envelope.mail_from),
                envelope.rcpt_tos,
                message,
                raw,
                transport is not None and transport.get_extra_info("cipher") is not None,
                session.auth_data,
                str(session.host_name),
            )
        )
        return await self.to_text(self, server)


@contextmanager
def smtp_stub(
    stub: SmtpStub | None = None,
    *,
    smtps: ssl.SSLContext | None = None,
    starttls: ssl.SSLContext | None = None,
) -> Iterator[SmtpStub]:
    """A server on a free port of 127.0.0.1 until the block ends, in a thread of its own."""
    stub = stub or SmtpStub()
    ready = threading.Event()
    loop = asyncio.new_event_loop()

    def protocol() -> SMTP:
        stub.sessions += 1
        return SMTP(
            stub,
            hostname="stub.example",
            tls_context=starttls,
            require_starttls=starttls is not None,
            authenticator=stub.authenticate,
            auth_require_tls=False,
            loop=loop,
        )

    async def serve() -> None:
        server = await loop.create_server(protocol, "127.0.0.1", 0, ssl=smtps)
        stub.port = server.sockets[0].getsockname()[1]
        ready.set()
        await stub.end.wait()
        server.close()
        talks = asyncio.all_tasks() - {asyncio.current_task()}
        for talk in talks:
            talk.cancel()
        await asyncio.gather(*talks, return_exceptions=True)

    def run() -> None:
        asyncio.set_event_loop(loop)
        loop.run_until_complete(serve())
        loop.run_until_complete(asyncio.sleep(0.02))
        loop.close()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        if not ready.wait(PATIENCE_SECONDS):
            raise RuntimeError("the SMTP server does not start")
        yield stub
    finally:
        loop.call_soon_threadsafe(stub.end.set)
        thread.join()
