"""Understanding the spoken captcha by comparing it with the ten recordings."""

import wave
from io import BytesIO

from jkn.services.credentials.captcha_sound import FRAMES_A_SECOND, recording

_SILENCE = b"\x80"


def frames_of(file: bytes) -> bytes:
    """The frames of a WAV file, which must be mono, 8 kHz and 8 bits."""
    with wave.open(BytesIO(file), "rb") as opened:
        assert opened.getparams()[:3] == (1, 1, FRAMES_A_SECOND)
        return opened.readframes(opened.getnframes())


def heard(file: bytes) -> str:
    """The digits that a sound says."""
    words = {digit: recording(digit).lstrip(_SILENCE) for digit in "0123456789"}
    frames, digits = frames_of(file), ""
    while frames := frames.lstrip(_SILENCE):
        matching = [it for it, word in words.items() if frames.startswith(word)]
        assert len(matching) == 1, f"after {digits!r} nothing can be understood"
        digits += matching[0]
        frames = frames[len(words[digits[-1]]) :]
    return digits
