"""During a rollout an older server reads what a newer one has written. Every page opens, says in
general words what it does not know, and leaves the rows as they are."""

import re
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from datetime import date, datetime

import pytest
from flask import Flask
from jinja2 import Undefined
from sqlalchemy import Column, select

from jkn.database import Base, session, transaction
from jkn.gateways.outgoing import Sms
from jkn.gateways.simulated import SimulatedGateway
from jkn.models import (
    ChangeRow,
    ChangeState,
    Consent,
    ConsentPurpose,
    DropReason,
    EndedReason,
    Journey,
    MemberChange,
    Relationship,
)
from jkn.services.basics import clock as time
from tests.support.clients.cookie_jar import CookieJar
from tests.support.clients.crawling import CrawledPage, crawl, opened
from tests.support.clients.forms import fill
from tests.support.clients.markup import Document
from tests.support.clients.page_client import PageClient
from tests.support.rules.canaries import CANARIES
from tests.support.steps import passkey_steps as biometrics
from tests.support.steps.arrivals import every_arrival, flows_of, table_at
from tests.support.steps.mid_journey_steps import reach_terms
from tests.support.steps.pin_steps import ask_for_pin_code, look, with_pin
from tests.support.steps.recovery_steps import SMS, ask_for_code
from tests.support.steps.sign_in_steps import sign_in, sign_out
from tests.support.world.clock import BEGINNING, Clock
from tests.support.world.connected import ConnectedDatabase
from tests.support.world.factories import make_account, make_family, make_participant
from tests.support.world.kept_rows import KeptRows
from tests.support.world.newer_release import OF_TOMORROW, enum_columns, write_newer
from tests.support.world.queries import QueryCounter
from tests.support.world.rows import all_rows, changes

COLUMNS = list(enum_columns())
# The general words on a page, by the value that this release does not know.
PLAIN = {
    "notifications.topic": "Aktivitas keamanan lain",
    "participants.relationship": "Anggota lain",
    "participants.segment": "Lainnya",
    "security_events.kind": "Aktivitas keamanan lain",
}
JOURNEYS = {it.__tablename__ for it in Journey.kinds}
STEPS = every_arrival()
OUTBOX = "/dev/kotak-keluar"


def steps_of(app: Flask, table: str) -> list[str]:
    """The pages in the middle of this journey."""
    return [path for path in STEPS if table == table_at(app, path)]


def start_of(app: Flask, table: str) -> str:
    """The page where this journey begins."""
    (start,) = {it.start for it in flows_of(app).values() if it.kind.__tablename__ == table}
    return app.url_map.bind("localhost").build(start)


def first_button(document: Document) -> str:
    """The name of the first button within `<main>`."""
    (main,) = document.elements("main")
    return next(document.name_of(it) for it in main.iter("button"))


class NeverShown(Undefined):
    """A missing word: templates may test for it, but must not print it."""

    __str__ = Undefined._fail_with_undefined_error


def two_browsers(app: Flask, clock: Clock) -> tuple[PageClient, PageClient]:
    """A visitor and a signed-in person at a step of every journey, with a row in every table that
    has an enum."""
    family = make_family()
    account = make_account(make_participant(family))
    make_participant(family, relationship=Relationship.CHILD)
    make_participant(family, active_until=date(2025, 1, 1), ended_reason=EndedReason.DEATH)
    with transaction():
        session.add(
            Consent(
                account_id=account.id,
                purpose=ConsentPurpose.ACCOUNT,
                version="1",
                text_hash="",
                given_at=BEGINNING,
            )
        )
        session.add(
            MemberChange(
                participant_id=account.participant_id,
                row=ChangeRow.NAME,
                value='"Baru"',
                effective_on=BEGINNING.date(),
                state=ChangeState.DROPPED,
                dropped_reason=DropReason.DECEASED,
                asked_at=BEGINNING,
                ended_at=BEGINNING,
            )
        )
    SimulatedGateway().send(Sms("stable", "+6281234567890", "teks"))
    visitor, member = PageClient(app), PageClient(app)
    # The recovery belongs to somebody else, since signing in would end it.
    ask_for_code(visitor, make_account().nik, SMS)
    reach_terms(visitor)
    sign_out(sign_in(PageClient(app), account))
    clock.advance(minutes=3)
    look(with_pin(member, account))
    biometrics.agree(member)
    biometrics.options_for(member, biometrics.MAKE)
    clock.advance(minutes=3)
    ask_for_pin_code(member)
    for kind in Journey.kinds:
        if not all_rows()[kind.__tablename__]:
            STEPS[steps_of(app, kind.__tablename__)[0]](PageClient(app))
    return visitor, member


