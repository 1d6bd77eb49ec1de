"""What is remembered, one noun a file. Importing this package registers every table."""

from jkn.models.account import Account
from jkn.models.address import Address
from jkn.models.audit_event import AuditEvent, EventKind
from jkn.models.audit_seal import AuditSeal
from jkn.models.consent import Consent, ConsentPurpose
from jkn.models.facility import Facility, FacilityKind, FacilityWord
from jkn.models.failure_counter import FailureCounter
from jkn.models.family import Family
from jkn.models.family_link import FamilyLink
from jkn.models.freeze_link import FreezeLink
from jkn.models.journey import Journey
from jkn.models.known_device import KnownDevice
from jkn.models.member_change import ChangeRow, ChangeState, DropReason, MemberChange
from jkn.models.notification import Notification
from jkn.models.one_time_code import OneTimeCode
from jkn.models.outbox_message import Channel, MessageState, OutboxMessage
from jkn.models.participant import (
    EndedReason,
    Participant,
    ParticipantKind,
    Relationship,
    Segment,
)
from jkn.models.passkey import Passkey
from jkn.models.passkey_ceremony import Ceremony, PasskeyCeremony
from jkn.models.passkey_device import PasskeyDevice
from jkn.models.passkey_enrolment import EnrolmentStage, PasskeyEnrolment
from jkn.models.passkey_offer import PasskeyOffer
from jkn.models.periodic_run import PeriodicRun
from jkn.models.pin_change import PinChange, PinStage, PinWay
from jkn.models.recovery_attempt import RecoveryAttempt, RecoveryMethod, RecoveryStage
from jkn.models.registration_draft import Door, RegistrationDraft, RegistrationStage
from jkn.models.registry_person import RegistryPerson
from jkn.models.rotating_token import RotatingToken
from jkn.models.saved_username import SavedUsername
from jkn.models.sending_log import SendingLog
from jkn.models.sign_in_hint import SignInHint
from jkn.models.sign_in_session import SessionEnd, SignInSession
from jkn.models.simulated_message import SimulatedMessage
from jkn.models.spent_captcha import SpentCaptcha
from jkn.models.spent_rate_limit import SpentRateLimit

__all__ = [
    "Account",
    "Address",
    "AuditEvent",
    "AuditSeal",
    "Ceremony",
    "ChangeRow",
    "ChangeState",
    "Channel",
    "Consent",
    "ConsentPurpose",
    "Door",
    "DropReason",
    "EndedReason",
    "EnrolmentStage",
    "EventKind",
    "Facility",
    "FacilityKind",
    "FacilityWord",
    "FailureCounter",
    "Family",
    "FamilyLink",
    "FreezeLink",
    "Journey",
    "KnownDevice",
    "MemberChange",
    "MessageState",
    "Notification",
    "OneTimeCode",
    "OutboxMessage",
    "Participant",
    "ParticipantKind",
    "Passkey",
    "PasskeyCeremony",
    "PasskeyDevice",
    "PasskeyEnrolment",
    "PasskeyOffer",
    "PeriodicRun",
    "PinChange",
    "PinStage",
    "PinWay",
    "RecoveryAttempt",
    "RecoveryMethod",
    "RecoveryStage",
    "RegistrationDraft",
    "RegistrationStage",
    "RegistryPerson",
    "Relationship",
    "RotatingToken",
    "SavedUsername",
    "Segment",
    "SendingLog",
    "SessionEnd",
    "SignInHint",
    "SignInSession",
    "SimulatedMessage",
    "SpentCaptcha",
    "SpentRateLimit",
]
