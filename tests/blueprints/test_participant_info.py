"""Info Peserta: what is on record about the own family, what waits, and what was."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from jkn.database import session, transaction
from jkn.models import (
    Account,
    Address,
    AuditEvent,
    ChangeRow,
    ChangeState,
    EventKind,
    FacilityKind,
    MemberChange,
    ParticipantKind,
    Relationship,
    Segment,
)
from jkn.services.changes.pending_changes import apply_due, schedule
from jkn.services.membership.change_values import SegmentOf, Value
from jkn.services.sessions import limited_mode
from tests.support.clients.forms import fill
from tests.support.clients.page_client import PageClient
from tests.support.steps.pin_steps import give_pin, with_pin
from tests.support.steps.sign_in_steps import sign_in
from tests.support.world.clock import Clock
from tests.support.world.factories import (
    make_account,
    make_facility,
    make_family,
    make_participant,
)
from tests.support.world.queries import QueryCounter

INFO = "Info peserta Kelas, faskes, dan perubahan data keluarga"
JUNE = date(2026, 6, 1)
PBPU: dict[str, Any] = {"segment": Segment.PBPU, "kind": ParticipantKind.SELF_EMPLOYED}


def change(account: Account, row: ChangeRow, value: Value, on: date = JUNE) -> int:
    """A change of the account's own person, asked for by the account."""
    assert account.participant_id is not None
    with transaction():
        asked = {"asked_by_id": account.id, "reference": "00042"}
        return schedule(account.participant_id, row, value, on, **asked).id


def state_of(change_id: int) -> ChangeState:
    session.rollback()
    return session.scalars(select(MemberChange.state).where(MemberChange.id == change_id)).one()


def refusals() -> list[int | None]:
    session.rollback()
    kinds = select(AuditEvent.account_id).where(AuditEvent.kind == EventKind.AUTHZ_FAIL)
    return list(session.scalars(kinds))


def test_the_list_has_everybody_with_status_and_what_waits(client: PageClient) -> None:
    family = make_family()
    account = make_account(make_participant(family))
    child = make_participant(
        family, relationship=Relationship.CHILD, active_until=date(2026, 4, 30)
    )
    change(account, ChangeRow.EMAIL, None)
    sign_in(client, account).get("/beranda").follow(INFO)
    assert client.url == "/peserta"
    assert "1 perubahan belum berlaku" in client.text
    assert "Tidak aktif" in client.text
    client.get(f"/peserta/{child.id}")
    assert child.name in client.text
    assert "Tidak aktif sejak 1 Mei 2026." in client.text


def test_who_pays_alone_reads_the_price_and_others_who_pays(client: PageClient) -> None:
    family = make_family(paid_through=date(2026, 5, 1))
    own = make_participant(family, care_class="3", **PBPU)
    pensioner = make_participant(
        family,
        care_class="1",
        segment=Segment.BP,
        kind=ParticipantKind.STATE_PENSIONER,
        relationship=Relationship.PARENT,
    )
    sign_in(client, make_account(own)).get(f"/peserta/{own.id}")
    assert "Dibayar sendiri (mandiri)" in client.text
    assert "Iuran Rp35.000 per orang setiap bulan" in client.text
    client.get(f"/peserta/{pensioner.id}")
    assert "Dipotong dari pensiun" in client.text
    assert "Tidak perlu membayar sendiri." in client.text
    assert "Kelas 1" in client.text
    assert "Rp" not in client.text


