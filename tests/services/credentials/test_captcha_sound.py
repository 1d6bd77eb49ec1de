"""The captcha read aloud: the right digits, and nothing that gives them away beside the sound."""

from itertools import groupby

import pytest

from jkn.services.credentials import captcha
from jkn.services.credentials.captcha import CaptchaPurpose, accept, draw, sound
from jkn.services.credentials.captcha_sound import FRAMES, FRAMES_A_SECOND, spoken
from tests.support.calls.sign_in_calls import BROWSER, CLIENT, answered
from tests.support.clients.captcha_listener import frames_of, heard
from tests.support.world.clock import Clock
from tests.support.world.databases import ROOT

LARGEST = 35_000
ALL_RECORDINGS = 40_000
# Shorter pauses are part of a word; longer ones separate two words.
_PAUSE = FRAMES_A_SECOND // 7

pytestmark = pytest.mark.usefixtures("database")


def pauses(file: bytes) -> list[int]:
    runs = [(value, len(list(run))) for value, run in groupby(frames_of(file))]
    return [length for value, length in runs if value == 0x80 and length >= _PAUSE]


def played(token: str) -> bytes:
    found = sound(token, BROWSER)
    assert found is not None
    return found


@pytest.mark.settings(captcha="picture")
def test_what_is_heard_is_the_right_answer() -> None:
    for _ in range(30):
        token = draw(CaptchaPurpose.SIGN_IN, BROWSER)
        assert accept(answered(heard(played(token)), token=token), CLIENT) is True


def test_fixed_mode_says_the_fixed_digits() -> None:
    assert heard(played(draw(CaptchaPurpose.SIGN_IN, BROWSER))) == "12345"


@pytest.mark.parametrize("digits", ["01234", "56789", "00000", "99999", "22222"])
def test_five_digits_are_said_with_a_pause_before_each(digits: str) -> None:
    file = spoken(digits, b"seed")
    assert heard(file) == digits
    assert len(pauses(file)) == 5


def test_every_sound_is_small_and_as_long_as_every_other() -> None:
    sizes = {len(spoken(digit * 5, b"seed")) for digit in "0123456789"}
    assert len(sizes) == 1
    assert max(sizes) <= LARGEST
    assert max(sizes) > FRAMES


def test_the_same_digits_sound_different_in_each_captcha() -> None:
    files = {played(draw(CaptchaPurpose.SIGN_IN, BROWSER)) for _ in range(20)}
    assert len(files) == 20
    assert {heard(file) for file in files} == {"12345"}


def test_one_captcha_always_sounds_the_same() -> None:
    """A phone that fetches a sound piece by piece puts the pieces together."""
    token = draw(CaptchaPurpose.SIGN_IN, BROWSER)
    assert played(token) == played(token)


def test_a_sound_is_played_to_the_browser_it_was_made_for_only(clock: Clock) -> None:
    token = draw(CaptchaPurpose.SIGN_IN, BROWSER)
    for browser in ("", "another browser", "\ud800"):
        assert sound(token, browser) is None
    assert sound("tidak", BROWSER) is None
    clock.advance(minutes=5, seconds=1)
    assert sound(token, BROWSER) is None


def test_listening_spends_nothing() -> None:
    answer = answered()
    played(answer.token)
    assert accept(answer, CLIENT) is True


def test_the_recordings_are_ten_small_files() -> None:
    files = sorted((ROOT / "jkn" / "sounds").glob("*.wav"))
    assert [it.stem for it in files] == list("0123456789")
    assert sum(it.stat().st_size for it in files) <= ALL_RECORDINGS
    assert len({frames_of(it.read_bytes()) for it in files}) == 10
    assert captcha.DIGITS == 5
