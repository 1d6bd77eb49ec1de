"""The events of every act, written in the same transaction as the act (security.md R78, R79)."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from jkn.database import session
from jkn.models import Account, AuditEvent, EventKind, SignInSession, SpentCaptcha
from jkn.services.access.sign_in import SignInRefusal
from jkn.services.audit import audit_log
from jkn.services.audit.audit_log import Client
from jkn.services.credentials import passwords
from jkn.services.credentials.captcha import accept
from jkn.services.sessions.sessions import end, resume
from tests.support.calls.sign_in_calls import CLIENT, answered, count, enter, entered, recorded
from tests.support.world.clock import BEGINNING, Clock
from tests.support.world.connected import ConnectedDatabase
from tests.support.world.factories import PASSWORD, make_account, make_participant, new_nik
from tests.support.world.refused_rows import refused

pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.both_databases]


@pytest.fixture
def refuse_events(database: ConnectedDatabase) -> Iterator[Callable[[], None]]:
    """A function after which the database refuses every new event."""
    with ExitStack() as until_the_end:
        yield lambda: until_the_end.enter_context(refused(database, "security_events"))


def test_a_whole_journey_leaves_exactly_these_events() -> None:
    account = make_account()
    nik, account_id = account.nik, account.id
    enter(nik, PASSWORD, answered("00000"))
    enter(new_nik(account.birth_date))
    enter(nik, "salah")
    token = entered(nik)
    record = resume(token)
    assert record is not None
    session_id = record.id
    audit_log.log_refusal(EventKind.AUTHZ_FAIL, CLIENT, account_id)
    end(session_id, CLIENT)
    end(session_id, CLIENT)
    assert resume(token) is None
    assert recorded() == [
        ("authn_captcha_fail", None, None),
        ("authn_login_fail", None, None),
        ("authn_login_fail", account_id, None),
        ("authn_login_successafterfail", account_id, session_id),
        ("authz_fail", account_id, None),
        ("session_ended", account_id, session_id),
    ]


def test_looking_around_leaves_no_event(clock: Clock) -> None:
    token = entered(make_account().nik)
    before = recorded()
    for _ in range(3):
        clock.advance(minutes=5)
        assert resume(token) is not None
    assert recorded() == before


def test_a_participant_without_an_account_is_recorded_as_nobody() -> None:
    participant = make_participant()
    assert participant.nik is not None
    assert enter(participant.nik) is SignInRefusal.NO_MATCH
    assert enter(participant.card_number) is SignInRefusal.NO_MATCH
    assert recorded() == [("authn_login_fail", None, None)] * 2


def test_an_event_says_when_from_where_and_with_what(clock: Clock) -> None:
    clock.advance(hours=1)
    enter(make_account().nik, "salah")
    event = session.scalars(select(AuditEvent)).one()
    assert event.happened_at == BEGINNING.astimezone(UTC).replace(hour=3)
    assert event.happened_at == datetime(2026, 5, 3, 3, 30, tzinfo=UTC)
    assert (event.source, event.user_agent) == (CLIENT.address, CLIENT.user_agent)


def test_an_endless_browser_name_is_cut() -> None:
    accept(answered("00000"), Client("203.0.113.7", "x" * 100_000))
    assert session.scalars(select(AuditEvent.user_agent)).one() == "x" * 300


def test_no_event_names_a_person(database: ConnectedDatabase) -> None:
    account = make_account()
    enter(account.nik, "salah")
    entered(account.nik)
    with database.engine.connect() as connection:
        rows = [dict(it) for it in connection.execute(text("SELECT * FROM security_events"))
                .mappings()]  # fmt: skip
    assert len(rows) == 2
    for row in rows:
        shown = " ".join(
            it.decode("latin-1") if isinstance(it, bytes) else str(it) for it in row.values()
        )
        for personal in (account.nik, account.name, CLIENT.address, PASSWORD):
            assert personal not in shown


def test_without_its_event_nobody_is_let_in(refuse_events: Callable[[], None]) -> None:
    nik = make_account().nik
    refuse_events()
    with pytest.raises(DBAPIError):
        enter(nik)
    assert count(SignInSession) == 0
    assert count(AuditEvent) == 0


def test_without_its_event_no_hash_is_made_anew(refuse_events: Callable[[], None]) -> None:
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    weak = hasher.hash(passwords._peppered(PASSWORD))
    account = make_account(password_hash=weak)
    account_id, nik = account.id, account.nik
    refuse_events()
    with pytest.raises(DBAPIError):
        enter(nik)
    session.remove()
    assert session.get_one(Account, account_id).password_hash == weak


def test_without_its_event_no_session_is_ended(refuse_events: Callable[[], None]) -> None:
    token = entered(make_account().nik)
    record = resume(token)
    assert record is not None
    session_id = record.id
    refuse_events()
    with pytest.raises(DBAPIError):
        end(session_id, CLIENT)
    session.remove()
    assert resume(token) is not None
    assert [kind for kind, _, _ in recorded()] == ["authn_login_success"]


def test_without_its_event_a_wrong_captcha_is_not_spent(refuse_events: Callable[[], None]) -> None:
    answer = answered("00000")
    refuse_events()
    with pytest.raises(DBAPIError):
        accept(answer, CLIENT)
    assert count(SpentCaptcha) == 0


def test_without_its_event_a_wrong_password_has_no_answer(
    refuse_events: Callable[[], None],
) -> None:
    nik = make_account().nik
    refuse_events()
    with pytest.raises(DBAPIError):
        enter(nik, "salah")
    with pytest.raises(DBAPIError):
        audit_log.log_refusal(EventKind.AUTHZ_FAIL, CLIENT, 1)


def test_a_refused_event_is_not_told_with_anything_personal(
    refuse_events: Callable[[], None],
) -> None:
    nik = make_account().nik
    refuse_events()
    with pytest.raises(DBAPIError) as refused:
        enter(nik)
    told = str(refused.value) + repr(refused.value.orig)
    for personal in (nik, PASSWORD, CLIENT.address):
        assert personal not in told
