"""Dates, times and numbers as people in Indonesia write them."""

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
