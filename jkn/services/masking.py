"""Personal numbers as they may be shown before anything was unlocked (ASVS 14.2.6)."""

HIDDEN = "•"


def mask_nik(nik: str) -> str:
    """3276054502850001 → 3276 •••• •••• 0001."""
    return f"{nik[:4]} {HIDDEN * 4} {HIDDEN * 4} {nik[-4:]}"


def mask_card_number(card_number: str) -> str:
    """0001234567890 → 0001 ••••• 7890."""
    return f"{card_number[:4]} {HIDDEN * 5} {card_number[-4:]}"
