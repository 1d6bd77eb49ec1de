"""Whether a facility treats people on a day."""

from datetime import date

from sqlalchemy import ColumnElement, and_, or_

from jkn.models import Facility


def is_open_on(facility: Facility, day: date) -> bool:
    """Whether the day lies between its first and its last one."""
    begun = facility.open_from is None or facility.open_from <= day
    return begun and (facility.open_until is None or facility.open_until >= day)


def open_on(day: date) -> ColumnElement[bool]:
    """The same as a condition for a query."""
    return and_(
        or_(Facility.open_from.is_(None), Facility.open_from <= day),
        or_(Facility.open_until.is_(None), Facility.open_until >= day),
    )
