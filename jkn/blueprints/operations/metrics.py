"""The metrics, which Prometheus asks for with the operator's token."""

from flask import Blueprint, abort
from werkzeug.wrappers import Response

from jkn.services.operations import health
from jkn.web import metrics
from jkn.web.access import impersonal
from jkn.web.operators import has_operators, is_operator

blueprint = Blueprint("metrics", __name__)


@blueprint.get("/metrics")
@impersonal
def index() -> Response:
    """Answer 404 where no token is set, as if there were no such page."""
    if not has_operators():
        abort(404)
    if not is_operator():
        return Response("Unauthorized\n", 401, {"WWW-Authenticate": "Bearer"})
    text, content_type = metrics.as_text(health.figures())
    return Response(text, content_type=content_type)
