"""Personal numbers as they may be shown without a step-up (ASVS 14.2.6)."""

from jkn.services.basics.wording import local_phone

HIDDEN = "•"


def mask_nik(nik: str) -> str:
    """3276054502850001 → 3276 •••• •••• 0001."""
    return f"{nik[:4]} {HIDDEN * 4} {HIDDEN * 4} {nik[-4:]}"


def mask_card_number(card_number: str) -> str:
    """0001234567890 → 0001 ••••• 7890."""
    return f"{card_number[:4]} {HIDDEN * 5} {card_number[-4:]}"


def mask_phone(phone: str) -> str:
    """+6281234567890 → 0812 •••• 7890, as the person would say it."""
    local = local_phone(phone)
    return f"{local[:4]} {HIDDEN * 4} {local[-4:]}"


def mask_email(email: str) -> str:
    """siti@contoh.id → s•••@contoh.id."""
    name, _, host = email.rpartition("@")
    return f"{name[:1]}{HIDDEN * 3}@{host}"


def initials(name: str) -> str:
    """Siti Nur Aminah → S. N. Two letters, whatever the name: all of a long one's would tell it."""
    return " ".join(f"{word[0].upper()}." for word in name.split()[:2])
