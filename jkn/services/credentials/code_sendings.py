"""How often codes may be sent: to one number, for one person, from one source, to one block of
numbers, and in all (security.md R19). All of it joins the transaction under way."""

from datetime import datetime, timedelta

from jkn.database import blind_index, insert_into, session
from jkn.models import Channel, SendingLog
from jkn.services.basics import clock
from jkn.services.basics.runtime import part
from jkn.services.messaging.channels import CHANNELS
from jkn.services.throttling import rate_limits, retry_after
from jkn.services.throttling.rate_limits import RateLimit
from jkn.settings import Settings

RESEND_AFTER = timedelta(seconds=60)
# How many codes one source may ask for, and one block of ten thousand numbers may be sent.
_OF_A_SOURCE = RateLimit(burst=30, interval=timedelta(minutes=2))
_OF_A_PREFIX = RateLimit(burst=20, interval=timedelta(minutes=2))
_PREFIX_LENGTH = len("+628123456")
_HOUR = timedelta(hours=1)


@part
def _of_everybody(settings: Settings) -> RateLimit:
    # The most that a flood of codes may cost.
    return rate_limits.within_an_hour(settings.codes_an_hour)


def log(person: str, number: str) -> datetime | None:
    """Note a sending for this person to this number. None: it may go out; else nothing is noted,
    and the result is when the next may go out."""
    with session.begin_nested() as both:
        until = _log(f"person:{person}") or _log(f"to:{number}")
        if until is not None:
            both.rollback()
    return until


def take_limits(channel: Channel, address: str | None, person: str, source: str) -> bool:
    """Take one from every rate limit of a sending. False: one of them is spent. All of them are
    asked each time, so that nobody can see which.

    `address` is None where there is nobody to send it to. Such sendings have limits of their own,
    by `person`: they cost the same, and take nothing from people who exist."""
    whose = address or person
    asked = [
        (rate_limits.source_key(source, "codes"), _OF_A_SOURCE),
        (rate_limits.limit_key("codes", "" if address else "nobody"), _of_everybody()),
    ]
    if CHANNELS[channel].has_blocks:
        asked.append((rate_limits.limit_key("codes to", whose[:_PREFIX_LENGTH]), _OF_A_PREFIX))
    taken = [rate_limits.take(key, limit) is None for key, limit in asked]
    return all(taken)


def _log(what: str) -> datetime | None:
    """Note a sending under this key. None: it is noted. Otherwise, when the last was less than
    `RESEND_AFTER` ago or the last hour had five, the result is when the next may be. One statement,
    so that of many at once no more pass."""
    key = blind_index("sending_logs", what)[0]
    now = retry_after.milliseconds(clock.now())
    hour, gap = retry_after.span(_HOUR), retry_after.span(RESEND_AFTER)
    sent = SendingLog
    noted = session.execute(
        insert_into(sent)
        .values(key=key, sent_1=now, sent_2=0, sent_3=0, sent_4=0, sent_5=0)
        .on_conflict_do_update(
            index_elements=["key"],
            set_={
                "sent_1": now,
                "sent_2": sent.sent_1,
                "sent_3": sent.sent_2,
                "sent_4": sent.sent_3,
                "sent_5": sent.sent_4,
            },
            where=(sent.sent_1 <= now - gap) & (sent.sent_5 <= now - hour),
        )
        .returning(sent.key)
    ).one_or_none()
    if noted is not None:
        return None
    log = session.get_one(sent, key, populate_existing=True)
    return retry_after.moment(max(log.sent_1 + gap, log.sent_5 + hour))
