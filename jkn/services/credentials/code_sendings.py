"""How often codes may be sent: to one number, for one person, from one source, to one block of
numbers, and in all (security.md R19). All of it joins the transaction under way."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from jkn.database import blind_index, insert_into, session
from jkn.models import Channel, SendingLog
from jkn.services.audit import audit_log
from jkn.services.audit.audit_log import Client
from jkn.services.basics import clock
from jkn.services.basics.runtime import part
from jkn.services.basics.sources import network_of
from jkn.services.messaging.channels import CHANNELS
from jkn.services.throttling import rate_limits, retry_after
from jkn.services.throttling.rate_limits import RateLimit
from jkn.services.throttling.retry_after import RetryAfter
from jkn.settings import Settings

RESEND_AFTER = timedelta(seconds=60)
# How many codes one source may ask for, and one block of ten thousand numbers may be sent.
OF_A_SOURCE = RateLimit(burst=30, interval=timedelta(minutes=2))
_OF_A_PERSON_HERE = RateLimit(burst=3, interval=timedelta(minutes=20))
_OF_A_PREFIX = RateLimit(burst=20, interval=timedelta(minutes=2))
_PREFIX_LENGTH = len("+628123456")
_HOUR = timedelta(hours=1)


@part
def _of_everybody(settings: Settings) -> RateLimit:
    # The most that a flood of codes may cost.
    return rate_limits.within_an_hour(settings.codes_an_hour)


@dataclass(frozen=True)
class Sending:
    """A code that somebody asks for. `person`: the NIK. `address`: None where there is nobody to
    send it to; such sendings have limits of their own, by `person`: they cost the same, and take
    nothing from people who exist. `is_known`: the account knows the browser that asks."""

    channel: Channel
    address: str | None
    person: str
    client: Client
    is_known: bool = False


def waits_until(sending: Sending) -> datetime | None:
    """When the next code for this person, and to this number, may go out; None: now."""
    logged = session.scalars(
        select(SendingLog)
        .where(SendingLog.key.in_([_key(it) for it in _counted(sending)]))
        .execution_options(populate_existing=True)
    )
    times = [_next_after(it) for it in logged]
    if not sending.is_known:
        of_share = rate_limits.retry_after_of(_share(sending), _OF_A_PERSON_HERE)
        times += [of_share.until] if of_share and of_share.until else []
    latest = max(times, default=clock.now())
    return latest if latest > clock.now() else None


def log(sending: Sending) -> datetime | None:
    """Note a sending. None: it may go out; else nothing is noted, since another one went out
    meanwhile, and the result is when the next may."""
    with session.begin_nested() as all_of_it:
        untils = [_log(it) for it in _counted(sending)]
        if not sending.is_known:
            spent = rate_limits.take(_share(sending), _OF_A_PERSON_HERE)
            untils.append(spent.until if spent else None)
        until = max((it for it in untils if it is not None), default=None)
        if until is not None:
            all_of_it.rollback()
    return until


def _counted(sending: Sending) -> list[str]:
    """What browsers ask for that the account knows is counted apart: no stranger keeps the owner's
    phone from getting a code."""
    apart = "known " if sending.is_known else ""
    return [f"{apart}person:{sending.person}", f"{apart}to:{sending.address or sending.person}"]


def _share(sending: Sending) -> bytes:
    """One source may have a part of an hour's codes for one person: others get theirs, however long
    it goes on asking."""
    here = f"{sending.person} {network_of(sending.client.address)}"
    return rate_limits.limit_key("codes for a person here", here)


def take_limits(sending: Sending) -> bool | RetryAfter:
    """Take one from every rate limit that many people share. True: the code may go out.

    RetryAfter: those of the source, or of everybody, are spent; this is told, to people who do not
    exist as to those who do. A browser that the account knows is not held back for its source.
    False: the limit of the block of numbers is spent. This must not be told, or somebody could find
    out in which block a person's number is.
    """
    everybody = _of_everybody()
    key = rate_limits.limit_key("codes", "")
    is_usual = rate_limits.is_inconspicuous(sending.client.address, "codes", OF_A_SOURCE)
    leaving = 0 if is_usual or sending.is_known else everybody.burst // 4
    of_source = audit_log.take_of_source(sending.client, "codes", OF_A_SOURCE)
    nobody = rate_limits.limit_key("codes", "nobody")
    # What somebody cannot have is looked up as well: both cost the same.
    of_all = rate_limits.retry_after_of(key, everybody, leaving=leaving)
    if sending.address and of_all is None:
        of_all = rate_limits.take(key, everybody, leaving=leaving)
    else:
        rate_limits.take(nobody, everybody)
    spent = of_all if sending.is_known else of_source or of_all
    if not CHANNELS[sending.channel].has_blocks:
        return spent or True
    block = (sending.address or sending.person)[:_PREFIX_LENGTH]
    of_block = rate_limits.take(rate_limits.limit_key("codes to", block), _OF_A_PREFIX)
    return spent or of_block is None


def _log(what: str) -> datetime | None:
    """Note a sending under this key. None: it is noted. Otherwise, when the last was less than
    `RESEND_AFTER` ago or the last hour had five, the result is when the next may be. One statement,
    so that of many at once no more pass."""
    key = _key(what)
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
    return _next_after(session.get_one(sent, key, populate_existing=True))


def _next_after(log: SendingLog) -> datetime:
    after_last = log.sent_1 + retry_after.span(RESEND_AFTER)
    return retry_after.moment(max(after_last, log.sent_5 + retry_after.span(_HOUR)))


def _key(what: str) -> bytes:
    return blind_index("sending_logs", what)[0]
