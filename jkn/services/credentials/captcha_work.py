"""The automatic check: a proof of work that the browser does by itself, for people who can neither
see nor hear digits (WCAG 2.2 criterion 3.3.8). It costs a phone some seconds, and costs somebody
who tries thousands of passwords as much for each of them.

The server derives a key from a number below the setting `captcha_work`, and gives half of the key
away. The browser derives keys from the numbers 0, 1, 2 and so on until one begins with that half,
and sends the whole key. A solved challenge brings a captcha's sealed token along, which is then
judged like a token whose digits were typed.
"""

import secrets
from dataclasses import dataclass
from typing import Any

from altcha import Payload, create_challenge, verify_solution

from jkn.encryption import derive_key
from jkn.services.basics import runtime
from jkn.services.basics.runtime import part
from jkn.settings import Settings

# Browsers have PBKDF2 built in, so a robot has no faster way than a phone. Plain SHA-256 would need
# a solver in JavaScript, several times slower than a robot's.
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
    """What the browser has to solve, ready to be written as JSON. Costs one derivation."""
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
    """The captcha token of the challenge that this proof solves; None when it solves none that this
    server made."""
    if len(proof) > _LONGEST_PROOF:
        return None
    try:
        payload = Payload.from_base64(proof)
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    # The challenge carries a signature of the key, so checking costs two digests, no derivation.
    is_solved = any(
        verify_solution(payload, it.challenge, hmac_key_secret=it.key).verified for it in _secrets()
    )
    return str((payload.challenge.parameters.data or {})["token"]) if is_solved else None
