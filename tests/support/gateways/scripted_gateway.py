"""A gateway that behaves as a test says: it accepts, refuses, fails or is slow."""

import threading
from collections.abc import Callable

from jkn.gateways.outgoing import Accepted, Email, Sms

Answer = Callable[[], Accepted]


def accepts() -> Accepted:
    """The usual answer."""
    return Accepted("outside", "delivery-1")


class ScriptedGateway:
    """A gateway for SMS and e-mail. It gives the `answers` in turn, and repeats the last one."""

    def __init__(self, *answers: Answer) -> None:
        self.received: list[Sms | Email] = []
        self._answers = list(answers) or [accepts]
        self._lock = threading.Lock()

    def send(self, message: Sms | Email) -> Accepted:
        """Note the message and answer as told."""
        with self._lock:
            self.received.append(message)
            answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        return answer()

    @property
    def ids(self) -> list[str]:
        """The idempotency keys of the messages that came, in their order."""
        return [it.idempotency_key for it in self.received]


def raises(error: Exception) -> Answer:
    """An answer that raises this error."""

    def answer() -> Accepted:
        raise error

    return answer
