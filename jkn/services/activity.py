"""Riwayat aktivitas akun: every security event of an account, in words for its owner."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, String, select, type_coerce

from jkn.models import Account, EventKind, SecurityEvent, SessionEnd, SignInSession
from jkn.services.device_names import device_name
from jkn.services.paging import Page, page_of

# What happened, without saying who is to blame: it may have been the owner, or somebody else.
TITLES: dict[EventKind, str] = {
    EventKind.AUTHN_LOGIN_SUCCESS: "Masuk ke akun",
    EventKind.AUTHN_LOGIN_SUCCESS_AFTER_FAIL: "Masuk setelah kata sandi salah",
    EventKind.AUTHN_LOGIN_FAIL: "Kata sandi salah",
    EventKind.AUTHN_LOGIN_FAIL_MAX: "Kata sandi salah berkali-kali, masuk ditahan sebentar",
    EventKind.AUTHN_LOGIN_LOCK: "Kata sandi ditutup setelah salah berkali-kali",
    EventKind.AUTHN_NEW_DEVICE: "Perangkat baru dikenali",
    EventKind.EXCESS_RATE_LIMIT: "Permintaan terlalu sering, ditahan sebentar",
    EventKind.AUTHN_CAPTCHA_FAIL: "Angka di gambar tidak cocok",
    EventKind.AUTHN_CODE_SENT: "Kode verifikasi diminta",
    EventKind.AUTHN_CODE_FAIL: "Kode verifikasi tidak cocok",
    EventKind.AUTHN_CODE_FAIL_MAX: "Kode verifikasi salah berkali-kali, ditahan sebentar",
    EventKind.AUTHN_ANSWERS_SUCCESS: "Pertanyaan data pribadi dijawab benar",
    EventKind.AUTHN_ANSWERS_FAIL: "Jawaban pertanyaan data pribadi tidak cocok",
    EventKind.AUTHN_ANSWERS_FAIL_MAX: "Pertanyaan data pribadi salah berkali-kali, ditahan sehari",
    EventKind.AUTHN_PASSWORD_CHANGE: "Kata sandi diganti",
    EventKind.AUTHN_CONFIRMED: "Kata sandi dimasukkan lagi",
    EventKind.AUTHN_PIN_CHANGE: "PIN baru dibuat",
    EventKind.AUTHN_PIN_FAIL: "PIN salah",
    EventKind.AUTHN_PIN_FAIL_MAX: "PIN ditutup setelah salah berkali-kali",
    EventKind.USERNAME_SAVED: "Simpan Data Username dinyalakan",
    EventKind.USERNAME_FORGOTTEN: "Simpan Data Username dimatikan",
    EventKind.AUTHN_PASSKEY_SUCCESS: "Masuk dengan biometrik",
    EventKind.AUTHN_PASSKEY_FAIL: "Biometrik ditolak",
    EventKind.AUTHN_PASSKEY_CONFIRMED: "Dikonfirmasi lagi dengan biometrik",
    EventKind.PASSKEY_ON: "Login dengan Biometrik dinyalakan",
    EventKind.PASSKEY_ADDED: "Login dengan Biometrik dinyalakan di satu HP lagi",
    EventKind.PASSKEY_RENAMED: "Nama HP untuk biometrik diubah",
    EventKind.PASSKEY_OFF: "Login dengan Biometrik dimatikan",
    EventKind.PASSKEY_REMOVED: "HP dihapus dari Login dengan Biometrik",
    EventKind.PASSKEYS_REMOVED: "Semua HP dihapus dari Login dengan Biometrik",
    EventKind.SENSITIVE_UNLOCKED: "Data pribadi dibuka",
    EventKind.IDENTITY_NO_MATCH: "Data diri tidak cocok dengan catatan",
    EventKind.ACCOUNT_CREATED: "Akun dibuat",
    EventKind.REGISTRATION_REPEATED: "Pendaftaran lagi dengan NIK Anda ditolak",
    EventKind.ACCOUNT_FROZEN: "Akun dibekukan lewat Bukan saya",
    EventKind.ACCOUNT_UNFROZEN: "Akun yang dibekukan dibuka lagi",
    EventKind.LIMITED_MODE_ENDED: "Akses penuh dibuka",
    EventKind.SESSION_ENDED: "Keluar dari akun",
    EventKind.SESSION_EXPIRED: "Keluar otomatis, waktunya habis",
    EventKind.SESSION_USED_AFTER_END: "Sesi yang sudah ditutup dicoba lagi",
    EventKind.AUTHZ_FAIL: "Halaman di luar akun Anda tidak dibuka",
    EventKind.LIMITED_MODE_REFUSED: "Tidak dibuka karena akses sedang dibatasi",
    EventKind.SEQUENCE_FAIL: "Langkah di luar urutan tidak dijalankan",
}
# Whoever ended it, the phone that was signed out is meant.
_ENDED: dict[SessionEnd, str] = {
    SessionEnd.SIGN_OUT: "Keluar dari akun",
    SessionEnd.ANOTHER_DEVICE: "Dikeluarkan lewat HP lain",
    SessionEnd.TOO_MANY: "Dikeluarkan karena terlalu banyak HP masuk",
    SessionEnd.PASSWORD_CHANGE: "Dikeluarkan karena kata sandi diganti",
    SessionEnd.RECOVERY: "Dikeluarkan karena kata sandi dibuat baru",
    SessionEnd.FREEZE: "Dikeluarkan karena akun dibekukan",
}
# During a release an older server also reads what a newer one has written.
_NOT_KNOWN_YET = "Aktivitas keamanan lain"
# Nobody's browser may pass for an operator: what a browser calls itself decides nothing.
_BY_OPERATORS = {EventKind.ACCOUNT_UNFROZEN}

# Neither the address, which nobody recognises, nor more to decrypt than is shown.
_SHOWN = (
    SecurityEvent.id,
    type_coerce(SecurityEvent.kind, String).label("kind"),
    SecurityEvent.count.label("failures"),
    SecurityEvent.user_agent,
    SecurityEvent.happened_at,
    type_coerce(SignInSession.ended_by, String).label("ended_by"),
    SignInSession.user_agent.label("ended_there"),
)


@dataclass(frozen=True)
class Item:
    """One event in words. `kind` as it is stored; `count`: how many failed tries it tells of, None
    where nothing is counted; `happened_at` is aware UTC."""

    id: int
    kind: str
    title: str
    device: str
    count: int | None
    happened_at: datetime


def page(account: Account, before: int | None = None) -> Page[Item]:
    """The newest, or those that are older than the one with the id `before`."""
    mine = (
        select(*_SHOWN)
        .outerjoin(SignInSession, SignInSession.id == SecurityEvent.session_id)
        .where(SecurityEvent.account_id == account.id)
    )
    return page_of(mine, SecurityEvent.id, before, _in_words)


def _in_words(row: Row[*tuple[Any, ...]]) -> Item:
    kind = row.kind
    title = TITLES[EventKind(kind)] if kind in TITLES else _NOT_KNOWN_YET
    user_agent = row.user_agent
    if kind == EventKind.SESSION_ENDED and row.ended_by in _ENDED:
        title, user_agent = _ENDED[SessionEnd(row.ended_by)], row.ended_there
    device = "Petugas 165" if kind in _BY_OPERATORS else device_name(user_agent).name
    return Item(
        id=row.id,
        kind=kind,
        title=title,
        device=device[0].upper() + device[1:],
        count=row.failures or None,
        happened_at=row.happened_at,
    )
