"""What goes out to people, and how a gateway tells what became of it."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Sms:
    """`recipient`: in E.164. `idempotency_key`: the same at every try."""

    idempotency_key: str
    recipient: str
    text: str


@dataclass(frozen=True)
class Email:
    """`idempotency_key`: the same at every try. `html`: says what `text` says."""

    idempotency_key: str
    recipient: str
    subject: str
    text: str
    html: str


@dataclass(frozen=True)
class Accepted:
    """The gateway took the message. `delivery_id`: the gateway's own id for it; None where it gives
    none."""

    gateway: str
    delivery_id: str | None = None


class NotAccepted(Exception):
    """The gateway did not take the message. `problem`: why, in words from this code, since those of
    the other side may hold anything."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


class Temporary(NotAccepted):
    """A later try may succeed: no answer, overload, a connection that broke."""


class AtRest(Temporary):
    """No gateway was asked, since each of them failed a moment ago and is left alone for a while.
    `seconds`: until the first of them may be asked again."""

    def __init__(self, problem: str, seconds: float) -> None:
        super().__init__(problem)
        self.seconds = seconds


class Permanent(NotAccepted):
    """No later try will succeed: the recipient or the message was refused."""


class SmsGateway(Protocol):
    """Hands one SMS over."""

    def send(self, sms: Sms) -> Accepted:
        """Hand an SMS over. Raises Temporary or Permanent."""


class EmailGateway(Protocol):
    """Hands one e-mail over."""

    def send(self, email: Email) -> Accepted:
        """Hand an e-mail over. Raises Temporary or Permanent."""
