"""Alive: this process answers. Ready: it may be sent people (security.md R98)."""

from typing import Any

from flask import Blueprint, jsonify
from werkzeug.wrappers import Response

from jkn.services.operations import health
from jkn.services.operations.health import Findings
from jkn.web.access import impersonal
from jkn.web.operators import is_operator

blueprint = Blueprint("health", __name__, url_prefix="/health")


@blueprint.get("/live")
@impersonal
def live() -> Response:
    """Asks nothing of the database: a restart would not help when that is away."""
    return jsonify(alive=True)


@blueprint.get("/ready")
@impersonal
def ready() -> Response:
    """503 unless everything is well. Only operators are told figures."""
    findings = health.look()
    checks = {
        "server": not health.is_leaving(),
        "database": findings is not None and findings.is_writable,
        "schema": findings is not None and findings.is_schema_usable,
        "outbox": findings is not None and findings.backlog.is_worked_on,
    }
    is_ready = all(checks.values())
    told: dict[str, Any] = {name: "ok" if well else "not ok" for name, well in checks.items()}
    if findings is not None and is_operator():
        told["details"] = _details(findings)
    answer = jsonify(ready=is_ready, **told)
    answer.status_code = 200 if is_ready else 503
    return answer


def _details(findings: Findings) -> dict[str, Any]:
    return {
        "schema": findings.schema,
        "outbox": {
            channel: {
                "waiting": found.waiting,
                "oldest_seconds": int(found.oldest.total_seconds()),
                "overdue_seconds": int(found.overdue.total_seconds()),
                "dead": found.dead,
            }
            for channel, found in findings.backlog.channels.items()
        },
    }
