"""Beranda: whose card, which family, what needs doing."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from jkn.database import session, transaction
from jkn.models import EndedReason, Participant, Relationship, Segment
from tests.support.clients.markup import flat
from tests.support.clients.page_client import PageClient
from tests.support.steps.sign_in_steps import sign_in
from tests.support.world.clock import Clock
from tests.support.world.factories import make_account, make_facility, make_family, make_participant
from tests.support.world.queries import QueryCounter

JAKARTA = ZoneInfo("Asia/Jakarta")


def test_the_own_card_is_shown_in_full(client: PageClient) -> None:
    facility = make_facility()
    participant = make_participant(primary_facility_code=facility.code)
    sign_in(client, make_account(participant))
    number = participant.card_number
    assert " ".join(number[at : at + 4] for at in range(0, 13, 4)) in client.text
    assert participant.name in client.text
    assert "Aktif" in client.text
    assert "Kelas 2" in client.text
    assert facility.name in client.text


@pytest.mark.both_databases
def test_the_family_is_listed_with_place_and_status(client: PageClient) -> None:
    family = make_family()
    own = make_participant(family)
    child = make_participant(family, relationship=Relationship.CHILD, birth_date=date(2015, 6, 1))
    sign_in(client, make_account(own))
    assert child.name in client.text
    assert "Anak" in client.text
    assert child.card_number not in client.text.replace(" ", "")


def test_another_family_is_not_seen(client: PageClient) -> None:
    other = make_participant()
    sign_in(client, make_account())
    assert other.name not in client.text


def test_a_person_who_left_the_family_loses_sight_of_it_at_once(client: PageClient) -> None:
    family = make_family()
    own, spouse = make_participant(family), make_participant(family)
    sign_in(client, make_account(own))
    assert spouse.name in client.text
    other_family = make_family()
    with transaction():
        moved = session.get_one(Participant, own.id)
        moved.family_id = other_family.id
    client.get("/beranda")
    assert spouse.name not in client.text


def test_an_account_without_membership_is_told_so_and_what_to_do(client: PageClient) -> None:
    account = make_account(participant_id=None)
    sign_in(client, account)
    assert "Anda belum menjadi peserta JKN" in client.text
    assert "165" in client.text


def calls(client: PageClient) -> int:
    """How many banners bring the button to call."""
    banners = [
        it for it in client.document.elements("div") if "banner" in it.get("class", "").split()
    ]
    return sum(any(a.get("href") == "tel:165" for a in it.iter("a")) for it in banners)


def test_arrears_are_what_needs_doing(client: PageClient) -> None:
    family = make_family(paid_through=date(2026, 1, 1))
    sign_in(client, make_account(make_participant(family, segment=Segment.PBPU)))
    # 3 May: February, March and April are due, May's day is the 10th.
    assert "3 bulan" in client.text
    assert calls(client) == 1


def test_a_membership_that_ended_says_since_when(client: PageClient) -> None:
    ended = make_participant(
        active_until=date(2026, 4, 30), ended_reason=EndedReason.EMPLOYMENT_ENDED
    )
    sign_in(client, make_account(ended))
    assert "Kepesertaan tidak aktif" in client.text
    assert "1 Mei 2026" in client.text
    assert calls(client) == 1


def test_a_membership_that_will_end_says_until_when(client: PageClient) -> None:
    ending = make_participant(
        active_until=date(2026, 5, 31), ended_reason=EndedReason.EMPLOYMENT_ENDED
    )
    sign_in(client, make_account(ending))
    assert "31 Mei 2026" in client.text
    assert calls(client) == 1


def test_a_newborn_without_nik_has_a_day_to_get_one_by(client: PageClient) -> None:
    family = make_family()
    mother = make_participant(family)
    baby = make_participant(
        family, nik=None, relationship=Relationship.CHILD, birth_date=date(2026, 4, 13)
    )
    sign_in(client, make_account(mother))
    assert baby.name in client.text
    assert "13 Juli 2026" in client.text
    assert calls(client) == 1


def test_nothing_to_do_says_nothing_about_doing(client: PageClient) -> None:
    sign_in(client, make_account())
    assert "bulan" not in client.text


@pytest.mark.parametrize(
    ("hour", "words"),
    [(3, "malam"), (4, "pagi"), (10, "pagi"), (11, "siang"), (15, "sore"), (18, "malam")],
)
def test_the_greeting_follows_the_hour_in_jakarta(
    as_browser: PageClient, clock: Clock, hour: int, words: str
) -> None:
    account = make_account()
    clock.set(datetime(2026, 5, 3, hour, 5, tzinfo=JAKARTA))
    sign_in(as_browser, account)
    assert f"Selamat {words}" in as_browser.text


def test_beranda_costs_the_same_however_large_the_family(
    as_browser: PageClient, queries: QueryCounter
) -> None:
    family = make_family()
    sign_in(as_browser, make_account(make_participant(family)))
    with queries.at_most(4):
        as_browser.get("/beranda")
    few = len(queries.statements)
    for _ in range(9):
        make_participant(family)
    with queries.at_most(few):
        as_browser.get("/beranda")


def test_beranda_offers_only_what_exists(client: PageClient) -> None:
    sign_in(client, make_account())
    links = {
        it.get("href", "") for it in client.document.elements("a") if it.get("href", "")[:1] == "/"
    }
    for link in links - {"/static"}:
        assert client.another(with_cookies=True).get(link).status == 200, link


def test_beranda_names_no_service_twice(client: PageClient) -> None:
    """Kartu is in the bar below, Bantuan in the one on top."""
    sign_in(client, make_account())
    links = [it.get("href") for it in client.document.elements("a")]
    assert links.count("/bantuan") == 1
    assert links.count("/kartu") == 1
    assert links.count("/faskes") == 1


def test_a_family_that_ends_as_a_whole_is_not_listed_name_by_name(client: PageClient) -> None:
    family = make_family()
    own, *_ = [make_participant(family, active_until=date(2026, 5, 31)) for _ in range(6)]
    sign_in(client, make_account(own))
    assert "Seluruh keluarga" in client.text


def test_the_bar_below_says_where_somebody_is(client: PageClient) -> None:
    sign_in(client, make_account())
    for path, place in (("/kartu", "Kartu"), ("/profil", "Profil"), ("/lainnya", "Lainnya")):
        client.get(path)
        bar = client.document.elements("a")
        here = [flat("".join(it.itertext())) for it in bar if it.get("aria-current") == "page"]
        assert here == [place]
