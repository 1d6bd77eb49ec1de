"""Riwayat aktivitas akun: every security event of an account, in words for its owner."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from jkn.models import Account, AuditEvent, EventKind, SessionEnd, SignInSession
from jkn.services.basics.device_names import device_name
from jkn.services.basics.paging import Page, page_of
from jkn.services.messaging.event_catalogue import event_of

# Such an event is about the phone that was signed out, whichever phone ended the session.
_ENDED: dict[SessionEnd, str] = {
    SessionEnd.SIGN_OUT: "Keluar dari akun",
    SessionEnd.ANOTHER_DEVICE: "Dikeluarkan lewat HP lain",
    SessionEnd.TOO_MANY: "Dikeluarkan karena terlalu banyak HP masuk",
    SessionEnd.PASSWORD_CHANGE: "Dikeluarkan karena kata sandi diganti",
    SessionEnd.RECOVERY: "Dikeluarkan karena kata sandi dibuat baru",
    SessionEnd.FREEZE: "Dikeluarkan karena akun dibekukan",
}
# The address is left out: nobody would recognise it, and it would have to be decrypted.
_SHOWN = (
    AuditEvent.id,
    AuditEvent.kind,
    AuditEvent.count.label("failures"),
    AuditEvent.user_agent,
    AuditEvent.happened_at,
    SignInSession.ended_by,
    SignInSession.user_agent.label("ended_there"),
)


@dataclass(frozen=True)
class Item:
    """One event in words. `count`: how many failed attempts it tells of, None where nothing is
    counted. `happened_at`: aware UTC."""

    id: int
    icon: str
    title: str
    device: str
    count: int | None
    happened_at: datetime


def page(account: Account, before: int | None = None) -> Page[Item]:
    """The newest events, or those that are older than the event with the id `before`."""
    mine = (
        select(*_SHOWN)
        .outerjoin(SignInSession, SignInSession.id == AuditEvent.session_id)
        .where(AuditEvent.account_id == account.id)
    )
    return page_of(mine, AuditEvent.id, before, _in_words)


def _in_words(row: Row[*tuple[Any, ...]]) -> Item:
    event = event_of(row.kind)
    title, user_agent = event.title, row.user_agent
    if row.kind is EventKind.SESSION_ENDED and row.ended_by in _ENDED:
        title, user_agent = _ENDED[row.ended_by], row.ended_there
    device = device_name(user_agent).name
    if event.by_operator or event.by_itself:
        device = "Petugas 165" if event.by_operator else "Otomatis"
    return Item(
        id=row.id,
        icon=event.icon,
        title=title,
        device=device[0].upper() + device[1:],
        count=row.failures or None,
        happened_at=row.happened_at,
    )
