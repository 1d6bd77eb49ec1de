"""Fasilitas kesehatan: found by name, kind, region and nearness, by everybody."""

from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest

from jkn.blueprints.facilities.forms import NAMES
from jkn.database import session, transaction
from jkn.models import Facility, FacilityKind, FacilityWord
from jkn.services.basics.clock import JAKARTA
from jkn.services.facilities.facility_words import words_of
from tests.support.clients.forms import fill
from tests.support.clients.markup import text_of
from tests.support.clients.page_client import PageClient
from tests.support.steps.sign_in_steps import sign_in
from tests.support.world.clock import Clock
from tests.support.world.collected_logs import collected_logs
from tests.support.world.factories import (
    make_account,
    make_facility,
    make_family,
    make_participant,
)
from tests.support.world.queries import QueryCounter
from tests.support.world.rows import all_rows, changes

PAGE = "/faskes"
NOON = datetime(2026, 5, 3, 12, 0, tzinfo=JAKARTA)
MORE = "Tampilkan lebih banyak"
OPENED = "camera=(), geolocation=(self), microphone=(), payment=(), usb=()"
CLOSED = OPENED.replace("(self)", "()")


def known(name: str, **changes: Any) -> Facility:
    """A facility that can be found by its name."""
    facility = make_facility(name=name, **changes)
    with transaction():
        words = [FacilityWord(word=it, facility_code=facility.code) for it in words_of(name)]
        session.add_all(words)
    return facility


def shown(client: PageClient) -> list[str]:
    """The names in the list."""
    spans = client.document.elements("span")
    return [text_of(it) for it in spans if it.get("class") == "row-title"]


def search(client: PageClient, name: str = "", kind: str = "Semua jenis") -> list[str]:
    client.get(PAGE).submit("Cari", {"Nama faskes": name, "Jenis": kind})
    return shown(client)


def tell_position(client: PageClient, latitude: str, longitude: str) -> PageClient:
    """What the script does: the form of the button, with what the phone says."""
    submission = fill(client.document, "Pakai lokasi saya", {})
    told = {"latitude": latitude, "longitude": longitude}
    submission.fields = [(name, told.get(name, value)) for name, value in submission.fields]
    return client.send(submission)


def test_everybody_finds_by_name_and_kind(client: PageClient) -> None:
    known("Puskesmas Mekarjaya")
    known("Apotek Mekarjaya", kind=FacilityKind.PHARMACY)
    client.get("/").follow("Cek fasilitas kesehatan")
    assert client.heading == "Fasilitas kesehatan"
    assert "Ketik nama faskes" in client.text
    assert search(client, "mekar") == ["Apotek Mekarjaya", "Puskesmas Mekarjaya"]
    assert client.was_swapped == client.with_htmx
    assert client.url == "/faskes?nama=mekar" + ("" if client.with_htmx else "&jenis=")
    assert search(client, "jaya", "Apotek") == ["Apotek Mekarjaya"]
    assert search(client, "jaya", "Faskes tingkat 1 (FKTP)") == ["Puskesmas Mekarjaya"]
    assert client.value("Nama faskes") == ("jaya" if not client.with_htmx else "")


def test_every_kind_has_a_name_and_is_offered(client: PageClient) -> None:
    assert list(NAMES) == sorted(FacilityKind, key=list(NAMES).index)
    for kind in FacilityKind:
        name = known(f"Melati {kind}", kind=kind).name
        assert search(client, "melati", NAMES[kind]) == [name]
        client.follow(next(it for it in links(client) if it.startswith(name)))
        assert NAMES[kind] in client.text


def links(client: PageClient) -> list[str]:
    return [client.document.name_of(it) for it in client.document.elements("a")]


def addresses(client: PageClient) -> list[str]:
    return [it.get("href", "") for it in client.document.elements("a")]


def test_a_row_says_what_it_is_whether_there_is_room_and_how_to_get_there(
    client: PageClient,
) -> None:
    known("Puskesmas Mekarjaya", capacity=5000, enrolled=1200, phone="(021) 555-123 / 556")
    search(client, "mekar")
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
    facility = known("Puskesmas Mekarjaya", **changes)
    search(client, "mekar")
    assert words in client.text
    assert words in client.get(f"{PAGE}/{facility.code}").text


def test_where_nobody_enrols_there_is_no_word_of_room(client: PageClient) -> None:
    facility = known("RS Mekarjaya", kind=FacilityKind.HOSPITAL, capacity=0)
    search(client, "mekar")
    assert "Penuh" not in client.text
    assert "Penuh" not in client.get(f"{PAGE}/{facility.code}").text


