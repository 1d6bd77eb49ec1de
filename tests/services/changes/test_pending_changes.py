"""Changes with an effective day: applied once, in order, after any downtime; dropped when they
cannot be."""

import json
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
import structlog
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, insert, select, text, update

from jkn.database import session, transaction
from jkn.models import (
    Account,
    Address,
    ChangeRow,
    ChangeState,
    DropReason,
    EndedReason,
    MemberChange,
    OutboxMessage,
    Participant,
    ParticipantKind,
    Relationship,
    Segment,
)
from jkn.services.basics.calendar_months import add_months, month_start
from jkn.services.changes.pending_changes import apply_due, schedule
from jkn.services.membership.change_values import SegmentOf, Value
from jkn.services.operations import periodic
from tests.support.calls.change_calls import (
    REFERENCE,
    change_now,
    midnight,
    participant_now,
    scheduled,
    states,
    told,
)
from tests.support.world.clock import BEGINNING, Clock
from tests.support.world.connected import ConnectedDatabase
from tests.support.world.factories import (
    make_account,
    make_facility,
    make_family,
    make_participant,
    new_nik,
)
from tests.support.world.queries import plans_of

pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.both_databases]

TODAY = BEGINNING.date()
FIRST_OF_JUNE = date(2026, 6, 1)
APPLIED, PENDING = ChangeState.APPLIED, ChangeState.PENDING
DROPPED = ChangeState.DROPPED
WIT = ZoneInfo("Asia/Jayapura")
HOME = Address("Jalan Uji Coba 9", "001", "002", "32.76.05.1001", "16411")
# Each row with a value that it takes, and what is written.
VALUES = [
    (ChangeRow.NIK, "3276054502850919", {"nik": "3276054502850919"}),
    (ChangeRow.NAME, "Wulan Uji", {"name": "Wulan Uji"}),
    (ChangeRow.BIRTH_DATE, date(1984, 2, 29), {"birth_date": date(1984, 2, 29)}),
    (ChangeRow.SEX, "M", {"sex": "M"}),
    (ChangeRow.DOMICILE, HOME, {"domicile": HOME, "home": HOME}),
    (ChangeRow.PHONE, "+6281299990000", {"phone": "+6281299990000"}),
    (ChangeRow.EMAIL, None, {"email": None, "email_index": None}),
    (
        ChangeRow.CARE_CLASS,
        "1",
        {"care_class": "1", "care_class_since": FIRST_OF_JUNE},
    ),
    (
        ChangeRow.SEGMENT,
        SegmentOf(Segment.PBPU, ParticipantKind.SELF_EMPLOYED),
        {"segment": Segment.PBPU, "kind": ParticipantKind.SELF_EMPLOYED},
    ),
]


@pytest.mark.parametrize(("row", "value", "written"), VALUES, ids=[it[0] for it in VALUES])
def test_each_row_is_written_on_its_day_and_what_it_replaced_is_kept(
    clock: Clock, row: ChangeRow, value: Value, written: dict[str, object]
) -> None:
    account = make_account()
    one = participant_now(account.participant_id or 0)
    before = {name: getattr(one, name) for name in written}
    change = scheduled(one.id, row, value, FIRST_OF_JUNE, account)
    assert apply_due() == 0
    clock.set(midnight(FIRST_OF_JUNE))
    assert apply_due() == 1
    one = participant_now(one.id)
    assert {name: getattr(one, name) for name in written} == written
    applied = change_now(change)
    assert (applied.state, applied.ended_at) == (APPLIED, midnight(FIRST_OF_JUNE))
    assert (applied.asked_by_id, applied.reference) == (account.id, REFERENCE)
    first = next(iter(before.values()))
    if isinstance(first, str | date) and row is not ChangeRow.SEGMENT:
        assert json.loads(applied.value_before or "") == str(first)


