"""Garbage in a form never makes the app fail, forget what was typed, or change anything.

Forms are found by following links, so that a new one is looked at as soon as a page shows it
(ASVS 2.2.1, 15.3.5).
"""

import re
import unicodedata
from collections.abc import Collection, Iterator
from contextlib import closing

import pytest
from flask import Flask
from hypothesis import example, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from jkn.database import Base
from tests.support.clients.crawling import FoundForm
from tests.support.clients.malformed_requests import (
    CHANGED_BY,
    FuzzingClient,
    each_form_once,
    forget_tries,
    share_of,
    strangers_and_members,
)
from tests.support.clients.markup import Document
from tests.support.rules.garbage import texts
from tests.support.rules.garbage_bodies import NAMELESS_PART, Body, bodies, file_in
from tests.support.rules.garbage_headers import environ_of, headers
from tests.support.world.connected import ConnectedDatabase
from tests.support.world.factories import PASSWORD, make_account
from tests.support.world.kept_rows import KeptRows
from tests.support.world.rows import all_rows

# Routes without a form on a page: browsers or scripts send to them without fields.
WITHOUT_FORM = {
    # The card asks by itself when it is seen, with the fields of the form in it.
    "passkeys.offered",
    "passkeys.options",
    "pin.unlock_options",
    "reauthentication.passkey_options",
    "reports.content_security",
    "session_end.prolong",
    "sign_in.passkey_options",
}
# Where a new password is typed once.
CHOSEN_ONCE = {"recovery.password"}
COLUMNS = sorted({it.name for table in Base.metadata.tables.values() for it in table.columns})


@pytest.fixture
def visitors(app: Flask) -> list[FuzzingClient]:
    return strangers_and_members(app, make_account())


class OpenForm:
    """A form on a page that was just opened. Every example finds the same rows, whatever those
    before it did: `before` and `filled` hold for each."""

    def __init__(
        self, visitor: FuzzingClient, form: FoundForm, database: ConnectedDatabase
    ) -> None:
        self.visitor, self.form, self._database = visitor, form, database
        self._filled = visitor.filled(form)
        self._kept = KeptRows(database)
        self.before = all_rows()

    def filled(self) -> dict[str, str]:
        """The fields as its page shows them; everything is as it was when the page was opened."""
        self._kept.put_back(self._database)
        return dict(self._filled)

    def findings(self, answer: TestResponse, **sent: Collection[str]) -> list[str]:
        """Everything wrong with the answer, and with what it left behind."""
        allowed = self.visitor.may_change(self.form)
        return self.visitor.findings(self.before, answer, allowed, **sent)

    def close(self) -> None:
        """Forget the rows."""
        self._kept.close()


@pytest.mark.timeout(600)
def test_garbage_in_any_form_is_refused_in_words(
    app: Flask, database: ConnectedDatabase, visitors: list[FuzzingClient]
) -> None:
    """Garbage in the fields, instead of the form, and around it. This is one test, since finding
    all forms takes long."""
    found = each_form_once(visitors)
    assert_all_are_known(app, {(form.endpoint, form.method) for _, form in found})
    forget_tries()
    with closing(KeptRows(database)) as kept:
        for visitor, form in found:
            kept.put_back(database)
            with closing(OpenForm(visitor, form, database)) as opened:
                throw_at_fields(opened, share_of(len(found)))
                if form.method != "GET":
                    throw_instead(opened, share_of(len(found)))
                throw_at_headers(opened, share_of(len(found)))


def assert_all_are_known(app: Flask, found: set[tuple[str, str]]) -> None:
    """Every route that takes a form has one on a page, and is listed with what it changes."""
    taken = {
        (rule.endpoint, method)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) & {"POST", "PUT", "PATCH", "DELETE"}
        if rule.endpoint not in WITHOUT_FORM
    }
    assert {it for it in found if it[1] != "GET"} == taken
    assert {endpoint for endpoint, _ in found} >= set(CHANGED_BY)


