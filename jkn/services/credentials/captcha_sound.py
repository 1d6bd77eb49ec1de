"""The captcha read aloud in Indonesian, for people who hear better than they see."""

import hashlib
import wave
from functools import cache
from io import BytesIO
from pathlib import Path

FRAMES_A_SECOND = 8000
# Every sound is equally long, so that its size says nothing about the digits in it.
FRAMES = int(4.3 * FRAMES_A_SECOND)
_SILENCE = b"\x80"
_RECORDINGS = Path(__file__).resolve().parents[2] / "sounds"


def spoken(digits: str, seed: bytes) -> bytes:
    """The digits with a pause before each, as a WAV of 34 KB.

    The pauses follow from `seed`: phones fetch a sound in ranges, which must fit together.
    """
    words = [recording(digit) for digit in digits]
    pauses = _pauses(FRAMES - sum(map(len, words)), len(words), seed)
    file = BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(1)
        sound.setframerate(FRAMES_A_SECOND)
        sound.writeframes(
            b"".join(_SILENCE * pause + word for pause, word in zip(pauses, words, strict=True))
        )
    return file.getvalue()


@cache
def recording(digit: str) -> bytes:
    """One spoken digit: 8 kHz, mono, 8 bits a frame."""
    with wave.open(str(_RECORDINGS / f"{digit}.wav"), "rb") as sound:
        return sound.readframes(sound.getnframes())


def _pauses(frames: int, count: int, seed: bytes) -> list[int]:
    """`frames` of silence in `count` parts; the longest is at most 1.5 times the shortest."""
    weights = [512 + byte for byte in hashlib.sha256(seed).digest()[:count]]
    pauses = [frames * weight // sum(weights) for weight in weights]
    pauses[0] += frames - sum(pauses)
    return pauses
