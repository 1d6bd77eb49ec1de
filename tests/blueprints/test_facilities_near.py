"""Fasilitas kesehatan, the nearest first: to the phone after a tap, or to where somebody lives."""

from datetime import datetime

import pytest

from jkn.models import FacilityKind
from jkn.services.basics.clock import JAKARTA
from tests.support.clients.page_client import PageClient
from tests.support.steps.facility_steps import SEARCH, addresses, search_for, shown, tell_position
from tests.support.steps.sign_in_steps import sign_in
from tests.support.world.clock import Clock
from tests.support.world.collected_logs import collected_logs
from tests.support.world.factories import (
    make_account,
    make_family,
    make_known_facility,
    make_participant,
)
from tests.support.world.rows import all_rows, changes

NOON = datetime(2026, 5, 3, 12, 0, tzinfo=JAKARTA)
MORE = "Tampilkan lebih banyak"
OPENED = "camera=(), geolocation=(self), microphone=(), payment=(), usb=()"
CLOSED = OPENED.replace("(self)", "()")


def test_the_nearest_to_the_phone_comes_first_and_the_words_still_count(
    client: PageClient,
) -> None:
    make_known_facility("Apotek Jauh", kind=FacilityKind.PHARMACY, latitude=-6.5, longitude=106.8)
    make_known_facility("Puskesmas Dekat", latitude=-6.402, longitude=106.8)
    make_known_facility("Apotek Dekat", kind=FacilityKind.PHARMACY, latitude=-6.41, longitude=106.8)
    client.get(SEARCH)
    tell_position(client, "-6.400", "106.800")
    assert client.status == 200
    assert shown(client) == ["Puskesmas Dekat", "Apotek Dekat", "Apotek Jauh"]
    for words in ("Terdekat dari lokasi Anda", "200 m", "1,1 km", "11 km"):
        assert words in client.text
    assert "sekitar" not in client.text


def test_words_and_position_are_sent_together(client: PageClient) -> None:
    make_known_facility("Apotek Jauh", kind=FacilityKind.PHARMACY, latitude=-6.5, longitude=106.8)
    make_known_facility("Puskesmas Dekat", latitude=-6.402, longitude=106.8)
    client.get(SEARCH)
    tell_position(client, "-6.4", "106.8", {"nama": "apotek", "jenis": ""})
    assert shown(client) == ["Apotek Jauh"]


def test_the_position_is_rounded_by_the_server_too(as_htmx: PageClient) -> None:
    for number in range(11):
        make_known_facility(f"Puskesmas {number}")
    as_htmx.get(SEARCH)
    tell_position(as_htmx, "-6.4025678", "106.7942321")
    assert "-6.4025678" not in as_htmx.html
    (latitude,) = [
        it.get("value")
        for it in as_htmx.document.elements("input")
        if it.get("name") == "latitude" and it.get("value")
    ]
    assert latitude == "-6.403"


def test_a_position_is_in_no_address_no_row_and_no_log(as_htmx: PageClient) -> None:
    for number in range(11):
        make_known_facility(f"Puskesmas {number}")
    sign_in(as_htmx, make_account())
    as_htmx.get(SEARCH)
    before = all_rows()
    with collected_logs() as lines:
        tell_position(as_htmx, "-6.321987", "106.987654")
        addresses_of_first = [value for _, value in told_by(as_htmx)]
        as_htmx.submit(MORE)
    assert as_htmx.status == 200
    seen = [*addresses_of_first, *(value for _, value in told_by(as_htmx)), *addresses(as_htmx)]
    for text in (*seen, as_htmx.url, str(as_htmx.cookies.values), *lines):
        assert "6.32" not in text
        assert "106.98" not in text
    assert "facilities.near" in str(lines)
    assert changes(before, all_rows()) == []


def told_by(client: PageClient) -> list[tuple[str, str]]:
    """The headers of the last answer."""
    assert client.response is not None
    return list(client.response.headers)


def test_more_are_added_below(client: PageClient) -> None:
    for number in range(23):
        make_known_facility(f"Puskesmas {number:02}", longitude=106.8 + number / 100)
    client.get(SEARCH)
    tell_position(client, "-6.4025", "106.8")
    seen = 10
    for count in (20, 23):
        assert len(shown(client)) == (seen if client.with_htmx else min(10, seen))
        client.submit(MORE)
        seen = count
        assert shown(client)[-1] == f"Puskesmas {count - 1:02}"
    assert not client.shows(MORE)
    if client.with_htmx:
        assert shown(client) == [f"Puskesmas {it:02}" for it in range(23)]


@pytest.mark.parametrize(
    ("latitude", "longitude", "words"),
    [
        ("52.520", "13.405", "Lokasi Anda di luar Indonesia"),
        ("0", "0", "Lokasi Anda di luar Indonesia"),
        ("", "", "Lokasi Anda tidak terbaca"),
        ("NaN", "106.8", "Lokasi Anda tidak terbaca"),
        ("-6.4", "1e3", "Lokasi Anda tidak terbaca"),
        ("٣.٤", "106.8", "Lokasi Anda tidak terbaca"),
        ("9" * 500, "106.8", "Lokasi Anda tidak terbaca"),
    ],
)
def test_a_position_that_is_none_is_said_and_the_search_goes_on(
    client: PageClient, latitude: str, longitude: str, words: str
) -> None:
    make_known_facility("Puskesmas Mekarjaya")
    client.get(SEARCH)
    tell_position(client, latitude, longitude)
    assert client.status == 422
    assert words in client.text
    assert search_for(client, "mekar") == ["Puskesmas Mekarjaya"]


def test_only_the_search_may_ask_the_phone_where_it_is(client: PageClient) -> None:
    facility = make_known_facility("Puskesmas Mekarjaya")

    def policy(address: str) -> str:
        client.get(address)
        assert client.response is not None
        return client.response.headers["Permissions-Policy"]

    assert policy(f"{SEARCH}?nama=mekar") == OPENED
    for address in (f"{SEARCH}/{facility.code}", f"{SEARCH}/tidak-ada", "/bantuan"):
        assert policy(address) == CLOSED


def test_somebody_signed_in_sees_what_is_near_their_address(client: PageClient) -> None:
    family = make_family(village_code="32.76.05.1004")
    make_known_facility("Puskesmas Jauh", latitude=-6.9, longitude=107.6)
    make_known_facility("Puskesmas Dekat", latitude=-6.40, longitude=106.83)
    sign_in(client, make_account(make_participant(family)))
    client.get("/beranda").follow("Fasilitas kesehatan Yang terdekat, telepon, dan peta")
    assert "Dekat alamat Anda" in client.text
    assert shown(client)[0] == "Puskesmas Dekat"
    assert "sekitar 1 km" in client.text
    assert client.follow("Kembali").url == "/beranda"


def test_whoever_waits_for_the_family_is_not_told_where_it_lives(
    client: PageClient, clock: Clock
) -> None:
    make_known_facility("Puskesmas Dekat")
    sign_in(client, make_account(unconfirmed_since=NOON))
    client.get(SEARCH)
    assert shown(client) == []
    assert "Dekat alamat Anda" not in client.text


def test_whoever_loads_an_answer_again_is_led_to_the_search(client: PageClient) -> None:
    assert client.get(f"{SEARCH}/lokasi").url == SEARCH
