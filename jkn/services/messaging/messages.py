"""The texts of SMS, e-mails and notifications, rendered from `templates/messages/`."""

from collections.abc import Mapping
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from jkn.services.basics import runtime, wording
from jkn.services.messaging.outbox import Content

_FOLDER = Path(__file__).resolve().parents[2] / "templates"


def sms(name: str, recipient: str, **values: object) -> Content:
    """An SMS. Its text fits one segment, and holds nothing that anybody typed."""
    return Content(recipient, _rendered(f"messages/sms/{name}.txt", values))


def email(name: str, recipient: str, **values: object) -> Content:
    """An e-mail. The template's first line is the subject. The HTML part says what the text
    says."""
    subject, _, text = _rendered(f"messages/email/{name}.txt", values).partition("\n")
    paragraphs = text.strip().split("\n\n")
    html = _rendered("messages/email/layout.html", {"subject": subject, "paragraphs": paragraphs})
    return Content(recipient, text.strip(), subject, html)


def notification(template: str, facts: Mapping[str, object]) -> tuple[str, str]:
    """A title, which is the template's first line, and one to three sentences about it."""
    title, _, text = _rendered(template, facts).partition("\n")
    return title, text.strip()


def _rendered(template: str, values: Mapping[str, object]) -> str:
    ours = runtime.settings()
    # `base_url`: where links lead. `address`: what people should trust. `host`: the same without a
    # port, because phones fill a code in on this host only, and read no message with a port.
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
