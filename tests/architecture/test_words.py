"""Templates and tables have words, icons or addresses for every value of the enums they show."""

from collections.abc import Collection
from enum import StrEnum
from typing import Any

import pytest
from flask import Flask

from jkn.blueprints.recovery import routes as recovery
from jkn.models import ChangeRow, DropReason, RecoveryMethod, Relationship, SessionEnd
from jkn.services.audit import activity
from jkn.services.changes.who_may import Reason
from jkn.services.credentials import captcha, personal_questions
from jkn.services.credentials.personal_questions import Question
from jkn.services.membership.home import ReminderKind
from jkn.services.membership.membership import MembershipState, Payer
from jkn.web import captchas, change_values, change_words, questions
from jkn.web.flash import Flash

# By template: the name of its table, and the values that the table must have.
IN_TEMPLATES: list[tuple[str, str, Collection[StrEnum]]] = [
    ("flash", "words", Flash),
    ("person_row", "relationships", Relationship),
    ("member_facts", "payers", Payer),
    ("change_item", "dropped", DropReason),
    ("status_tag", "states", MembershipState),
    # The template has other words for arrears.
    ("reminders", "words", set(ReminderKind) - {ReminderKind.ARREARS}),
]
IN_PYTHON: list[tuple[dict[Any, object], Collection[StrEnum]]] = [
    # A session that expired is no event of `SESSION_ENDED`.
    (activity._ENDED, set(SessionEnd) - {SessionEnd.EXPIRED}),
    (change_values.TITLES, ChangeRow),
    (change_words._WHY, Reason),
    (captchas._PAGES, captcha.CaptchaPurpose),
    (personal_questions._COMPARED_AS, Question),
    (questions.WORDS, Question),
    (recovery._WAYS, RecoveryMethod),
]


@pytest.mark.parametrize(("template", "name", "values"), IN_TEMPLATES)
def test_a_template_has_words_for_every_value(
    app: Flask, template: str, name: str, values: Collection[StrEnum]
) -> None:
    with app.test_request_context("/"):
        module = app.jinja_env.get_template(f"components/{template}.html").make_module()
    assert getattr(module, name).keys() == set(values)


@pytest.mark.parametrize(("words", "values"), IN_PYTHON)
def test_a_table_has_words_for_every_value(
    words: dict[Any, object], values: Collection[StrEnum]
) -> None:
    assert words.keys() == set(values)
