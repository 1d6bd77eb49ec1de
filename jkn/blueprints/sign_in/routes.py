"""Masuk: number, password and captcha, and on to Beranda."""

from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from jkn.blueprints.sign_in.forms import HintForm, PasswordForm, SavedNumberForm, SignInForm
from jkn.services.access import saved_usernames
from jkn.services.access.saved_usernames import Saved
from jkn.services.access.sign_in import SignInRefusal, sign_in
from jkn.services.credentials.captcha import CaptchaAnswer, CaptchaPurpose
from jkn.services.credentials.sign_in_hints import Hint
from jkn.services.passkeys import passkey_devices, passkey_sign_in
from jkn.services.sessions.sessions import SignedIn
from jkn.services.throttling.retry_after import RetryAfter
from jkn.web import sign_in_hints
from jkn.web.access import public
from jkn.web.browser_session import begin_session, opens_session
from jkn.web.captchas import Captcha, new_captcha
from jkn.web.flash import take_flash
from jkn.web.form import BUSY
from jkn.web.limits import limited, limited_unread
from jkn.web.own_password import why_refused
from jkn.web.passkeys import NOBODYS, PasskeyForm, as_options
from jkn.web.rendering import leave_for, part_for_fragment, render
from jkn.web.visitor import browser, client, device_token

blueprint = Blueprint("sign_in", __name__)

# The choice of another number than those that this browser knows.
_OTHER_NUMBER = "lain"
_SAVED_GONE = "Nomor tersimpan sudah tidak ada. Ketik nomor Anda"
_HINT_GONE = "Halaman tadi sudah lama. Ketik nomor Anda"
_UNJUDGED = (None, SignInRefusal.BUSY)


@dataclass(frozen=True)
class _Known:
    """Whom this browser knows. `hint`: the person of a journey that has just led here, who alone is
    shown then. `people`: who had their numbers saved."""

    hint: Hint | None
    people: list[Saved]


@blueprint.route("/masuk", methods=["GET", "POST"])
@public
@opens_session
def index() -> Response:
    """A wrong number, a wrong password and an unknown person get the same answer."""
    if current_user.is_authenticated:
        return leave_for(url_for("home.index"))
    known = _known()
    form = _form(known)
    outcome: SignInRefusal | RetryAfter | None = None
    if form.validate_on_submit():
        result = sign_in(form.identity, form.password.data, _answer(form, known), client())
        if isinstance(result, SignedIn):
            return begin_session(result)
        outcome = result
    if outcome is SignInRefusal.WRONG_CAPTCHA:
        form.say_wrong_captcha()
    if isinstance(form, HintForm) and outcome not in _UNJUDGED:
        form.needs_captcha = True
        if outcome is SignInRefusal.NO_CAPTCHA:
            form.validate()
    if outcome is SignInRefusal.BUSY:
        form.say_busy()
        # The answer is as small as possible: hundreds of people may be trying at once.
        if part := part_for_fragment(
            "components/_captcha_busy.html", target="#captcha-notice", status=503, form=form
        ):
            return part
    return render(
        "sign_in/index.html",
        status=_status(outcome),
        # Only the captcha is replaced, so that the rest of the form stays as it was typed.
        part="components/_captcha.html" if outcome is SignInRefusal.WRONG_CAPTCHA else None,
        part_target="#captcha",
        form=form,
        refusal=_refusal(outcome, form),
        is_locked=isinstance(outcome, RetryAfter),
        is_of_source=isinstance(outcome, RetryAfter) and not outcome.failures,
        flash=take_flash(),
        **_about_this_browser(form, known),
    )


@blueprint.post("/masuk/nomor-lain")
@public
def other_number() -> Response:
    """*Pakai nomor lain*, where the number is known for one sign-in: forget it."""
    sign_in_hints.forget()
    return leave_for(url_for("sign_in.index", nomor=_OTHER_NUMBER))


@blueprint.post("/masuk/biometrik/tantangan")
@public
@limited_unread
def passkey_options() -> Response:
    """The options that the phone is to sign. The page asks for them also to offer the key on the
    keyboard."""
    return as_options(passkey_sign_in.options(browser()))


