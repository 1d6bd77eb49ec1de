"""The cookie of an ended session is worthless, and using it is recorded (R45, R78)."""

import pytest
from sqlalchemy import func, select

from jkn.database import session, transaction
from jkn.models import Account, AuditEvent, EventKind, SessionEnd, SignInSession
from jkn.services.audit.audit_log import FREELY_CAUSED, Client
from jkn.services.sessions import session_lifetime, sessions
from tests.support.clients.page_client import PageClient
from tests.support.steps.activity_steps import kinds_of
from tests.support.steps.sign_in_steps import sign_in, sign_out
from tests.support.world.clock import Clock
from tests.support.world.factories import make_account

SHOWN = EventKind.SESSION_USED_AFTER_END
ENDED = [it for it in SessionEnd if it is not SessionEnd.EXPIRED]
ELSEWHERE = Client("198.51.100.7", "")


def end_all(account: Account, how: SessionEnd) -> None:
    with transaction():
        sessions.end_all(account.id, how, ELSEWHERE)


def count(account: Account) -> int:
    return kinds_of(account).count(SHOWN)


def test_a_copy_of_a_cookie_that_was_signed_out_is_recorded(client: PageClient) -> None:
    account = make_account()
    thief = sign_in(client, account).another(with_cookies=True)
    sign_out(client)
    assert count(account) == 0
    assert thief.get("/profil").url == "/masuk"
    session.rollback()
    event = session.scalars(select(AuditEvent).where(AuditEvent.kind == SHOWN)).one()
    assert event.account_id == account.id
    assert event.session_id == session.scalar(select(func.max(SignInSession.id)))


@pytest.mark.parametrize("how", ENDED)
def test_the_cookie_is_recorded_once_however_its_session_was_ended(
    client: PageClient, how: SessionEnd
) -> None:
    account = make_account()
    sign_in(client, account)
    end_all(account, how)
    assert client.get("/beranda").url == "/masuk"
    assert count(account) == 1
    # The browser dropped the cookie after the first refusal, so nothing more is recorded.
    assert client.get("/beranda").url == "/masuk"
    assert count(account) == 1


def test_the_owner_reads_of_it(client: PageClient) -> None:
    account = make_account()
    thief = sign_in(client, account).another(with_cookies=True)
    sign_out(client)
    thief.get("/beranda")
    assert (
        "Ada yang mencoba lagi setelah keluar"
        in sign_in(client, account).get("/profil/aktivitas").text
    )


def test_the_cookie_of_a_session_that_merely_expired_is_not_recorded(
    client: PageClient, clock: Clock
) -> None:
    account = make_account()
    noted = sign_in(client, account).another(with_cookies=True)
    clock.advance(minutes=31)
    assert client.get("/beranda").url == "/masuk"
    session_lifetime.end_expired()
    assert noted.get("/beranda").url == "/masuk"
    assert count(account) == 0


def test_ending_a_session_that_had_expired_already_makes_its_cookie_no_suspect(
    client: PageClient, clock: Clock
) -> None:
    account = make_account()
    sign_in(client, account)
    clock.advance(minutes=30)
    end_all(account, SessionEnd.PASSWORD_CHANGE)
    assert client.get("/beranda").url == "/masuk"
    assert count(account) == 0


def test_a_request_that_a_page_makes_by_itself_is_not_recorded(client: PageClient) -> None:
    account = make_account()
    sign_in(client, account)
    end_all(account, SessionEnd.ANOTHER_DEVICE)
    client.fetch("/sesi", "session-watch")
    assert count(account) == 0


def test_a_cookie_shown_again_and_again_is_recorded_up_to_a_limit(as_browser: PageClient) -> None:
    account = make_account()
    sign_in(as_browser, account)
    end_all(account, SessionEnd.FREEZE)
    cookies = as_browser.cookies.header()
    stolen = as_browser.app.test_client(use_cookies=False)
    for _ in range(FREELY_CAUSED.burst + 10):
        assert stolen.get("/beranda", headers={"Cookie": cookies}).location == "/masuk"
    assert count(account) == FREELY_CAUSED.burst
    assert kinds_of(account)[-1] is EventKind.EXCESS_RATE_LIMIT
