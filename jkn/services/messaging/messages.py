"""The words of what goes out, SMS and e-mail, and of notifications: `templates/messages/`."""

from collections.abc import Mapping
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from jkn.services.basics import runtime, wording
from jkn.services.messaging.outbox import Content

_FOLDER = Path(__file__).resolve().parents[2] / "templates"


def sms(name: str, recipient: str, **values: object) -> Content:
    """An SMS: at most one segment, and nothing in it that anybody typed."""
    return Content(recipient, _rendered(f"messages/sms/{name}.txt", values))


def email(name: str, recipient: str, **values: object) -> Content:
    """An e-mail; the template's first line is the subject. The HTML part says the same."""
    subject, _, text = _rendered(f"messages/email/{name}.txt", values).partition("\n")
    paragraphs = text.strip().split("\n\n")
    html = _rendered("messages/email/layout.html", {"subject": subject, "paragraphs": paragraphs})
    return Content(recipient, text.strip(), subject, html)


def notification(template: str, facts: Mapping[str, object]) -> tuple[str, str]:
    """A title, and a sentence or three on what it means; the template's first line is the
    title."""
    title, _, text = _rendered(template, facts).partition("\n")
    return title, text.strip()


def _rendered(template: str, values: Mapping[str, object]) -> str:
    ours = runtime.settings()
    # Where links lead, and the address that people should trust. `host` is that without a port:
    # phones fill a code in on this host only, and read no message that names a port.
    where = {"base_url": ours.base_url, "address": ours.address, "host": ours.host_name}
    return _templates.get_template(template).render(**where, **values).strip()


_templates = Environment(
    loader=FileSystemLoader(_FOLDER),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)

_templates.filters.update(clock_time=wording.clock_time, date_and_time=wording.date_and_time)
