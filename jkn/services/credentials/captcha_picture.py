"""The captcha as a picture: digits that people read and simple programs do not."""

from io import BytesIO

from captcha.image import ImageCaptcha
from PIL import ImageOps


def drawn(digits: str) -> bytes:
    """A WEBP of about half a kilobyte, another each time."""
    # Drawn white on black, then inverted: the library blends dark letters into the background.
    image = _Letters(width=200, height=72, font_sizes=(50, 54, 58)).create_captcha_image(
        digits, (255, 255, 255), (0, 0, 0)
    )
    for _ in range(2):
        _Letters.create_noise_curve(image, (255, 255, 255))
    grey = ImageOps.invert(image.convert("L")).quantize(4).convert("RGB")
    file = BytesIO()
    grey.save(file, "WEBP", lossless=True)
    return file.getvalue()


class _Letters(ImageCaptcha):
    """Less distorted than the library's own letters: people of 65 must read them outdoors."""

    character_rotate = (-18, 18)
    character_warp_dx = (0.05, 0.18)
    character_warp_dy = (0.05, 0.18)
    word_space_probability = 1.0
    word_offset_dx = 0.12
