"""log_sampled: events that anybody can cause freely fill the audit log only up to a limit
(security.md R78, R79)."""

from datetime import date

import pytest
from sqlalchemy import select

from jkn.database import session, transaction
from jkn.models import AuditEvent, Ceremony, EventKind
from jkn.services.access.sign_in import SignedIn, SignInRefusal
from jkn.services.audit import audit_log
from jkn.services.audit.audit_log import FREELY_CAUSED, Client
from jkn.services.credentials import captcha
from jkn.services.passkeys import passkey_sign_in
from jkn.services.throttling.rate_limits import FAILURES_OF_A_SOURCE
from jkn.services.throttling.retry_after import RetryAfter
from tests.support.calls.passkey_calls import member
from tests.support.calls.password_calls import attempt
from tests.support.calls.sign_in_calls import CLIENT, answered
from tests.support.world.at_once import at_once
from tests.support.world.clock import Clock
from tests.support.world.factories import PASSWORD, make_account, new_nik

pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.both_databases]

BORN_ON = date(1985, 2, 5)
FAIL, EXCESS = EventKind.AUTHN_CAPTCHA_FAIL, EventKind.EXCESS_RATE_LIMIT


def kinds(account_id: int | None = None) -> list[EventKind]:
    """The kinds of events of an account, or of no account, oldest first."""
    session.rollback()
    whose = AuditEvent.account_id == account_id
    return list(session.scalars(select(AuditEvent.kind).where(whose).order_by(AuditEvent.id)))


def wrong_captchas(count: int, client: Client = CLIENT) -> None:
    for _ in range(count):
        assert not captcha.accept(answered("00000"), client)


def wrong_passwords(count: int) -> None:
    """Try wrong passwords from one source, each for another person."""
    for _ in range(count):
        attempt(new_nik(BORN_ON))


def test_wrong_captchas_are_recorded_up_to_a_limit_and_then_once_as_a_flood(clock: Clock) -> None:
    wrong_captchas(FREELY_CAUSED.burst + 20)
    assert kinds() == [FAIL] * FREELY_CAUSED.burst + [EXCESS]


def test_a_fingerprint_that_nobody_asked_for_is_recorded_up_to_a_limit(clock: Clock) -> None:
    person = member()
    text = person.answer(Ceremony.SIGN_IN, person.ask(Ceremony.SIGN_IN))
    for _ in range(FREELY_CAUSED.burst + 5):
        outcome = passkey_sign_in.sign_in(text, "a browser that asked for nothing", CLIENT)
        assert not isinstance(outcome, SignedIn)
    assert kinds() == [EventKind.AUTHN_PASSKEY_FAIL] * FREELY_CAUSED.burst + [EXCESS]


def test_another_source_has_a_rate_limit_of_its_own(clock: Clock) -> None:
    wrong_captchas(FREELY_CAUSED.burst + 1)
    wrong_captchas(1, Client("203.0.113.8", ""))
    assert kinds()[-2:] == [EXCESS, FAIL]


def test_a_flood_that_lasts_is_recorded_bit_by_bit_and_named_again(clock: Clock) -> None:
    wrong_captchas(FREELY_CAUSED.burst + 5)
    before = len(kinds())
    for _ in range(59):
        clock.advance(minutes=1)
        wrong_captchas(3)
    assert kinds()[before:] == [FAIL] * 59
    clock.advance(minutes=1)
    wrong_captchas(3)
    assert kinds()[-2:] == [FAIL, EXCESS]


def test_thirty_at_once_record_no_more_events_than_the_limit_has_left(clock: Clock) -> None:
    wrong_captchas(FREELY_CAUSED.burst - 10)
    at_once(30, lambda _: wrong_captchas(1))
    recorded = kinds()
    assert (recorded.count(FAIL), recorded.count(EXCESS)) == (FREELY_CAUSED.burst, 1)


def test_a_stranger_on_the_same_address_hides_nothing_of_anybody(clock: Clock) -> None:
    account = make_account()
    wrong_captchas(FREELY_CAUSED.burst + 20)
    assert attempt(account.nik, source=CLIENT.address) is SignInRefusal.NO_MATCH
    audit_log.log_refusal(EventKind.AUTHZ_FAIL, CLIENT, account.id)
    assert isinstance(attempt(account.nik, PASSWORD, source=CLIENT.address), SignedIn)
    assert kinds(account.id) == [
        EventKind.AUTHN_LOGIN_FAIL,
        EventKind.AUTHZ_FAIL,
        EventKind.AUTHN_LOGIN_SUCCESS_AFTER_FAIL,
    ]


def test_a_signed_in_person_cannot_fill_the_audit_log_from_many_sources(clock: Clock) -> None:
    account, other = make_account(), make_account()
    for turn in range(FREELY_CAUSED.burst + 20):
        from_anywhere = Client(f"203.0.113.{turn}", "")
        audit_log.log_refusal(EventKind.LIMITED_MODE_REFUSED, from_anywhere, account.id)
    audit_log.log_refusal(EventKind.AUTHZ_FAIL, CLIENT, other.id)
    refused = EventKind.LIMITED_MODE_REFUSED
    assert kinds(account.id) == [refused] * FREELY_CAUSED.burst + [EXCESS]
    assert kinds(other.id) == [EventKind.AUTHZ_FAIL]


def test_wrong_passwords_are_recorded_until_their_own_limit_and_then_once(clock: Clock) -> None:
    wrong_passwords(FAILURES_OF_A_SOURCE.burst + 20)
    assert kinds() == [EventKind.AUTHN_LOGIN_FAIL] * FAILURES_OF_A_SOURCE.burst + [EXCESS]


def test_a_source_that_goes_on_guessing_is_recorded_again_after_a_while(clock: Clock) -> None:
    wrong_passwords(FAILURES_OF_A_SOURCE.burst + 2)
    clock.advance(seconds=FAILURES_OF_A_SOURCE.whole_after.total_seconds() - 1)
    wrong_passwords(FAILURES_OF_A_SOURCE.burst + 2)
    assert kinds().count(EXCESS) == 1
    clock.advance(seconds=1)
    wrong_passwords(2)
    assert kinds().count(EXCESS) == 2


def test_a_known_phone_is_not_recorded_as_turned_away(clock: Clock) -> None:
    account = make_account()
    known = attempt(account.nik, PASSWORD)
    assert isinstance(known, SignedIn)
    wrong_passwords(FAILURES_OF_A_SOURCE.burst)
    assert isinstance(attempt(account.nik, PASSWORD, device=known.device_token), SignedIn)
    assert EXCESS not in kinds() + kinds(account.id)
    # The right passwords took nothing from the limit, so a few wrong ones reach it.
    outcomes = [attempt(account.nik) for _ in range(3)]
    assert any(isinstance(it, RetryAfter) for it in outcomes)
    assert kinds().count(EXCESS) == 1
    assert EXCESS not in kinds(account.id)


def test_a_flood_event_that_is_rolled_back_is_written_the_next_time(clock: Clock) -> None:
    wrong_captchas(FREELY_CAUSED.burst)

    def fail() -> None:
        with transaction():
            audit_log.log_sampled(FAIL, CLIENT)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    wrong_captchas(1)
    assert kinds()[-1] is EXCESS
