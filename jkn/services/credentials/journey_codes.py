"""The step of a journey where a code is typed: it is sent, sent again, and judged, the same way in
every journey."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from jkn.database import lock_row, session, transactional
from jkn.models import Account, Journey
from jkn.services.audit.audit_log import Client
from jkn.services.basics.outcomes import Outcome
from jkn.services.credentials import one_time_codes
from jkn.services.credentials.one_time_codes import (
    CodePurpose,
    Confirmation,
    Recipient,
    Sent,
    TooSoon,
    Verdict,
)
from jkn.services.journeys import journeys
from jkn.services.throttling.retry_after import RetryAfter

J = TypeVar("J", bound=Journey)


@dataclass(frozen=True)
class RightCode:
    """`token`: under which the journey goes on; None: under the same."""

    token: str | None


def _nik_of_owner(journey: Journey) -> str:
    return session.get_one(Account, journey.account_id).nik


@dataclass(frozen=True)
class JourneyCode(Generic[J]):
    """What is a journey's own. `stage`: at which it is typed. `recipient`: of the next code.
    `accept`: what a right one brings about; it moves the row on, and returns its new token if it
    rotated it. `person`: the NIK of whom wrong ones are counted; of the owner unless it is said.
    `confirms_address`: a code is good for the address it went to, and for no other."""

    stage: StrEnum
    purpose: CodePurpose
    recipient: Callable[[J], Recipient]
    accept: Callable[[J, Client], str | None]
    person: Callable[[J], str] = _nik_of_owner
    confirms_address: bool = False

    def send(
        self,
        journey: J,
        client: Client,
        to: Recipient | None = None,
        *,
        link_token: str | None = None,
    ) -> Sent | TooSoon | RetryAfter:
        """Send a code in the transaction under way, `to` an address that the row does not have yet,
        if it is said."""
        to = to or self.recipient(journey)
        confirmation = self._confirmation(journey, to)
        return one_time_codes.send(confirmation, to, client, link_token=link_token)

    @transactional
    def send_again(self, seen: J, client: Client) -> Sent | TooSoon | RetryAfter | Outcome:
        """Send another code, on the page where it is typed."""
        journey = self._hold(seen)
        return Outcome.ELSEWHERE if journey is None else self.send(journey, client)

    def last_sent(self, journey: J, to: Recipient | None = None) -> Sent | None:
        """The newest code that still lives; None when there is none."""
        return one_time_codes.last_sent(self._confirmation(journey, to))

    @transactional
    def verify(
        self, seen: J, typed: str, client: Client
    ) -> RightCode | Verdict | RetryAfter | Outcome:
        """Judge a code; a right one is accepted in the same transaction."""
        journey = self._hold(seen)
        if journey is None:
            return Outcome.ELSEWHERE
        verdict = one_time_codes.verify(self._confirmation(journey), typed, client)
        return RightCode(self.accept(journey, client)) if verdict is Verdict.RIGHT else verdict

    def _hold(self, seen: J) -> J | None:
        # The account first, then its journeys, as everybody takes them: or two wait for each other.
        if seen.OF_ACCOUNT and lock_row(Account, seen.account_id) is None:
            return None
        return journeys.hold(seen, self.stage)

    def _confirmation(self, journey: J, to: Recipient | None = None) -> Confirmation:
        address = None
        if self.confirms_address:
            address = (to or self.recipient(journey)).address
        return Confirmation(
            person=self.person(journey),
            purpose=self.purpose,
            flow=journey.flow,
            confirms=address or "",
            account_id=journey.account_id,
        )
