"""The audit log: what happened to an account's security, when, and from where.

Rows are only added. Triggers in the database refuse to delete a row, or to change anything in it
except `source`, which the rotation of data keys writes anew. A migration that rebuilds the table on
SQLite has to make the triggers again.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from jkn.database import Base, EncryptedText, Id, UtcDateTime, enum_column


class EventKind(StrEnum):
    """Named after the OWASP logging vocabulary."""

    AUTHN_LOGIN_SUCCESS = "authn_login_success"
    AUTHN_LOGIN_SUCCESS_AFTER_FAIL = "authn_login_successafterfail"
    AUTHN_LOGIN_FAIL = "authn_login_fail"
    AUTHN_LOGIN_FAIL_MAX = "authn_login_fail_max"
    AUTHN_LOGIN_LOCK = "authn_login_lock"
    AUTHN_NEW_DEVICE = "authn_new_device"
    EXCESS_RATE_LIMIT = "excess_rate_limit"
    AUTHN_CAPTCHA_FAIL = "authn_captcha_fail"
    AUTHN_CODE_SENT = "authn_token_created"
    AUTHN_CODE_FAIL = "authn_token_fail"
    AUTHN_CODE_FAIL_MAX = "authn_token_fail_max"
    AUTHN_ANSWERS_SUCCESS = "authn_answers_success"
    AUTHN_ANSWERS_FAIL = "authn_answers_fail"
    AUTHN_ANSWERS_FAIL_MAX = "authn_answers_fail_max"
    AUTHN_PASSWORD_CHANGE = "authn_password_change"  # noqa: S105  a word, no password
    AUTHN_CONFIRMED = "authn_reauthenticated"
    AUTHN_PIN_CHANGE = "authn_pin_change"
    AUTHN_PIN_FAIL = "authn_pin_fail"
    AUTHN_PIN_FAIL_MAX = "authn_pin_fail_max"
    AUTHN_PASSKEY_SUCCESS = "authn_passkey_success"
    AUTHN_PASSKEY_FAIL = "authn_passkey_fail"
    AUTHN_PASSKEY_CONFIRMED = "authn_passkey_reauthenticated"
    PASSKEY_ON = "authn_passkey_on"
    PASSKEY_ADDED = "authn_passkey_added"
    PASSKEY_RENAMED = "authn_passkey_renamed"
    PASSKEY_OFF = "authn_passkey_off"
    PASSKEY_REMOVED = "authn_passkey_removed"
    PASSKEYS_REMOVED = "authn_passkeys_removed"
    SENSITIVE_UNLOCKED = "sensitive_read_unlocked"
    IDENTITY_NO_MATCH = "authn_identity_fail"
    ACCOUNT_CREATED = "user_created"
    REGISTRATION_REPEATED = "user_created_again"
    ACCOUNT_FROZEN = "account_frozen"
    ACCOUNT_UNFROZEN = "account_unfrozen"
    ACCOUNT_UNLOCKED = "account_unlocked"
    ACCOUNT_CONFIRMED_BY_FAMILY = "account_confirmed_by_family"
    ACCOUNT_CONFIRMED_BY_OFFICE = "account_confirmed_by_office"
    LIMITED_MODE_ENDED = "limited_mode_ended"
    USERNAME_SAVED = "user_updated_saved_username"
    USERNAME_FORGOTTEN = "user_updated_forgotten_username"
    CHANGE_APPLIED = "member_change_applied"
    CHANGE_CANCELLED = "member_change_cancelled"
    CHANGE_DROPPED = "member_change_dropped"
    SESSION_ENDED = "session_ended"
    SESSION_EXPIRED = "session_expired"
    SESSION_USED_AFTER_END = "session_use_after_expire"
    AUTHZ_FAIL = "authz_fail"
    LIMITED_MODE_REFUSED = "authz_fail_limited_mode"
    SEQUENCE_FAIL = "sequence_fail"


class AuditEvent(Base):
    """`account_id`: None when no known account is meant. `source`: the client's address. `count`:
    how many failed attempts came before a success or a wait, None where nothing is counted."""

    __tablename__ = "security_events"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    happened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    kind: Mapped[EventKind] = enum_column(EventKind)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    count: Mapped[int | None]
    session_id: Mapped[int | None] = mapped_column(ForeignKey("sign_in_sessions.id"))
    source: Mapped[str] = mapped_column(EncryptedText("security_events.source"))
    user_agent: Mapped[str]

    __table_args__ = (Index("ix_security_events_account_id", "account_id", "id"),)
