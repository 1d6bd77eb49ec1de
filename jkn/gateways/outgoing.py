"""What goes out to people, and how a gateway says what became of it."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Sms:
    """`recipient` in E.164. `idempotency_key` is the same at every try."""

    idempotency_key: str
    recipient: str
    text: str


@dataclass(frozen=True)
class Email:
    """`idempotency_key` is the same at every try; `html` says the same as `text`."""

    idempotency_key: str
    recipient: str
    subject: str
    text: str
    html: str


@dataclass(frozen=True)
class Accepted:
    """The gateway has it. `delivery_id` is its own name for it; None where it says nothing."""

    gateway: str
    delivery_id: str | None = None


class NotAccepted(Exception):
    """`problem` in a few words of ours: what the other side says may hold anything."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


class Temporary(NotAccepted):
    """A later try may succeed: silence, overload, a connection that broke."""


class Permanent(NotAccepted):
    """No later try will: the recipient or the message is refused."""


class SmsGateway(Protocol):
    """Hands one SMS over."""

    def send(self, sms: Sms) -> Accepted:
        """Raises Temporary or Permanent."""


class EmailGateway(Protocol):
    """Hands one e-mail over."""

    def send(self, email: Email) -> Accepted:
        """Raises Temporary or Permanent."""
