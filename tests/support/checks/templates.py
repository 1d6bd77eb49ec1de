"""Templates compile, are used, and name endpoints, files and icons that exist."""

import ast
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

from flask import Flask
from jinja2 import TemplateError, nodes

from jkn import create_app
from jkn.assets import Assets
from jkn.services.access import family_confirmation
from jkn.services.credentials import one_time_codes
from jkn.services.messaging.channels import CHANNELS
from jkn.services.messaging.event_catalogue import EVENTS
from tests.support.world.connected import settings_for
from tests.support.world.databases import ROOT

_ICONS = ROOT / "jkn" / "static" / "vendor" / "lucide"
_TEMPLATE_NAME = re.compile(r"[a-z_-]+/[a-z0-9_/-]+\.(html|txt|js|xml)\Z")


def findings() -> list[str]:
    """Everything wrong with the templates."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(settings_for("sqlite://", Path(folder), {"log_level": "error"}))
        assets: Assets = app.extensions["assets"]
        broken = [*_broken(app, set(assets.urls)), *_broken_in_the_catalogue(app)]
        return [*broken, *_unused(app, set(assets.urls))]


def _broken(app: Flask, assets: set[str]) -> Iterator[str]:
    known = {"url_for": _endpoints(app), "asset": assets, "icon": _icons()}
    for name in app.jinja_env.list_templates():
        try:
            app.jinja_env.get_template(name)
        except TemplateError as error:
            yield f"{name}: {error}"
            continue
        for function, argument in _calls(_parsed(app, name)):
            if function in known and argument not in known[function]:
                yield f"{name}: {function}({argument!r}) does not exist"


def _broken_in_the_catalogue(app: Flask) -> Iterator[str]:
    for kind, event in EVENTS.items():
        if event.icon not in _icons():
            yield f"{kind}: there is no icon {event.icon!r}"
        leads_to = None if event.news is None else event.news.leads_to
        if leads_to is not None and leads_to not in _endpoints(app):
            yield f"{kind}: there is no endpoint {leads_to!r}"


def _endpoints(app: Flask) -> set[str]:
    return {rule.endpoint for rule in app.url_map.iter_rules()}


def _icons() -> set[str]:
    return {it.stem for it in _ICONS.glob("*.svg")}


def _calls(tree: nodes.Template) -> Iterator[tuple[str, object]]:
    """Calls of plain names with a literal first argument."""
    for call in tree.find_all(nodes.Call):
        first = call.args[0] if call.args else None
        if isinstance(call.node, nodes.Name) and isinstance(first, nodes.Const):
            yield call.node.name, first.value


def _unused(app: Flask, assets: set[str]) -> Iterator[str]:
    existing = set(app.jinja_env.list_templates())
    used = set(_named_in_python(ROOT / "jkn")) | set(_named_in_templates(app, existing))
    used |= set(texts_of_the_catalogue())
    # Texts that people agreed to are kept, whatever is in force today (services/basics/terms.py).
    used |= {it for it in existing if it.startswith("terms/") and it[-7:-5].isdigit()}
    for name in sorted(existing - used):
        yield f"{name} is used nowhere"
    for name in sorted(used - existing - assets):
        yield f"{name} is used, but does not exist"


def texts_of_the_catalogue() -> Iterator[str]:
    """Every text of a message: those that are found by their topic, those of codes, and what the
    family is asked."""
    for text in (one_time_codes.TEXT, family_confirmation.TEXT):
        yield from (f"messages/{channel}/{text}.txt" for channel in CHANNELS)
    for event in EVENTS.values():
        if event.news is not None:
            yield f"messages/notification/{event.news.topic}.txt"
            if event.news.on_every_channel:
                yield f"messages/sms/{event.news.topic}.txt"
                yield f"messages/email/{event.news.topic}.txt"


def _named_in_python(folder: Path) -> Iterator[str]:
    for file in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Constant) and _is_template_name(node.value):
                yield str(node.value)


def _named_in_templates(app: Flask, names: set[str]) -> Iterator[str]:
    for name in names:
        try:
            tree = _parsed(app, name)
        except TemplateError:
            continue  # `_broken` reports it
        yield from (it.value for it in tree.find_all(nodes.Const) if _is_template_name(it.value))


def _is_template_name(value: object) -> bool:
    return isinstance(value, str) and bool(_TEMPLATE_NAME.match(value))


def _parsed(app: Flask, name: str) -> nodes.Template:
    assert app.jinja_env.loader is not None
    source, _, _ = app.jinja_env.loader.get_source(app.jinja_env, name)
    return app.jinja_env.parse(source, name)
