"""One-time codes by SMS or e-mail (security.md R13-R19; NIST SP 800-63B-4 3.1.3.2; ASVS 6.5, 6.6).

Only a keyed digest is kept, over the code and what it confirms: the person, the purpose, the
journey and the data. For anything else the code is worthless. The functions join the transaction
of the command that calls them, so that a message goes out only with what caused it.
"""

import hashlib
import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self

from sqlalchemy import select, update

from jkn.database import blind_index, session
from jkn.models import Channel, EventKind, OneTimeCode
from jkn.services.audit import audit_log
from jkn.services.audit.audit_log import Client
from jkn.services.basics import clock, metrics, six_digits
from jkn.services.basics.metrics import MetricName
from jkn.services.credentials import code_sendings, known_devices
from jkn.services.credentials.code_sendings import RESEND_AFTER, Sending
from jkn.services.messaging import outbox
from jkn.services.messaging.channels import CHANNELS
from jkn.services.throttling import failure_counters
from jkn.services.throttling.failure_counters import Backoff
from jkn.services.throttling.retry_after import RetryAfter

# The name of the template with the text of a code, on every channel.
TEXT = "code"
LIFE = timedelta(minutes=10)
# After five wrong codes in a row the next one of six digits has to wait, whatever happens between
# them; codes that are sent from then on are long, and do not wait. A right code resets the counter.
CODE_BACKOFF = Backoff(free=4, first=timedelta(minutes=30), longest=timedelta(hours=24))
LONG = 12


class CodePurpose(StrEnum):
    """What a code may be asked for; for any other purpose it is worthless. `action`: the purpose in
    the words of the message, "Kode JKN: 123456 untuk …"."""

    action: str

    RECOVERY = "recovery", "mengganti kata sandi"
    FULL_ACCESS = "full_access", "membuka penuh akun"
    REGISTRATION = "registration", "mendaftar akun"
    PIN = "pin", "membuat PIN baru"

    def __new__(cls, value: str, action: str) -> Self:
        member = str.__new__(cls, value)
        member._value_, member.action = value, action
        return member


@dataclass(frozen=True)
class Confirmation:
    """What a code confirms. `person`: the NIK, whichever number was typed. `flow`: the journey or
    the session. `confirms`: the data that a right code proves, in one form. `account_id` says
    whom to tell, and who knows the browser; None where there is no account."""

    person: str
    purpose: CodePurpose
    flow: str
    confirms: str = ""
    account_id: int | None = None

    def digests(self, digits: str = "") -> list[bytes]:
        """Keyed digests of all of it, the current key's first."""
        parts = (self.person, self.purpose, self.flow, self.confirms, digits)
        exact = b"".join(hashlib.sha256(part.encode()).digest() for part in parts)
        return blind_index("one_time_codes", hashlib.sha256(exact).hexdigest())

    def is_known_to(self, client: Client) -> bool:
        """Whether the account knows the browser that asks."""
        return known_devices.is_known(client.device_token, self.account_id)

    def counter_key(self, client: Client) -> bytes:
        """A person has two failure counters for each purpose, whatever the flow, session or code:
        one of the browsers that the account knows, one of all others."""
        what = f"{self.purpose}:{self.person}"
        return failure_counters.person_key(what, is_known=self.is_known_to(client))

    @property
    def journey_key(self) -> bytes:
        """The failure counter of one journey."""
        return failure_counters.person_key(f"{self.purpose}:{self.person}:{self.flow}")


@dataclass(frozen=True)
class Recipient:
    """Where the code goes. `address` is None for somebody who does not exist or has none: they
    see the same, and nothing is sent."""

    channel: Channel
    address: str | None


@dataclass(frozen=True)
class Sent:
    """`sent_at`: when the code was sent (aware UTC). It is good for `LIFE`; the next one may be
    asked for after `RESEND_AFTER`. `length`: how many digits it has."""

    sent_at: datetime
    length: int = six_digits.DIGITS

    @property
    def expires_at(self) -> datetime:
        """From then on the code is worthless."""
        return self.sent_at + LIFE

    @property
    def resend_at(self) -> datetime:
        """From then on another one may be asked for."""
        return self.sent_at + RESEND_AFTER

    @property
    def seconds_until_resend(self) -> int:
        """Whole seconds from now; 0 when another one may be asked for."""
        return max(0, math.ceil((self.resend_at - clock.now()).total_seconds()))


@dataclass(frozen=True)
class TooSoon:
    """No code was sent; the next may be asked for at `until`."""

    until: datetime


class Verdict(StrEnum):
    """EXPIRED: the right code, too late. UNREADABLE: not six digits, so it is not counted."""

    RIGHT = "right"
    WRONG = "wrong"
    EXPIRED = "expired"
    UNREADABLE = "unreadable"


