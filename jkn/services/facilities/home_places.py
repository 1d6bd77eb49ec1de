"""Where somebody lives, as near as is known: what is nearest to it is shown before they type."""

from sqlalchemy import func, select

from jkn.database import session
from jkn.models import Account, Family, Participant
from jkn.services.basics.points import Point
from jkn.services.facilities.search import middle_of
from jkn.services.sessions import limited_mode


def home_of(account: Account) -> Point | None:
    """The middle of the village where the person lives, or of the smallest region around it that
    has one. None for who is no participant, and in limited mode, since distances would tell a
    stranger where the family lives. One query."""
    if account.participant_id is None or limited_mode.is_limited(account):
        return None
    lived_in = (
        select(func.coalesce(Participant.domicile_village_code, Family.village_code))
        .join(Participant.family)
        .where(Participant.id == account.participant_id)
    )
    code = session.scalars(lived_in).one_or_none()
    return middle_of(code) if code else None
