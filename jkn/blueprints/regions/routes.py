"""The live parts of the question for a village, wherever a form asks it: what was found, what
belongs to the choice, and a word about the postal code. They read the list of regions alone."""

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response

from jkn.web.access import impersonal
from jkn.web.limits import limited_part
from jkn.web.regions import RegionForm
from jkn.web.rendering import render_part

blueprint = Blueprint("regions", __name__, url_prefix="/wilayah")
_limited = limited_part("components/_region_limit.html", "#region-notice")


class _LiveForm(RegionForm):
    """It changes nothing and stands in an address, so it has no token."""

    class Meta:
        csrf = False

    def __init__(self) -> None:
        self.is_only_place = "tempat" in request.args
        super().__init__(request.args)


@blueprint.get("")
@impersonal
@_limited
def found() -> Response:
    """What fits the words so far, to choose from."""
    return _part("components/_region_found.html", "#region-found")


@blueprint.get("/rincian")
@impersonal
@_limited
def details() -> Response:
    """What is asked next for the choice: the postal code, or the next step from the province
    down."""
    return _part("components/_region_details.html", "#region-details")


@blueprint.get("/kode-pos")
@impersonal
@_limited
def postal_code() -> Response:
    """Whether the postal code is the usual one."""
    return _part("components/_region_postal_code.html", "#postal_code-warning")


def _part(template: str, target: str) -> Response:
    # Only htmx asks for a part.
    elsewhere = url_for("landing.index")
    return render_part(template, target=target, page_url=elsewhere, form=_LiveForm(), is_live=True)
