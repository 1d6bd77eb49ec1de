"""Facilities near a village or district that somebody chooses."""

from tests.support.clients.page_client import PageClient
from tests.support.steps.facility_steps import shown
from tests.support.world.factories import make_known_facility


def test_what_is_near_a_chosen_village_comes_first_and_the_search_stays(client: PageClient) -> None:
    make_known_facility("Puskesmas Jauh", latitude=-6.2, longitude=106.8, regency_code="31.74")
    make_known_facility("Puskesmas Dekat", latitude=-6.39, longitude=106.84)
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
    make_known_facility("Puskesmas Sorong", latitude=-0.9, longitude=131.3, regency_code="96.01")
    make_known_facility("Puskesmas Lain")
    client.get("/faskes?wilayah=32.76.05")
    assert "Dekat Sukmajaya, Kota Depok." in client.text
    client.get("/faskes?wilayah=92.01")
    assert "Hanya di Kabupaten Sorong." in client.text
    assert shown(client) == ["Puskesmas Sorong"]
