"""The smallest form that asks for a village and its postal code, for tests of the part that all
forms of addresses share."""

from flask import Blueprint, Flask, session
from jinja2 import ChoiceLoader, DictLoader
from werkzeug.wrappers import Response
from wtforms import StringField

from jkn.web.access import public
from jkn.web.regions import RegionForm
from jkn.web.rendering import leave_for, render

PAGE = "/percobaan/alamat"
_TEMPLATE = """
{% extends layout %}
{% from "components/button.html" import submit_button %}
{% from "components/error_summary.html" import error_summary %}
{% from "components/field.html" import text_field %}
{% from "components/flow_form.html" import flow_form %}
{% block title %}{{ "Kesalahan: " if form.errors }}Alamat{% endblock %}
{% block content %}
{% if form.errors %}{{ error_summary([form.street] + form.region_fields) }}{% endif %}
<h1>Alamat surat</h1>
{% call flow_form("/percobaan/alamat") %}
{{ text_field(form.street) }}
{% include "components/_region.html" %}
{{ submit_button("Lanjut", "Menyimpan…") }}
{% endcall %}
{% endblock %}
"""
blueprint = Blueprint("trial_address", __name__)


class _AddressForm(RegionForm):
    street = StringField("Jalan")


@blueprint.route(PAGE, methods=["GET", "POST"])
@public
def address() -> Response:
    """The form under test; what was chosen can be asked for in `chosen`."""
    form = _AddressForm()
    if form.validate_on_submit():
        chosen = form.region_choice
        usual = "usual" if chosen.is_postal_code_usual else "unusual"
        session["chosen"] = [chosen.code, chosen.postal_code, chosen.village_in_words, usual]
        return leave_for("/bantuan")
    return render("trial_address.html", form=form)


@blueprint.get("/percobaan/pilihan")
@public
def chosen() -> list[str | None]:
    """What the form gave: code, postal code, village in words, whether the code is usual."""
    return list(session["chosen"])


def add_to(app: Flask) -> None:
    """Register the form, as the factory does with those of the product."""
    own = DictLoader({"trial_address.html": _TEMPLATE})
    loaders = [own] if app.jinja_loader is None else [own, app.jinja_loader]
    app.jinja_loader = ChoiceLoader(loaders)
    app.register_blueprint(blueprint)
