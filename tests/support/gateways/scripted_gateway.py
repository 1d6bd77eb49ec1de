"""A gateway that does as a test says: accepts, refuses, breaks, or takes its time."""

import threading
from collections.abc import Callable

from jkn.gateways.outgoing import Accepted, Email, Sms

Answer = Callable[[], Accepted]


def accepts() -> Accepted:
    """The usual answer."""
    return Accepted("outside", "delivery-1")


class ScriptedGateway:
    """A gateway for SMS and e-mail. `answers` are given in turn, the last one for ever."""

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
        """The stable ids of what came, in the order in which it came."""
        return [it.idempotency_key for it in self.received]


def raises(error: Exception) -> Answer:
    """An answer that is none."""

    def answer() -> Accepted:
        raise error

    return answer
