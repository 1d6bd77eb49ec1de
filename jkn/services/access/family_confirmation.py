"""An account that answers alone registered, of a person whom no warning reaches: it waits until
somebody of the family, or the office, says that it is that person's (security.md R118).

Grown-ups of the family are asked by SMS and e-mail. Their links are good once, for as long as the
account waits. *Benar* ends the waiting; *Bukan* freezes the new account and no other. For a week
after *Benar* everybody who was asked may still say *Bukan*, also who said *Benar*: an old number
may have another owner by now, and a thumb slips. What the office says is final.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, delete, func, select

from jkn.database import blind_index, lock_row, session, transactional
from jkn.models import Account, Channel, EventKind, FamilyLink, Participant, Relationship
from jkn.services.access import account_freeze
from jkn.services.audit import audit_log
from jkn.services.audit.audit_log import OPERATOR, Client
from jkn.services.basics import clock
from jkn.services.basics.identity_numbers import IdentityNumber, IdentityType
from jkn.services.basics.masking import initials
from jkn.services.basics.outcomes import Outcome
from jkn.services.basics.tokens import digest, new_token
from jkn.services.membership import eligibility
from jkn.services.messaging import account_channels, alerts, outbox
from jkn.services.messaging.channels import CHANNELS
from jkn.services.sessions import limited_mode

# The name of the question's text files, and its topic for figures.
TEXT = "family_asked"


class OfficeRefusal(StrEnum):
    """NOBODY: no account of this number waits, or it is frozen. OTHER_PHONE: it was registered with
    another phone than the person has, so a stranger may have registered it."""

    NOBODY = "nobody"
    OTHER_PHONE = "other_phone"


@dataclass(frozen=True)
class Newcomer:
    """Whose account it is, as it is said to somebody who is not signed in: enough for the family,
    and little for a stranger who has the relative's old phone. `confirmed_until`: a relative said
    *Benar*, and until then *Bukan* still counts; None: the account waits."""

    initials: str
    relationship: Relationship
    confirmed_until: datetime | None


def is_needed(account: Account) -> bool:
    """Whether nobody but the phone that registered the account can be warned of it."""
    return all(address == account.phone for _, address in account_channels.everywhere(account))


def begin(account: Account) -> None:
    """Let a new account wait, and ask the family, in the transaction under way."""
    account.unconfirmed_since = clock.now()
    # Confirming is what ends the limits, not a time.
    account.limited_until = account.phone_new_until = None
    for relative, own_account in _relatives(account):
        for channel, address in sorted(_addresses(relative, own_account)):
            if address != account.phone:
                _ask(account, relative, channel, address)


def is_family_asked(account: Account) -> bool:
    """Whether a link to somebody of the family is still good."""
    links = select(FamilyLink).where(
        FamilyLink.account_id == account.id, FamilyLink.used_at.is_(None)
    )
    asked = {it.participant_id for it in session.scalars(links)}
    return any(relative.id in asked for relative, _ in _relatives(account))


def newcomer_of(token: str) -> Newcomer | None:
    """Whose account the link is about; None: the link is good no longer. Asking changes nothing."""
    link = _link_of(token)
    account = None if link is None else session.get(Account, link.account_id)
    if link is None or account is None or not _may_say(link, account, is_theirs=False):
        return None
    if account.participant is None:
        return None
    until = None if limited_mode.is_unconfirmed(account) else _confirmed_until(account)
    return Newcomer(initials(account.name), account.participant.relationship, until)


@transactional
def decide(token: str, client: Client, *, is_theirs: bool) -> bool:
    """Confirm the account of this link, or freeze it. False: the link says this no longer; somebody
    may have decided a moment ago."""
    found = select(FamilyLink.account_id).where(FamilyLink.token_digest == digest(token))
    account_id = session.scalar(found)
    # The account first, then its links: of two relatives who answer at once, the second finds it
    # decided. *Bukan* wins whoever was faster.
    account = None if account_id is None else lock_row(Account, account_id)
    link = _link_of(token)
    if account is None or link is None or not _may_say(link, account, is_theirs=is_theirs):
        return False
    link.used_at = clock.now()
    if is_theirs:
        _confirm(account, EventKind.ACCOUNT_CONFIRMED_BY_FAMILY, client)
    else:
        _refuse(account, client)
    return True


@transactional
def confirm_by_office(identity: IdentityNumber, phone: str | None) -> Outcome | OfficeRefusal:
    """Confirm an account after its person showed their papers, for good. For operators. `phone`:
    the one that the person has at hand, in E.164: papers alone would also confirm an account that
    a stranger registered before them."""
    account = _locked(identity)
    if account is None or not _waits(account):
        return OfficeRefusal.NOBODY
    # After a freeze the account has no phone, and no password that a stranger knows.
    if account.phone not in (None, phone):
        return OfficeRefusal.OTHER_PHONE
    if account.phone is None:
        account_channels.give_phone_back(account)
    _confirm(account, EventKind.ACCOUNT_CONFIRMED_BY_OFFICE, OPERATOR)
    session.execute(delete(FamilyLink).where(FamilyLink.account_id == account.id))
    return Outcome.DONE


@transactional
def refuse_by_office(identity: IdentityNumber) -> bool:
    """Freeze an account that a stranger registered, as *Bukan* does. For operators. False: no
    account of this number waits, or was confirmed by a relative within a week."""
    account = _locked(identity)
    if account is None or account.frozen_at is not None:
        return False
    if not limited_mode.is_unconfirmed(account) and _confirmed_until(account) is None:
        return False
    _refuse(account, OPERATOR)
    return True


def _locked(identity: IdentityNumber) -> Account | None:
    """The account of this number, locked."""
    of_number: ColumnElement[bool] = Account.nik_index.in_(
        blind_index("accounts.nik", identity.number)
    )
    if identity.type is IdentityType.CARD_NUMBER:
        digests = blind_index("participants.card_number", identity.number)
        of_number = (
            Account.participant_id
            == (
                select(Participant.id).where(Participant.card_number_index.in_(digests))
            ).scalar_subquery()
        )
    account_id = session.scalar(select(Account.id).where(of_number))
    return None if account_id is None else lock_row(Account, account_id)


def _confirm(account: Account, kind: EventKind, client: Client) -> None:
    account.unconfirmed_since = None
    session.flush()
    audit_log.log(kind, client, account_id=account.id)


def _refuse(account: Account, client: Client) -> None:
    """Freeze it. If it is opened again, it waits again, although somebody had confirmed it."""
    account.unconfirmed_since = account.unconfirmed_since or clock.now()
    account_freeze.close(account, client, gives_phone_back=True)


def _waits(account: Account) -> bool:
    return limited_mode.is_unconfirmed(account) and account.frozen_at is None


def _link_of(token: str) -> FamilyLink | None:
    found = select(FamilyLink).where(FamilyLink.token_digest == digest(token))
    return session.scalars(found).one_or_none()


def _may_say(link: FamilyLink, account: Account, *, is_theirs: bool) -> bool:
    """Whether this link may say that the account is theirs, or that it is not, as of now."""
    is_relative = any(relative.id == link.participant_id for relative, _ in _relatives(account))
    if not is_relative or account.frozen_at is not None:
        return False
    if limited_mode.is_unconfirmed(account):
        return link.used_at is None
    return not is_theirs and _confirmed_until(account, link) is not None


def _confirmed_until(account: Account, link: FamilyLink | None = None) -> datetime | None:
    """Until when *Bukan* counts, of an account that a relative confirmed within a week; None: none
    did. `link`: only what this one may say, which is nothing if it said *Bukan* before."""
    last = select(func.max(FamilyLink.used_at)).where(FamilyLink.account_id == account.id)
    confirmed_at = session.scalar(last)
    if confirmed_at is None or (link is not None and link.used_at not in (None, confirmed_at)):
        return None
    until = confirmed_at + alerts.LINK_LIFE
    return until if until > clock.now() else None


def _relatives(account: Account) -> list[tuple[Participant, Account | None]]:
    """The living grown-ups on the account's family card but its own person, with their accounts. An
    account that waits itself speaks for nobody, nor does its person."""
    own_family = (
        select(Participant.family_id)
        .where(Participant.id == account.participant_id)
        .scalar_subquery()
    )
    others = select(Participant).where(
        Participant.family_id == own_family, Participant.id != account.participant_id
    )
    grown_ups = [
        it
        for it in session.scalars(others.order_by(Participant.id))
        if not eligibility.is_dead(it) and not eligibility.is_too_young(it.birth_date)
    ]
    theirs = select(Account).where(Account.participant_id.in_(it.id for it in grown_ups))
    accounts = {it.participant_id: it for it in session.scalars(theirs)}
    found = [(it, accounts.get(it.id)) for it in grown_ups]
    return [it for it in found if it[1] is None or not limited_mode.is_unconfirmed(it[1])]


def _addresses(relative: Participant, account: Account | None) -> set[tuple[Channel, str]]:
    """Where this relative is reached: as the membership record has it, and by their own account
    unless it is frozen or answers alone chose its phone, which may be the same stranger's."""
    holders: list[Participant | Account] = [relative]
    if account is not None and account.frozen_at is None and account.phone_new_until is None:
        holders.append(account)
    reached = (
        (channel, getattr(holder, entry.attribute))
        for holder in holders
        for channel, entry in CHANNELS.items()
    )
    return {(channel, address) for channel, address in reached if address is not None}


def _ask(account: Account, relative: Participant, channel: Channel, address: str) -> None:
    """Write the question, with a link of its own."""
    token, now = new_token(), clock.now()
    session.add(
        FamilyLink(
            token_digest=digest(token),
            account_id=account.id,
            participant_id=relative.id,
            sent_at=now,
        )
    )
    content = CHANNELS[channel].render(TEXT, address, now=now, token=token)
    outbox.write(channel, TEXT, content)