def send(
    confirmation: Confirmation, to: Recipient, client: Client, *, link_token: str | None = None
) -> Sent | TooSoon | RetryAfter:
    """Send a new code; those sent before stay valid for their own life.

    `link_token`: for the link that an e-mail carries, too; the flow keeps its digest. RetryAfter:
    a rate limit that many people share is spent, and nothing is sent (`code_sendings.take_limits`
    says of which one nobody is told).
    """
    sending = Sending(
        to.channel, to.address, confirmation.person, client, confirmation.is_known_to(client)
    )
    if until := code_sendings.waits_until(sending):
        return TooSoon(until)
    may_go_out = code_sendings.take_limits(sending)
    kind = EventKind.AUTHN_CODE_SENT if may_go_out is True else EventKind.EXCESS_RATE_LIMIT
    _log(kind, confirmation, client)
    metrics.count(
        MetricName.CODES, confirmation.purpose, "asked" if may_go_out is True else "held_back"
    )
    if isinstance(may_go_out, RetryAfter):
        return may_go_out
    if until := code_sendings.log(sending):
        return TooSoon(until)
    now = clock.now()
    digits = six_digits.draw(_length_for(confirmation, client))
    code = OneTimeCode(
        asked_for=confirmation.digests()[0],
        code_digest=confirmation.digests(digits)[0],
        length=len(digits),
        sent_at=now,
        expires_at=Sent(now).expires_at,
    )
    session.add(code)
    content = _content(to, digits, confirmation.purpose, code.expires_at, link_token)
    outbox.write(
        to.channel,
        f"code:{confirmation.purpose}",
        content if to.address and may_go_out else None,
        expires_at=code.expires_at,
    )
    return Sent(now, len(digits))


def _length_for(confirmation: Confirmation, client: Client) -> int:
    """Once codes were guessed at, the next ones are too long for that: so nobody has to wait for
    what strangers got wrong."""
    failures = failure_counters.failures_of(confirmation.counter_key(client))
    return LONG if failures > CODE_BACKOFF.free else six_digits.DIGITS


def last_sent(confirmation: Confirmation) -> Sent | None:
    """The newest code that has neither expired nor been used; None when there is none."""
    sent = session.execute(
        select(OneTimeCode.sent_at, OneTimeCode.length)
        .where(
            OneTimeCode.asked_for.in_(confirmation.digests()),
            OneTimeCode.used_at.is_(None),
            OneTimeCode.expires_at > clock.now(),
        )
        .order_by(OneTimeCode.id.desc())
        .limit(1)
    ).one_or_none()
    return None if sent is None else Sent(sent.sent_at, sent.length)


def verify(confirmation: Confirmation, typed: str, client: Client) -> Verdict | RetryAfter:
    """Judge a code that a person typed, and use it up when it is right. RetryAfter: too many were
    wrong, so that this one was not looked at. Long codes nobody guesses: wrong ones hold up the
    journey in which they were typed, and nobody else."""
    digits = six_digits.read(typed, six_digits.DIGITS, LONG)
    if digits is None:
        return Verdict.UNREADABLE
    is_long = len(digits) == LONG
    counter_key = confirmation.journey_key if is_long else confirmation.counter_key(client)
    if retry_after := failure_counters.count_attempt(counter_key, CODE_BACKOFF):
        if retry_after.is_first:
            _log(EventKind.AUTHN_CODE_FAIL_MAX, confirmation, client, count=retry_after.failures)
        return retry_after
    now = clock.now()
    is_this_code = OneTimeCode.code_digest.in_(confirmation.digests(digits))
    used = session.execute(
        update(OneTimeCode)
        .where(is_this_code, OneTimeCode.used_at.is_(None), OneTimeCode.expires_at > now)
        .values(used_at=now)
        .returning(OneTimeCode.id)
    )
    if used.first() is not None:
        _forget_others(confirmation)
        for key in {counter_key, confirmation.counter_key(client)}:
            failure_counters.reset(key)
        metrics.count(MetricName.CODES, confirmation.purpose, "confirmed")
        return Verdict.RIGHT
    _log(EventKind.AUTHN_CODE_FAIL, confirmation, client)
    was_right = select(OneTimeCode.id).where(is_this_code, OneTimeCode.used_at.is_(None))
    verdict = Verdict.WRONG if session.scalar(was_right) is None else Verdict.EXPIRED
    metrics.count(MetricName.CODES, confirmation.purpose, verdict)
    return verdict


def forgive_everywhere(nik: str) -> None:
    """Let all failure counters of this person begin anew, in the transaction under way."""
    for purpose in CodePurpose:
        for is_known in (False, True):
            failure_counters.reset(
                failure_counters.person_key(f"{purpose}:{nik}", is_known=is_known)
            )


def _log(
    kind: EventKind, confirmation: Confirmation, client: Client, count: int | None = None
) -> None:
    audit_log.log(
        kind,
        client,
        account_id=confirmation.account_id,
        count=count,
        purpose=confirmation.purpose.action,
    )


def _forget_others(confirmation: Confirmation) -> None:
    """Use up every other code for the same confirmation, whether sent before or after it."""
    session.execute(
        update(OneTimeCode)
        .where(OneTimeCode.asked_for.in_(confirmation.digests()), OneTimeCode.used_at.is_(None))
        .values(used_at=clock.now())
    )


def _as_shown(digits: str) -> str:
    """A long code in groups of four, as people read it out."""
    groups = [digits[at : at + 4] for at in range(0, len(digits), 4)]
    return " ".join(groups) if len(digits) == LONG else digits


def _content(
    to: Recipient, digits: str, purpose: CodePurpose, expires_at: datetime, link_token: str | None
) -> outbox.Content:
    """The message. It is rendered also where it goes to nobody, so that it costs the same."""
    return CHANNELS[to.channel].render(
        TEXT,
        to.address or "",
        code=_as_shown(digits),
        digits=digits,
        action=purpose.action,
        until=expires_at,
        link_token=link_token,
    )
