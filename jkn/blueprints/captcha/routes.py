"""A new captcha for a form that is open already, and the picture itself."""

from flask import Blueprint, abort, make_response
from werkzeug.wrappers import Response

from jkn.services import captcha
from jkn.web.access import browser, public
from jkn.web.captchas import CaptchaForm, new_captcha
from jkn.web.rendering import render_part

blueprint = Blueprint("captcha", __name__)


@blueprint.get("/captcha/<any(masuk):purpose>")
@public
def refresh(purpose: str) -> Response:
    """*Ganti gambar*: only the captcha changes; without htmx the form's page opens anew."""
    asked_by = captcha.Purpose(purpose)
    drawn = new_captcha(asked_by)
    return render_part(
        "components/_captcha.html",
        target="#captcha",
        page_url=drawn.page_url,
        form=CaptchaForm(formdata=None),
        captcha=drawn,
    )


@blueprint.get("/captcha/gambar/<token>.webp")
@public
def picture(token: str) -> Response:
    """The five digits, drawn anew at each look."""
    drawn = captcha.picture(token, browser())
    if drawn is None:
        abort(404)
    answer = make_response(drawn)
    answer.mimetype = "image/webp"
    return answer
