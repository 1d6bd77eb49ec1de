"""The picture of the captcha, and that its token does not tell the answer (security.md R09)."""

import base64
import zlib
from io import BytesIO

import pytest
from PIL import Image

from jkn.services.credentials import captcha
from jkn.services.credentials.captcha import DIGITS, CaptchaPurpose, accept, draw, picture
from tests.support.calls.sign_in_calls import BROWSER, CLIENT, answered
from tests.support.world.clock import Clock
from tests.support.world.connected import ConnectedDatabase

pytestmark = pytest.mark.settings(captcha="picture")

MANY = 30


def answer_in(token: str) -> str:
    """The answer in a token, which only the server can read."""
    challenge = captcha._open(token)
    assert challenge is not None
    return challenge.answer


def drawn() -> list[tuple[str, bytes]]:
    """Many answers, each with its picture."""
    tokens = [draw(CaptchaPurpose.SIGN_IN, BROWSER) for _ in range(MANY)]
    return [(answer_in(token), shown(token)) for token in tokens]


def shown(token: str) -> bytes:
    found = picture(token, BROWSER)
    assert found is not None
    return found


def luminance(colour: tuple[int, int, int]) -> float:
    """Relative luminance after WCAG 2.2."""
    parts = [it / 255 for it in colour]
    linear = [it / 12.92 if it <= 0.04045 else ((it + 0.055) / 1.055) ** 2.4 for it in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_the_answer_is_five_digits_and_another_each_time(database: ConnectedDatabase) -> None:
    answers = [answer_in(draw(CaptchaPurpose.SIGN_IN, BROWSER)) for _ in range(200)]
    assert all(len(it) == DIGITS == 5 and it.isascii() and it.isdigit() for it in answers)
    assert len(set(answers)) > 150
    assert {it[0] for it in answers} == set("0123456789"), "leading zeros are lost"


def test_only_the_answer_in_the_picture_is_right(database: ConnectedDatabase) -> None:
    token = draw(CaptchaPurpose.SIGN_IN, BROWSER)
    assert accept(answered(answer_in(token), token=token), CLIENT) is True
    other = draw(CaptchaPurpose.SIGN_IN, BROWSER)
    wrong = f"{(int(answer_in(other)) + 1) % 100_000:05}"
    assert accept(answered(wrong, token=other), CLIENT) is False


@pytest.mark.settings(captcha="fixed")
def test_fixed_mode_always_asks_for_the_same_digits(database: ConnectedDatabase) -> None:
    assert {answer_in(draw(CaptchaPurpose.SIGN_IN, BROWSER)) for _ in range(20)} == {"12345"}


@pytest.mark.settings(captcha="fixed")
def test_the_same_answer_never_makes_the_same_token(database: ConnectedDatabase) -> None:
    tokens = {draw(CaptchaPurpose.SIGN_IN, BROWSER) for _ in range(50)}
    assert len(tokens) == 50
    assert len({len(it) for it in tokens}) == 1


def test_neither_token_nor_picture_holds_the_answer(database: ConnectedDatabase) -> None:
    for _ in range(MANY):
        token = draw(CaptchaPurpose.SIGN_IN, BROWSER)
        answer, file = answer_in(token).encode(), shown(token)
        raw = base64.urlsafe_b64decode(token)
        for hidden_in in (token.encode(), raw, file):
            for form in (answer, answer[::-1], base64.b64encode(answer).rstrip(b"=")):
                assert form not in hidden_in
        with pytest.raises(zlib.error):
            zlib.decompress(raw)


def test_the_picture_is_a_small_webp(database: ConnectedDatabase) -> None:
    for _, file in drawn():
        with Image.open(BytesIO(file)) as image:
            assert image.format == "WEBP"
            assert image.size == (200, 72)
            assert not {"exif", "xmp", "icc_profile", "comment"} & image.info.keys()
        assert len(file) <= 3072


def test_dark_digits_stand_on_a_light_ground(database: ConnectedDatabase) -> None:
    for _, file in drawn():
        with Image.open(BytesIO(file)) as image:
            pixels = image.convert("RGB")
        colours = pixels.getcolors(maxcolors=2**24)
        assert colours is not None
        brightness = sorted(luminance(colour) for _, colour in colours)
        assert (brightness[-1] + 0.05) / (brightness[0] + 0.05) >= 7
        dark = sum(number for number, colour in colours if luminance(colour) < 0.18)
        assert 0.05 < dark / (200 * 72) < 0.5
        corners = [pixels.getpixel(it) for it in ((0, 0), (199, 0), (0, 71), (199, 71))]
        light = [it for it in corners if isinstance(it, tuple) and luminance(it[:3]) > 0.5]
        assert len(light) >= 2


def test_each_look_draws_anew(database: ConnectedDatabase) -> None:
    """So a collection of pictures by their digest would be worthless."""
    token = draw(CaptchaPurpose.SIGN_IN, BROWSER)
    assert len({shown(token) for _ in range(10)}) == 10


def test_the_picture_is_shown_to_the_browser_it_was_drawn_for_only(
    database: ConnectedDatabase, clock: Clock
) -> None:
    token = draw(CaptchaPurpose.SIGN_IN, BROWSER)
    for browser in ("", "another browser", "\ud800"):
        assert picture(token, browser) is None
    assert picture(token, BROWSER) is not None
    clock.advance(minutes=5, seconds=1)
    assert picture(token, BROWSER) is None
