"""Garbage in the name of a phone never makes a page fail, and every refusal has words (R41; ASVS
2.2.1)."""

import json

import pytest
from flask import Flask
from hypothesis import example, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from jkn.models import AuditEvent, PasskeyCeremony, SpentRateLimit
from tests.support.clients.forms import fill
from tests.support.clients.malformed_requests import FuzzingClient, forget_tries
from tests.support.clients.markup import Document, text_of
from tests.support.clients.software_authenticator import Authenticator
from tests.support.rules.garbage import texts, urlencoded
from tests.support.rules.garbage_answers import (
    spoilt_bytes,
    spoilt_members,
    spoilt_texts,
    spoilt_words,
)
from tests.support.rules.garbage_bodies import Body, bodies
from tests.support.rules.refusals import findings
from tests.support.steps.passkey_steps import CREATE, MAKE, USE, agree
from tests.support.steps.sign_in_steps import sign_in
from tests.support.world.factories import make_account, make_passkey
from tests.support.world.rows import all_rows, changes

pytestmark = pytest.mark.parametrize("database_copies", ["sqlite"], indirect=True)

FORM = "application/x-www-form-urlencoded"
WORDS = (
    "Jawaban HP ini tidak terbaca",
    "Waktunya habis",
    "Belum ada akun dengan sidik jari HP ini",
    "Isian terlalu panjang",
    "Isian tidak bisa kami baca",
)
# The addresses to which a phone's answer is sent, and the button that asks the phone.
DOORS = {"/masuk/biometrik": USE, CREATE: MAKE}
# The tables in which judging an answer may leave rows.
LEFT = {it.__tablename__ for it in (PasskeyCeremony, AuditEvent, SpentRateLimit)}


class Visitors:
    """Visitors at each of the forms, and the phone of somebody with a passkey."""

    def __init__(self, app: Flask) -> None:
        account = make_account()
        self.phone = Authenticator()
        make_passkey(account, self.phone)
        stranger = FuzzingClient(app, "/masuk", {}, lambda it: it.get("/masuk"))
        member = FuzzingClient(app, CREATE, {}, lambda it: agree(sign_in(it, account)))
        self._at = {"/masuk/biometrik": stranger, CREATE: member}
        self._tokens = {
            door: dict(fill(it.browser.document, DOORS[door], {}).fields)["csrf_token"]
            for door, it in self._at.items()
        }

    def send(
        self, door: str, body: bytes, kind: str, *, way: str = "", **headers: str
    ) -> TestResponse:
        headers = {"X-CSRFToken": self._tokens[door], **headers}
        return self._at[door].open(
            door + way, method="POST", data=body, content_type=kind, headers=headers
        )

    def say(self, door: str, credential: str, *, with_htmx: bool) -> TestResponse:
        """Send the form as its page would, with this in the place of the phone's answer."""
        headers = {"HX-Request": "true"} if with_htmx else {}
        return self.send(door, urlencoded([("credential", credential)]), FORM, **headers)

    def genuine(self, door: str) -> dict[str, object]:
        """A genuine answer of the phone to an old challenge."""
        asked = {"challenge": "AAAA", "rpId": "localhost", "rp": {"id": "localhost"},
                 "user": {"id": "AAAA"}}  # fmt: skip
        make = self.phone.get if door == "/masuk/biometrik" else Authenticator().create
        answer: dict[str, object] = json.loads(make(asked))
        return answer


@pytest.fixture
def visitors(app: Flask) -> Visitors:
    return Visitors(app)


def refused_in_words(answer: TestResponse, *said: str) -> list[str]:
    """Everything wrong with the refusal."""
    found = [it for it in findings(answer, said=said) if " is headed " not in it]
    if answer.status_code not in (400, 411, 413, 415, 422):
        found.append(f"the status is {answer.status_code}")
    if not any(it in answer.text for it in WORDS):
        found.append(f"no words: {answer.text[:100]!r}")
    return found


@pytest.mark.parametrize("door", DOORS)
def test_garbage_in_the_name_of_a_phone_is_refused_in_words(visitors: Visitors, door: str) -> None:
    genuine = visitors.genuine(door)
    spoilt = st.one_of(
        spoilt_texts(genuine), spoilt_members(genuine), spoilt_bytes(genuine), spoilt_words(genuine)
    )

    @settings(max_examples=settings.default.max_examples // 2)
    @given(credential=spoilt | texts(), with_htmx=st.booleans())
    @example(credential="", with_htmx=False)
    @example(credential="a" * 1_000_000, with_htmx=True)
    @example(credential="[" * 16_000, with_htmx=False)
    @example(credential='{"rawId": "\\ud800"}', with_htmx=False)
    @example(credential="\x00", with_htmx=True)
    def check(credential: str, with_htmx: bool) -> None:
        forget_tries()
        before = all_rows()
        answer = visitors.say(door, credential, with_htmx=with_htmx)
        found = refused_in_words(answer, credential)
        found += changes(before, all_rows(), but_for=LEFT)
        assert not found, found

    check()


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("way", ["", "/tantangan"])
def test_garbage_instead_of_a_form_fails_nowhere(visitors: Visitors, door: str, way: str) -> None:
    @settings(max_examples=settings.default.max_examples // 8)
    @given(body=bodies(["credential", "csrf_token"]))
    @example(body=Body(b"\x00" * 1_000_000, FORM))
    @example(body=Body(b'{"credential": {}}', "application/json"))
    def check(body: Body) -> None:
        forget_tries()
        before = all_rows()
        answer = visitors.send(door, body.content, body.content_type, way=way)
        if way and answer.status_code == 200:
            # Nothing in the body is asked for.
            assert answer.is_json
            found = list(findings(answer, said=body.said))
        else:
            found = refused_in_words(answer, *body.said)
        found += changes(before, all_rows(), but_for=LEFT)
        assert not found, found

    check()


@pytest.mark.parametrize("door", DOORS)
def test_what_comes_without_the_pages_own_token_is_refused(visitors: Visitors, door: str) -> None:
    for way in ("", "/tantangan"):
        before = all_rows()
        answer = visitors.send(door, b"credential=x", FORM, way=way, **{"X-CSRFToken": "x"})
        assert answer.status_code == 400
        assert "Halaman ini sudah terlalu lama terbuka" in answer.text
        assert changes(before, all_rows()) == []


def test_a_refusal_keeps_the_way_that_leads_on(visitors: Visitors) -> None:
    answer = visitors.say(CREATE, "garbage", with_htmx=False)
    document = Document.of_page(answer.text)
    assert MAKE in [document.name_of(it) for it in document.elements("button")]
    (problem,) = [it for it in document.elements() if it.get("class") == "error"]
    assert text_of(problem).endswith("Coba lagi, atau pakai cara lain")
    answer = visitors.say("/masuk/biometrik", "garbage", with_htmx=False)
    names = [Document.of_page(answer.text).name_of(it)
             for it in Document.of_page(answer.text).elements("button")]  # fmt: skip
    assert {USE, "MASUK"} <= set(names)
