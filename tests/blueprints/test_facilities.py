"""Fasilitas kesehatan: found by name, kind, region and nearness, by everybody."""

from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest

from jkn.blueprints.facilities.forms import NAMES
from jkn.models import FacilityKind
from jkn.services.basics.clock import JAKARTA
from tests.support.clients.markup import text_of
from tests.support.clients.page_client import PageClient
from tests.support.steps.facility_steps import (
    SEARCH,
    addresses,
    links,
    search_for,
    shown,
    tell_position,
)
from tests.support.steps.sign_in_steps import sign_in
from tests.support.world.clock import Clock
from tests.support.world.factories import (
    make_account,
    make_known_facility,
)
from tests.support.world.queries import QueryCounter

NOON = datetime(2026, 5, 3, 12, 0, tzinfo=JAKARTA)
MORE = "Tampilkan lebih banyak"
OPENED = "camera=(), geolocation=(self), microphone=(), payment=(), usb=()"
CLOSED = OPENED.replace("(self)", "()")


def test_everybody_finds_by_name_and_kind(client: PageClient) -> None:
    make_known_facility("Puskesmas Mekarjaya")
    make_known_facility("Apotek Mekarjaya", kind=FacilityKind.PHARMACY)
    client.get("/").follow("Cek fasilitas kesehatan")
    assert client.heading == "Fasilitas kesehatan"
    assert "Ketik nama faskes" in client.text
    assert search_for(client, "mekar") == ["Apotek Mekarjaya", "Puskesmas Mekarjaya"]
    assert client.was_swapped == client.with_htmx
    assert client.url == "/faskes?nama=mekar" + ("" if client.with_htmx else "&jenis=")
    assert search_for(client, "jaya", "Apotek") == ["Apotek Mekarjaya"]
    assert search_for(client, "jaya", "Faskes tingkat 1 (FKTP)") == ["Puskesmas Mekarjaya"]
    assert client.value("Nama faskes") == ("jaya" if not client.with_htmx else "")


def test_every_kind_has_a_name_and_is_offered(client: PageClient) -> None:
    assert list(NAMES) == sorted(FacilityKind, key=list(NAMES).index)
    for kind in FacilityKind:
        name = make_known_facility(f"Melati {kind}", kind=kind).name
        assert search_for(client, "melati", NAMES[kind]) == [name]
        client.follow(next(it for it in links(client) if it.startswith(name)))
        assert NAMES[kind] in client.text


def test_a_row_says_what_it_is_whether_there_is_room_and_how_to_get_there(
    client: PageClient,
) -> None:
    make_known_facility(
        "Puskesmas Mekarjaya", capacity=5000, enrolled=1200, phone="(021) 555-123 / 556"
    )
    search_for(client, "mekar")
    for words in ("Puskesmas", "Jalan Merdeka 12", "Sisa 3.800 tempat"):
        assert words in client.text
    assert "tel:021555123" in addresses(client)
    (to_map,) = [it for it in client.document.elements("a") if "Peta" in text_of(it)]
    place = "?mlat=-6.4025&mlon=106.7942#map=17/-6.4025/106.7942"
    assert to_map.get("href") == f"https://www.openstreetmap.org/{place}"
    assert to_map.get("rel") == "noreferrer"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"capacity": None}, "Masih menerima peserta"),
        ({"capacity": 10, "enrolled": 12}, "Penuh"),
        ({"capacity": 10, "enrolled": 9}, "Sisa 1 tempat"),
    ],
)
def test_room_is_said_in_words(client: PageClient, changes: dict[str, Any], words: str) -> None:
    facility = make_known_facility("Puskesmas Mekarjaya", **changes)
    search_for(client, "mekar")
    assert words in client.text
    assert words in client.get(f"{SEARCH}/{facility.code}").text


def test_where_nobody_enrols_there_is_no_word_of_room(client: PageClient) -> None:
    facility = make_known_facility("RS Mekarjaya", kind=FacilityKind.HOSPITAL, capacity=0)
    search_for(client, "mekar")
    assert "Penuh" not in client.text
    assert "Penuh" not in client.get(f"{SEARCH}/{facility.code}").text


def test_a_facility_without_point_and_phone_has_neither_map_nor_call(client: PageClient) -> None:
    facility = make_known_facility("Klinik Mekarjaya", is_point_exact=False, phone=None, address="")
    search_for(client, "mekar")
    assert shown(client) == ["Klinik Mekarjaya"]
    for _ in range(2):
        assert not [it for it in addresses(client) if "openstreetmap" in it]
        assert [it for it in addresses(client) if it.startswith("tel:")] == ["tel:165"]
        client.get(f"{SEARCH}/{facility.code}")
    assert client.text.count("Belum tercatat") == 2


def test_more_of_a_name_are_a_link(client: PageClient) -> None:
    for number in range(12):
        make_known_facility(f"Puskesmas Melati {number:02}")
    search_for(client, "melati")
    client.follow(MORE)
    assert shown(client)[-1] == "Puskesmas Melati 11"
    if client.with_htmx:
        focused = [it for it in client.document.elements("li") if "autofocus" in it.attrib]
        assert text_of(focused[0]).startswith("Puskesmas Melati 10")
        assert urlsplit(client.url).query == "nama=melati"
    else:
        client.follow("Kembali")
        assert client.url == "/faskes?nama=melati"