def test_facilities_lead_to_their_page_and_to_a_map(client: PageClient) -> None:
    doctor = make_facility(kind=FacilityKind.DOCTOR, name="dr. Larasati", address="Jalan Kopi 7")
    dentist = make_facility(kind=FacilityKind.DENTIST, name="drg. Puspa", is_point_exact=False)
    own = make_participant(primary_facility_code=doctor.code, dental_facility_code=dentist.code)
    sign_in(client, make_account(own)).get(f"/peserta/{own.id}")
    assert "Jalan Kopi 7" in client.text
    maps = [it for it in client.document.elements("a") if "openstreetmap" in it.get("href", "")]
    assert [(it.get("href"), it.get("rel")) for it in maps] == [
        (
            "https://www.openstreetmap.org/?mlat=-6.4025&mlon=106.7942#map=17/-6.4025/106.7942",
            "noreferrer",
        )
    ]
    client.follow("Lihat drg. Puspa")
    assert client.url == f"/faskes/{dentist.code}"
    client.follow("Kembali")
    assert client.url == f"/peserta/{own.id}"


def test_who_is_registered_where_nobody_is_treated_any_more_is_told(client: PageClient) -> None:
    closed = make_facility(name="Puskesmas Lama", open_until=date(2020, 1, 1))
    own = make_participant(primary_facility_code=closed.code)
    sign_in(client, make_account(own)).get(f"/peserta/{own.id}")
    assert "Sudah tutup. Hubungi 165 untuk memilih yang baru." in client.text


def test_a_doctor_alone_without_a_dentist_is_told(client: PageClient) -> None:
    doctor = make_facility(kind=FacilityKind.DOCTOR)
    own = make_participant(primary_facility_code=doctor.code)
    sign_in(client, make_account(own)).get(f"/peserta/{own.id}")
    assert "Faskes gigi" in client.text
    assert "Belum dipilih" in client.text


def test_numbers_and_address_are_masked_until_a_step_up(client: PageClient) -> None:
    own = make_participant(make_family(street="Gang Melati Rimbun 4"))
    account = make_account(own)
    change(account, ChangeRow.PHONE, "+6281234567890")
    moved = Address("Jalan Anggrek 5", "001", "002", "32.76.06.1002", "16421")
    change(account, ChangeRow.DOMICILE, moved)
    with_pin(client, account).get(f"/peserta/{own.id}")
    masked = client.text
    for secret in ("Gang Melati", "Jalan Anggrek", "3456", own.nik or ""):
        assert secret not in masked.replace(" ", "") + masked
    assert "Sukmajaya, Kota Depok" in masked
    give_pin(client.follow("Lihat data lengkap"))
    shown = client.text
    for part in (
        "Gang Melati Rimbun 4, RT 003/RW 007",
        "Jalan Anggrek 5, RT 001/RW 002",
        "0812 3456 7890",
    ):
        assert part in shown


def test_limited_mode_masks_everything_and_cancels_nothing(client: PageClient) -> None:
    own = make_participant()
    account = make_account(own)
    change_id = change(account, ChangeRow.PHONE, "+6281234567890")
    with transaction():
        limited_mode.begin(session.get_one(Account, account.id))
    sign_in(client, account).get(f"/peserta/{own.id}")
    assert client.status == 200
    for hidden in ("3456", "Sukmajaya", "Kota Depok"):
        assert hidden not in client.text
    for address in (f"/peserta/{own.id}/data", f"/peserta/perubahan/{change_id}/batalkan"):
        assert client.get(address).url == "/akses-terbatas"
    assert state_of(change_id) is ChangeState.PENDING


@pytest.mark.parametrize(
    ("row", "value", "before", "after"),
    [
        (ChangeRow.CARE_CLASS, "1", "Kelas 2", "Kelas 1"),
        (ChangeRow.EMAIL, None, "@example.id", "Tidak ada"),
        (ChangeRow.BIRTH_DATE, date(1985, 2, 6), "5 Februari 1985", "6 Februari 1985"),
        (ChangeRow.SEX, "M", "Perempuan", "Laki-laki"),
        (
            ChangeRow.SEGMENT,
            SegmentOf(Segment.PBPU, ParticipantKind.SELF_EMPLOYED),
            "Dibayar perusahaan",
            "Dibayar sendiri (mandiri)",
        ),
    ],
    ids=str,
)
def test_a_change_that_waits_is_shown_in_words_with_its_day(
    row: ChangeRow, value: Value, before: str, after: str, client: PageClient
) -> None:
    own = make_participant()
    account = make_account(own)
    change(account, row, value)
    sign_in(client, account).get(f"/peserta/{own.id}")
    _, _, waiting = client.text.partition("Belum berlaku")
    assert before in waiting.partition("Menjadi")[0]
    assert after in waiting.partition("Menjadi")[2]
    assert "Mulai 1 Juni 2026" in waiting
    assert "Nomor referensi 00042" in waiting


