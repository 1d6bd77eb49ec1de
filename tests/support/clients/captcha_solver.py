"""Solving the automatic check in Python, as the worker in a browser does."""

import base64
import json
from typing import Any

from altcha import Challenge, solve_challenge


def solved(challenge: dict[str, Any]) -> dict[str, Any]:
    """The payload that solves a challenge of the server."""
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
    """The solution of a challenge, as the form sends it."""
    return written(solved(challenge))
