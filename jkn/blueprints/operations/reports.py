"""Content security policy violations, as browsers report them."""

import structlog
from flask import Blueprint, request
from werkzeug.wrappers import Response

from jkn.web.access import public
from jkn.web.headers import REPORTS
from jkn.web.limits import limited_unread

blueprint = Blueprint("reports", __name__)
log = structlog.get_logger("jkn.reports")

_LONGEST = 2000


@blueprint.post(REPORTS)
@public
@limited_unread
def content_security() -> Response:
    """Write the report to the log, shortened and masked. The answer has no content."""
    log.warning("csp_violation", report=request.get_data(as_text=True)[:_LONGEST])
    return Response(status=204)