def test_a_new_facility_is_written_with_the_day_since_when(clock: Clock) -> None:
    one, new = make_participant(), make_facility()
    dentist = make_facility()
    assert participant_now(one.id).primary_facility is not None
    scheduled(one.id, ChangeRow.PRIMARY_FACILITY, new.code, FIRST_OF_JUNE)
    scheduled(one.id, ChangeRow.DENTAL_FACILITY, dentist.code, FIRST_OF_JUNE)
    # After weeks without a worker, the day is still the one that was told.
    clock.set(midnight(date(2026, 6, 20)))
    assert apply_due() == 2
    one = participant_now(one.id)
    assert one.primary_facility is not None
    assert (one.primary_facility.code, one.primary_facility_since) == (new.code, FIRST_OF_JUNE)
    assert one.dental_facility_code == dentist.code


def test_what_takes_effect_today_is_there_when_the_transaction_ends() -> None:
    one = make_participant()
    change = scheduled(one.id, ChangeRow.DOMICILE, HOME, TODAY)
    assert change_now(change).state is APPLIED
    assert participant_now(one.id).home == HOME
    assert apply_due() == 0
    assert scheduled(one.id, ChangeRow.DOMICILE, None, TODAY)
    one = participant_now(one.id)
    assert one.home == one.family.address


def test_what_is_rolled_back_never_takes_effect(clock: Clock) -> None:
    one = make_participant()
    name_before = one.name

    def fail_half_way() -> None:
        with transaction():
            for day in (TODAY, FIRST_OF_JUNE):
                schedule(one.id, ChangeRow.NAME, "Batal", day, asked_by_id=None, reference=None)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_half_way()
    clock.advance(days=60)
    assert apply_due() == 0
    assert participant_now(one.id).name == name_before


def test_the_past_is_not_rewritten_and_a_wrong_value_not_stored() -> None:
    one = make_participant()
    with pytest.raises(ValueError, match="today at the earliest"):
        scheduled(one.id, ChangeRow.NAME, "Kemarin", TODAY - timedelta(days=1))
    with pytest.raises(TypeError):
        scheduled(one.id, ChangeRow.NAME, None, FIRST_OF_JUNE)
    with pytest.raises(LookupError):
        scheduled(one.id + 99, ChangeRow.NAME, "Siapa", FIRST_OF_JUNE)
    assert states(one.id) == []


def test_after_weeks_without_a_worker_the_order_of_days_is_kept(clock: Clock) -> None:
    one = make_participant()
    name_before = one.name
    days = {"Ketiga": 9, "Pertama": 1, "Keempat": 9, "Kedua": 4}
    for name, day in days.items():
        scheduled(one.id, ChangeRow.NAME, name, date(2026, 6, day))
    clock.set(midnight(date(2026, 7, 30)))
    assert apply_due() == 4
    assert participant_now(one.id).name == "Keempat"
    ordered = select(MemberChange).order_by(MemberChange.effective_on, MemberChange.id)
    before = [json.loads(it.value_before or "") for it in session.scalars(ordered)]
    assert before == [name_before, "Pertama", "Kedua", "Ketiga"]


def test_what_takes_effect_at_once_comes_after_what_no_worker_came_to(clock: Clock) -> None:
    one = make_participant()
    late = scheduled(one.id, ChangeRow.NAME, "Terlambat", date(2026, 5, 5))
    other = scheduled(one.id, ChangeRow.EMAIL, "nanti@example.id", date(2026, 5, 5))
    clock.set(midnight(date(2026, 5, 9)))
    now = scheduled(one.id, ChangeRow.NAME, "Sekarang", date(2026, 5, 9))
    assert change_now(late).state is change_now(now).state is APPLIED
    assert json.loads(change_now(now).value_before or "") == "Terlambat"
    assert change_now(other).state is PENDING
    assert participant_now(one.id).name == "Sekarang"