def throw_at_fields(opened: OpenForm, share: settings) -> None:
    visitor, form = opened.visitor, opened.form
    own = [name for name, _ in form.fields if name != "csrf_token"]
    names = st.sampled_from(own or ["x"]) | st.sampled_from([*own, *COLUMNS, "csrf_token"])

    @share
    @given(garbage=st.dictionaries(names, texts(), min_size=1, max_size=3), with_htmx=st.booleans())
    @example(garbage={"number": "3276051703840001\x85"}, with_htmx=False)
    @example(garbage={"number": "\ufdd0"}, with_htmx=True)
    @example(garbage={"number": "a" * 1_000_000}, with_htmx=False)
    @example(garbage={"password": "a" * 1_000_000}, with_htmx=True)
    def check(garbage: dict[str, str], with_htmx: bool) -> None:
        fields = {**opened.filled(), **garbage}
        answer = visitor.send(form, fields, with_htmx=with_htmx)
        told = {fields[name] for name in form.kept if name in fields}
        secrets = {fields[name] for name in form.secret if name in fields} - told
        found = opened.findings(answer, said=fields.values(), secrets=secrets)
        found += forgotten(form, fields, answer)
        found += let_in(form, fields, answer)
        assert not found, f"{form.endpoint} ({form.page}): {found}"

    check()


def forgotten(form: FoundForm, fields: dict[str, str], answer: TestResponse) -> Iterator[str]:
    """Fields in which the form, when it is shown again, has lost what was typed."""
    if answer.status_code not in (422, 429) or "HX-Retarget" in answer.headers:
        return
    shown = {
        it.get("name"): it.get("value") for it in Document.of_page(answer.text).elements("input")
    }
    for name in form.kept & set(fields):
        typed = re.sub("\r\n?", "\n", fields[name])
        if shown.get(name) != typed:
            yield f"{name} shows {shown.get(name)!r} instead of {typed!r}"


def let_in(form: FoundForm, fields: dict[str, str], answer: TestResponse) -> Iterator[str]:
    """Whether a form that asks for a secret did something without it. Where a secret is chosen, any
    may be: it is typed twice there, but for those that are listed."""
    if "confirmation" in fields or form.endpoint in CHOSEN_ONCE:
        return
    if answer.status_code < 400:
        for name in form.secret:
            if unicodedata.normalize("NFC", fields[name]) != PASSWORD:
                yield f"{name} was taken: {fields[name]!r}"


def throw_instead(opened: OpenForm, share: settings) -> None:
    visitor, form = opened.visitor, opened.form
    names = [name for name, _ in form.fields]

    @share
    @given(body=bodies(names), with_htmx=st.booleans())
    @example(body=file_in("number"), with_htmx=False)
    @example(body=file_in("captcha_answer"), with_htmx=True)
    @example(body=NAMELESS_PART, with_htmx=False)
    def check(body: Body, with_htmx: bool) -> None:
        headers = {"X-CSRFToken": opened.filled()["csrf_token"]}
        if with_htmx and form.has_htmx:
            headers["HX-Request"] = "true"
        answer = visitor.open(
            form.action,
            method=form.method,
            data=body.content,
            content_type=body.content_type,
            headers=headers,
        )
        found = opened.findings(answer, said=body.said)
        assert not found, f"{form.endpoint} ({form.page}): {found}"

    check()


def throw_at_headers(opened: OpenForm, share: settings) -> None:
    visitor, form = opened.visitor, opened.form

    @share
    @given(sent=headers(), with_htmx=st.booleans())
    @example(sent={"Referer": "http://["}, with_htmx=False)
    @example(sent={"Origin": "http://[", "Sec-Fetch-Site": ""}, with_htmx=False)
    def check(sent: dict[str, str], with_htmx: bool) -> None:
        answer = visitor.send(
            form,
            opened.filled(),
            with_htmx=with_htmx,
            environ_overrides=environ_of(sent),
        )
        found = opened.findings(answer, said=sent.values())
        assert not found, f"{form.endpoint} ({form.page}): {found}"

    check()
