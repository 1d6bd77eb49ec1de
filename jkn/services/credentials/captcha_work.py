"""The automatic check: a sum that a browser finds by itself, for people who can neither see nor
hear digits (WCAG 2.2 criterion 3.3.8). It costs a phone seconds, and whoever tries passwords by
the thousand the same seconds each time.

The server derives a key from a number below `work` and gives half of the key away; the browser
derives keys from 0 upwards until one begins like it, and sends it whole. Who solved it holds the
captcha's sealed token, which is then judged like one whose digits were typed.
"""

import secrets
from dataclasses import dataclass
from typing import Any

from altcha import Payload, create_challenge, verify_solution

from jkn.encryption import derive_key
from jkn.services.basics import runtime
from jkn.services.basics.runtime import part
from jkn.settings import Settings

# Derived by the browser's own code, PBKDF2 leaves a robot no faster way than a phone has.
# Plain SHA-256 would need a solver in JavaScript, several times slower than a robot's.
_ALGORITHM = "PBKDF2/SHA-256"
_ROUNDS = 1000
_LONGEST_PROOF = 4096


@dataclass(frozen=True)
class _Secrets:
    challenge: bytes
    key: bytes


@part
def _secrets(settings: Settings) -> tuple[_Secrets, ...]:
    return tuple(
        _Secrets(derive_key(key, "captcha-work"), derive_key(key, "captcha-work-key"))
        for key in settings.secret_keys
    )


def challenge(token: str) -> dict[str, Any]:
    """What the browser is to solve, ready to be written as JSON. Takes one derivation."""
    current = _secrets()[0]
    asked = create_challenge(
        _ALGORITHM,
        _ROUNDS,
        counter=secrets.randbelow(runtime.settings().captcha_work),
        data={"token": token},
        hmac_secret=current.challenge,
        hmac_key_secret=current.key,
    )
    return asked.to_dict()


def proved_token(proof: str) -> str | None:
    """The token of the challenge that this proof solves; None when it solves none of ours."""
    if len(proof) > _LONGEST_PROOF:
        return None
    try:
        payload = Payload.from_base64(proof)
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    # With the key's signature in it nothing is derived again: checking costs two digests.
    is_solved = any(
        verify_solution(payload, it.challenge, hmac_key_secret=it.key).verified for it in _secrets()
    )
    return str((payload.challenge.parameters.data or {})["token"]) if is_solved else None
