"""Dates, times and numbers as people in Indonesia write them."""

import re
from datetime import date, datetime, timedelta

from jkn.services.basics import clock
from jkn.services.basics.clock import JAKARTA

MONTHS = (
    "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember"
).split()


def long_date(day: date) -> str:
    """3 Mei 2026"""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def clock_time(moment: datetime) -> str:
    """14.30 WIB"""
    return moment.astimezone(JAKARTA).strftime("%H.%M WIB")


def date_and_time(moment: datetime) -> str:
    """3 Mei 2026, 14.30 WIB"""
    return f"{long_date(moment.astimezone(JAKARTA))}, {clock_time(moment)}"


def day_name(day: date) -> str:
    """Hari ini, Kemarin, 3 Mei 2026"""
    days_ago = clock.today() - day
    return {timedelta(0): "Hari ini", timedelta(days=1): "Kemarin"}.get(days_ago, long_date(day))


def day_and_time(moment: datetime) -> str:
    """Hari ini 14.30 WIB, as people remember what happened a short while ago; later
    3 Mei 2026, 14.30 WIB."""
    day = moment.astimezone(JAKARTA).date()
    is_recent = clock.today() - day <= timedelta(days=1)
    return f"{day_name(day)} {clock_time(moment)}" if is_recent else date_and_time(moment)


def not_before(moment: datetime) -> str:
    """The time rounded up: 14.31 WIB for 14.30 and a second. A person who comes at the time that
    they were told must not be too early."""
    return clock_time(moment + timedelta(seconds=59, microseconds=999_999))


def grouped(number: str, size: int = 4) -> str:
    """0001234567890 → 0001 2345 6789 0, as people read long numbers aloud."""
    return " ".join(number[start : start + size] for start in range(0, len(number), size))


def local_phone(phone: str) -> str:
    """+6281234567890 → 081234567890, as people in Indonesia dial it."""
    return f"0{phone.removeprefix('+62')}"


def number(count: int) -> str:
    """12500 → 12.500"""
    return f"{count:,}".replace(",", ".")


def distance(kilometres: float, *, is_exact: bool) -> str:
    """350 m, 1,2 km, 48 km. `is_exact`: False where one of the two points is the middle of a place,
    which then counts whole kilometres: sekitar 3 km."""
    if not is_exact:
        return f"sekitar {number(max(1, round(kilometres)))} km"
    # Positions are rounded to a hundred metres, so nothing finer is true.
    metres = round(kilometres * 20) * 50
    if metres < 100:
        return "kurang dari 100 m"
    if metres < 1000:
        return f"{metres} m"
    if kilometres < 9.95:
        return f"{kilometres:.1f} km".replace(".", ",")
    return f"{number(round(kilometres))} km"


def dialled(phone: str) -> str:
    """What a phone dials for a number as lists write it, the first where there are several:
    (021) 555-123 / 556 → 021555123. Empty where it has no digit."""
    first = re.split(r"[/,;]", phone)[0]
    return re.sub(r"(?!^\+)[^0-9]", "", first.strip())
