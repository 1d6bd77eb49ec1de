"""What each kind of security event is: its words in *Riwayat*, its icon, and who is told of it.

A new kind is a value of `EventKind`, an entry here, and its text under
`templates/messages/notification/`; where every channel is told, under `sms/` and `email/` as well.
"""

from dataclasses import dataclass
from datetime import timedelta

from jkn.models import EventKind


@dataclass(frozen=True)
class News:
    """What the owner is told. `topic`: the name of the text files. `from_count`: with fewer failed
    attempts it is no news, since everybody mistypes now and then. `once_in`: told at most once in
    this time, because strangers could cause it at will and bury other news. `leads_to`: the
    endpoint that a tap opens, None where the text says it all. `on_every_channel`: by SMS and
    e-mail, too, because it may have been somebody else (security.md R26, R27). `can_be_undone`:
    those messages carry the *Bukan saya* link, which freezes the account."""

    topic: str
    from_count: int = 0
    once_in: timedelta | None = None
    leads_to: str | None = None
    on_every_channel: bool = False
    can_be_undone: bool = False


@dataclass(frozen=True)
class Event:
    """`title`: says what happened, not who did it, which may have been the owner or somebody else.
    `news`: None where the owner is not told, and the event is only logged (ASVS 6.3.5).
    `by_operator`: an operator did it; a browser can claim anything, so only the kind decides this.
    `by_itself`: nobody did it, its day had come.
    """

    title: str
    icon: str
    news: News | None = None
    by_operator: bool = False
    by_itself: bool = False


def _warning(topic: str) -> News:
    """News that go to every channel, and that *Bukan saya* can undo."""
    return News(topic, on_every_channel=True, can_be_undone=True)


_CONFIRMED = News("confirmed", on_every_channel=True)
_ENTERED = News("entered_after_failures", from_count=3, leads_to="help.index")