def test_in_a_region_names_are_in_their_order(client: PageClient) -> None:
    for name in ("Puskesmas Cinere", "Puskesmas Beji"):
        make_known_facility(name)
    make_known_facility("Puskesmas Cibinong", regency_code="32.01", district_code="32.01.01")
    client.get(f"{SEARCH}?wilayah=32.76")
    assert shown(client) == ["Puskesmas Beji", "Puskesmas Cinere"]
    assert "Kota Depok" in client.text
    client.submit("Cari", {"Nama faskes": "cinere"})
    assert shown(client) == ["Puskesmas Cinere"]
    client.get(f"{SEARCH}?nama=puskesmas&wilayah=32.01").follow("Cari di semua wilayah")
    assert client.url == "/faskes?nama=puskesmas"


def test_a_region_that_is_none_is_said(client: PageClient) -> None:
    make_known_facility("Puskesmas Mekarjaya")
    for code in ("99.99", "x", "32.76.05.1004.1", "%"):
        client.get(f"{SEARCH}?nama=mekar&wilayah={code}")
        assert "Wilayah itu tidak kami kenal" in client.text
        assert shown(client) == ["Puskesmas Mekarjaya"]


@pytest.mark.parametrize(
    "typed", ["%", "_", "' OR 1=1 --", "<b>", "😀", "٠١٢", "a" * 1_000_000, "a b " * 250_000]
)
def test_odd_words_find_nothing_and_say_so(as_browser: PageClient, typed: str) -> None:
    make_known_facility("Puskesmas Mekarjaya")
    search_for(as_browser, typed)
    assert as_browser.status == 200
    assert shown(as_browser) == []
    assert as_browser.value("Nama faskes") == typed.strip()[:100]


def test_a_nul_is_refused(client: PageClient) -> None:
    assert client.get(f"{SEARCH}?nama=%00").status == 400


@pytest.mark.parametrize("skip", ["", "abc", "-1", "9" * 40, "9" * 5000])
def test_an_odd_page_is_answered(client: PageClient, skip: str) -> None:
    make_known_facility("Puskesmas Mekarjaya")
    assert client.get(f"{SEARCH}?nama=mekar&lewati={skip}").status == 200


def test_a_kind_alone_is_not_enough_for_a_country(client: PageClient) -> None:
    make_known_facility("Puskesmas Mekarjaya")
    assert search_for(client, "puskesmas") == []
    assert "Ketik juga namanya" in client.text


def test_what_closed_between_the_list_and_the_tap_says_since_when(
    client: PageClient, clock: Clock
) -> None:
    clock.set(NOON)
    make_known_facility("Puskesmas Mekarjaya", open_until=date(2026, 5, 3))
    search_for(client, "mekar")
    clock.advance(days=1)
    client.follow(next(it for it in links(client) if it.startswith("Puskesmas Mekarjaya")))
    assert client.status == 200
    assert "Tutup sejak 4 Mei 2026" in client.text
    for words in ("Sisa", "Bisa dipilih"):
        assert words not in client.text
    client.follow("Cari faskes lain")
    assert shown(client) == []
    assert "Tidak ada yang cocok" in client.text


def test_what_has_not_opened_yet_says_from_when(client: PageClient, clock: Clock) -> None:
    clock.set(NOON)
    facility = make_known_facility("Puskesmas Mekarjaya", open_from=date(2026, 6, 1))
    client.get(f"{SEARCH}/{facility.code}")
    assert "Buka mulai 1 Juni 2026" in client.text


def test_a_page_about_one_says_where_it_is(client: PageClient) -> None:
    facility = make_known_facility(
        "Puskesmas Mekarjaya", phone="021-555123", open_from=date(2020, 1, 1)
    )
    search_for(client, "mekar")
    client.follow(next(it for it in links(client) if it.startswith("Puskesmas Mekarjaya")))
    assert (client.heading, client.status) == ("Puskesmas Mekarjaya", 200)
    for words in (
        "Kecamatan Sukmajaya, Kota Depok, Jawa Barat",
        "021-555123",
        "Sisa 3.800 tempat",
        "1 Januari 2020",
        "Bisa dipilih sebagai faskes tingkat 1",
    ):
        assert words in client.text
    assert client.shows("Buka peta")
    assert urlsplit(client.url).path == f"{SEARCH}/{facility.code}"
    client.follow("Kembali")
    assert shown(client) == ["Puskesmas Mekarjaya"]
    client.get(f"{SEARCH}/{facility.code}").follow("Semua faskes di Kota Depok")
    assert client.url == "/faskes?wilayah=32.76"


def test_a_code_that_nobody_has_is_no_page(client: PageClient) -> None:
    for code in ("TIDAKADA", "%25", "a" * 2000):
        assert client.get(f"{SEARCH}/{code}").status == 404


def test_lists_and_pages_take_few_queries(as_browser: PageClient, queries: QueryCounter) -> None:
    code = make_known_facility("Puskesmas Melati").code
    for number in range(20):
        make_known_facility(f"Puskesmas Melati {number}")
    as_browser.get(SEARCH)
    with queries.at_most(1):
        as_browser.get(f"{SEARCH}?nama=melati")
    with queries.at_most(1):
        tell_position(as_browser, "-6.4", "106.794")
    with queries.at_most(1):
        as_browser.get(f"{SEARCH}/{code}")
    sign_in(as_browser, make_account())
    with queries.counted() as elsewhere:
        as_browser.get("/lainnya")
    with queries.at_most(len(elsewhere) + 2):
        as_browser.get(SEARCH)
    with queries.at_most(len(elsewhere) + 1):
        as_browser.get(f"{SEARCH}/{code}")
