"""Finding facilities by name, kind and region, the nearest first."""

from datetime import date
from itertools import product
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jkn.database import session, transaction
from jkn.models import Facility, FacilityKind, FacilityWord
from jkn.services.basics.points import Point, kilometres
from jkn.services.facilities import search
from jkn.services.facilities.is_open import is_open_on
from jkn.services.facilities.search import Wanted, middle_of
from tests.support.world.factories import make_facility, make_known_facility
from tests.support.world.queries import QueryCounter

pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.both_databases]

TODAY = date(2026, 5, 3)
DEPOK = Point(-6.39, 106.83)


def names(page: search.Page) -> list[str]:
    return [it.facility.name for it in page.items]


def found(name: str = "", **wanted: Any) -> list[str]:
    return names(search.search(Wanted(name, **wanted), TODAY))


@pytest.mark.parametrize(
    "typed",
    ["mekarjaya", "MEKAR", "jaya", "  Mekarjaya ", "puskesmas mekarjaya", "mekár", "kar jaya"],
)
def test_a_part_of_the_name_is_enough(typed: str) -> None:
    make_known_facility("Puskesmas Mekarjaya")
    make_known_facility("Klinik Pratama Sehat")
    assert found(typed) == ["Puskesmas Mekarjaya"]


@pytest.mark.parametrize("typed", ["%", "_", "' OR 1=1", "mekar sehat", "😀", "\u0660"])
def test_what_is_no_part_of_a_name_finds_nothing(typed: str) -> None:
    make_known_facility("Puskesmas Mekarjaya")
    make_known_facility("Klinik Pratama Sehat")
    assert found(typed) == []


def test_a_word_of_two_letters_is_meant_whole() -> None:
    make_known_facility("Klinik Gu")
    make_known_facility("Klinik Guntur")
    assert found("gu") == ["Klinik Gu"]


@pytest.mark.parametrize("typed", ["", "klinik", "  ", "Puskesmas"])
def test_who_asks_for_everything_gets_nothing(typed: str, queries: QueryCounter) -> None:
    make_known_facility("Klinik Sehat")
    assert Wanted(typed).is_everything
    with queries.at_most(0):
        assert found(typed) == []


@pytest.mark.parametrize(
    ("typed", "kinds"),
    [
        ("apotek", {FacilityKind.PHARMACY}),
        ("Rumah Sakit", {FacilityKind.HOSPITAL, FacilityKind.PRIMARY_HOSPITAL}),
        ("puskesmas dr", {FacilityKind.PUSKESMAS, FacilityKind.DOCTOR}),
        ("praktik", set(FacilityKind)),
    ],
)
def test_nothing_but_a_kind_means_the_nearest_of_that_kind(
    typed: str, kinds: set[FacilityKind]
) -> None:
    for kind in FacilityKind:
        make_known_facility(kind, kind=kind)
    assert set(found(typed, near=DEPOK)) == {str(it) for it in kinds}
    assert set(found(typed, region_code="32.76")) == {str(it) for it in kinds}


def test_as_many_words_as_somebody_may_send_are_one_short_query(queries: QueryCounter) -> None:
    with queries.at_most(1):
        assert found(" ".join(f"kata{number}" for number in range(5_000))) == []
    assert queries.statements[0].count("facility_words.word BETWEEN") == 8


def test_names_come_in_the_order_of_their_letters_on_both_databases() -> None:
    for name in ("Klinik b-Sehat", "Klinik B Sehat", "Klinik a Sehat", "Apotek Sehat"):
        make_known_facility(name)
    ordered = ["Apotek Sehat", "Klinik B Sehat", "Klinik a Sehat", "Klinik b-Sehat"]
    assert found("sehat") == ordered


def test_kinds_and_regions_narrow_what_is_found() -> None:
    make_known_facility("Puskesmas Sehat", district_code="32.76.05")
    make_known_facility("Klinik Sehat", kind=FacilityKind.PRIMARY_CLINIC, district_code="32.76.06")
    make_known_facility(
        "RS Sehat", kind=FacilityKind.HOSPITAL, regency_code="32.01", district_code="32.01.01"
    )
    make_known_facility("RS Sehat Selatan", regency_code="31.74", district_code=None)
    make_known_facility("RS Sehat Entah", regency_code=None, district_code=None)
    assert found("sehat", region_code="32.76.05") == ["Puskesmas Sehat"]
    assert found("sehat", region_code="32.76") == ["Klinik Sehat", "Puskesmas Sehat"]
    assert found("sehat", region_code="32") == ["Klinik Sehat", "Puskesmas Sehat", "RS Sehat"]
    assert len(found("sehat")) == 5
    assert found("sehat", kinds=frozenset([FacilityKind.HOSPITAL])) == ["RS Sehat"]
    assert found(region_code="31") == ["RS Sehat Selatan"]
    for nowhere in ("99", "99.99", "x", "32.76.99", "3"):
        assert found("sehat", region_code=nowhere) == []


@pytest.mark.parametrize(
    ("opens", "closes", "is_there"),
    [
        (None, None, True),
        (date(2026, 5, 3), date(2026, 5, 3), True),
        (date(2026, 5, 4), None, False),
        (None, date(2026, 5, 2), False),
    ],
)
def test_only_open_ones_are_found(opens: date | None, closes: date | None, is_there: bool) -> None:
    facility = make_known_facility("Klinik Sehat", open_from=opens, open_until=closes)
    assert is_open_on(facility, TODAY) == is_there
    assert bool(found("sehat")) == is_there
    assert bool(found(near=DEPOK)) == is_there


