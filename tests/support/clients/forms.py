"""Forms as people see them: fields found by their labels, filled, and sent by a button."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.support.clients.markup import Document, Element, flat, text_of

Value = str | bool


@dataclass
class Submission:
    """What a browser would send."""

    form: Element
    button: Element
    method: str
    action: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    secrets: list[tuple[str, str]] = field(default_factory=list)


def fill(document: Document, button_name: str, values: Mapping[str, Value]) -> Submission:
    """The form with this button: its fields as they are on the page, changed by `values`.

    Keys are labels (for a group of radios its legend), values what is typed, the label of the
    radio or option chosen, or a bool for a checkbox. Raises LookupError for what is not there.
    """
    form, button = _form_with(document, button_name)
    submission = Submission(
        form=form,
        button=button,
        method=(button.get("formmethod") or form.get("method") or "get").lower(),
        action=button.get("formaction") or form.get("action") or "",
    )
    pending = dict(values)
    for control in document.controls_of(form):
        if control.tag != "button" and "disabled" not in control.attrib:
            _add_control(document, control, pending, submission)
    if pending:
        raise LookupError(f"no field {list(pending)}; there are {labels(document, form)}")
    if button.get("name"):
        submission.fields.append((button.get("name", ""), button.get("value", "")))
    return submission


def labels(document: Document, form: Element | None = None) -> list[str]:
    """The labels of the visible fields, in order."""
    found = [
        _key_of(document, it)
        for it in (form or document.root).iter()
        if it.tag in ("input", "select", "textarea") and it.get("type") not in ("hidden", "submit")
    ]
    return list(dict.fromkeys(found))


def control_named(document: Document, label: str) -> Element:
    """The control with this label. Raises LookupError."""
    for control in document.elements("input", "select", "textarea"):
        if control.get("type") != "hidden" and _matches(_key_of(document, control), label):
            return control
    raise LookupError(f"no field {label!r}; there are {labels(document)}")


def _form_with(document: Document, button_name: str) -> tuple[Element, Element]:
    seen = []
    for button in document.elements("button"):
        form = document.form_of(button)
        if form is not None and button.get("type") == "submit":
            seen.append(document.name_of(button))
            if seen[-1] == button_name:
                return form, button
    raise LookupError(f"no button {button_name!r} in a form; there are {seen}")


def _add_control(
    document: Document, control: Element, pending: dict[str, Value], submission: Submission
) -> None:
    name = control.get("name")
    kind = control.get("type", "text") if control.tag == "input" else control.tag
    if not name or kind in ("submit", "button", "reset", "image"):
        return
    given = None if kind == "hidden" else _given(document, control, pending)
    if kind in ("radio", "checkbox"):
        if _is_chosen(document, control, kind, given):
            submission.fields.append((name, control.get("value", "on")))
        if given is not None and not _more_radios(control, submission.form):
            _take(document, control, pending)
        return
    if given is not None:
        _take(document, control, pending)
    if control.tag == "select":
        value = _option_value(control, given)
    elif control.tag == "textarea":
        value = "".join(control.itertext()) if given is None else str(given)
    else:
        value = control.get("value", "") if given is None else str(given)
    if kind == "password":
        submission.secrets.append(("password", value))
    if control.get("autocomplete") == "one-time-code":
        submission.secrets.append(("code", value))
    submission.fields.append((name, value))


def _given(document: Document, control: Element, pending: Mapping[str, Value]) -> Value | None:
    key = _key_of(document, control)
    return next((value for label, value in pending.items() if _matches(key, label)), None)


def _take(document: Document, control: Element, pending: dict[str, Value]) -> None:
    key = _key_of(document, control)
    for label in [it for it in pending if _matches(key, it)]:
        del pending[label]


def _is_chosen(document: Document, control: Element, kind: str, given: Value | None) -> bool:
    if given is None:
        return "checked" in control.attrib
    if kind == "checkbox":
        return bool(given)
    return _matches(document.name_of(control), str(given))


def _more_radios(control: Element, form: Element) -> bool:
    if control.get("type") != "radio":
        return False
    group = [it for it in form.iter("input") if it.get("name") == control.get("name")]
    return group[-1] is not control


def _key_of(document: Document, control: Element) -> str:
    if control.get("type") == "radio":
        for ancestor in document.ancestors(control):
            if ancestor.tag == "fieldset" or ancestor.get("role") == "radiogroup":
                return document.name_of(ancestor)
    return document.name_of(control)


def _matches(name: str, wanted: str) -> bool:
    return name == flat(wanted)


def _option_value(select: Element, given: Value | None) -> str:
    options = list(select.iter("option"))
    if given is None:
        chosen = [it for it in options if "selected" in it.attrib] or options[:1]
    else:
        chosen = [it for it in options if text_of(it) == flat(str(given))]
    if not chosen:
        raise LookupError(f"no option {given!r} in {select.get('name')!r}")
    return chosen[0].get("value", text_of(chosen[0]))
