"""Whatever a page puts into words, an icon or an address has them for every value that there is."""

from collections.abc import Collection
from enum import StrEnum
from typing import Any

import pytest
from flask import Flask

from jkn.blueprints.recovery import routes as recovery
from jkn.models import RecoveryMethod, Relationship, Segment, SessionEnd
from jkn.services.audit import activity
from jkn.services.credentials import captcha, personal_questions
from jkn.services.credentials.personal_questions import Question
from jkn.services.membership.home import ReminderKind
from jkn.services.membership.membership import MembershipState
from jkn.web import captchas, questions
from jkn.web.flash import Flash

# By template, what it calls them, and which there are.
IN_TEMPLATES: list[tuple[str, str, Collection[StrEnum]]] = [
    ("flash", "words", Flash),
    ("person_row", "relationships", Relationship),
    ("member_facts", "segments", Segment),
    ("status_tag", "states", MembershipState),
    # Arrears are said in words of their own.
    ("reminders", "words", set(ReminderKind) - {ReminderKind.ARREARS}),
]
IN_PYTHON: list[tuple[dict[Any, object], Collection[StrEnum]]] = [
    # The worker's own end is no event of `SESSION_ENDED`.
    (activity._ENDED, set(SessionEnd) - {SessionEnd.EXPIRED}),
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