@dataclass(frozen=True)
class Seen:
    """A page on rows that this release wrote. `tables`: those that it had to do with."""

    page: CrawledPage
    tables: Set[str]


@dataclass(frozen=True)
class Kept:
    """What `two_browsers` made: every row, the time then, the cookies of both, and the personal
    values that no page may show."""

    rows: KeptRows
    moment: datetime
    visitor: CookieJar
    member: CookieJar
    canaries: Mapping[str, set[str]]


class Prepared:
    """The browsers of `two_browsers`: made once, then put back for each test on this database."""

    def __init__(self) -> None:
        self._kept: Kept | None = None
        self.seen: dict[tuple[bool, str], Seen] = {}

    def begin(self, app: Flask, clock: Clock, database: ConnectedDatabase) -> None:
        """Make both, and look at every page once."""
        visitor, member = two_browsers(app, clock)
        jars = visitor.cookies.copy(), member.cookies.copy()
        self._kept = Kept(KeptRows(database), time.now(), *jars, CANARIES.by_kind())

        def look(client: PageClient, path: str) -> CrawledPage:
            with QueryCounter().counted() as statements:
                page = opened(client, path)
            words = {word for it in statements for word in re.findall(r"\w+", it)}
            self.seen[client is member, path] = Seen(page, words & set(Base.metadata.tables))
            return page

        crawl(member, "/beranda", known=lambda path: look(member, path))
        for path in (*STEPS, OUTBOX):
            for client in (visitor, member):
                look(client, path)

    def browsers(
        self, app: Flask, clock: Clock, database: ConnectedDatabase
    ) -> tuple[PageClient, PageClient]:
        """Both, at the same steps each time."""
        if self._kept is None:
            self.begin(app, clock, database)
        kept = self._kept
        assert kept is not None
        kept.rows.put_back(database)
        clock.set(kept.moment)
        for kind, values in kept.canaries.items():
            for value in values:
                CANARIES.add(kind, value)
        return (
            PageClient(app, cookies=kept.visitor.copy()),
            PageClient(app, cookies=kept.member.copy()),
        )

    def close(self) -> None:
        """Forget the rows."""
        if self._kept is not None:
            self._kept.rows.close()


@pytest.fixture(scope="module")
def _prepared() -> Iterator[dict[str, Prepared]]:
    prepared = {"sqlite": Prepared(), "postgresql": Prepared()}
    yield prepared
    for it in prepared.values():
        it.close()


@pytest.fixture
def prepared(_prepared: dict[str, Prepared], database: ConnectedDatabase) -> Prepared:
    """Both browsers at their steps, for all tests of this file on such a database."""
    return _prepared[database.kind]


@pytest.mark.parametrize("column", COLUMNS, ids=str)
def test_every_page_opens_on_what_a_newer_release_wrote(
    column: Column[object],
    app: Flask,
    clock: Clock,
    database: ConnectedDatabase,
    prepared: Prepared,
    monkeypatch: pytest.MonkeyPatch,
    pytestconfig: pytest.Config,
) -> None:
    """A page that had nothing to do with the table of this column cannot notice, so it is not
    opened again; `--thorough` opens it all the same."""
    monkeypatch.setattr(app.jinja_env, "undefined", NeverShown)
    visitor, member = prepared.browsers(app, clock, database)
    write_newer(column)

    def known(client: PageClient, path: str) -> CrawledPage | None:
        seen = prepared.seen.get((client is member, path))
        is_concerned = seen is None or column.table.name in seen.tables
        return None if is_concerned or pytestconfig.getoption("thorough") else seen.page

    found = crawl(member, "/beranda", known=lambda path: known(member, path))
    assert {it.status for it in found.values()} == {200}
    said = " ".join(it.document.text for it in found.values())
    assert PLAIN.get(str(column), "") in said
    assert OF_TOMORROW not in said
    for path in (*STEPS, OUTBOX):
        for client in (visitor, member):
            page = known(client, path) or opened(client, path)
            assert page.status < 500, path


@pytest.mark.parametrize("column", [it for it in COLUMNS if it.table.name in JOURNEYS], ids=str)
def test_a_journey_of_a_newer_release_begins_anew_and_its_row_is_kept(
    column: Column[object], client: PageClient
) -> None:
    for step in steps_of(client.app, column.table.name):
        STEPS[step](client)
        if session.scalar(select(column).where(column.is_not(None))):
            break
    assert client.url == step
    submission = fill(client.document, first_button(client.document), {})
    start = client.get(start_of(client.app, column.table.name)).url
    write_newer(column)
    before = all_rows()
    assert client.get(step).url == start
    assert client.send(submission).url == start
    assert client.status == 200
    assert changes(before, all_rows()) == []
