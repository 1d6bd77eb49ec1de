"""Notifications of what happens to an account are written in the transaction of the act."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from jkn.database import session, transaction
from jkn.models import Account, AuditEvent, Channel, EventKind, Notification, SignInSession
from jkn.services.access.sign_in import SignInRefusal, sign_in
from jkn.services.audit.audit_log import Client
from jkn.services.basics import clock as time_now
from jkn.services.basics.identity_numbers import IdentityNumber, read_identity
from jkn.services.credentials import one_time_codes
from jkn.services.credentials.one_time_codes import CodePurpose, Confirmation, Recipient
from jkn.services.messaging import notifications
from jkn.services.sessions.sessions import SignedIn
from jkn.services.throttling.retry_after import RetryAfter
from tests.support.calls.sign_in_calls import CLIENT, answered, count
from tests.support.world.clock import Clock
from tests.support.world.connected import ConnectedDatabase
from tests.support.world.factories import PASSWORD, make_account, new_nik
from tests.support.world.queries import QueryCounter

pytestmark = pytest.mark.usefixtures("database")

LAPTOP = Client("198.51.100.9", "Mozilla/5.0 (Windows NT 10.0) Firefox/125.0")
PHONE = Recipient(Channel.SMS, "+6281234567890")


def try_from(
    client: Client, number: str, password: str = PASSWORD, device: str | None = None
) -> SignedIn | SignInRefusal | RetryAfter:
    identity = read_identity(number)
    assert isinstance(identity, IdentityNumber)
    return sign_in(identity, password, answered(), replace(client, device_token=device))


def enter_from(client: Client, account: Account, device: str | None = None) -> str:
    """The token of the browser, after signing in."""
    outcome = try_from(client, account.nik, device=device)
    assert isinstance(outcome, SignedIn)
    return outcome.device_token


def fail(account: Account, times: int) -> None:
    for _ in range(times):
        try_from(CLIENT, account.nik, "bukan kata sandinya")


def an_old_account() -> Account:
    return make_account(created_at=time_now.now() - timedelta(days=400))


def news(account: Account) -> list[str]:
    """The titles of all notifications, oldest first."""
    session.rollback()
    return [it.title for it in notifications.page(account).items][::-1]


def latest(account: Account) -> str:
    session.rollback()
    return notifications.page(account).items[0].text


def test_the_browser_in_which_an_account_was_made_is_no_news(clock: Clock) -> None:
    account = make_account()
    clock.advance(hours=23)
    device = enter_from(CLIENT, account)
    clock.advance(days=30)
    assert enter_from(CLIENT, account, device) == device
    assert news(account) == []


def test_the_first_sign_in_to_an_old_account_is_news(clock: Clock) -> None:
    account = make_account()
    clock.advance(days=1)
    enter_from(CLIENT, account)
    assert news(account) == ["Masuk dari HP baru"]


def test_a_browser_not_seen_before_is_news_once() -> None:
    account = make_account()
    phone = enter_from(CLIENT, account)
    laptop = enter_from(LAPTOP, account)
    for _ in range(2):
        enter_from(CLIENT, account, phone)
        enter_from(LAPTOP, account, laptop)
    assert news(account) == ["Masuk dari komputer baru"]
    assert "Firefox di Windows" in latest(account)


def test_each_browser_is_news_however_soon_it_follows() -> None:
    account = an_old_account()
    for _ in range(3):
        enter_from(CLIENT, account)
    assert news(account) == ["Masuk dari HP baru"] * 3


def test_a_phone_that_somebody_else_signs_in_from_is_new_to_them() -> None:
    owner, guest = an_old_account(), an_old_account()
    shared = enter_from(CLIENT, owner)
    assert enter_from(CLIENT, guest, shared) == shared
    assert news(guest) == ["Masuk dari HP baru"]
    assert len(news(owner)) == 1


def test_a_token_that_was_planted_is_a_new_browser() -> None:
    account = make_account()
    enter_from(CLIENT, account)
    assert enter_from(CLIENT, account, "planted") != "planted"
    assert news(account) == ["Masuk dari HP baru"]


@pytest.mark.parametrize("failures", [0, 1, 2])
def test_a_slip_of_the_finger_is_no_news(failures: int) -> None:
    account = make_account()
    fail(account, failures)
    enter_from(CLIENT, account)
    assert news(account) == []


def test_getting_in_after_several_wrong_passwords_is_news() -> None:
    account = make_account()
    fail(account, 3)
    enter_from(CLIENT, account)
    assert news(account) == ["Kata sandi benar setelah beberapa kali salah"]
    assert "salah 3 kali" in latest(account)


def test_a_wait_is_news_when_somebody_meets_it_and_once_a_day(clock: Clock) -> None:
    account = make_account()
    fail(account, 5)
    assert news(account) == []
    for _ in range(3):
        fail(account, 3)
        clock.advance(hours=2)
    assert news(account) == ["Kata sandi salah berkali-kali"]
    clock.advance(days=1)
    fail(account, 2)
    assert news(account) == ["Kata sandi salah berkali-kali"] * 2


def test_a_day_of_guessing_does_not_hide_that_somebody_got_in(clock: Clock) -> None:
    account = make_account()
    own_phone = enter_from(CLIENT, account)
    for _ in range(30):
        fail(account, 2)
        clock.advance(hours=1, seconds=1)
    enter_from(LAPTOP, account)
    assert news(account)[-2:] == [
        "Masuk dari komputer baru",
        "Kata sandi benar setelah beberapa kali salah",
    ]
    assert len(news(account)) <= 4
    enter_from(CLIENT, account, own_phone)
    assert len(news(account)) <= 4


def test_a_closed_password_is_news(clock: Clock) -> None:
    account = make_account()
    for _ in range(101):
        fail(account, 1)
        clock.advance(hours=1, seconds=1)
    assert news(account)[-1] == "Kata sandi Anda diblokir"
    assert "salah 100 kali" in latest(account)


def asked_by(account: Account | None, **changes: str) -> Confirmation:
    person = "3276051703840001" if account is None else account.nik
    account_id = None if account is None else account.id
    return Confirmation(person, CodePurpose.RECOVERY, flow="7", account_id=account_id, **changes)


def ask_for_code(confirmation: Confirmation, to: Recipient = PHONE) -> object:
    with transaction():
        return one_time_codes.send(confirmation, to, CLIENT)


def try_codes(confirmation: Confirmation, times: int) -> None:
    for _ in range(times):
        with transaction():
            one_time_codes.verify(confirmation, "000000", CLIENT)


def test_a_code_that_was_asked_for_is_news_once_an_hour(clock: Clock) -> None:
    account = make_account()
    for _ in range(5):
        ask_for_code(asked_by(account))
        clock.advance(minutes=2)
    assert news(account) == ["Kode verifikasi diminta"]
    assert "untuk mengganti kata sandi" in latest(account)
    clock.advance(hours=1)
    ask_for_code(asked_by(account))
    assert len(news(account)) == 2


def test_a_wait_after_wrong_codes_is_news_each_time(clock: Clock) -> None:
    account = make_account()
    for _ in range(2):
        try_codes(asked_by(account), 9)
        clock.advance(days=2)
    assert news(account) == ["Kode verifikasi salah berkali-kali"] * 2
    assert "untuk mengganti kata sandi" in latest(account)


def test_a_flood_of_codes_for_many_is_no_news_for_each(clock: Clock) -> None:
    for turn in range(31):
        account = make_account()
        ask_for_code(asked_by(account), Recipient(Channel.SMS, f"+62812{turn:02}567890"))
    session.rollback()
    last = session.scalars(select(AuditEvent.kind).order_by(AuditEvent.id.desc())).first()
    assert last is EventKind.EXCESS_RATE_LIMIT
    assert news(account) == []


def test_a_person_without_an_account_costs_the_same(queries: QueryCounter) -> None:
    account = make_account()
    nobody = new_nik(account.birth_date)
    sent = []
    for number in (account.nik, nobody):
        for _ in range(5):
            try_from(CLIENT, number, "bukan kata sandinya")
        with queries.counted() as statements:
            assert isinstance(try_from(CLIENT, number), RetryAfter)
        sent.append(statements)
    for confirmation in (asked_by(account), asked_by(None)):
        with queries.counted() as statements:
            ask_for_code(confirmation, Recipient(Channel.SMS, None))
        sent.append(statements)
    assert sent[0] == sent[1]
    assert sent[2] == sent[3]
    assert news(account) == ["Kata sandi salah berkali-kali", "Kode verifikasi diminta"]
    assert count(Notification) == 2


_REFUSE = {
    "sqlite": (
        "CREATE TRIGGER refuse BEFORE INSERT ON notifications"
        " BEGIN SELECT RAISE(ABORT, 'no more news'); END"
    ),
    "postgresql": "ALTER TABLE notifications ADD CONSTRAINT refuse CHECK (false) NOT VALID",
}
_ALLOW = {
    "sqlite": "DROP TRIGGER refuse",
    "postgresql": "ALTER TABLE notifications DROP CONSTRAINT refuse",
}


@pytest.fixture
def refuse_news(database: ConnectedDatabase) -> Iterator[Callable[[], None]]:
    """A function after which the database refuses every new notification."""

    def change(statements: dict[str, str]) -> None:
        session.remove()
        with database.engine.begin() as connection:
            connection.execute(text(statements[database.kind]))

    yield lambda: change(_REFUSE)
    change(_ALLOW)


def test_nobody_gets_in_from_a_new_browser_without_its_news(
    refuse_news: Callable[[], None],
) -> None:
    account = an_old_account()
    nik = account.nik
    refuse_news()
    with pytest.raises(DBAPIError):
        try_from(CLIENT, nik)
    assert count(SignInSession) == 0
    assert count(AuditEvent) == 0
