"""An account that was registered by answers: Bukan saya, and what a stranger who knew the answers
can do on the first day (R26)."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from jkn.database import session, transaction
from jkn.models import Account, Channel, Participant
from jkn.services.messaging import account_channels
from tests.support.clients.page_client import PageClient
from tests.support.steps.recovery_steps import (
    ask_for_code,
    give_code,
    link_in,
    messages,
    set_password,
)
from tests.support.steps.registration_steps import (
    CHOSEN,
    accounts_of,
    answer_by_record,
    begin_as_mobile_user,
    choose_password,
    give_phone,
    insured,
    prove_phone,
)
from tests.support.steps.sign_in_steps import try_to_sign_in
from tests.support.world.clock import Clock

OWN = "0813 8877 6655"
OWN_STORED = "+6281388776655"


def registered_by_answers(client: PageClient) -> tuple[Participant, Account]:
    participant, _ = insured()
    give_phone(begin_as_mobile_user(client, participant.nik or ""), OWN)
    answer_by_record(client, participant)
    choose_password(prove_phone(client))
    (account,) = accounts_of(participant.nik or "")
    return participant, account


@pytest.mark.parametrize("days", [0, 6])
def test_bukan_saya_gives_the_account_back_to_the_recorded_phone(
    client: PageClient, clock: Clock, days: int
) -> None:
    participant, account = registered_by_answers(client)
    clock.advance(days=days)
    stranger = client.another()
    try_to_sign_in(stranger, account.nik, CHOSEN)
    warning = next(it for channel, it in messages("registered") if channel is Channel.SMS)
    client.another().get(link_in(warning)).submit("Bukan saya, bekukan akun")
    stranger.get("/beranda")
    assert stranger.url == "/masuk"
    session.rollback()
    frozen = session.get_one(Account, account.id)
    assert (frozen.phone, frozen.phone_new_until) == (participant.phone, None)
    assert frozen.frozen_at is not None
    assert OWN_STORED not in {it.recipient for _, it in messages("frozen")}


def test_a_later_bukan_saya_leaves_the_phone_to_who_has_it(
    client: PageClient, clock: Clock
) -> None:
    _, account = registered_by_answers(client)
    clock.advance(days=2)
    set_password(give_code(ask_for_code(client, account.nik)), "kopi susu di beranda")
    ((_, warning), *_) = [it for it in messages("password_changed") if it[0] is Channel.SMS]
    client.another().get(link_in(warning)).submit("Bukan saya, bekukan akun")
    session.rollback()
    assert session.get_one(Account, account.id).phone == OWN_STORED


def test_bukan_saya_from_the_new_phone_leaves_it_where_it_is(
    client: PageClient, clock: Clock
) -> None:
    _, account = registered_by_answers(client)
    clock.advance(minutes=5)
    set_password(give_code(ask_for_code(client, account.nik)), "kopi susu di beranda")
    warning = next(it for _, it in messages("password_changed") if it.recipient == OWN_STORED)
    client.another().get(link_in(warning)).submit("Bukan saya, bekukan akun")
    session.rollback()
    frozen = session.get_one(Account, account.id)
    assert frozen.frozen_at is not None
    assert frozen.phone == OWN_STORED


def test_in_the_first_day_only_recorded_channels_open_everything(
    client: PageClient, clock: Clock
) -> None:
    participant, account = registered_by_answers(client)
    clock.advance(minutes=2)
    try_to_sign_in(client, account.nik, CHOSEN)
    client.get("/akses-terbatas")
    client.submit("Kirim kode", {"Kirim kode lewat": "SMS Ke nomor HP lama di data peserta"})
    assert [it.recipient for _, it in messages("code:full_access")] == [participant.phone]


def test_a_recovery_by_the_new_phone_does_not_end_limited_mode(
    client: PageClient, clock: Clock
) -> None:
    _, account = registered_by_answers(client)
    clock.advance(minutes=5)
    give_code(ask_for_code(client, account.nik))
    set_password(client, "kopi susu di beranda")
    try_to_sign_in(client, account.nik, "kopi susu di beranda")
    assert "Akun dibatasi sampai 4 Mei 2026, 09.30 WIB" in client.text


def test_a_day_later_the_phone_is_theirs(client: PageClient, clock: Clock) -> None:
    _, account = registered_by_answers(client)
    clock.advance(hours=24, seconds=1)
    try_to_sign_in(client, account.nik, CHOSEN)
    assert "Akun dibatasi" not in client.text
    with transaction():
        kept = session.scalars(select(Account).where(Account.id == account.id)).one()
        assert kept.phone == OWN_STORED
        assert not account_channels.is_phone_new(kept)
        assert kept.phone_new_until is not None
        assert kept.phone_new_until < kept.created_at + timedelta(days=2)