@blueprint.post("/masuk/biometrik")
@public
@limited
@opens_session
def passkey() -> Response:
    """*Masuk dengan sidik jari atau wajah*: no number, no password, no captcha."""
    form = PasskeyForm()
    outcome = passkey_sign_in.sign_in(form.credential.data or "", browser(), client())
    if isinstance(outcome, SignedIn):
        return begin_session(outcome)
    status = form.say_why_not(outcome, NOBODYS)
    known = _known(is_new=True)
    page_form = _form(known, is_new=True)
    return render(
        "sign_in/index.html",
        status=status,
        # Only this part is replaced, so that what was typed in the other form stays.
        part="sign_in/_passkey.html",
        part_target="#passkey",
        form=page_form,
        passkey=form,
        unknown_key=passkey_sign_in.unknown_key(form.credential.data or "", outcome),
        **_about_this_browser(page_form, known),
    )


def _about_this_browser(form: PasswordForm, known: _Known) -> dict[str, Any]:
    return {
        "captcha": _captcha(form, known.people),
        "hint": known.hint if isinstance(form, HintForm) else None,
        "people": known.people,
        "chosen": _chosen(form, known.people),
        "other_url": url_for("sign_in.index", nomor=_OTHER_NUMBER),
        "has_passkey_here": passkey_devices.is_anybodys(device_token()),
    }


def _known(*, is_new: bool = False) -> _Known:
    """Whom the page shows, or showed before it was sent. `is_new`: whatever was sent."""
    if not is_new and request.method == "POST":
        sent = request.form.get("hint")
        hint = None if sent is None else sign_in_hints.newest(sent)
    else:
        hint = None if _wants_other() else sign_in_hints.newest()
    return _Known(hint, [] if hint else saved_usernames.of_device(device_token()))


def _wants_other() -> bool:
    return request.args.get("nomor") == _OTHER_NUMBER


def _form(known: _Known, *, is_new: bool = False) -> PasswordForm:
    """The form to show. People whom this browser knows are not asked for a number, unless the
    address says so. `is_new`: an empty form, whatever was sent."""
    if known.hint is not None:
        return _hint_form(known.hint)
    if is_new or request.method == "GET":
        return SavedNumberForm() if known.people and not _wants_other() else SignInForm()
    if "hint" in request.form:
        return _gone(_HINT_GONE)
    if "saved" not in request.form:
        return SignInForm()
    identity = saved_usernames.identity_of(request.form["saved"], device_token())
    if identity is None:
        return _gone(_SAVED_GONE)
    form = SavedNumberForm()
    form.identity = identity
    return form


def _hint_form(hint: Hint) -> HintForm:
    form = HintForm()
    form.identity, form.needs_captcha = hint.identity, hint.needs_captcha
    return form


def _gone(why: str) -> SignInForm:
    form = SignInForm()
    form.why_gone = why
    return form


def _answer(form: PasswordForm, known: _Known) -> CaptchaAnswer | Hint:
    """What shows that no robot tries: a captcha, or the journey that has just led here."""
    if isinstance(form, HintForm) and not form.needs_captcha and known.hint:
        return known.hint
    return form.captcha_answered(CaptchaPurpose.SIGN_IN)


def _chosen(form: PasswordForm, people: list[Saved]) -> int | None:
    """Which remembered person is to sign in: the one chosen, or else the one who was here last.
    None: a number is typed."""
    if not isinstance(form, SavedNumberForm):
        return None
    ids = [it.id for it in people]
    return next((it for it in ids if str(it) == form.saved.data), ids[0])


def _refusal(outcome: SignInRefusal | RetryAfter | None, form: PasswordForm) -> str | None:
    """The words for number and password together; None where there is nothing to say."""
    if isinstance(outcome, RetryAfter):
        (words,), _ = why_refused(outcome)
        return words
    if outcome is SignInRefusal.BUSY and isinstance(form, HintForm) and not form.needs_captcha:
        # The page has no captcha to say it at.
        return BUSY
    if outcome is not SignInRefusal.NO_MATCH:
        return None
    if isinstance(form, SavedNumberForm | HintForm):
        return "Kata sandi tidak cocok dengan nomor ini. Periksa lagi"
    return "Nomor atau kata sandi tidak cocok. Periksa keduanya"


def _captcha(form: PasswordForm, people: list[Saved]) -> Captcha | None:
    """A new one; None: the form needs none."""
    if isinstance(form, HintForm) and not form.needs_captcha:
        return None
    captcha = new_captcha(CaptchaPurpose.SIGN_IN)
    if people and isinstance(form, SignInForm):
        # *Ganti gambar* without JavaScript must come back to this form, not to the other one.
        return replace(captcha, page_url=url_for("sign_in.index", nomor=_OTHER_NUMBER))
    return captcha


def _status(outcome: SignInRefusal | RetryAfter | None) -> int:
    if outcome is None:
        return 200
    if outcome is SignInRefusal.BUSY:
        return 503
    return 429 if isinstance(outcome, RetryAfter) else 422
