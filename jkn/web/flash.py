"""Flash: one notice that the next page shows once."""

from enum import StrEnum

from flask import session

_FLASH = "flash"


class Flash(StrEnum):
    """The notices that there are: each names what happened just before."""

    SESSION_EXPIRED = "session_expired"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105  a word, no password
    PIN_CHANGED = "pin_changed"
    PIN_MADE = "pin_made"
    SIGNED_OUT = "signed_out"
    NOT_DONE_YET = "not_done_yet"
    PASSKEY_ON = "passkey_on"
    PASSKEY_TAKEN = "passkey_taken"
    PASSKEY_REMOVED = "passkey_removed"
    PASSKEY_RENAMED = "passkey_renamed"
    SIGNED_OUT_THERE = "signed_out_there"
    FULL_ACCESS = "full_access"
    REGISTERED = "registered"
    REGISTERED_HERE = "registered_here"
    ERASED = "erased"
    USERNAME_FORGOTTEN = "username_forgotten"
    TERMS_CHANGED = "terms_changed"
    APPEARANCE_SAVED = "appearance_saved"
    CHANGE_CANCELLED = "change_cancelled"


def leave_flash(flash: Flash) -> None:
    """Keep this notice for the next page that takes it."""
    session[_FLASH] = flash


def take_flash() -> Flash | None:
    """The notice for this page, if any; it is removed, so that no other page shows it."""
    written = session.pop(_FLASH, None)
    return Flash(written) if written in set(Flash) else None
