"""Where messages about an account go, and on which of its channels a code proves the owner.

A person who registered by answers alone chose a phone that no record had. For a day a code to that
phone proves nothing more; a code to the phone or the e-mail of the membership record does
(security.md R26).
"""

from jkn.models import Account, Channel
from jkn.services.basics import clock
from jkn.services.messaging.channels import CHANNELS


def is_phone_new(account: Account) -> bool:
    """Whether the account's phone was registered by answers alone, less than a day ago, or for an
    account that the family has not confirmed yet."""
    if account.unconfirmed_since is not None:
        return True
    return account.phone_new_until is not None and account.phone_new_until > clock.now()


def phones_of(account: Account) -> set[str]:
    """Every phone that is told: also that of the membership record while the account's is new."""
    recorded = recorded_phone(account) if is_phone_new(account) else None
    return {phone for phone in (account.phone, recorded) if phone is not None}


def everywhere(account: Account) -> list[tuple[Channel, str]]:
    """Every channel of the account, each with every address that is told."""
    found = [(Channel.SMS, phone) for phone in sorted(phones_of(account))]
    others = ((it, getattr(account, entry.attribute)) for it, entry in CHANNELS.items())
    return [*found, *((it, to) for it, to in others if it is not Channel.SMS and to is not None)]


def dependable(account: Account) -> dict[Channel, str]:
    """The addresses by channel where a code proves that somebody is the owner. One query more while
    the phone is new."""
    own = {it: getattr(account, entry.attribute) for it, entry in CHANNELS.items()}
    if is_phone_new(account):
        own[Channel.SMS] = recorded_phone(account)
    return {channel: address for channel, address in own.items() if address is not None}


def recorded_phone(account: Account) -> str | None:
    """The phone of the membership record; None where there is none."""
    return None if account.participant is None else account.participant.phone


def give_phone_back(account: Account) -> None:
    """Make the phone of the membership record the account's again, or none, because a stranger
    chose the present one. Within the transaction under way."""
    account.phone, account.phone_new_until = recorded_phone(account), None