@given(
    asked=st.dates(date(2026, 1, 1), date(2032, 12, 31))
    | st.sampled_from(
        [date(2027, 1, 31), date(2028, 1, 31), date(2028, 2, 29), date(2027, 12, 31)]
    ),
    second=st.integers(-1, 1),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_first_of_next_month_begins_at_midnight_in_jakarta(
    clock: Clock, asked: date, second: int
) -> None:
    """Whatever the month's length: asked on 31 January, it is 1 February."""
    clock.set(midnight(asked))
    one = make_participant()
    first = add_months(month_start(asked), 1)
    assert (first.day, first > asked, (first - asked).days <= 31) == (1, True, True)
    change = scheduled(one.id, ChangeRow.NAME, "Bulan Depan", first)
    # Midnight in Papua is two hours before, midnight UTC seven hours after it.
    clock.set(midnight(first, WIT))
    assert apply_due() == 0
    clock.set(midnight(first) + timedelta(seconds=second))
    assert apply_due() == (1 if second >= 0 else 0)
    clock.set(midnight(first))
    apply_due()
    assert change_now(change).state is APPLIED


@pytest.mark.parametrize("zone", ["UTC", "Asia/Jayapura", "America/Adak"])
def test_the_day_is_jakartas_whatever_the_zone_of_the_server(
    clock: Clock, monkeypatch: pytest.MonkeyPatch, zone: str
) -> None:
    monkeypatch.setenv("TZ", zone)
    one = make_participant()
    scheduled(one.id, ChangeRow.NAME, "Tengah Malam", FIRST_OF_JUNE)
    clock.set(midnight(FIRST_OF_JUNE) - timedelta(seconds=1))
    assert apply_due() == 0
    clock.advance(seconds=1)
    assert apply_due() == 1


def test_what_cannot_be_applied_is_dropped_told_and_in_nobodys_way(clock: Clock) -> None:
    closed, closing = make_facility(open_until=date(2026, 5, 31)), make_facility()
    taken = new_nik(date(1985, 2, 5))
    make_participant(nik=taken)
    account = make_account()
    one = account.participant_id or 0
    facility = ChangeRow.PRIMARY_FACILITY
    wanted = [
        (facility, closed.code, DropReason.FACILITY_CLOSED),
        (ChangeRow.DENTAL_FACILITY, "9999X999", DropReason.UNKNOWN_VALUE),
        (ChangeRow.CARE_CLASS, "istana", DropReason.UNKNOWN_VALUE),
        (ChangeRow.NIK, taken, DropReason.NIK_TAKEN),
        (facility, closing.code, None),
    ]
    ids = [scheduled(one, row, value, FIRST_OF_JUNE, account) for row, value, _ in wanted]
    before = participant_now(one)
    columns = {"care_class": before.care_class, "nik": before.nik}
    clock.set(midnight(FIRST_OF_JUNE))
    assert apply_due() == len(ids)
    ended = [change_now(it) for it in ids]
    assert [it.dropped_reason for it in ended] == [reason for _, _, reason in wanted]
    assert [it.state for it in ended] == [DROPPED] * 4 + [APPLIED]
    assert all(it.value_before is None for it in ended[:4])
    after = participant_now(one)
    assert {name: getattr(after, name) for name in columns} == columns
    assert after.primary_facility_code == closing.code
    said = told(account)
    assert len(said) == 5
    assert sum("tidak bisa berlaku" in it for it in said) == 4
    # A new facility counts on somebody's way there, so every channel is told.
    assert session.scalar(select(func.count()).select_from(OutboxMessage)) == 8


def test_nothing_takes_effect_for_who_died_meanwhile(clock: Clock) -> None:
    family = make_family()
    head = make_account(make_participant(family))
    wife = make_participant(family, relationship=Relationship.WIFE)
    phone = wife.phone
    change = scheduled(wife.id, ChangeRow.PHONE, "+6281299990000", FIRST_OF_JUNE, head)
    with transaction():
        session.execute(
            update(Participant)
            .where(Participant.id == wife.id)
            .values(active_until=date(2026, 5, 20), ended_reason=EndedReason.DEATH)
        )
    clock.set(midnight(FIRST_OF_JUNE))
    assert apply_due() == 1
    assert change_now(change).dropped_reason is DropReason.DECEASED
    assert participant_now(wife.id).phone == phone
    (said,) = told(head)
    assert said.startswith(f"Perubahan nomor HP untuk {wife.name} tidak bisa berlaku.")


def test_an_unforeseen_fault_holds_back_its_own_row_alone_until_it_is_mended(
    clock: Clock,
) -> None:
    one, other = make_participant(), make_participant()
    broken = scheduled(one.id, ChangeRow.NAME, "Rusak Sekali", date(2026, 5, 10))
    after_it = scheduled(one.id, ChangeRow.NAME, "Sesudahnya", date(2026, 5, 11))
    beside_it = scheduled(one.id, ChangeRow.PHONE, "+6281299990000", date(2026, 5, 12))
    of_other = scheduled(other.id, ChangeRow.NAME, "Orang Lain", date(2026, 5, 12))
    with transaction():
        session.execute(
            update(MemberChange).where(MemberChange.id == broken).values(value='{"Rusak": 1}')
        )
    clock.set(midnight(date(2026, 5, 20)))
    with structlog.testing.capture_logs() as lines:
        assert [apply_due() for _ in range(2)] == [2, 0]
    assert [(it["event"], it["change"]) for it in lines] == [("change_broke", broken)] * 2
    assert not any(word in str(lines) for word in ("Rusak", "Sesudahnya", one.name))
    assert [change_now(it).state for it in (broken, after_it, beside_it, of_other)] == [
        PENDING, PENDING, APPLIED, APPLIED,
    ]  # fmt: skip
    with transaction():
        session.execute(
            update(MemberChange).where(MemberChange.id == broken).values(value='"Sembuh"')
        )
    assert apply_due() == 2
    assert participant_now(one.id).name == "Sesudahnya"


def test_a_row_of_a_newer_release_is_left_to_its_own_workers(clock: Clock) -> None:
    one = make_participant()
    change = scheduled(one.id, ChangeRow.NAME, "Besok", FIRST_OF_JUNE)
    with transaction():
        session.execute(text("UPDATE member_changes SET row = 'of_tomorrow'"))
    clock.set(midnight(FIRST_OF_JUNE))
    with structlog.testing.capture_logs() as lines:
        assert apply_due() == 0
    assert lines == []
    assert change_now(change).state is PENDING


def test_the_worker_does_it_within_a_minute_of_midnight(clock: Clock) -> None:
    one = make_participant()
    scheduled(one.id, ChangeRow.NAME, "Tepat Waktu", FIRST_OF_JUNE)
    clock.set(midnight(FIRST_OF_JUNE) - timedelta(seconds=30))
    assert "pending_changes.apply_due" in periodic.run_due()
    assert states(one.id) == [PENDING]
    clock.advance(minutes=1)
    assert "pending_changes.apply_due" in periodic.run_due()
    assert states(one.id) == [APPLIED]


def test_a_long_list_is_worked_off_in_parts(clock: Clock) -> None:
    one = make_participant()
    for number in range(5):
        scheduled(one.id, ChangeRow.NAME, f"Nama {number}", date(2026, 6, 1 + number))
    clock.set(midnight(date(2026, 6, 20)))
    assert [apply_due(2) for _ in range(4)] == [2, 2, 1, 0]


def test_what_is_past_costs_the_worker_nothing(database: ConnectedDatabase, clock: Clock) -> None:
    one = make_participant()
    scheduled(one.id, ChangeRow.NAME, "Baru", FIRST_OF_JUNE)
    past = {
        "participant_id": one.id,
        "row": ChangeRow.EMAIL,
        "value": '"lama@example.id"',
        "effective_on": date(2026, 1, 1),
        "state": APPLIED,
        "asked_at": BEGINNING,
    }
    with transaction():
        session.execute(insert(MemberChange), [past] * 1000)
    with database.engine.begin() as connection:
        connection.execute(text("ANALYZE"))
    clock.set(midnight(FIRST_OF_JUNE))
    session.rollback()
    with plans_of(database.engine) as plans:
        assert apply_due() == 1
    assert "ix_member_changes_pending" in plans[0]


def test_the_copies_on_the_account_follow_and_its_channels_do_not(clock: Clock) -> None:
    account = make_account()
    one, phone = account.participant_id or 0, account.phone
    for row, value in (
        (ChangeRow.NAME, "Nama Baru"),
        (ChangeRow.BIRTH_DATE, date(1985, 2, 6)),
        (ChangeRow.PHONE, "+6281299990000"),
    ):
        scheduled(one, row, value, TODAY, account)
    session.rollback()
    session.expire_all()
    copied = session.get_one(Account, account.id)
    assert (copied.name, copied.birth_date) == ("Nama Baru", date(1985, 2, 6))
    assert copied.phone == phone
    assert participant_now(one).phone == "+6281299990000"