def test_a_facility_without_point_and_phone_has_neither_map_nor_call(client: PageClient) -> None:
    facility = known("Klinik Mekarjaya", is_point_exact=False, phone=None, address="")
    search(client, "mekar")
    assert shown(client) == ["Klinik Mekarjaya"]
    for _ in range(2):
        assert not [it for it in addresses(client) if "openstreetmap" in it]
        assert [it for it in addresses(client) if it.startswith("tel:")] == ["tel:165"]
        client.get(f"{PAGE}/{facility.code}")
    assert client.text.count("Belum tercatat") == 2


def test_the_nearest_to_the_phone_comes_first_and_the_words_still_count(
    client: PageClient,
) -> None:
    known("Apotek Jauh", kind=FacilityKind.PHARMACY, latitude=-6.5, longitude=106.8)
    known("Puskesmas Dekat", latitude=-6.402, longitude=106.8)
    known("Apotek Dekat", kind=FacilityKind.PHARMACY, latitude=-6.41, longitude=106.8)
    client.get(PAGE)
    tell_position(client, "-6.400", "106.800")
    assert client.status == 200
    assert shown(client) == ["Puskesmas Dekat", "Apotek Dekat", "Apotek Jauh"]
    for words in ("Terdekat dari lokasi Anda", "200 m", "1,1 km", "11 km"):
        assert words in client.text
    assert "sekitar" not in client.text


def test_words_and_position_are_sent_together(client: PageClient) -> None:
    known("Apotek Jauh", kind=FacilityKind.PHARMACY, latitude=-6.5, longitude=106.8)
    known("Puskesmas Dekat", latitude=-6.402, longitude=106.8)
    client.get(PAGE)
    submission = fill(client.document, "Pakai lokasi saya", {})
    told = {"latitude": "-6.4", "longitude": "106.8"}
    submission.fields = [(name, told.get(name, value)) for name, value in submission.fields]
    submission.fields += [("nama", "apotek"), ("jenis", "")]
    client.send(submission)
    assert shown(client) == ["Apotek Jauh"]


def test_the_position_is_rounded_by_the_server_too(as_htmx: PageClient) -> None:
    for number in range(11):
        known(f"Puskesmas {number}")
    as_htmx.get(PAGE)
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
        known(f"Puskesmas {number}")
    sign_in(as_htmx, make_account())
    as_htmx.get(PAGE)
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
        known(f"Puskesmas {number:02}", longitude=106.8 + number / 100)
    client.get(PAGE)
    search(client, "", "Semua jenis")
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


def test_more_of_a_name_are_a_link(client: PageClient) -> None:
    for number in range(12):
        known(f"Puskesmas Melati {number:02}")
    search(client, "melati")
    client.follow(MORE)
    assert shown(client)[-1] == "Puskesmas Melati 11"
    if client.with_htmx:
        focused = [it for it in client.document.elements("li") if "autofocus" in it.attrib]
        assert text_of(focused[0]).startswith("Puskesmas Melati 10")
        assert urlsplit(client.url).query == "nama=melati"
    else:
        client.follow("Kembali")
        assert client.url == "/faskes?nama=melati"


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
    known("Puskesmas Mekarjaya")
    client.get(PAGE)
    tell_position(client, latitude, longitude)
    assert client.status == 422
    assert words in client.text
    assert search(client, "mekar") == ["Puskesmas Mekarjaya"]


def test_only_the_search_may_ask_the_phone_where_it_is(client: PageClient) -> None:
    facility = known("Puskesmas Mekarjaya")

    def policy(address: str) -> str:
        client.get(address)
        assert client.response is not None
        return client.response.headers["Permissions-Policy"]

    assert policy(f"{PAGE}?nama=mekar") == OPENED
    for address in (f"{PAGE}/{facility.code}", f"{PAGE}/tidak-ada", "/bantuan"):
        assert policy(address) == CLOSED


def test_somebody_signed_in_sees_what_is_near_their_address(client: PageClient) -> None:
    family = make_family(village_code="32.76.05.1004")
    known("Puskesmas Jauh", latitude=-6.9, longitude=107.6)
    known("Puskesmas Dekat", latitude=-6.40, longitude=106.83)
    sign_in(client, make_account(make_participant(family)))
    client.get("/beranda").follow("Fasilitas kesehatan Yang terdekat, telepon, dan peta")
    assert "Dekat alamat Anda" in client.text
    assert shown(client)[0] == "Puskesmas Dekat"
    assert "sekitar 1 km" in client.text
    assert client.follow("Kembali").url == "/beranda"


def test_whoever_waits_for_the_family_is_not_told_where_it_lives(
    client: PageClient, clock: Clock
) -> None:
    known("Puskesmas Dekat")
    sign_in(client, make_account(unconfirmed_since=NOON))
    client.get(PAGE)
    assert shown(client) == []
    assert "Dekat alamat Anda" not in client.text