def test_the_nearest_comes_first_with_its_distance() -> None:
    make_known_facility("Jauh", latitude=-6.9, longitude=107.6)
    make_known_facility("Dekat", latitude=-6.40, longitude=106.83)
    make_known_facility("Sedang", latitude=-6.39, longitude=106.86)
    make_known_facility("Entah", latitude=None, longitude=None)
    page = search.search(Wanted(near=DEPOK), TODAY)
    assert names(page) == ["Dekat", "Sedang", "Jauh"]
    assert [round(it.kilometres or 0, 1) for it in page.items] == [1.1, 3.3, 102.2]


def test_with_a_name_even_those_are_found_that_lie_nowhere() -> None:
    make_known_facility("Sehat Jauh", latitude=3.6, longitude=98.7)
    make_known_facility("Sehat Entah", latitude=None, longitude=None)
    make_known_facility("Sehat Dekat", latitude=-6.4, longitude=106.8)
    page = search.search(Wanted("sehat", near=DEPOK), TODAY)
    assert names(page) == ["Sehat Dekat", "Sehat Jauh", "Sehat Entah"]
    assert page.items[2].kilometres is None


def test_a_rare_kind_is_found_wherever_it_is() -> None:
    for number in range(30):
        make_known_facility(f"Puskesmas {number}", latitude=-6.39, longitude=106.83)
    make_known_facility(
        "RS Ujung", kind=FacilityKind.PRIMARY_HOSPITAL, latitude=-8.5, longitude=140.4
    )
    wanted = Wanted(kinds=frozenset([FacilityKind.PRIMARY_HOSPITAL]), near=DEPOK)
    assert names(search.search(wanted, TODAY)) == ["RS Ujung"]


def test_what_lies_beside_a_box_may_be_nearer_than_what_lies_in_its_corners() -> None:
    for north, east in ((0.119, 0.119), (-0.119, -0.119), (0.0, 0.13)):
        make_known_facility(
            f"{north} {east}", latitude=DEPOK.latitude + north, longitude=DEPOK.longitude + east
        )
    assert names(search.search(Wanted(near=DEPOK), TODAY, limit=1)) == ["0.0 0.13"]


def test_pages_follow_each_other_without_gap_or_twin() -> None:
    everything = {
        make_known_facility(f"Sehat {number:02}", longitude=106.8 + number / 100).name
        for number in range(45)
    }
    questions = (Wanted("sehat"), Wanted(near=DEPOK), Wanted("sehat", near=DEPOK))
    for wanted, limit in product(questions, (search.A_PAGE, 15)):
        seen: list[str] = []
        skip: int | None = 0
        while skip is not None:
            page = search.search(wanted, TODAY, skip=skip, limit=limit)
            assert page.items, "a last page that is full leads to no empty one"
            seen += names(page)
            skip = page.skip_for_more
        assert len(seen) == 45
        assert set(seen) == everything


@pytest.mark.parametrize("skip", [-1, 10**30])
def test_a_page_that_nobody_could_ask_for_is_an_empty_or_the_first_one(skip: int) -> None:
    make_known_facility("Sehat")
    assert names(search.search(Wanted("sehat"), TODAY, skip=skip)) == (
        ["Sehat"] if skip < 0 else []
    )


@pytest.mark.parametrize(
    ("capacity", "enrolled", "left"), [(None, 5, None), (10, 4, 6), (10, 10, 0), (10, 12, 0)]
)
def test_the_places_left_are_never_less_than_none(
    capacity: int | None, enrolled: int, left: int | None
) -> None:
    make_known_facility("Sehat", capacity=capacity, enrolled=enrolled)
    (it,) = search.search(Wanted("sehat"), TODAY).items
    assert it.places_left == left


def test_where_people_live_is_the_middle_of_the_smallest_region_that_is_known() -> None:
    assert middle_of("32.76.05.1004") == Point(-6.3908, 106.8381)
    assert middle_of("13.06.01.2004") == middle_of("13.06.01")
    assert middle_of("") is None


COORDINATES = st.tuples(
    st.floats(-11, 6).map(lambda it: round(it, 3)), st.floats(95, 141).map(lambda it: round(it, 3))
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    points=st.lists(COORDINATES, min_size=1, max_size=12), near=COORDINATES, limit=st.integers(1, 6)
)
def test_the_nearest_are_those_that_measuring_all_would_find(
    points: list[tuple[float, float]], near: tuple[float, float], limit: int
) -> None:
    with transaction():
        session.query(FacilityWord).delete()
        session.query(Facility).delete()
    for latitude, longitude in points:
        make_facility(latitude=latitude, longitude=longitude)
    middle = Point(*near)
    page = search.search(Wanted(near=middle), TODAY, limit=limit)
    away = [it.kilometres for it in page.items]
    expected = sorted(kilometres(middle, Point(*it)) for it in points)[:limit]
    # On a globe meridians come together, so far away the order may differ by a little.
    assert away == pytest.approx(expected, rel=0.03, abs=0.01)