def test_a_facility_that_waits_has_its_name(client: PageClient) -> None:
    new = make_facility(name="Klinik Anggrek")
    account = make_account()
    change(account, ChangeRow.PRIMARY_FACILITY, new.code)
    sign_in(client, account).get(f"/peserta/{account.participant_id}")
    assert "Menjadi: Klinik Anggrek" in client.text


def test_a_change_is_cancelled_after_a_question(client: PageClient) -> None:
    account = make_account()
    change_id = change(account, ChangeRow.EMAIL, None)
    sign_in(client, account).get(f"/peserta/{account.participant_id}")
    client.follow("Batalkan perubahan Email")
    assert "Batalkan perubahan?" in client.text
    assert state_of(change_id) is ChangeState.PENDING
    client.submit("Batalkan perubahan")
    assert client.url == f"/peserta/{account.participant_id}"
    assert "Perubahan sudah dibatalkan" in client.text
    assert "Dibatalkan 3 Mei 2026" in client.text
    assert state_of(change_id) is ChangeState.CANCELLED


def test_a_second_tap_is_answered_like_the_first(client: PageClient) -> None:
    account = make_account()
    change_id = change(account, ChangeRow.EMAIL, None)
    sign_in(client, account).get(f"/peserta/perubahan/{change_id}/batalkan")
    tap = fill(client.document, "Batalkan perubahan", {})
    for _ in range(2):
        client.send(tap)
        assert client.url == f"/peserta/{account.participant_id}"
        assert "Perubahan sudah dibatalkan" in client.text
    client.get(f"/peserta/perubahan/{change_id}/batalkan")
    assert "Perubahan ini sudah dibatalkan" in client.text


@pytest.mark.parametrize("has_worker", [True, False], ids=["applied", "due"])
def test_what_took_effect_meanwhile_is_not_cancelled_and_says_so(
    has_worker: bool, client: PageClient, clock: Clock
) -> None:
    clock.set(datetime(2026, 5, 31, 23, 50, tzinfo=ZoneInfo("Asia/Jakarta")))
    account = make_account()
    change_id = change(account, ChangeRow.EMAIL, None)
    sign_in(client, account).get(f"/peserta/perubahan/{change_id}/batalkan")
    clock.advance(minutes=15)
    if has_worker:
        apply_due()
    client.submit("Batalkan perubahan")
    assert "Perubahan ini sudah berlaku" in client.text
    assert "tidak bisa dibatalkan" in client.text
    assert state_of(change_id) is (ChangeState.APPLIED if has_worker else ChangeState.PENDING)


def test_a_change_of_another_family_reads_like_one_that_does_not_exist(
    client: PageClient,
) -> None:
    theirs = change(make_account(), ChangeRow.EMAIL, None)
    account = make_account()
    sign_in(client, account)
    for address in ("/peserta/{}", "/peserta/perubahan/{}/batalkan"):
        client.get(address.format(theirs))
        foreign = (client.status, client.text)
        client.get(address.format(999_999_999))
        assert foreign == (client.status, client.text)
        assert client.status == 404
    assert refusals() == [account.id] * 4
    assert state_of(theirs) is ChangeState.PENDING


