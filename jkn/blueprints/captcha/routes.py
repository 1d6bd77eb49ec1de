"""A new captcha for an open form, and the three ways to solve it: by eye, by ear, or by work of the
browser."""

from flask import Blueprint, abort, current_app, jsonify, make_response, request
from werkzeug.wrappers import Response

from jkn.services.credentials import captcha
from jkn.web.access import public
from jkn.web.captchas import CaptchaForm, new_captcha
from jkn.web.limits import limited, limited_part
from jkn.web.rendering import render_part
from jkn.web.visitor import browser

blueprint = Blueprint("captcha", __name__)
_PURPOSE = "any('{}'):purpose".format("','".join(captcha.CaptchaPurpose))


@blueprint.get(f"/captcha/<{_PURPOSE}>")
@public
@limited_part("components/_captcha_limit.html", "#captcha-notice")
def refresh(purpose: str) -> Response:
    """*Ganti gambar*: only the captcha changes; without htmx the form's page is loaded again."""
    asked_by = captcha.CaptchaPurpose(purpose)
    drawn = new_captcha(asked_by, is_asked_for=True)
    return render_part(
        "components/_captcha.html",
        target="#captcha",
        page_url=drawn.page_url,
        form=CaptchaForm(formdata=None),
        captcha=drawn,
    )


@blueprint.get("/captcha/gambar/<token>.webp")
@public
@limited
def picture(token: str) -> Response:
    """The five digits as a picture, drawn anew for each request."""
    return _file(captcha.picture(token, browser()), "image/webp")


@blueprint.get("/captcha/suara/<token>.wav")
@public
@limited
def sound(token: str) -> Response:
    """*Dengarkan*: the five digits, spoken. iPhones play a sound only if it comes in ranges."""
    spoken = _file(captcha.sound(token, browser()), "audio/wav")
    return spoken.make_conditional(request, True, spoken.content_length)


@blueprint.get(f"/captcha/<{_PURPOSE}>/otomatis")
@public
@limited
def work(purpose: str) -> Response:
    """The automatic check: the puzzle for the browser, and the script that solves it."""
    worker = current_app.extensions["assets"].url("workers/proof-of-work.js")
    return jsonify(
        worker=worker, challenge=captcha.work(captcha.CaptchaPurpose(purpose), browser())
    )


def _file(content: bytes | None, mimetype: str) -> Response:
    if content is None:
        abort(404)
    answer = make_response(content)
    answer.mimetype = mimetype
    return answer
