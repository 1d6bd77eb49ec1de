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
from jkn.services.credentials import code_sendings
from jkn.services.credentials.code_sendings import RESEND_AFTER
from jkn.services.messaging import outbox
from jkn.services.messaging.channels import CHANNELS
from jkn.services.throttling import failure_counters
from jkn.services.throttling.failure_counters import Backoff
from jkn.services.throttling.retry_after import RetryAfter

# The name of the template with the text of a code, on every channel.
TEXT = "code"
LIFE = timedelta(minutes=10)
# After five wrong codes in a row the next one has to wait, whatever happens between them. A right
# code resets the counter.
CODE_BACKOFF = Backoff(free=4, first=timedelta(minutes=30), longest=timedelta(hours=24))


class CodePurpose(StrEnum):
    """What a code may be asked for; for any other purpose it is worthless. `action`: the purpose in
    the words of the message, "Kode JKN: 123456 untuk …"."""

    action: str

    RECOVERY = "recovery", "mengganti kata sandi"
    FULL_ACCESS = "full_access", "membuka akses penuh"
    REGISTRATION = "registration", "mendaftar akun"
    PIN = "pin", "membuat PIN baru"

    def __new__(cls, value: str, action: str) -> Self:
        member = str.__new__(cls, value)
        member._value_, member.action = value, action
        return member


@dataclass(frozen=True)
class Confirmation:
    """What a code confirms. `person`: the NIK, whichever number was typed. `flow`: the journey or
    the session. `confirms`: the data that a right code proves, in one form. `account_id` only says
    whom to tell; None where there is no account."""

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

    @property
    def counter_key(self) -> bytes:
        """A person has one failure counter for each purpose, whatever the flow, session or code."""
        return failure_counters.person_key(f"{self.purpose}:{self.person}")


@dataclass(frozen=True)
class Recipient:
    """Where the code goes. `address` is None for somebody who does not exist or has none: they
    see the same, and nothing is sent."""

    channel: Channel
    address: str | None


@dataclass(frozen=True)
class Sent:
    """`sent_at`: when the code was sent (aware UTC). It is good for `LIFE`; the next one may be
    asked for after `RESEND_AFTER`."""

    sent_at: datetime

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
    too many codes were wrong, so that a new one would not be looked at before then. When a rate
    limit that many people share is spent, the answer is as always, but nothing is sent.
    """
    if retry_after := failure_counters.retry_after_of(confirmation.counter_key, CODE_BACKOFF):
        return retry_after
    if until := code_sendings.log(confirmation.person, to.address or confirmation.person):
        return TooSoon(until)
    is_within_limits = code_sendings.take_limits(
        to.channel, to.address, confirmation.person, client.address
    )
    kind = EventKind.AUTHN_CODE_SENT if is_within_limits else EventKind.EXCESS_RATE_LIMIT
    _log(kind, confirmation, client)
    metrics.count(
        MetricName.CODES, confirmation.purpose, "asked" if is_within_limits else "held_back"
    )
    now = clock.now()
    digits = six_digits.draw()
    code = OneTimeCode(
        asked_for=confirmation.digests()[0],
        code_digest=confirmation.digests(digits)[0],
        sent_at=now,
        expires_at=Sent(now).expires_at,
    )
    session.add(code)
    content = _content(to, digits, confirmation.purpose, code.expires_at, link_token)
    outbox.write(
        to.channel,
        f"code:{confirmation.purpose}",
        content if to.address and is_within_limits else None,
        expires_at=code.expires_at,
    )
    return Sent(now)


def last_sent(confirmation: Confirmation) -> Sent | None:
    """The newest code that has neither expired nor been used; None when there is none."""
    sent_at = session.scalar(
        select(OneTimeCode.sent_at)
        .where(
            OneTimeCode.asked_for.in_(confirmation.digests()),
            OneTimeCode.used_at.is_(None),
            OneTimeCode.expires_at > clock.now(),
        )
        .order_by(OneTimeCode.id.desc())
        .limit(1)
    )
    return None if sent_at is None else Sent(sent_at)


def verify(confirmation: Confirmation, typed: str, client: Client) -> Verdict | RetryAfter:
    """Judge a code that a person typed, and use it up when it is right. RetryAfter: too many were
    wrong, so that this one was not looked at."""
    digits = six_digits.read(typed)
    if digits is None:
        return Verdict.UNREADABLE
    if retry_after := failure_counters.count_attempt(confirmation.counter_key, CODE_BACKOFF):
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
        failure_counters.reset(confirmation.counter_key)
        metrics.count(MetricName.CODES, confirmation.purpose, "confirmed")
        return Verdict.RIGHT
    _log(EventKind.AUTHN_CODE_FAIL, confirmation, client)
    was_right = select(OneTimeCode.id).where(is_this_code, OneTimeCode.used_at.is_(None))
    verdict = Verdict.WRONG if session.scalar(was_right) is None else Verdict.EXPIRED
    metrics.count(MetricName.CODES, confirmation.purpose, verdict)
    return verdict


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


def _content(
    to: Recipient, digits: str, purpose: CodePurpose, expires_at: datetime, link_token: str | None
) -> outbox.Content:
    """The message. It is rendered also where it goes to nobody, so that it costs the same."""
    return CHANNELS[to.channel].render(
        TEXT,
        to.address or "",
        code=digits,
        action=purpose.action,
        until=expires_at,
        link_token=link_token,
    )
