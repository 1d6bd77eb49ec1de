"""Kotak keluar: every simulated SMS and e-mail, live, for developers. Not in production."""

from flask import Blueprint, abort, make_response, request
from werkzeug.wrappers import Response

from jkn.services.messaging import outbox_preview
from jkn.web.access import impersonal
from jkn.web.headers import sandboxed
from jkn.web.rendering import is_fragment, render

blueprint = Blueprint("outbox_preview", __name__, url_prefix="/dev/kotak-keluar")


@blueprint.get("")
@impersonal  # The page asks every few seconds, which must not keep anybody signed in.
def index() -> Response:
    """The newest first. When nothing new has come, the page is left as it is, so that a text that
    somebody is selecting stays selected."""
    messages = outbox_preview.newest()
    newest = messages[0].id if messages else 0
    if is_fragment() and request.args.get("newest") == str(newest):
        return make_response("", 204)
    return render(
        "outbox_preview/index.html",
        part="outbox_preview/_messages.html",
        part_target="#messages",
        messages=messages,
        newest=newest,
    )


@blueprint.get("/<id:message_id>")
@impersonal
def email(message_id: int) -> Response:
    """An e-mail's HTML part as a mail program shows it: with its own look, and without effect."""
    html = outbox_preview.html_of(message_id)
    if html is None:
        abort(404)
    return sandboxed(make_response(html))
