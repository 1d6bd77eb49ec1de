"""Kartu: the own family's and nobody else's."""

from datetime import date

import pytest
from sqlalchemy import select

from jkn.database import session
from jkn.models import AuditEvent, EventKind
from tests.support.clients.page_client import PageClient
from tests.support.steps.sign_in_steps import sign_in
from tests.support.world.factories import make_account, make_facility, make_family, make_participant
from tests.support.world.queries import QueryCounter


def refused_accesses() -> list[int | None]:
    session.rollback()
    return list(
        session.scalars(
            select(AuditEvent.account_id).where(AuditEvent.kind == EventKind.AUTHZ_FAIL)
        )
    )


@pytest.mark.both_databases
def test_a_members_card_shows_its_numbers_masked(client: PageClient) -> None:
    family = make_family()
    own, spouse = make_participant(family), make_participant(family)
    sign_in(client, make_account(own))
    client.get("/kartu").get(f"/kartu/{spouse.id}")
    assert client.status == 200
    shown = client.text.replace(" ", "")
    assert spouse.name in client.text
    assert spouse.card_number not in shown
    assert (spouse.nik or "") not in shown
    assert spouse.card_number[-4:] in shown


def test_a_card_says_that_nobody_is_treated_at_its_facility_any_more(client: PageClient) -> None:
    closed = make_facility(open_until=date(2020, 1, 1))
    sign_in(client, make_account(make_participant(primary_facility_code=closed.code))).get("/kartu")
    assert "Sudah tutup. Hubungi 165 untuk memilih yang baru." in client.text


def test_another_familys_card_reads_like_one_that_does_not_exist(client: PageClient) -> None:
    stranger = make_participant()
    account = make_account()
    sign_in(client, account)
    client.get(f"/kartu/{stranger.id}")
    foreign = (client.status, client.text)
    client.get("/kartu/999999999")
    assert foreign == (client.status, client.text)
    assert client.status == 404
    assert refused_accesses() == [account.id, account.id]


def test_an_id_beyond_any_database_is_unknown_too(client: PageClient) -> None:
    sign_in(client, make_account())
    assert client.get(f"/kartu/{10**30}").status == 404


def test_without_membership_there_is_no_card(client: PageClient) -> None:
    sign_in(client, make_account(participant_id=None))
    assert client.get("/kartu").status == 200
    assert "belum menjadi peserta" in client.text


def test_the_cards_cost_one_query_beside_the_session_and_the_bell(
    as_browser: PageClient, queries: QueryCounter
) -> None:
    family = make_family()
    sign_in(as_browser, make_account(make_participant(family)))
    for _ in range(5):
        make_participant(family)
    with queries.at_most(3):
        as_browser.get("/kartu")
