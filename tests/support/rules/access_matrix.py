"""Requests every endpoint with every method as every actor, and reports what is not as expected.

What is expected stands in `access_table.py`. Each finding is a line that names who asked for what.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from jkn.database import session
from jkn.models import Account, AuditEvent, EventKind, Relationship
from tests.support.clients.page_client import PageClient
from tests.support.rules.access_table import (
    SIGN_IN_FIRST,
    TO_PIN,
    UNKNOWN,
    WITHOUT_TOKEN,
    Access,
    Outcome,
)
from tests.support.steps.sign_in_steps import sign_in
from tests.support.world.addresses import Owned, addresses_of
from tests.support.world.factories import make_account, make_family, make_participant
from tests.support.world.rows import Rows, all_rows, changes

OFFERED_BY_FLASK = {"HEAD", "OPTIONS"}
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
FOREIGN_SITE = Outcome("refused as from another site", 403, is_refusal=True)
STALE = Outcome("refused as stale", 400, is_refusal=True)
NOT_OFFERED = Outcome("refused as a method that there is not", 405, is_refusal=True)
METHODS = Outcome("told the methods", 200)

OUR_SITE = {"Sec-Fetch-Site": "same-origin"}
OTHER_SITES = (
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
)

Table = Mapping[str, Mapping[str, Access]]


@dataclass
class Actor:
    """One of the actors of `Access` in a browser; `account` is None for the anonymous one."""

    name: str
    browser: PageClient
    account: Account | None
    token: str


@dataclass(frozen=True)
class Attempt:
    """A request and what it should get. `token`: its CSRF token; None for none. `site`: its
    Sec-Fetch-Site header."""

    rule: Rule
    method: str
    expected: Outcome
    token: str | None = None
    site: Mapping[str, str] = field(default_factory=lambda: OUR_SITE)

    @property
    def changes_nothing(self) -> bool:
        """Whether the database must be the same afterwards."""
        return self.expected.is_refusal or self.method not in UNSAFE


class Matrix:
    """All actors, signed in, and the requests that they make."""

    ACTORS = ("anonymous", "b", "a2", "a")

    def __init__(
        self,
        app: Flask,
        *,
        with_htmx: bool = False,
        is_asked: Callable[[str, str], bool] = lambda _endpoint, _actor: True,
    ) -> None:
        """`is_asked`: whether this endpoint is requested as this actor."""
        self._app = app
        self._is_asked = is_asked
        self._with_htmx = with_htmx
        family = make_family()
        self._own = make_participant(family)
        self._spouse = make_participant(family, sex="M", relationship=Relationship.HUSBAND)
        others = (None, make_account(), make_account(self._spouse))
        accounts = dict(zip(self.ACTORS, (*others, make_account(self._own)), strict=True))
        self._actors = {name: self._arrived(name, account) for name, account in accounts.items()}

    def findings(self, table: Table, *, only: str | None = None) -> list[str]:
        """Everything that is not as the table says; `only`: of this endpoint."""
        rules = list(self._app.url_map.iter_rules())
        found = [*_rows_missing(rules, table), *_rows_too_many(rules, table)]
        for rule in rules:
            if not found and only in (None, rule.endpoint):
                for name in self._actors:
                    if self._is_asked(rule.endpoint, name):
                        found += self._of_actor(rule, table[rule.endpoint], self._actors[name])
        return found

    def _of_actor(self, rule: Rule, row: Mapping[str, Access], actor: Actor) -> Iterator[str]:
        attempts = list(self._attempts(rule, row, actor))
        harmless = [it for it in attempts if it.changes_nothing]
        owned, before = self._addresses(rule), all_rows()
        for attempt in harmless:
            yield from self._findings_of(attempt, actor, *owned)
        yield from self._traces(harmless, actor, before)
        for attempt in attempts:
            if attempt not in harmless:
                # A request may have deleted the object that the next one needs, so it is made
                # again.
                yield from self._findings_of(attempt, actor, *self._addresses(rule))
                if actor.account and actor.browser.get("/keluar").url != "/keluar":
                    actor = self._actors[actor.name] = self._arrived(actor.name, actor.account)

    def _attempts(self, rule: Rule, row: Mapping[str, Access], actor: Actor) -> Iterator[Attempt]:
        outcomes = {getattr(it, actor.name) for it in row.values()}
        is_shut = SIGN_IN_FIRST in outcomes
        asked_first = outcomes & {SIGN_IN_FIRST, TO_PIN}
        yield Attempt(rule, "OPTIONS", next(iter(asked_first), METHODS))
        for method in ("GET", "HEAD"):
            yield Attempt(rule, method, _expected(row, "GET", actor))
        foreign = self._actors["b" if actor.name == "a" else "a"].token
        needs_token = rule.endpoint not in WITHOUT_TOKEN
        # With htmx one bad token and one foreign site are enough: both are refused before anything
        # depends on htmx.
        tokens = (None,) if self._with_htmx else (None, "", "made-up", foreign)
        sites = OTHER_SITES[:1] if self._with_htmx else OTHER_SITES
        for method in UNSAFE:
            expected = _expected(row, method, actor)
            if method in row and needs_token:
                for token in tokens:
                    yield Attempt(rule, method, expected if is_shut else STALE, token)
            good = actor.token if needs_token else None
            for site in sites if method in row else ():
                yield Attempt(rule, method, FOREIGN_SITE, good, site)
            yield Attempt(rule, method, expected, good)

    # The requests

    def _arrived(self, name: str, account: Account | None) -> Actor:
        """In a new browser, on a page that has a form."""
        browser = PageClient(self._app)
        (sign_in(browser, account).get("/keluar") if account else browser.get("/"))
        (token,) = {
            it.get("value", "")
            for it in browser.document.elements("input")
            if it.get("name") == "csrf_token"
        }
        return Actor(name, browser, account, token)

    def _addresses(self, rule: Rule) -> tuple[str, str]:
        return addresses_of(rule, Owned(self._actors["a"].browser, self._own, self._spouse))

    def _ask(self, attempt: Attempt, actor: Actor, address: str) -> TestResponse:
        headers = {**attempt.site, "Cookie": actor.browser.cookies.header()}
        if self._with_htmx:
            headers["HX-Request"] = "true"
        data = None if attempt.token is None else {"csrf_token": attempt.token}
        client = self._app.test_client(use_cookies=False)
        return client.open(address, method=attempt.method, data=data, headers=headers)

    # What is wrong with an answer

    def _findings_of(
        self, attempt: Attempt, actor: Actor, address: str, unknown: str
    ) -> Iterator[str]:
        answer = self._ask(attempt, actor, address)
        expected = attempt.expected
        asked = f"{attempt.rule.endpoint}: {attempt.method} as {actor.name}"
        if expected is STALE:
            asked += f" with the token {attempt.token!r}"
        if attempt.site is not OUR_SITE:
            asked += f" with {dict(attempt.site)}"
        if _got(answer) != self._wanted(expected):
            yield f"{asked} got {_got(answer)}, not {expected.name} {self._wanted(expected)}"
        elif expected is METHODS:
            offered = {it.strip() for it in answer.headers["Allow"].split(",")}
            if offered != attempt.rule.methods:
                yield f"{asked} was told {offered}, not {attempt.rule.methods}"
        elif expected is UNKNOWN:
            if _all_of(answer) != _all_of(self._ask(attempt, actor, unknown)):
                yield f"{asked}: what is not theirs reads unlike what does not exist"
        elif attempt.method == "HEAD" and answer.data:
            yield f"{asked} got a body"

    def _wanted(self, expected: Outcome) -> tuple[int, str | None]:
        if expected.leads_to and self._with_htmx:
            return (200, None) if expected.as_part else (204, expected.leads_to)
        return expected.status, expected.leads_to

    def _traces(self, attempts: list[Attempt], actor: Actor, before: Rows) -> Iterator[str]:
        """Refused requests may leave an event for each refused object and a count for the rate
        limit of such events, and nothing else."""
        asked = f"{attempts[0].rule.endpoint} as {actor.name}"
        for change in changes(before, all_rows(), but_for=["security_events", "spent_budgets"]):
            yield f"{asked}, refused or only looking, changed {change}"
        due = [EventKind.AUTHZ_FAIL] * 2 * sum(it.expected is UNKNOWN for it in attempts)
        known = before["security_events"].total()
        events = select(AuditEvent).order_by(AuditEvent.id).offset(known)
        written = list(session.scalars(events))
        session.rollback()
        if [it.kind for it in written] != due:
            yield f"{asked} left the events {[it.kind.value for it in written]}, not {len(due)}"
        if any(actor.account is None or it.account_id != actor.account.id for it in written):
            yield f"{asked} left events of another account"


def _expected(row: Mapping[str, Access], method: str, actor: Actor) -> Outcome:
    return getattr(row[method], actor.name) if method in row else NOT_OFFERED


def _got(answer: TestResponse) -> tuple[int, str | None]:
    return answer.status_code, answer.location or answer.headers.get("HX-Redirect")


def _all_of(answer: TestResponse) -> tuple[int, bytes, list[tuple[str, str]]]:
    # The request id differs in every answer.
    headers = sorted(it for it in answer.headers if it[0] != "X-Request-ID")
    return answer.status_code, answer.data, headers


def _rows_missing(rules: list[Rule], table: Table) -> Iterator[str]:
    for rule in rules:
        offered = (rule.methods or set()) - OFFERED_BY_FLASK
        listed = set(table.get(rule.endpoint, ()))
        if offered != listed:
            yield f"{rule.endpoint} offers {sorted(offered)}, listed are {sorted(listed)}"


def _rows_too_many(rules: list[Rule], table: Table) -> Iterator[str]:
    for endpoint in set(table) - {it.endpoint for it in rules}:
        yield f"{endpoint} is listed, but there is no such endpoint"
