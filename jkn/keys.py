"""Secret keys: which are good enough, and those that a clone makes for its own development."""

import base64
import binascii
import contextlib
import json
import os
import secrets
from pathlib import Path

_SHORTEST_SECRET = 32
_DATA_KEY_BYTES = 32
_FEWEST_DIFFERENT_CHARACTERS = 12


def decode_data_key(key: str) -> bytes:
    """The 32 bytes of a base64 data key. Raises ValueError when it is anything else."""
    try:
        raw = base64.b64decode(key, validate=True)
    except binascii.Error as error:
        raise ValueError("must be base64") from error
    if len(raw) != _DATA_KEY_BYTES:
        raise ValueError("must be base64 of exactly 32 bytes")
    return raw


def is_strong(secret: str) -> bool:
    """Whether a secret is long, and not one letter over and over."""
    return len(secret) >= _SHORTEST_SECRET and len(set(secret)) >= _FEWEST_DIFFERENT_CHARACTERS


def is_random(data_key: str) -> bool:
    """Whether a data key has many different bytes. Raises ValueError when it is no data key."""
    return len(set(decode_data_key(data_key))) >= _FEWEST_DIFFERENT_CHARACTERS


def development_keys(folder: Path) -> dict[str, str | tuple[str, ...]]:
    """Keys that this clone made for itself, so that development needs no settings.

    They are kept in `folder`, beside the embedded database, and are as private as it is.
    """
    path = folder / "development-keys.json"
    folder.mkdir(exist_ok=True)
    if not path.exists():
        keys = {
            "secret_key": secrets.token_urlsafe(48),
            "pepper": secrets.token_urlsafe(48),
            "data_key": [base64.b64encode(secrets.token_bytes(_DATA_KEY_BYTES)).decode()],
        }
        # Written elsewhere and linked into place, so that two first starts at once use one file.
        draft = path.with_suffix(f".{secrets.token_hex(4)}")
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(keys))
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    stored = json.loads(path.read_text())
    return {**stored, "data_key": tuple(stored["data_key"])}
