"""The end of Daftar: the account of a proved draft, one for each person however many requests come
at once (security.md R94), with the proof of what was agreed to (R107)."""

from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from jkn.database import blind_index, session, transactional
from jkn.models import (
    Account,
    Consent,
    ConsentPurpose,
    Door,
    EventKind,
    Participant,
    RegistrationDraft,
    RegistrationStage,
)
from jkn.services.access import family_confirmation, registration, registration_drafts
from jkn.services.audit import audit_log
from jkn.services.audit.audit_log import Client
from jkn.services.basics import clock, metrics
from jkn.services.basics.metrics import MetricName
from jkn.services.basics.outcomes import Outcome
from jkn.services.credentials import (
    known_devices,
    password_policy,
    password_verification,
    passwords,
    sign_in_hints,
)
from jkn.services.credentials.password_policy import Owner, WeakPassword
from jkn.services.journeys import journeys
from jkn.services.passkeys import passkey_offers
from jkn.services.sessions import limited_mode, sessions
from jkn.services.sessions.sessions import SignedIn


class RegistrationRefusal(StrEnum):
    """OVER: the draft ended meanwhile, or another request was faster; the next page says which."""

    BUSY = "busy"
    OVER = "over"


def register(
    draft: RegistrationDraft, password: str, client: Client
) -> SignedIn | WeakPassword | RegistrationRefusal | Outcome:
    """Make the account of a proved draft. A new user is signed in at once; a mobile user signs in
    by themselves."""
    owner = _owner_of(draft)
    if reason := password_policy.refusal(password, owner):
        return reason
    try:
        with passwords.turn():
            password_hash = passwords.hash_password(password)
    except passwords.Busy:
        return RegistrationRefusal.BUSY
    return _take_up(draft, password_hash, client)


@transactional
def _take_up(
    seen: RegistrationDraft, password_hash: str, client: Client
) -> SignedIn | RegistrationRefusal | Outcome:
    # Of many requests at once, only one gets the draft at this stage.
    draft = journeys.hold(seen, RegistrationStage.PASSWORD)
    if draft is None:
        return RegistrationRefusal.OVER
    if draft.participant_id is None:
        # The person may have been enrolled meanwhile.
        draft.participant_id = session.scalar(
            select(Participant.id).where(
                Participant.nik_index.in_(blind_index("participants.nik", draft.number))
            )
        )
    # Asked before the account exists: its phone would count as a recorded one.
    is_by_answers = registration.needs_answers(draft, draft.phone or "")
    door = draft.door
    account = _add_account(draft, password_hash)
    if account is None:
        registration_drafts.advance(draft, RegistrationStage.HAS_ACCOUNT)
        return RegistrationRefusal.OVER
    session.add(_consent(draft, account))
    registration_drafts.advance(draft, RegistrationStage.DONE, account_id=account.id)
    # Passwords that were tried before there was an account are not held against its owner.
    password_verification.forgive_everywhere(account.nik)
    metrics.count(MetricName.REGISTRATIONS, door)
    if is_by_answers:
        limited_mode.begin(account)
        account.phone_new_until = account.limited_until
        session.flush()
        if family_confirmation.is_needed(account):
            family_confirmation.begin(account)
    audit_log.log(
        EventKind.ACCOUNT_CREATED,
        client,
        account_id=account.id,
        warns=is_by_answers,
        but_not_to=account.phone,
    )
    passkey_offers.make_due(account.id)
    if door is Door.MOBILE_USER:
        sign_in_hints.leave(account.id, draft.token_digest)
        return Outcome.DONE
    device_token = known_devices.remember(account, client)
    session_token = sessions.open_session(account, client, device_token)
    return SignedIn(session_token, device_token, passkey_offers.note_sign_in(account, device_token))


def _add_account(draft: RegistrationDraft, password_hash: str) -> Account | None:
    """None when the person has an account already, whichever data key its index was made with."""
    exists = select(Account.id).where(
        Account.nik_index.in_(blind_index("accounts.nik", draft.number))
    )
    if session.scalar(exists) is not None:
        return None
    email = select(Participant.email).where(Participant.id == draft.participant_id)
    account = Account(
        participant_id=draft.participant_id,
        nik=draft.number,
        name=draft.name,
        birth_date=draft.birth_date,
        phone=draft.phone,
        email=session.scalar(email),
        password_hash=password_hash,
        created_at=clock.now(),
    )
    try:
        with session.begin_nested():
            session.add(account)
    except IntegrityError:
        return None
    return account


def _consent(draft: RegistrationDraft, account: Account) -> Consent:
    """The proof of consent. Raises RuntimeError where nobody agreed; the steps before this one do
    not let that happen."""
    if draft.terms_version is None or draft.terms_hash is None or draft.agreed_at is None:
        raise RuntimeError("a draft without consent came to its end")
    return Consent(
        account_id=account.id,
        purpose=ConsentPurpose.ACCOUNT,
        version=draft.terms_version,
        text_hash=draft.terms_hash,
        given_at=draft.agreed_at,
    )


def _owner_of(draft: RegistrationDraft) -> Owner:
    """The owner of the new password. Raises RuntimeError for a draft of an unknown number; no such
    draft gets this far."""
    if draft.name is None or draft.birth_date is None:
        raise RuntimeError("a draft of nobody came to its end")
    card_number = session.scalar(
        select(Participant.card_number).where(Participant.id == draft.participant_id)
    )
    return Owner(draft.name, draft.number, draft.birth_date, card_number, draft.phone)
