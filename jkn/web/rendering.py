"""Pages and fragments: routes say what to show; this module decides in which form it is sent."""

import re
from collections.abc import MutableMapping
from datetime import timedelta
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, current_app, g, make_response, redirect, render_template, request
from flask import Response as FlaskResponse
from flask.templating import Environment
from flask_wtf import FlaskForm
from markupsafe import Markup, escape
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from jkn.assets import SOURCE, Assets
from jkn.extensions import htmx
from jkn.services.basics import clock, wording
from jkn.services.basics.masking import HIDDEN
from jkn.settings import Settings

_LASTING = timedelta(days=365)


def is_fragment() -> bool:
    """True when htmx asked for something that it puts into an open page."""
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def render(
    template: str,
    *,
    status: int = 200,
    part: str | None = None,
    part_target: str | None = None,
    part_url: str | None = None,
    **values: Any,
) -> Response:
    """A page, or only what goes into `<main>` when htmx asks.

    A form with errors makes it 422. With `part` a fragment request gets that template alone,
    swapped into `part_target`, so that the rest of the page stays as the person left it.
    `part_url`: the address that the open page then has; without one it keeps its own.
    """
    form = values.get("form")
    if status == 200 and isinstance(form, FlaskForm) and form.errors:
        status = 422
    if part is not None and is_fragment():
        answer = _part(part, part_target, status, values)
        if part_url is not None:
            del answer.headers["HX-Push-Url"]
            answer.headers["HX-Replace-Url"] = part_url
        return answer
    if is_fragment():
        return _fragment(template, status, {"layout": "layouts/fragment.html", **values})
    return make_response(render_template(template, layout="layouts/page.html", **values), status)


def render_part(part: str, *, target: str, page_url: str, **values: Any) -> Response:
    """A part of an open page alone; without htmx the whole page is loaded again."""
    return _part(part, target, 200, values) if is_fragment() else leave_for(page_url)


def part_for_fragment(
    part: str, *, target: str, status: int, **values: Any
) -> FlaskResponse | None:
    """A part of an open page where htmx asked for it; None where the browser asked for a page."""
    return _part(part, target, status, values) if is_fragment() else None


def _part(part: str, target: str | None, status: int, values: dict[str, Any]) -> FlaskResponse:
    answer = _fragment(part, status, values)
    answer.headers["HX-Retarget"] = target
    answer.headers["HX-Reswap"] = "outerHTML"
    answer.headers["HX-Push-Url"] = "false"
    return answer


def _fragment(template: str, status: int, values: dict[str, Any]) -> FlaskResponse:
    """What htmx puts into an open page. That page may lack the scripts of the elements in it;
    js/common/scripts.js loads those that this header names."""
    html = render_template(template, **values)
    answer = make_response(html, status)
    assets: Assets = current_app.extensions["assets"]
    if scripts := assets.scripts_for(html):
        answer.headers["Scripts"] = " ".join(scripts)
    return answer


def leave_for(url: str) -> Response:
    """Redirect to another page. The whole document is replaced, also when htmx asked."""
    if is_fragment():
        answer = make_response("", 204)
        answer.headers["HX-Redirect"] = url
        return answer
    return redirect(url, 303)


def page_asked_from() -> str | None:
    """The path of the page that sent the request; None when that is no page of ours."""
    try:
        referrer = urlsplit(request.referrer or "")
    except ValueError:  # The referrer is no address at all.
        return None
    is_ours = referrer.netloc == request.host and _is_own_page(referrer.path)
    return referrer.path if is_ours else None


def set_lasting_cookie(answer: Response, name: str, value: str) -> None:
    """A cookie that outlives the session: a year, out of reach for scripts."""
    answer.set_cookie(
        name,
        value,
        max_age=_LASTING,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )


def expire_cookies(answer: Response) -> None:
    """Delete every cookie of the app: the session's, and those named by a setting `…_COOKIE`."""
    settings = current_app.config
    names = [settings[it] for it in settings if it.endswith("_COOKIE")]
    for name in (settings["SESSION_COOKIE_NAME"], *names):
        answer.delete_cookie(
            name, secure=settings["SESSION_COOKIE_SECURE"], httponly=True, samesite="Lax"
        )


def _is_own_page(path: str) -> bool:
    if not path.startswith("/") or path.startswith("//") or "\\" in path:
        return False
    adapter = current_app.create_url_adapter(request)
    try:
        return adapter is not None and bool(adapter.match(path, method="GET"))
    except HTTPException:
        return False


# Size and strokes for browsers that understand no style sheet of ours: without them an icon is a
# black square as wide as the screen. The style sheet outweighs them.
_LOOK = 'width="28" height="28" fill="none" stroke="currentColor" stroke-width="2"'


@cache
def icon(name: str) -> Markup:
    """An icon of the vendored set, inlined; a word always stands beside it."""
    text = (SOURCE / "vendor" / "lucide" / f"{name}.svg").read_text()
    shapes = text[text.index(">", text.index("<svg")) + 1 :]
    drawing = "".join(line.strip() for line in shapes.splitlines())
    opening = f'<svg class="icon" {_LOOK} viewBox="0 0 24 24" aria-hidden="true" focusable="false">'
    return Markup(opening + drawing)  # noqa: S704  files of ours, not of a visitor


def breakable(address: str) -> Markup | str:
    """An e-mail address that goes on in the next line between its words, not inside them. Other
    text stays as it is."""
    if "@" not in address:
        return address
    parts = re.split(r"(?<=@)|(?=\.)", address)
    return Markup("<wbr>").join(parts)


_DOTS = re.compile(f"{HIDDEN}+(?: {HIDDEN}+)*")
_SAID = r'<span aria-hidden="true">\g<0></span><span class="visually-hidden"> disamarkan </span>'


def masked(text: str) -> Markup:
    """A number or an address whose masked part is read aloud as one word, not as so many dots.

    One element whatever is masked in it, since a row or a grid would set its parts apart.
    """
    said, masks = _DOTS.subn(_SAID, str(escape(text)))
    return Markup(f"<span>{said}</span>" if masks else said)  # noqa: S704  escaped just before


class _SharedGlobals(Environment):
    """Gives every template the same globals. By default each template has a layer of its own above
    them, and each import between templates compares the layers name by name. That took a quarter
    of the time of rendering a page."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return super().make_globals(d) if d else self.globals


def init_app(app: Flask, settings: Settings, assets: Assets) -> None:
    """Give templates what they may use; they call no service."""
    app.jinja_environment = _SharedGlobals
    app.jinja_env.filters.update(
        long_date=wording.long_date,
        clock_time=wording.clock_time,
        date_and_time=wording.date_and_time,
        day_and_time=wording.day_and_time,
        not_before=wording.not_before,
        breakable=breakable,
        masked=masked,
        grouped=wording.grouped,
        number=wording.number,
        distance=wording.distance,
        dialled=wording.dialled,
        seconds_until=clock.seconds_until,
    )
    app.jinja_env.globals.update(
        asset=assets.url,
        scripts_for=assets.scripts_for,
        icon=icon,
        inline_css=lambda: Markup(assets.css),  # noqa: S704  a file of ours
        address=settings.address,
        passkey_domain=settings.passkey_domain,
    )

    @app.context_processor
    def about_the_visitor() -> dict[str, Any]:
        return {
            "is_signed_in": g.get("is_signed_in", False),
            # A first page holds its style sheet in itself; the pages that follow load the file.
            "is_first_page": app.config["SESSION_COOKIE_NAME"] not in request.cookies,
        }