EVENTS: dict[EventKind, Event] = {
    EventKind.AUTHN_LOGIN_SUCCESS: Event("Masuk ke akun", "log-in"),
    EventKind.AUTHN_LOGIN_SUCCESS_AFTER_FAIL: Event(
        "Masuk setelah kata sandi salah", "log-in", _ENTERED
    ),
    EventKind.AUTHN_LOGIN_FAIL: Event("Kata sandi salah", "circle-x"),
    EventKind.AUTHN_LOGIN_FAIL_MAX: Event(
        "Kata sandi salah berkali-kali, harus menunggu dulu",
        "clock",
        News("wrong_passwords", once_in=timedelta(days=1)),
    ),
    EventKind.AUTHN_LOGIN_LOCK: Event(
        "Kata sandi diblokir setelah salah berkali-kali",
        "lock",
        News("password_closed", leads_to="recovery.index"),
    ),
    EventKind.AUTHN_NEW_DEVICE: Event(
        "Masuk dari perangkat baru",
        "monitor-smartphone",
        News("new_device", leads_to="help.index"),
    ),
    EventKind.EXCESS_RATE_LIMIT: Event("Terlalu banyak permintaan, harus menunggu dulu", "clock"),
    EventKind.AUTHN_CAPTCHA_FAIL: Event("Angka di gambar tidak cocok", "history"),
    EventKind.AUTHN_CODE_SENT: Event(
        "Kode verifikasi diminta",
        "message-square-lock",
        News("code_asked", once_in=timedelta(hours=1)),
    ),
    EventKind.AUTHN_CODE_FAIL: Event("Kode verifikasi tidak cocok", "message-square-lock"),
    EventKind.AUTHN_CODE_FAIL_MAX: Event(
        "Kode verifikasi salah berkali-kali", "clock", News("wrong_codes")
    ),
    EventKind.AUTHN_ANSWERS_SUCCESS: Event(
        "Pertanyaan data pribadi dijawab benar", "circle-question-mark", _warning("answers_right")
    ),
    EventKind.AUTHN_ANSWERS_FAIL: Event(
        "Jawaban pertanyaan data pribadi tidak cocok", "circle-question-mark"
    ),
    EventKind.AUTHN_ANSWERS_FAIL_MAX: Event(
        "Pertanyaan data pribadi dijawab salah berkali-kali", "clock", News("wrong_answers")
    ),
    EventKind.AUTHN_PASSWORD_CHANGE: Event(
        "Kata sandi diganti", "key-round", _warning("password_changed")
    ),
    EventKind.AUTHN_CONFIRMED: Event("Kata sandi dimasukkan lagi", "key-round", _ENTERED),
    EventKind.AUTHN_PIN_CHANGE: Event(
        "PIN baru dibuat", "rectangle-ellipsis", _warning("pin_changed")
    ),
    EventKind.AUTHN_PIN_FAIL: Event("PIN salah", "circle-x"),
    EventKind.AUTHN_PIN_FAIL_MAX: Event(
        "PIN diblokir setelah salah berkali-kali", "lock", News("pin_closed", leads_to="pin.create")
    ),
    EventKind.AUTHN_PASSKEY_SUCCESS: Event(
        "Masuk dengan sidik jari atau wajah", "fingerprint-pattern"
    ),
    EventKind.AUTHN_PASSKEY_FAIL: Event("Sidik jari atau wajah ditolak", "circle-x"),
    EventKind.AUTHN_PASSKEY_CONFIRMED: Event(
        "Dipastikan lagi dengan sidik jari atau wajah", "fingerprint-pattern"
    ),
    EventKind.PASSKEY_ON: Event(
        "Login dengan Biometrik dinyalakan", "fingerprint-pattern", _warning("passkey_on")
    ),
    EventKind.PASSKEY_ADDED: Event(
        "Login dengan Biometrik dinyalakan di satu HP lagi",
        "fingerprint-pattern",
        _warning("passkey_added"),
    ),
    EventKind.PASSKEY_RENAMED: Event("Nama HP di Login dengan Biometrik diubah", "smartphone"),
    EventKind.PASSKEY_OFF: Event(
        "Login dengan Biometrik dimatikan", "fingerprint-pattern", _warning("passkey_off")
    ),
    EventKind.PASSKEY_REMOVED: Event(
        "HP dihapus dari Login dengan Biometrik", "trash-2", _warning("passkey_removed")
    ),
    EventKind.PASSKEYS_REMOVED: Event("Semua HP dihapus dari Login dengan Biometrik", "trash-2"),
    EventKind.SENSITIVE_UNLOCKED: Event("Data pribadi dibuka", "eye"),
    EventKind.IDENTITY_NO_MATCH: Event("Data diri tidak cocok dengan data Dukcapil", "history"),
    EventKind.ACCOUNT_CREATED: Event("Akun dibuat", "circle-check", _warning("registered")),
    EventKind.REGISTRATION_REPEATED: Event(
        "Pendaftaran lagi dengan NIK Anda ditolak",
        "users",
        News("registered_again", once_in=timedelta(days=1), on_every_channel=True),
    ),
    EventKind.ACCOUNT_FROZEN: Event(
        "Akun dibekukan lewat Bukan saya", "circle-pause", News("frozen", on_every_channel=True)
    ),
    EventKind.ACCOUNT_UNFROZEN: Event(
        "Akun yang dibekukan dibuka lagi", "circle-check", _warning("unfrozen"), by_operator=True
    ),
    EventKind.ACCOUNT_UNLOCKED: Event(
        "Kata sandi, kode, dan pertanyaan dibuka lagi",
        "circle-check",
        _warning("unlocked"),
        by_operator=True,
    ),
    EventKind.ACCOUNT_CONFIRMED_BY_FAMILY: Event(
        "Akun dipastikan oleh keluarga", "users", _CONFIRMED
    ),
    EventKind.ACCOUNT_CONFIRMED_BY_OFFICE: Event(
        "Akun dipastikan oleh petugas", "circle-check", _CONFIRMED, by_operator=True
    ),
    EventKind.LIMITED_MODE_ENDED: Event(
        "Akun Anda terbuka penuh lagi", "shield-check", News("full_access")
    ),
    EventKind.USERNAME_SAVED: Event("Simpan Data Username dinyalakan", "user-round-check"),
    EventKind.USERNAME_FORGOTTEN: Event("Simpan Data Username dimatikan", "user-round-check"),
    EventKind.CHANGE_APPLIED: Event(
        "Perubahan data mulai berlaku", "circle-check", News("change_applied"), by_itself=True
    ),
    EventKind.CHANGE_CANCELLED: Event(
        "Perubahan data dibatalkan", "circle-minus", News("change_cancelled")
    ),
    # People count on a change that they asked for, and may be on their way to the new facility.
    EventKind.CHANGE_DROPPED: Event(
        "Perubahan data tidak bisa berlaku",
        "circle-alert",
        News("change_dropped", leads_to="help.index", on_every_channel=True),
        by_itself=True,
    ),
    EventKind.SESSION_ENDED: Event("Keluar dari akun", "log-out"),
    EventKind.SESSION_EXPIRED: Event("Keluar otomatis, waktunya habis", "clock"),
    EventKind.SESSION_USED_AFTER_END: Event("Ada yang mencoba lagi setelah keluar", "circle-x"),
    EventKind.AUTHZ_FAIL: Event("Mencoba membuka halaman di luar akun ini", "circle-x"),
    EventKind.LIMITED_MODE_REFUSED: Event("Tidak dibuka karena akun sedang dibatasi", "lock"),
    EventKind.SEQUENCE_FAIL: Event("Ada langkah yang terlewat, jadi ditolak", "circle-x"),
}

# While a release is rolled out, servers of the older one read what the newer one writes.
_NOT_KNOWN_YET = Event("Aktivitas keamanan lain", "history")
# Where several kinds share a topic, the first of them stands for all.
_TOLD = {it.news.topic: it for it in reversed(EVENTS.values()) if it.news is not None}
TOPICS = tuple(_TOLD)[::-1]


def event_of(kind: EventKind) -> Event:
    """The entry of a stored kind; a neutral one for a kind of a newer release."""
    return EVENTS.get(kind, _NOT_KNOWN_YET)


def event_told(topic: str) -> Event:
    """The event that a stored notification tells of; a neutral one for a newer release's topic."""
    return _TOLD.get(topic, _NOT_KNOWN_YET)


def news_of(topic: str) -> News:
    """The news of this topic. Raises LookupError for a topic of no event."""
    news = event_told(topic).news
    if news is None:
        raise LookupError(f"no event is told as {topic}")
    return news
