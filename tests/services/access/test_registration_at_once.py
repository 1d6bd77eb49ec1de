"""One account a person, however many requests come at once (R94), and the end of Daftar."""

import base64

import pytest
from sqlalchemy import func, select, update

from jkn.database import blind_index, session, transaction
from jkn.models import (
    Account,
    Consent,
    Door,
    RegistrationStage,
)
from jkn.services.access import registered_account, registration, registration_drafts
from jkn.services.access.registered_account import RegistrationRefusal, SignedIn
from jkn.services.basics.outcomes import Outcome
from jkn.services.credentials import passwords
from jkn.services.credentials.journey_codes import RightCode
from jkn.services.throttling import failure_counters
from tests.support.calls.one_code_calls import latest_code
from tests.support.calls.registration_calls import (
    CLIENT,
    PASSWORD,
    PHONE,
    begun,
    draft_of,
    draft_of_in,
    proved,
)
from tests.support.world.at_once import at_once
from tests.support.world.clock import Clock
from tests.support.world.connected import ConnectedDatabase, bind_changed
from tests.support.world.factories import make_account, make_participant, make_resident, new_nik

pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.both_databases]

NEW_KEY, OLD_KEY = (base64.b64encode(bytes(range(at, at + 32))).decode() for at in (0, 64))


def accounts() -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(Account)) or 0


@pytest.fixture
def _room_for_all(settings: object) -> None:
    """All passwords may be hashed at the same time and at full cost, so all requests begin before
    the first one ends."""
    bind_changed(web_threads=80, argon2_cost="safe")


@pytest.mark.usefixtures("_room_for_all")
def test_twenty_ends_of_one_draft_make_one_account() -> None:
    token = proved()

    def finish(_turn: int) -> object:
        return registered_account.register(draft_of(token), PASSWORD, CLIENT)

    outcomes = at_once(20, finish)
    assert sum(isinstance(it, SignedIn) for it in outcomes) == 1
    assert outcomes.count(RegistrationRefusal.OVER) == 19
    assert accounts() == 1
    assert draft_of(token).stage is RegistrationStage.DONE


@pytest.mark.usefixtures("_room_for_all")
def test_twenty_drafts_of_one_person_make_one_account_and_tell_the_others() -> None:
    nik = make_resident().nik
    tokens = [proved(nik) for _ in range(20)]

    def finish(turn: int) -> object:
        return registered_account.register(draft_of(tokens[turn]), PASSWORD, CLIENT)

    outcomes = at_once(20, finish)
    assert sum(isinstance(it, SignedIn) for it in outcomes) == 1
    assert outcomes.count(RegistrationRefusal.OVER) == 19
    assert accounts() == 1
    stages = [draft_of(it).stage for it in tokens]
    assert stages.count(RegistrationStage.HAS_ACCOUNT) == 19
    session.rollback()
    assert session.scalar(select(func.count()).select_from(Consent)) == 1


def test_twenty_right_codes_prove_the_phone_once(clock: Clock) -> None:
    token = begun()
    registration.give_phone(draft_of(token), PHONE, CLIENT)
    registration.agree(draft_of(token))
    code = latest_code()

    def give(_turn: int) -> object:
        return registration.CODE.verify(draft_of(token), code, CLIENT)

    def safely(turn: int) -> object:
        try:
            return give(turn)
        except AssertionError:
            # The token of the draft was rotated already.
            return None

    outcomes = at_once(20, safely)
    assert sum(isinstance(it, RightCode) for it in outcomes) == 1


def test_a_busy_server_costs_the_person_nothing() -> None:
    token = proved()
    bind_changed(web_threads=2)
    with passwords.turn():
        outcome = registered_account.register(draft_of(token), PASSWORD, CLIENT)
    assert outcome is RegistrationRefusal.BUSY
    assert draft_of(token).stage is RegistrationStage.PASSWORD
    assert isinstance(registered_account.register(draft_of(token), PASSWORD, CLIENT), SignedIn)


def test_nobody_registers_without_consent() -> None:
    token = proved()
    with transaction():
        draft_of_in(token).agreed_at = None
    with pytest.raises(RuntimeError, match="without consent"):
        registered_account.register(draft_of(token), PASSWORD, CLIENT)
    assert accounts() == 0
    assert draft_of(token).stage is RegistrationStage.PASSWORD


def test_a_person_who_got_an_account_meanwhile_is_told_so() -> None:
    participant = make_participant()
    token = proved(participant.nik or "")
    make_account(participant)
    assert (
        registered_account.register(draft_of(token), PASSWORD, CLIENT) is RegistrationRefusal.OVER
    )
    assert draft_of(token).stage is RegistrationStage.HAS_ACCOUNT
    assert accounts() == 1


def test_a_finished_registration_stays_done_whatever_another_tab_sends() -> None:
    token = proved()
    stale = draft_of(token)
    registered_account.register(draft_of(token), PASSWORD, CLIENT)
    assert registration.give_phone(stale, PHONE, CLIENT) is Outcome.ELSEWHERE
    assert registration.CODE.verify(stale, "000000", CLIENT) is Outcome.ELSEWHERE
    registration_drafts.revive(stale)
    assert draft_of(token).stage is RegistrationStage.DONE


def test_passwords_tried_before_there_was_an_account_are_not_held_against_it() -> None:
    resident = make_resident()
    person = failure_counters.person_key(resident.nik)
    with transaction():
        for _ in range(6):
            failure_counters.count_attempt(person, failure_counters.PASSWORD_BACKOFF)
    registered_account.register(draft_of(proved(resident.nik)), PASSWORD, CLIENT)
    assert failure_counters.retry_after_of(person, failure_counters.PASSWORD_BACKOFF) is None


@pytest.mark.settings(data_key=(NEW_KEY, OLD_KEY))
def test_an_account_that_an_older_key_wrote_is_found(database: ConnectedDatabase) -> None:
    account = make_account(participant_id=None)
    with transaction():
        of_old_key = blind_index("accounts.nik", account.nik)[1]
        row = update(Account).where(Account.id == account.id)
        session.execute(row.values(nik_index=of_old_key))
    token = proved(account.nik)
    assert (
        registered_account.register(draft_of(token), PASSWORD, CLIENT) is RegistrationRefusal.OVER
    )
    assert accounts() == 1


def test_an_account_is_found_by_its_participant_when_the_nik_was_put_right(clock: Clock) -> None:
    participant = make_participant(phone=PHONE.number)
    make_account(participant, nik=new_nik(participant.birth_date))
    with transaction():
        token = registration_drafts.begin(
            Door.MOBILE_USER, participant.nik or "", participant_id=participant.id
        )
    registration.give_phone(draft_of(token), PHONE, CLIENT)
    registration.agree(draft_of(token))
    proved_one = registration.CODE.verify(draft_of(token), latest_code(), CLIENT)
    assert isinstance(proved_one, RightCode)
    assert proved_one.token
    assert draft_of(proved_one.token).stage is RegistrationStage.HAS_ACCOUNT


def test_a_draft_whose_time_is_over_makes_no_account(clock: Clock) -> None:
    token = proved()
    draft = draft_of(token)
    clock.advance(minutes=61)
    assert registered_account.register(draft, PASSWORD, CLIENT) is RegistrationRefusal.OVER
    assert accounts() == 0
