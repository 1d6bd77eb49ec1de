"""Changes of participants' data at the same moment, and with a worker that dies."""

import json
import os
import subprocess
import sys
from datetime import date

import pytest
from sqlalchemy import select

from jkn.database import session
from jkn.models import Account, ChangeRow, ChangeState, MemberChange
from jkn.services.changes import pending_changes
from jkn.services.changes.pending_changes import Cancellation, apply_due, cancel
from tests.support.calls.change_calls import (
    change_now,
    midnight,
    participant_now,
    scheduled,
    states,
    told,
    waiting_since,
)
from tests.support.calls.sign_in_calls import CLIENT
from tests.support.world.at_once import at_once
from tests.support.world.clock import Clock
from tests.support.world.connected import ConnectedDatabase
from tests.support.world.factories import make_account, make_family, make_participant

pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.both_databases]

APPLIED, PENDING = ChangeState.APPLIED, ChangeState.PENDING
CANCELLED = ChangeState.CANCELLED


def test_two_workers_apply_each_change_once(clock: Clock) -> None:
    accounts = [make_account() for _ in range(6)]
    for number in range(4):
        for account in accounts:
            name, day = f"Nama {number}", date(2026, 6, 1 + number)
            scheduled(account.participant_id or 0, ChangeRow.NAME, name, day)
    clock.set(midnight(date(2026, 6, 20)))
    ended = at_once(4, lambda _: apply_due())
    # What a worker holds is skipped by the others, so the last of them may leave something.
    assert sum(ended) + apply_due() == 24
    for account in accounts:
        one = account.participant_id or 0
        assert states(one) == [APPLIED] * 4
        assert participant_now(one).name == "Nama 3"
        assert len(told(account)) == 4
    of_first = select(MemberChange.value_before).where(
        MemberChange.participant_id == accounts[0].participant_id
    )
    chain = [json.loads(it or "") for it in session.scalars(of_first.order_by(MemberChange.id))]
    assert chain[1:] == ["Nama 0", "Nama 1", "Nama 2"]


def test_a_worker_and_a_person_at_once_lose_neither_change(clock: Clock) -> None:
    people = [make_participant() for _ in range(3)]
    for one in people:
        scheduled(one.id, ChangeRow.NAME, "Dari Pekerja", date(2026, 5, 5))
    clock.set(midnight(date(2026, 5, 9)))

    def act(number: int) -> None:
        if number < 2:
            apply_due()
        else:
            scheduled(people[number - 2].id, ChangeRow.NAME, "Dari Orang", date(2026, 5, 9))

    at_once(5, act)
    apply_due()
    for one in people:
        assert states(one.id) == [APPLIED, APPLIED]
        assert participant_now(one.id).name == "Dari Orang"


def test_a_worker_that_is_killed_half_way_leaves_the_change_for_the_next(
    database: ConnectedDatabase,
) -> None:
    account = make_account()
    one, name_before = participant_now(account.participant_id or 0), account.name
    change = waiting_since(one.id, ChangeRow.NAME, "Sesudah Mati", date(2020, 1, 1))
    code = (
        "import os, signal\n"
        "from sqlalchemy import Engine, event\n"
        "from jkn.database import connect\n"
        "from jkn.services.basics import runtime\n"
        "from jkn.services.changes.pending_changes import apply_due\n"
        "from jkn.settings import Settings\n"
        "@event.listens_for(Engine, 'after_cursor_execute')\n"
        "def kill(connection, cursor, statement, *rest):\n"
        "    if statement.startswith('INSERT INTO notifications'):\n"
        "        os.kill(os.getpid(), signal.SIGKILL)\n"
        "settings = Settings()\n"
        "runtime.bind(settings)\n"
        "connect(settings)\n"
        "apply_due()\n"
    )
    environment = {
        **os.environ,
        "JKN_DATABASE_URL": database.settings.database_url,
        "JKN_DATA_KEY": ",".join(database.settings.data_key),
    }
    session.rollback()
    killed = subprocess.run([sys.executable, "-c", code], env=environment, check=False)
    assert killed.returncode == -9
    assert (change_now(change).state, participant_now(one.id).name) == (PENDING, name_before)
    assert told(account) == []
    assert apply_due() == 1
    assert (change_now(change).state, participant_now(one.id).name) == (APPLIED, "Sesudah Mati")
    assert told(account) == ["Perubahan nama Anda sudah berlaku."]


def test_of_many_who_cancel_one_does_it() -> None:
    account = make_account()
    one = account.participant_id or 0
    change = scheduled(one, ChangeRow.NAME, "Batal Saja", date(2026, 6, 1), account)

    def act(_: int) -> Cancellation:
        return cancel(session.get_one(Account, account.id), change, CLIENT)

    session.rollback()
    outcomes = at_once(6, act)
    assert sorted(it.name for it in outcomes) == ["CANCELLED"] + ["TOO_LATE"] * 5
    assert len(told(account)) == 1


def test_at_midnight_a_change_is_either_cancelled_or_applied() -> None:
    """Two servers whose clocks differ: one still cancels, while the other's worker applies."""
    accounts = [make_account() for _ in range(4)]
    people = [it.participant_id or 0 for it in accounts]
    day = date(2026, 6, 1)
    ids = [scheduled(it, ChangeRow.NAME, "Nama Baru", day) for it in people]
    names = [it.name for it in accounts]

    def work() -> None:
        while pending_changes._end_next(day, ()) is not None:
            pass

    def act(number: int) -> object:
        if number == 0:
            return work()
        account = session.get_one(Account, accounts[number - 1].id)
        return cancel(account, ids[number - 1], CLIENT)

    session.rollback()
    _, *outcomes = at_once(5, act)
    work()
    for one, name, outcome in zip(people, names, outcomes, strict=True):
        was_cancelled = outcome is Cancellation.CANCELLED
        assert states(one) == [CANCELLED if was_cancelled else APPLIED]
        assert (participant_now(one).name == name) is was_cancelled


def test_a_family_that_cancels_together_waits_for_nobody_for_ever() -> None:
    family = make_family()
    accounts = [make_account(make_participant(family)) for _ in range(4)]
    day = date(2026, 6, 1)
    people = [it.participant_id or 0 for it in accounts]
    ids = [scheduled(it, ChangeRow.CARE_CLASS, "1", day) for it in people]

    def act(number: int) -> Cancellation:
        return cancel(session.get_one(Account, accounts[number].id), ids[number], CLIENT)

    session.rollback()
    outcomes = at_once(4, act)
    assert outcomes.count(Cancellation.CANCELLED) == 1
    assert [states(it) for it in people] == [[CANCELLED]] * 4
