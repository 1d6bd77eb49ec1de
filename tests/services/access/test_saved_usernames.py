"""Saved usernames: what is kept, who may see it, and that it gives no rights (R51)."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from jkn.database import session, transaction
from jkn.models import Account, AuditEvent, EventKind, KnownDevice, SavedUsername
from jkn.services.access import saved_usernames
from jkn.services.access.sign_in import sign_in
from jkn.services.basics.identity_numbers import IdentityNumber, IdentityType
from jkn.services.credentials import known_devices
from jkn.services.passkeys import this_phone
from jkn.services.sessions.sessions import SignedIn
from tests.support.calls.purge_calls import purged
from tests.support.calls.sign_in_calls import CLIENT, answered, count
from tests.support.world.at_once import at_once
from tests.support.world.clock import Clock
from tests.support.world.connected import ConnectedDatabase, connections_out
from tests.support.world.factories import PASSWORD, make_account, make_participant, new_nik
from tests.support.world.masked_numbers import dotted

pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.both_databases]
_SAVED_EVENTS = (EventKind.USERNAME_SAVED, EventKind.USERNAME_FORGOTTEN)


def entered_from(token: str | None, account: Account) -> str:
    """The token of the browser in which this account was signed in to."""
    identity = IdentityNumber(IdentityType.NIK, account.nik)
    outcome = sign_in(identity, PASSWORD, answered(), replace(CLIENT, device_token=token))
    assert isinstance(outcome, SignedIn)
    return outcome.device_token


def saved_from(token: str | None, account: Account) -> str:
    return saved_usernames.save(account.id, entered_from(token, account), CLIENT)


def events() -> list[tuple[EventKind, int | None]]:
    session.rollback()
    written = select(AuditEvent).where(AuditEvent.kind.in_(_SAVED_EVENTS))
    return [(it.kind, it.account_id) for it in session.scalars(written.order_by(AuditEvent.id))]


def line_of(token: str) -> str:
    (line,) = saved_usernames.of_device(token)
    return str(line.id)


def test_the_number_is_shown_masked_and_leads_to_the_whole_one() -> None:
    account = make_account()
    token = saved_from(None, account)
    (line,) = saved_usernames.of_device(token)
    assert (line.number, line.initials) == (dotted(account), None)
    identity = saved_usernames.identity_of(str(line.id), token)
    assert identity == IdentityNumber(IdentityType.NIK, account.nik)


def test_no_connection_waits_for_the_password_to_be_compared(database: ConnectedDatabase) -> None:
    token = saved_from(None, make_account())
    line = line_of(token)
    session.remove()
    assert saved_usernames.identity_of(line, token) is not None
    assert connections_out(database) == 0


def test_a_person_without_a_card_is_shown_as_well() -> None:
    account = make_account(participant_id=None)
    (line,) = saved_usernames.of_device(saved_from(None, account))
    assert line.number == dotted(account)


def test_only_a_digest_of_the_token_is_kept() -> None:
    token = saved_from(None, make_account())
    kept = session.scalars(select(SavedUsername.token_digest)).one()
    assert token.encode() not in kept
    assert len(kept) == 32


def test_another_browser_gets_nothing_whatever_it_sends() -> None:
    token = saved_from(None, make_account())
    line, stranger = line_of(token), saved_from(None, make_account())
    for foreign in (None, "", "made-up", stranger, token[:-1]):
        assert saved_usernames.identity_of(line, foreign) is None
        assert not saved_usernames.forget_line(line, foreign, CLIENT)
    assert saved_usernames.of_device(None) == saved_usernames.of_device("made-up") == []
    assert len(saved_usernames.of_device(token)) == 1


@pytest.mark.parametrize(
    "garbage", ["", "0", "-1", "1.0", "1e3", "٣", "²", "9" * 18, "9" * 400, " 1", "1\0", "x", "1;"]
)
def test_a_made_up_line_leads_nowhere(garbage: str) -> None:
    token = saved_from(None, make_account())
    assert saved_usernames.identity_of(garbage, token) is None
    assert not saved_usernames.forget_line(garbage, token, CLIENT)
    assert count(SavedUsername) == 1


def test_on_and_off_twice_are_on_and_off_once() -> None:
    account = make_account()
    token = saved_from(None, account)
    assert saved_usernames.save(account.id, token, CLIENT) == token
    assert this_phone.of_account(account.id, token).has_saved_username
    for _ in range(2):
        saved_usernames.forget(account.id, token, CLIENT)
        assert not this_phone.of_account(account.id, token).has_saved_username
    assert events() == [
        (EventKind.USERNAME_SAVED, account.id),
        (EventKind.USERNAME_FORGOTTEN, account.id),
    ]


def test_twenty_taps_at_once_save_one_line() -> None:
    account = make_account()
    account_id, token = account.id, entered_from(None, account)
    at_once(20, lambda _: saved_usernames.save(account_id, token, CLIENT))
    assert count(SavedUsername) == 1
    assert events() == [(EventKind.USERNAME_SAVED, account_id)]


def test_off_for_one_leaves_the_others_of_this_browser_and_other_browsers() -> None:
    siti, budi = make_account(), make_account()
    token, other_phone = saved_from(None, siti), saved_from(None, siti)
    saved_from(token, budi)
    saved_usernames.forget(siti.id, token, CLIENT)
    assert [it.number for it in saved_usernames.of_device(token)] == [dotted(budi)]
    assert [it.number for it in saved_usernames.of_device(other_phone)] == [dotted(siti)]


def test_a_token_that_nobody_ever_had_is_not_taken_up() -> None:
    account = make_account()
    for planted in (None, "", "planted"):
        token = saved_usernames.save(account.id, planted, CLIENT)
        assert token not in (None, "", "planted")
        assert this_phone.of_account(account.id, token).has_saved_username
    assert saved_usernames.of_device("planted") == []


def test_after_a_recovery_the_browser_keeps_its_token_and_its_lines() -> None:
    account = make_account()
    token = saved_from(None, account)
    forget_all_devices_of(account)
    assert entered_from(token, account) == token
    assert this_phone.of_account(account.id, token).has_saved_username


def test_a_saved_number_makes_no_known_device() -> None:
    """A saved number must not get past the rate limit of a source."""
    account = make_account()
    token = saved_from(None, account)
    forget_all_devices_of(account)
    assert not known_devices.is_known(token, account.id)


def test_the_last_person_comes_first_and_at_most_five_are_shown(clock: Clock) -> None:
    accounts = [make_account() for _ in range(7)]
    token = None
    for account in accounts:
        token = saved_from(token, account)
        clock.advance(days=1)
    assert token is not None
    newest = [dotted(it) for it in reversed(accounts)]
    assert [it.number for it in saved_usernames.of_device(token)] == newest[:5]
    # This person types the number, since only five are shown.
    entered_from(token, accounts[0])
    shown = [it.number for it in saved_usernames.of_device(token)]
    assert shown == [dotted(accounts[0]), *newest[:4]]


def test_several_people_are_told_apart_by_initials() -> None:
    """Nearly every couple: from one village, and each the first birth of a day in the register."""
    nik = new_nik(make_account().birth_date)
    alike = f"{nik[:6]}{'010190'}{nik[-4:]}"
    siti = make_account(make_participant(nik=nik, name="Siti Aminah"))
    budi = make_account(make_participant(nik=alike, name="budi"))
    token = saved_from(None, siti)
    saved_from(token, budi)
    saved_from(token, make_account(make_participant(name="Rani Santoso")))
    lines = {it.initials: it.number for it in saved_usernames.of_device(token)}
    assert lines["S. A."] == lines["B."] == dotted(siti)
    assert set(lines) == {"S. A.", "B.", "R. S."}


def test_erasing_forgets_everybody_of_this_browser_and_nobody_elsewhere() -> None:
    siti, budi = make_account(), make_account()
    token, elsewhere = saved_from(None, siti), saved_from(None, siti)
    saved_from(token, budi)
    saved_usernames.erase_browser(token, CLIENT)
    assert saved_usernames.of_device(token) == []
    assert not known_devices.is_known(token, siti.id)
    assert not known_devices.is_known(token, budi.id)
    assert this_phone.of_account(siti.id, elsewhere).has_saved_username
    assert known_devices.is_known(elsewhere, siti.id)
    forgotten = [it for it in events() if it[0] is EventKind.USERNAME_FORGOTTEN]
    assert sorted(who or 0 for _, who in forgotten) == sorted([siti.id, budi.id])
    for nothing in (None, "", "made-up"):
        saved_usernames.erase_browser(nothing, CLIENT)
    assert count(SavedUsername) == 1


def test_lines_that_no_browser_can_ask_for_any_more_are_deleted(clock: Clock) -> None:
    saved_from(None, make_account())
    clock.advance(days=399)
    saved_from(None, make_account())
    assert purged(SavedUsername, KnownDevice) == 0
    clock.advance(days=2)
    assert purged(SavedUsername, KnownDevice) == 2
    assert (count(SavedUsername), count(KnownDevice)) == (1, 1)


def test_signing_in_keeps_a_line_alive(clock: Clock) -> None:
    account = make_account()
    token = saved_from(None, account)
    for _ in range(3):
        clock.advance(days=300)
        assert entered_from(token, account) == token
        assert purged(SavedUsername, KnownDevice) == 0


def forget_all_devices_of(account: Account) -> None:
    """Forget the known devices, as a recovery does."""
    with transaction():
        known_devices.forget_all(account.id)
