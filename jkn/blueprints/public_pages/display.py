"""Huruf besar and Mode gelap: kept in cookies, so that they also hold before signing in."""

from flask import Blueprint, current_app, request, url_for
from werkzeug.wrappers import Response

from jkn.web import appearance
from jkn.web.access import public
from jkn.web.flash import Flash, leave_flash, take_flash
from jkn.web.rendering import leave_for, page_asked_from, render, render_part, set_lasting_cookie
from jkn.web.way_form import WayForm

blueprint = Blueprint("display", __name__, url_prefix="/tampilan")


@blueprint.post("/huruf-besar")
@public
def large_text() -> Response:
    """The field `on` names the state that is wanted, so that a double tap changes nothing back."""
    is_wanted = request.form.get("on") == "1"
    answer = render_part(
        "components/_large_text.html",
        target="#large-text",
        page_url=f"{page_asked_from() or url_for('landing.index')}#large-text",
        large_text=is_wanted,
    )
    set_lasting_cookie(answer, current_app.config["LARGE_TEXT_COOKIE"], "1" if is_wanted else "0")
    return answer


@blueprint.route("/mode-gelap", methods=["GET", "POST"])
@public
def colour_scheme() -> Response:
    """Light, dark, or as the phone is; the whole page is loaded again."""
    form = WayForm("Warna layar", appearance.NAMES, "Pilih warna layar", appearance.colour_scheme())
    if form.validate_on_submit():
        leave_flash(Flash.APPEARANCE_SAVED)
        answer = leave_for(url_for("display.colour_scheme"))
        set_lasting_cookie(answer, current_app.config["COLOUR_SCHEME_COOKIE"], form.way.data)
        return answer
    return render("display/colour_scheme.html", form=form, flash=take_flash())
