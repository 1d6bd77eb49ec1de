"""How the databases find facilities by their names: words first, and never the whole table, however
many names have them and whether or not the database has counted its rows."""

from datetime import date

import pytest
from sqlalchemy import insert, text

from jkn.database import session, transaction
from jkn.models import Facility, FacilityKind, FacilityWord
from jkn.services.basics.points import Point
from jkn.services.facilities.search import Wanted, search
from tests.support.world.connected import ConnectedDatabase
from tests.support.world.queries import plans_of

pytestmark = pytest.mark.both_databases

TODAY = date(2026, 5, 3)
DEPOK = Point(-6.39, 106.83)
# With fewer or shorter rows PostgreSQL reads all of them sooner than any index.
MANY = 2_500
ADDRESS = "Jalan Merdeka Raya 12 " * 15
KINDS = (FacilityKind.PUSKESMAS, FacilityKind.PRIMARY_CLINIC, FacilityKind.DOCTOR)
STEPS = {
    "sqlite": ("facility_words_1 (word>? AND word<?)", "sqlite_autoindex_facilities_1 (code=?)"),
    "postgresql": (" pk_facility_words", " pk_facilities", "Index Cond: ((code)::text = ANY ("),
}
# Tests share the databases of PostgreSQL, so what another one counted is forgotten.
COUNT = {
    "counted": {"sqlite": "ANALYZE {}", "postgresql": "ANALYZE {}"},
    "not counted": {
        "sqlite": "SELECT '{}'",
        "postgresql": "DELETE FROM pg_statistic WHERE starelid = '{}'::regclass",
    },
}


@pytest.fixture(params=list(COUNT))
def many(database: ConnectedDatabase, request: pytest.FixtureRequest) -> ConnectedDatabase:
    """Facilities that are all called Melati, every third also Kenanga, and two also Cempaka.
    Counted: the planner has statistics. PostgreSQL gathers them a while after an import."""
    facilities, words = [], []
    for number in range(MANY):
        code = f"2001{number:04}"
        values = {"kind": KINDS[number % 3], "regency_code": f"32.{number % 9 + 71}"}
        place = {"latitude": -6 - number / 1000, "longitude": 106.8, "is_point_exact": True}
        unsaid = {"name": f"Melati {code}", "address": ADDRESS, "enrolled": 0}
        facilities.append({"code": code, **values, **place, **unsaid})
        own = ["kenanga"] * (number % 3 == 0) + ["cempaka"] * (number in (20, 700))
        own += ["melati", *(f"{other}-{number}" for other in range(6))]
        words += [{"word": it, "facility_code": code} for it in own]
    with transaction():
        session.execute(insert(Facility), facilities)
        session.execute(insert(FacilityWord), words)
        for table in ("facilities", "facility_words"):
            session.execute(text(COUNT[request.param][database.kind].format(table)))
    return database


def test_words_of_names_lead_to_the_facilities_by_their_codes(many: ConnectedDatabase) -> None:
    searches = [
        Wanted("melati"),
        Wanted("melati", near=DEPOK),
        Wanted("cempaka"),
        Wanted("melati kenanga"),
        Wanted("cempaka", kinds=frozenset(KINDS)),
        Wanted("kenanga", kinds=frozenset(KINDS[:1]), near=DEPOK),
        Wanted("melati", region_code="32"),
        Wanted("melati", region_code="32.76"),
        Wanted("melati", kinds=frozenset(KINDS[:1]), region_code="32.76.05", near=DEPOK),
    ]
    for wanted in searches:
        with plans_of(many.engine) as plans:
            search(wanted, TODAY)
        (plan,) = plans
        for step in STEPS[many.kind]:
            assert step in plan, f"{wanted}\n{plan}"
