"""A new captcha for a form that is open already, and the three ways to take it: seen, heard, or
left to the browser."""

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
    """*Ganti gambar*: only the captcha changes; without htmx the form's page opens anew."""
    asked_by = captcha.CaptchaPurpose(purpose)
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
@limited
def picture(token: str) -> Response:
    """The five digits, drawn anew at each look."""
    return _file(captcha.picture(token, browser()), "image/webp")


@blueprint.get("/captcha/suara/<token>.wav")
@public
@limited
def sound(token: str) -> Response:
    """*Dengarkan*: the five digits, spoken. iPhones play only what they may fetch in ranges."""
    spoken = _file(captcha.sound(token, browser()), "audio/wav")
    return spoken.make_conditional(request, True, spoken.content_length)


@blueprint.get(f"/captcha/<{_PURPOSE}>/otomatis")
@public
@limited
def work(purpose: str) -> Response:
    """*Periksa otomatis*: what the browser is to solve, and the worker that does it."""
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
