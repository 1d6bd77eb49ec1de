"""E-mail over SMTP, encrypted and with a login.

When the server drops the connection after the text was sent, nobody knows whether it took the
e-mail. The next try carries the same Message-ID.
"""

import contextlib
import smtplib
import socket
import ssl
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from jkn.gateways.connection import Line, within
from jkn.gateways.outgoing import Accepted, Email, NotAccepted, Permanent, Temporary
from jkn.service_url import ServiceUrl
from jkn.settings import MAIL_ADDRESS

# The longest time of a whole hand-over, for which a slow server may hold a worker.
SECONDS = 15.0
_LONGEST_NAME = 40
_LONGEST_ID = 200
_OUR_NAME = "Mobile JKN"
# RFC 4954: codes that refuse the login, not the message.
_ABOUT_THE_LOGIN = {530, 534, 535, 538}


class SmtpGateway:
    """`sender`: the address that e-mails come from; its domain is our name for the server.
    `seconds`: the longest time of a whole hand-over. `tls`: which authorities are trusted; None:
    those of the operating system."""

    def __init__(
        self,
        url: ServiceUrl,
        sender: str,
        *,
        seconds: float = SECONDS,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.name = url.host[:_LONGEST_NAME]
        self._url = url
        self._sender = sender
        self._domain = sender.rpartition("@")[2]
        self._seconds = seconds
        self._tls = tls or ssl.create_default_context()

    def send(self, email: Email) -> Accepted:
        """Hand an e-mail over. Raises Temporary or Permanent."""
        if not MAIL_ADDRESS.fullmatch(email.recipient):
            raise Permanent("the recipient is no address")
        written = self._written(email)
        replies: list[bytes] = []
        try:
            within(self._seconds, lambda line: self._talk(line, email.recipient, written, replies))
        except (OSError, smtplib.SMTPException) as error:
            # Once the server has taken it, it does not matter how the talk ended.
            if not replies:
                raise _judged(error) from None
        return Accepted(self.name, _delivery_id(replies[0]))

    def _talk(self, line: Line, recipient: str, written: bytes, replies: list[bytes]) -> None:
        url = self._url
        at_once = self._tls if url.scheme == "smtps" else None
        connected = line.open(url.host, url.port, at_once)
        with _Connection(connected, url.host, self._domain) as server:
            if url.scheme == "smtp+starttls":
                server.encrypt(line, self._tls)
            if url.user:
                server.login(url.user, url.password)
            server.ehlo_or_helo_if_needed()
            _expect_yes(server.mail(self._sender))
            _expect_yes(server.rcpt(recipient))
            reply = _expect_yes(server.data(written))
            line.check()
            replies.append(reply)

    def _written(self, email: Email) -> bytes:
        message = EmailMessage(SMTP)
        message["From"] = Address(_OUR_NAME, addr_spec=self._sender)
        message["To"] = Address(addr_spec=email.recipient)
        # A line break would begin another header. Here it becomes a space.
        message["Subject"] = " ".join(_printable(email.subject).split())
        message["Date"] = datetime.now(UTC)
        message["Message-ID"] = f"<{email.idempotency_key}@{self._domain}>"
        # RFC 3834: keeps absence notes from answering.
        message["Auto-Submitted"] = "auto-generated"
        # ASCII only, so that every server can take it.
        message.set_content(email.text, cte="quoted-printable")
        message.add_alternative(email.html, subtype="html", cte="quoted-printable")
        return message.as_bytes()


class _Connection(smtplib.SMTP):
    """SMTP over a connection that is made already, so that another thread can cut it off."""

    def __init__(self, connected: socket.socket, host: str, own_name: str) -> None:
        self._connected = connected
        super().__init__(host, local_hostname=own_name)

    def __exit__(self, *_how: object) -> None:
        # Polite, but nobody waits for the answer: the e-mail was taken or refused before.
        with contextlib.suppress(smtplib.SMTPException):
            self.putcmd("QUIT")
        self.close()

    def encrypt(self, line: Line, tls: ssl.SSLContext) -> None:
        """Go on encrypted. Raises SMTPException or OSError where the server cannot."""
        self.starttls(context=_OnLine(line, tls))  # type: ignore[call-overload]

    def _get_socket(self, *_where: object) -> socket.socket:
        return self._connected


class _OnLine:
    """Stands in for the library's TLS context: encrypts through the line, which can be cut off."""

    def __init__(self, line: Line, tls: ssl.SSLContext) -> None:
        self._line, self._tls = line, tls

    def wrap_socket(self, _current: socket.socket, *, server_hostname: str) -> ssl.SSLSocket:
        """The same connection, encrypted. Raises OSError."""
        return self._line.encrypt(server_hostname, self._tls)


def _expect_yes(reply: tuple[int, bytes]) -> bytes:
    """The words of a 2xx reply. Raises Temporary or Permanent for any other."""
    code, words = reply
    if not 200 <= code < 300:
        raise _refusal(code)
    return words


def _judged(error: Exception) -> NotAccepted:
    """Permanent only where the server refused the message itself. A greeting, a login or a
    connection that failed is about the server or about us, and so Temporary."""
    if isinstance(error, smtplib.SMTPDataError):
        return _refusal(error.smtp_code)
    return Temporary(type(error).__name__)


def _refusal(code: int) -> NotAccepted:
    is_final = 500 <= code < 600 and code not in _ABOUT_THE_LOGIN
    return (Permanent if is_final else Temporary)(f"status {code}")


def _printable(text: str) -> str:
    return "".join(it if it.isprintable() else " " for it in text)


def _delivery_id(words: bytes) -> str | None:
    """The server's words when it took the e-mail; None where they may name somebody."""
    text = " ".join(_printable(words.decode("ascii", "ignore")).split())
    return text[:_LONGEST_ID] if text and "@" not in text else None
