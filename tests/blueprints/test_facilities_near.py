"""Facilities near a village or district that somebody chooses."""

from typing import Any

from jkn.database import session, transaction
from jkn.models import FacilityWord
from jkn.services.facilities.facility_words import words_of
from tests.support.clients.markup import text_of
from tests.support.clients.page_client import PageClient
from tests.support.world.factories import make_facility


def known(name: str, **changes: Any) -> None:
    """A facility that can be found by its name."""
    facility = make_facility(name=name, **changes)
    with transaction():
        words = [FacilityWord(word=it, facility_code=facility.code) for it in words_of(name)]
        session.add_all(words)


def shown(client: PageClient) -> list[str]:
    """The names in the list."""
    spans = client.document.elements("span")
    return [text_of(it) for it in spans if it.get("class") == "row-title"]


def test_what_is_near_a_chosen_village_comes_first_and_the_search_stays(client: PageClient) -> None:
    known("Puskesmas Jauh", latitude=-6.2, longitude=106.8, regency_code="31.74")
    known("Puskesmas Dekat", latitude=-6.39, longitude=106.84)
    client.get("/faskes?nama=puskesmas").follow("Dekat desa atau kode pos tertentu")
    client.submit("Lanjut", {"Desa, kelurahan, atau kode pos": "16411"})
    (mekarjaya, _) = (it for it in client.document.elements("input") if it.get("type") == "radio")
    client.submit("Lanjut", {"Yang mana?": client.document.name_of(mekarjaya)})
    assert client.url == "/faskes?nama=puskesmas&wilayah=32.76.05.1004"
    assert shown(client) == ["Puskesmas Dekat", "Puskesmas Jauh"]
    assert "Dekat Mekarjaya, Sukmajaya, Kota Depok." in client.text
    client.submit("Cari", {"Nama faskes": "jauh"})
    assert "wilayah=32.76.05.1004" in client.url
    assert shown(client) == ["Puskesmas Jauh"]


def test_a_district_is_near_enough_and_its_code_of_the_past_is_its_regency(
    client: PageClient,
) -> None:
    known("Puskesmas Sorong", latitude=-0.9, longitude=131.3, regency_code="96.01")
    known("Puskesmas Lain")
    client.get("/faskes?wilayah=32.76.05")
    assert "Dekat Sukmajaya, Kota Depok." in client.text
    client.get("/faskes?wilayah=92.01")
    assert "Hanya di Kabupaten Sorong." in client.text
    assert shown(client) == ["Puskesmas Sorong"]
