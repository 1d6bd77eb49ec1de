"""What a browser's worker does, in Python: solve the automatic check."""

import base64
import json
from typing import Any

from altcha import Challenge, solve_challenge


def solved(challenge: dict[str, Any]) -> dict[str, Any]:
    """The payload that belongs to a challenge as the server wrote it."""
    solution = solve_challenge(Challenge.from_dict(challenge))
    assert solution is not None
    return {
        "challenge": challenge,
        "solution": {"counter": solution.counter, "derivedKey": solution.derived_key},
    }


def written(payload: object) -> str:
    """A payload as the form sends it."""
    return base64.b64encode(json.dumps(payload).encode()).decode()


def proof_of(challenge: dict[str, Any]) -> str:
    """Solved and written."""
    return written(solved(challenge))