def test_an_adult_child_sees_the_heads_change_and_cannot_cancel_it(client: PageClient) -> None:
    family = make_family()
    heads = make_account(make_participant(family))
    change_id = change(heads, ChangeRow.EMAIL, None)
    child = make_participant(family, relationship=Relationship.CHILD, birth_date=date(2005, 1, 1))
    sign_in(client, make_account(child)).get(f"/peserta/{heads.participant_id}")
    assert "Mulai 1 Juni 2026" in client.text
    assert "Batalkan" not in client.text
    assert client.get(f"/peserta/perubahan/{change_id}/batalkan").status == 404


def test_a_class_is_cancelled_for_the_whole_family_and_the_page_says_so(
    client: PageClient,
) -> None:
    family = make_family(paid_through=date(2026, 5, 1))
    account = make_account(make_participant(family, **PBPU))
    spouse = make_account(
        make_participant(family, sex="M", relationship=Relationship.HUSBAND, **PBPU)
    )
    ids = [change(it, ChangeRow.CARE_CLASS, "1") for it in (account, spouse)]
    sign_in(client, account).get(f"/peserta/perubahan/{ids[0]}/batalkan")
    assert "dibatalkan untuk semua anggota keluarga" in client.text
    client.submit("Batalkan perubahan")
    assert [state_of(it) for it in ids] == [ChangeState.CANCELLED] * 2


def test_the_history_is_told_with_its_days_and_further_down(
    client: PageClient, clock: Clock
) -> None:
    account = make_account()
    for number, day in enumerate([*range(3, 24), 25]):
        clock.set(datetime(2026, 5, day, 12, 0, tzinfo=ZoneInfo("Asia/Jakarta")))
        change(account, ChangeRow.NAME, f"Nama {number:02}", date(2026, 5, day))
    sign_in(client, account).get(f"/peserta/{account.participant_id}")
    assert "Dari: Nama 20 Menjadi: Nama 21 Berlaku sejak 25 Mei 2026" in " ".join(
        client.text.split()
    )
    assert "Berlaku 23 Mei 2026 sampai 24 Mei 2026" in client.text
    assert "Berlaku 22 Mei 2026 saja" in client.text
    assert "Menjadi: Nama 01" not in client.text
    client.follow("Tampilkan yang lebih lama")
    assert "Menjadi: Nama 01" in client.text


def test_what_was_replaced_on_its_own_day_is_not_told_as_if_it_held(
    client: PageClient, clock: Clock
) -> None:
    clock.set(datetime(2026, 5, 3, 12, 0, tzinfo=ZoneInfo("Asia/Jakarta")))
    account = make_account()
    for name in ("Salah Ketik", "Benar"):
        change(account, ChangeRow.NAME, name, date(2026, 5, 3))
    sign_in(client, account).get(f"/peserta/{account.participant_id}")
    told = " ".join(client.text.split())
    assert "Menjadi: Benar Berlaku sejak 3 Mei 2026" in told
    assert "Menjadi: Salah Ketik Diganti lagi pada 3 Mei 2026" in told


def test_without_membership_there_is_nothing_on_record(client: PageClient) -> None:
    sign_in(client, make_account(participant_id=None))
    assert client.get("/peserta").status == 200
    assert "belum menjadi peserta" in client.text


def test_a_page_costs_six_queries_however_large_the_family_is(
    as_browser: PageClient, queries: QueryCounter
) -> None:
    family = make_family()
    account = make_account(make_participant(family))
    adult = make_account(make_participant(family, relationship=Relationship.WIFE))
    for _ in range(6):
        make_participant(family, relationship=Relationship.CHILD)
    for member in (account, adult):
        for number in range(3):
            change(member, ChangeRow.PRIMARY_FACILITY, make_facility().code)
            change(member, ChangeRow.EMAIL, f"{number}@contoh.example")
            change(member, ChangeRow.NAME, f"Nama {number}", date(2026, 5, 3))
    sign_in(as_browser, account)
    for address in ("", f"/{account.participant_id}", f"/{adult.participant_id}"):
        with queries.at_most(6):
            as_browser.get(f"/peserta{address}")
