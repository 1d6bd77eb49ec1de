"""Fasilitas kesehatan: open to everybody, the nearest first.

A position is told by POST and stands in no address; it lives as long as the answer.
"""

from datetime import timedelta
from typing import Any

from flask import Blueprint, abort, g, request, url_for
from werkzeug.wrappers import Response

from jkn.blueprints.facilities.forms import (
    BY_WORD,
    FKTP,
    NAMES,
    NO_POSITION,
    PlaceForm,
    SearchForm,
)
from jkn.gateways.regions import Region
from jkn.models import FacilityKind
from jkn.services.basics import clock
from jkn.services.basics.dated_rules import facility_kinds_on
from jkn.services.basics.points import Point
from jkn.services.basics.region_list import region
from jkn.services.basics.rule_book import FacilityRole
from jkn.services.facilities import search
from jkn.services.facilities.home_places import home_of
from jkn.services.facilities.is_open import is_open_on
from jkn.services.facilities.positions import Misplaced, read_position
from jkn.web.access import public
from jkn.web.addresses import read_number
from jkn.web.headers import with_position
from jkn.web.rendering import leave_for, page_asked_from, render
from jkn.web.visitor import account

blueprint = Blueprint("facilities", __name__, url_prefix="/faskes")

# Each takes a third of a small screen.
_A_PAGE = 10


@blueprint.get("")
@public
def index() -> Response:
    """What fits the words in the address, the nearest to where the person lives first."""
    return with_position(_found(None))


@blueprint.route("/lokasi", methods=["GET", "POST"])
@public
def near() -> Response:
    """The same, the nearest to the phone first. `latitude` and `longitude` are in degrees."""
    if request.method != "POST":
        return leave_for(url_for("facilities.index"))
    place = (request.form.get(it, "").strip() for it in ("latitude", "longitude"))
    return _found(read_position(*place))


@blueprint.route("/wilayah", methods=["GET", "POST"])
@public
def place() -> Response:
    """*Dekat desa atau kode pos mana?* Whatever else is searched for stays in the address."""
    asked = _asked(SearchForm(request.args))
    form = PlaceForm()
    if form.validate_on_submit():
        asked["wilayah"] = form.region_choice.code
        return leave_for(url_for("facilities.index", **asked))
    return render("facilities/place.html", form=form, asked=asked)


@blueprint.get("/<code>")
@public
def detail(code: str) -> Response:
    """One facility, also a closed one: it may have closed after somebody saw it in the list."""
    facility = search.facility_with(code)
    if facility is None:
        abort(404)
    today, until = clock.today(), facility.open_until
    asked = _asked(SearchForm(request.args))
    return render(
        "facilities/detail.html",
        it=search.found(facility, None),
        place=region(facility.district_code or facility.regency_code or ""),
        is_open=is_open_on(facility, today),
        closed_since=until + timedelta(days=1) if until and until < today else None,
        asked=asked,
        back_url=_person_before() or url_for("facilities.index", **asked),
        **_words(),
    )


def _person_before() -> str | None:
    """The page of a member of the family, where their facilities lead here from, so that *Kembali*
    leads there; None when somebody comes from anywhere else."""
    page = page_asked_from()
    is_person = page is not None and page.startswith(f"{url_for('participant_info.index')}/")
    return page if is_person else None


def _found(position: Point | Misplaced | None) -> Response:
    form = SearchForm(request.values)
    asked = _asked(form)
    skip = request.values.get("lewati", 0, type=read_number)
    own = position if isinstance(position, Point) else None
    where = region(asked.get("wilayah", ""))
    is_place = where is not None and where.district is not None
    near = own or _middle(where) or (home_of(account()) if g.is_signed_in else None)
    within = where.code if where and not is_place else ""
    wanted = search.Wanted(asked.get("nama", ""), _kinds(form), within, near)
    page = search.search(wanted, clock.today(), skip=skip, limit=_A_PAGE)
    is_more = skip > 0
    problem = NO_POSITION[position] if isinstance(position, Misplaced) else None
    return render(
        "facilities/list.html",
        status=422 if problem else 200,
        part="facilities/_rows.html" if is_more else "facilities/_results.html",
        part_target="#more-facilities" if is_more else "#results",
        part_url=None if is_more else url_for("facilities.index", **asked),
        form=form,
        asked=asked,
        items=page.items,
        more=page.skip_for_more,
        is_more=is_more,
        asks_for_everything=wanted.is_everything,
        region=where,
        position=own,
        problem=problem,
        is_place=is_place,
        is_near_home=own is None and near is not None and not is_place,
        **_words(),
    )


def _middle(where: Region | None) -> Point | None:
    """Where a village or district is. A regency is so large that its list is narrowed to it."""
    return search.middle_of(where.code) if where and where.district else None


def _asked(form: SearchForm) -> dict[str, Any]:
    """What stands in addresses of this search."""
    fields = (form.facility_name, form.kind, form.region_code)
    return {it.name: it.data for it in fields if it.data}


def _kinds(form: SearchForm) -> frozenset[FacilityKind]:
    if form.kind.data == FKTP:
        return facility_kinds_on(FacilityRole.PRIMARY, clock.today())
    kind = BY_WORD.get(form.kind.data or "")
    return frozenset((FacilityKind(kind),)) if kind else frozenset()


def _words() -> dict[str, Any]:
    """How kinds are called, and which people enrol with."""
    today = clock.today()
    primary = facility_kinds_on(FacilityRole.PRIMARY, today)
    dental = facility_kinds_on(FacilityRole.DENTAL, today)
    return {"kind_names": NAMES, "primary": primary, "enrolling": primary | dental}
