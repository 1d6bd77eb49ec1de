"""Several gateways in order: when one fails, the next takes the message within the same try."""

from collections.abc import Sequence
from typing import Generic, Protocol, TypeVar

import structlog

from jkn.gateways.breaker import Breaker, Resting
from jkn.gateways.outgoing import Accepted, AtRest, Temporary

Message = TypeVar("Message", contravariant=True)

_log = structlog.get_logger(__name__)


class NamedGateway(Protocol[Message]):
    """`name`: its host, for logs and for the message's row."""

    name: str

    def send(self, message: Message, /) -> Accepted:
        """Hand a message over. Raises Temporary or Permanent."""


class Failover(Generic[Message]):
    """Permanent ends the try, since the next gateway would refuse as well. A gateway that gave no
    answer may have sent the message all the same: then the person gets it twice."""

    def __init__(
        self,
        gateways: Sequence[NamedGateway[Message]],
        *,
        failures: int = 3,
        rest_seconds: float = 15.0,
    ) -> None:
        self._gateways = [
            (it, Breaker(Temporary, failures=failures, rest_seconds=rest_seconds))
            for it in gateways
        ]

    def send(self, message: Message) -> Accepted:
        """Hand a message over to the first gateway that takes it. Raises Temporary when every one
        of them failed or rests, AtRest when all of them rest, and Permanent when one refused."""
        problems, rests = [], []
        for gateway, breaker in self._gateways:
            try:
                return breaker.call(gateway.send, message)
            except Resting as resting:
                rests.append(resting.seconds)
                problems.append(f"{gateway.name}: resting")
            except Temporary as failed:
                problems.append(f"{gateway.name}: {failed.problem}")
                _log.warning("gateway_failed", gateway=gateway.name, problem=failed.problem)
        problem = "; ".join(problems)[:200]
        if len(rests) == len(self._gateways):
            raise AtRest(problem, min(rests))
        raise Temporary(problem)