def test_in_a_region_names_are_in_their_order(client: PageClient) -> None:
    for name in ("Puskesmas Cinere", "Puskesmas Beji"):
        known(name)
    known("Puskesmas Cibinong", regency_code="32.01", district_code="32.01.01")
    client.get(f"{PAGE}?wilayah=32.76")
    assert shown(client) == ["Puskesmas Beji", "Puskesmas Cinere"]
    assert "Kota Depok" in client.text
    client.submit("Cari", {"Nama faskes": "cinere"})
    assert shown(client) == ["Puskesmas Cinere"]
    client.get(f"{PAGE}?nama=puskesmas&wilayah=32.01").follow("Cari di semua wilayah")
    assert client.url == "/faskes?nama=puskesmas"


def test_a_region_that_is_none_is_said(client: PageClient) -> None:
    known("Puskesmas Mekarjaya")
    for code in ("99.99", "x", "32.76.05.1004.1", "%"):
        client.get(f"{PAGE}?nama=mekar&wilayah={code}")
        assert "Wilayah itu tidak kami kenal" in client.text
        assert shown(client) == ["Puskesmas Mekarjaya"]


@pytest.mark.parametrize(
    "typed", ["%", "_", "' OR 1=1 --", "<b>", "😀", "٠١٢", "a" * 1_000_000, "a b " * 250_000]
)
def test_odd_words_find_nothing_and_say_so(as_browser: PageClient, typed: str) -> None:
    known("Puskesmas Mekarjaya")
    search(as_browser, typed)
    assert as_browser.status == 200
    assert shown(as_browser) == []
    assert as_browser.value("Nama faskes") == typed.strip()[:100]


def test_a_nul_is_refused(client: PageClient) -> None:
    assert client.get(f"{PAGE}?nama=%00").status == 400


@pytest.mark.parametrize("skip", ["", "abc", "-1", "9" * 40, "9" * 5000])
def test_an_odd_page_is_answered(client: PageClient, skip: str) -> None:
    known("Puskesmas Mekarjaya")
    assert client.get(f"{PAGE}?nama=mekar&lewati={skip}").status == 200


def test_a_kind_alone_is_not_enough_for_a_country(client: PageClient) -> None:
    known("Puskesmas Mekarjaya")
    assert search(client, "puskesmas") == []
    assert "Ketik juga namanya" in client.text


def test_what_closed_between_the_list_and_the_tap_says_since_when(
    client: PageClient, clock: Clock
) -> None:
    clock.set(NOON)
    known("Puskesmas Mekarjaya", open_until=date(2026, 5, 3))
    search(client, "mekar")
    clock.advance(days=1)
    client.follow(next(it for it in links(client) if it.startswith("Puskesmas Mekarjaya")))
    assert client.status == 200
    assert "Tutup sejak 4 Mei 2026" in client.text
    client.follow("Cari faskes lain")
    assert shown(client) == []
    assert "Tidak ada yang cocok" in client.text


def test_what_has_not_opened_yet_says_from_when(client: PageClient, clock: Clock) -> None:
    clock.set(NOON)
    facility = known("Puskesmas Mekarjaya", open_from=date(2026, 6, 1))
    client.get(f"{PAGE}/{facility.code}")
    assert "Buka mulai 1 Juni 2026" in client.text


def test_a_page_about_one_says_where_it_is(client: PageClient) -> None:
    facility = known("Puskesmas Mekarjaya", phone="021-555123", open_from=date(2020, 1, 1))
    search(client, "mekar")
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
    assert urlsplit(client.url).path == f"{PAGE}/{facility.code}"
    client.follow("Kembali")
    assert shown(client) == ["Puskesmas Mekarjaya"]
    client.get(f"{PAGE}/{facility.code}").follow("Semua faskes di Kota Depok")
    assert client.url == "/faskes?wilayah=32.76"


def test_a_code_that_nobody_has_is_no_page(client: PageClient) -> None:
    for code in ("TIDAKADA", "%25", "a" * 2000):
        assert client.get(f"{PAGE}/{code}").status == 404


def test_lists_and_pages_take_few_queries(as_browser: PageClient, queries: QueryCounter) -> None:
    code = known("Puskesmas Melati").code
    for number in range(20):
        known(f"Puskesmas Melati {number}")
    as_browser.get(PAGE)
    with queries.at_most(1):
        as_browser.get(f"{PAGE}?nama=melati")
    with queries.at_most(1):
        tell_position(as_browser, "-6.4", "106.794")
    with queries.at_most(1):
        as_browser.get(f"{PAGE}/{code}")
    sign_in(as_browser, make_account())
    with queries.counted() as elsewhere:
        as_browser.get("/lainnya")
    with queries.at_most(len(elsewhere) + 2):
        as_browser.get(PAGE)
    with queries.at_most(len(elsewhere) + 1):
        as_browser.get(f"{PAGE}/{code}")


def test_whoever_loads_an_answer_again_is_led_to_the_search(client: PageClient) -> None:
    assert client.get(f"{PAGE}/lokasi").url == PAGE
