"""Where messages about an account go, and which of its channels show who somebody is.

Who registered by answers alone chose a phone that nobody knew before. For a day a code to it opens
nothing that is closed: the phone and the e-mail of the membership record do (security.md R26).
"""

from jkn.models import Account, Channel
from jkn.services.basics import clock
from jkn.services.messaging.channels import CHANNELS


def is_phone_new(account: Account) -> bool:
    """Whether its phone is still that of who merely knew things."""
    return account.phone_new_until is not None and account.phone_new_until > clock.now()


def phones_of(account: Account) -> set[str]:
    """Every phone to tell: while one is new, the one of the membership record as well."""
    recorded = recorded_phone(account) if is_phone_new(account) else None
    return {phone for phone in (account.phone, recorded) if phone is not None}


def everywhere(account: Account) -> list[tuple[Channel, str]]:
    """Every address of every channel."""
    found = [(Channel.SMS, phone) for phone in sorted(phones_of(account))]
    others = ((it, getattr(account, entry.attribute)) for it, entry in CHANNELS.items())
    return [*found, *((it, to) for it, to in others if it is not Channel.SMS and to is not None)]


def dependable(account: Account) -> dict[Channel, str]:
    """Where a code shows that somebody is the owner. One query more while the phone is new."""
    own = {it: getattr(account, entry.attribute) for it, entry in CHANNELS.items()}
    if is_phone_new(account):
        own[Channel.SMS] = recorded_phone(account)
    return {channel: address for channel, address in own.items() if address is not None}


def recorded_phone(account: Account) -> str | None:
    """The phone of the membership record; None where there is none."""
    return None if account.participant is None else account.participant.phone


def give_phone_back(account: Account) -> None:
    """Somebody else chose it: from now on codes go to the recorded phone again, if there is one.
    Within the transaction under way."""
    account.phone, account.phone_new_until = recorded_phone(account), None
