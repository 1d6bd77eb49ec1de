"""The captcha as every form uses it: one component, three fields, one way to read them back."""

from dataclasses import dataclass

from flask import request, url_for
from wtforms import HiddenField, StringField, ValidationError

from jkn.services.credentials.captcha import CaptchaAnswer, CaptchaPurpose, draw
from jkn.web.form import BUSY, Form
from jkn.web.visitor import browser


class CaptchaForm(Form):
    """What a form inherits to ask for a captcha."""

    captcha_answer = StringField("Ketik angka di gambar")
    captcha_token = HiddenField()
    captcha_proof = HiddenField()

    def validate_captcha_answer(self, field: StringField) -> None:
        """Check only that there is an answer. The service judges it, which spends the captcha."""
        if not (field.data or "").strip() and not self.captcha_proof.data:
            raise ValidationError("Ketik 5 angka di gambar")

    def say_wrong_captcha(self) -> None:
        """Put the refusal where the person will type next."""
        self.captcha_answer.errors = [
            "Cek otomatis sudah lewat waktu. Ketik angka di gambar"
            if self.captcha_proof.data
            else "Angka tidak cocok, atau gambarnya sudah lama. Ketik angka yang baru"
        ]

    def say_busy(self) -> None:
        """Say that the server is too busy: nothing was judged, and what was typed stays."""
        self.captcha_answer.errors = [BUSY]

    def captcha_answered(self, purpose: CaptchaPurpose) -> CaptchaAnswer:
        """The answer as the service takes it, bound to this browser."""
        return CaptchaAnswer(
            token=self.captcha_token.data or "",
            digits=self.captcha_answer.data or "",
            purpose=purpose,
            browser=browser(),
            proof=self.captcha_proof.data or "",
        )


@dataclass(frozen=True)
class Captcha:
    """What the component shows. `page_url` is the form's own page, for *Ganti gambar* without
    JavaScript; `picture_page_url` is the same with the picture, where the script never came.
    `is_asked_for`: the picture is to be shown, whatever the browser can do."""

    token: str
    image_url: str
    sound_url: str
    work_url: str
    refresh_url: str
    page_url: str
    picture_page_url: str
    is_asked_for: bool


# The endpoint of the form that each purpose belongs to.
_PAGES = {
    CaptchaPurpose.SIGN_IN: "sign_in.index",
    CaptchaPurpose.RECOVERY: "recovery.index",
    CaptchaPurpose.NEW_USER: "registration.new_user",
    CaptchaPurpose.MOBILE_USER: "registration.mobile_user",
    CaptchaPurpose.CHANGE_PASSWORD: "password_change.index",
}


def new_captcha(purpose: CaptchaPurpose, is_asked_for: bool = False) -> Captcha:
    """A captcha drawn for this form and this browser."""
    token = draw(purpose, browser())
    page = _PAGES[purpose]
    return Captcha(
        token=token,
        image_url=url_for("captcha.picture", token=token),
        sound_url=url_for("captcha.sound", token=token),
        work_url=url_for("captcha.work", purpose=purpose),
        refresh_url=url_for("captcha.refresh", purpose=purpose),
        page_url=url_for(page),
        picture_page_url=url_for(page, gambar=1),
        is_asked_for=is_asked_for or "gambar" in request.args,
    )
