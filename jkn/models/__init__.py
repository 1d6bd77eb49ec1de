"""What is remembered, one noun a file. Importing this package registers every table."""

from jkn.models.account import Account
from jkn.models.facility import Facility, FacilityKind
from jkn.models.family import Family
from jkn.models.known_device import KnownDevice
from jkn.models.participant import (
    EndedReason,
    Participant,
    ParticipantKind,
    Relationship,
    Segment,
)
from jkn.models.registry_person import RegistryPerson
from jkn.models.security_event import EventKind, SecurityEvent
from jkn.models.sign_in_session import SessionEnd, SignInSession
from jkn.models.source_budget import SourceBudget
from jkn.models.spent_captcha import SpentCaptcha
from jkn.models.try_counter import TryCounter

__all__ = [
    "Account",
    "EndedReason",
    "EventKind",
    "Facility",
    "FacilityKind",
    "Family",
    "KnownDevice",
    "Participant",
    "ParticipantKind",
    "RegistryPerson",
    "Relationship",
    "SecurityEvent",
    "Segment",
    "SessionEnd",
    "SignInSession",
    "SourceBudget",
    "SpentCaptcha",
    "TryCounter",
]
