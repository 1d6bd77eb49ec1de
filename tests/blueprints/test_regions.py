"""The question for a village, with its live parts and without them."""

from typing import Any

import pytest
from flask import Flask

from tests.support.clients.markup import text_of
from tests.support.clients.page_client import PageClient
from tests.support.steps import trial_address
from tests.support.steps.trial_address import PAGE

TEXT = "Desa, kelurahan, atau kode pos"
WHICH = "Yang mana?"
OTHER_WAY = "Cara lain"
FROM_PROVINCE = "Pilih dari provinsi"
BY_LIST = "Tidak ada di daftar? Pilih dari provinsi"
MEKARJAYA = "Mekarjaya Kelurahan di Sukmajaya, Kota Depok, Jawa Barat 16411"
DEPOK = {"Provinsi": "Jawa Barat", "Kabupaten atau kota": "Kota Depok"}
SUKMAJAYA = {**DEPOK, "Kecamatan atau distrik": "Sukmajaya"}


@pytest.fixture(autouse=True)
def _with_an_address(own_app: Flask) -> None:
    trial_address.add_to(own_app)


def chosen(client: PageClient) -> list[Any]:
    """What the service of the form would get."""
    assert client.url == "/bantuan", client.errors
    answer = client.another(with_cookies=True).get("/percobaan/pilihan").response
    assert answer is not None
    return list(answer.json or [])


def offered(client: PageClient) -> list[str]:
    """The labels of the choices."""
    return [
        client.document.name_of(it)
        for it in client.document.elements("input")
        if it.get("type") == "radio"
    ]


def typed(client: PageClient, text: str) -> PageClient:
    return client.get(PAGE).submit("Lanjut", {TEXT: text, "Jalan": "Jl. Melati 4"})


def from_the_province(client: PageClient, choices: dict[str, str]) -> PageClient:
    """Choose one after the other, each by *Lanjut*."""
    typed(client, "").submit("Lanjut", {OTHER_WAY: FROM_PROVINCE})
    for label, choice in choices.items():
        client.submit("Lanjut", {label: choice})
    return client


def test_a_village_is_typed_chosen_and_has_its_postal_code(client: PageClient) -> None:
    typed(client, "mekar jaya sukmajaya")
    assert client.status == 422
    assert client.errors == {"region_code": "Pilih desa atau kelurahan"}
    assert offered(client) == [MEKARJAYA, BY_LIST]
    assert client.value("Jalan") == "Jl. Melati 4"
    client.submit("Lanjut", {WHICH: MEKARJAYA})
    assert chosen(client) == ["32.76.05.1004", "16411", None, "usual"]


def test_the_way_from_the_province_down_needs_no_name_that_is_typed(client: PageClient) -> None:
    from_the_province(client, {**SUKMAJAYA, "Desa atau kelurahan": "Mekarjaya"})
    assert chosen(client) == ["32.76.05.1004", "16411", None, "usual"]


def test_each_step_asks_for_the_next_one_and_keeps_what_was_chosen(client: PageClient) -> None:
    from_the_province(client, {})
    assert client.errors == {"province": "Pilih provinsi"}
    client.submit("Lanjut", {"Provinsi": "Jawa Barat"})
    assert client.errors == {"regency": "Pilih kabupaten atau kota"}
    client.submit("Lanjut", {"Kabupaten atau kota": "Kota Depok"})
    assert client.errors == {"district": "Pilih kecamatan atau distrik"}
    client.submit("Lanjut", {"Provinsi": "Ganti pilihan"})
    assert client.errors == {"province": "Pilih provinsi"}
    client.submit("Lanjut", {"Provinsi": "Bali"})
    assert client.errors == {"regency": "Pilih kabupaten atau kota"}, "Depok does not lie in Bali"
    assert client.value("Jalan") == "Jl. Melati 4"


def test_a_village_that_the_list_does_not_have_is_typed_in_words(client: PageClient) -> None:
    from_the_province(client, {**SUKMAJAYA, "Desa atau kelurahan": "Tidak ada di daftar ini"})
    assert client.errors == {
        "village_words": "Tulis nama desa atau kelurahan",
        "postal_code": "Masukkan kode pos",
    }
    client.submit(
        "Lanjut", {"Nama desa atau kelurahan": " Mekar\u200b Asri ", "Kode pos": "16 411"}
    )
    assert chosen(client) == ["32.76.05", "16411", "Mekar Asri", "usual"]


@pytest.mark.parametrize(
    ("name", "error"),
    [("😀", "Tulis nama desa atau kelurahan"), ("a" * 61, "Nama paling banyak 60 huruf")],
)
def test_what_is_no_name_is_said(client: PageClient, name: str, error: str) -> None:
    from_the_province(client, {**SUKMAJAYA, "Desa atau kelurahan": "Tidak ada di daftar ini"})
    client.submit("Lanjut", {"Nama desa atau kelurahan": name, "Kode pos": "16411"})
    assert client.errors == {"village_words": error}


def with_postal_code(client: PageClient, postal_code: str) -> PageClient:
    """Somebody who comes back to a village that was chosen, and changes its postal code."""
    typed(client, "mekarjaya depok")
    client.fetch("/wilayah/rincian?region_code=32.76.05.1004", "region-details")
    return client.submit("Lanjut", {WHICH: MEKARJAYA, "Kode pos": postal_code})


def test_another_postal_code_is_warned_of_and_taken(client: PageClient) -> None:
    typed(client, "mekarjaya depok")
    client.fetch("/wilayah/rincian?region_code=32.76.05.1004", "region-details")
    assert client.value("Kode pos") == "16411"
    said = "region_code=32.76.05.1004&postal_code_for=32.76.05.1004&postal_code=16499"
    client.fetch(f"/wilayah/kode-pos?{said}", "postal_code-warning")
    assert "Biasanya 16411. Kode Anda tetap bisa dipakai." in client.text
    client.submit("Lanjut", {WHICH: MEKARJAYA, "Kode pos": "16499"})
    assert chosen(client) == ["32.76.05.1004", "16499", None, "unusual"]


@pytest.mark.parametrize(
    ("postal_code", "error"),
    [
        ("", "Masukkan kode pos"),
        ("1641", "Kode pos harus 5 angka"),
        ("164111", "Kode pos harus 5 angka"),
        ("1641a", "Kode pos harus 5 angka"),
        ("١٦٤١١", "Kode pos harus 5 angka"),
    ],
)
def test_a_postal_code_has_five_digits(client: PageClient, postal_code: str, error: str) -> None:
    with_postal_code(client, postal_code)
    assert client.errors == {"postal_code": error}


def test_another_village_brings_its_own_postal_code(client: PageClient) -> None:
    with_postal_code(client, "1")
    client.submit("Lanjut", {TEXT: "cisalak depok"})
    assert client.errors == {"region_code": "Pilih desa atau kelurahan"}, "the old choice is gone"
    first = offered(client)[0]
    client.submit("Lanjut", {WHICH: first})
    assert chosen(client)[1] == first.split()[-1]


def test_a_postal_code_does_not_stay_with_another_village(client: PageClient) -> None:
    typed(client, "cimanggis")
    first, second, _ = offered(client)
    radios = [it for it in client.document.elements("input") if it.get("type") == "radio"]
    client.fetch(f"/wilayah/rincian?region_code={radios[0].get('value')}", "region-details")
    assert first.endswith(client.value("Kode pos"))
    client.submit("Lanjut", {WHICH: second})
    _, postal_code, *_ = chosen(client)
    assert second.endswith(postal_code)
    assert not first.endswith(postal_code)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", "Ketik nama desa, kelurahan, atau kode pos"),
        ("%", "Ketik nama desa, kelurahan, atau kode pos"),
        ("x", "Ketik paling sedikit 2 huruf"),
        ("1641", "Kode pos harus 5 angka"),
        ("00000", "Kode pos itu tidak ada di daftar. Ketik nama desanya"),
        ("desa ini tidak ada", "Tidak ada yang cocok. Periksa ejaannya"),
        ("a" * 151, "Terlalu panjang. Ketik paling banyak 150 huruf"),
    ],
)
def test_what_finds_nothing_is_said_and_the_other_way_is_open(
    client: PageClient, text: str, error: str
) -> None:
    typed(client, text)
    assert client.errors == {"region_text": error}
    assert offered(client) == [FROM_PROVINCE]


def test_what_was_found_comes_alone_while_somebody_types(as_htmx: PageClient) -> None:
    as_htmx.get(PAGE).fetch("/wilayah?region_text=sidomulyo", "region-found")
    assert as_htmx.was_swapped
    assert len(offered(as_htmx)) == 21
    assert "20 yang pertama. Tambahkan nama kecamatan atau kota." in as_htmx.text
    as_htmx.fetch("/wilayah?region_text=16411", "region-found")
    assert offered(as_htmx) == [MEKARJAYA, BY_LIST]
    count = as_htmx.document.by_id("region-count")
    assert count is not None
    assert text_of(count) == "1 yang cocok."


def test_steps_from_the_province_come_alone_after_each_choice(as_htmx: PageClient) -> None:
    as_htmx.get(PAGE).fetch("/wilayah/rincian?region_code=lain&province=32", "region-details")
    assert as_htmx.document.by_id("regency") is not None
    assert as_htmx.document.by_id("district") is None
    chosen_so_far = "region_code=lain&province=32&regency=32.76&district=32.76.05"
    as_htmx.fetch(f"/wilayah/rincian?{chosen_so_far}&village=32.76.05.1004", "region-details")
    assert as_htmx.value("Kode pos") == "16411"
    as_htmx.fetch(f"/wilayah/rincian?{chosen_so_far}&village=lain", "region-details")
    assert as_htmx.value("Kode pos") == ""
    assert as_htmx.value("Nama desa atau kelurahan") == ""


@pytest.mark.parametrize(
    "choice",
    [
        "region_code=99.99.99.9999",
        "region_code=32.76.05",
        "region_code=lain&province=99",
        "region_code=lain&province=32&regency=51.71",
        "region_code=lain&province=32&village=32.76.05.1004",
        "region_text=%F0%9F%98%80&region_code=lain&village=lain",
    ],
)
def test_a_choice_that_was_never_offered_chooses_nothing(as_htmx: PageClient, choice: str) -> None:
    as_htmx.get(PAGE).fetch(f"/wilayah/rincian?{choice}", "region-details")
    assert as_htmx.status == 200
    for asked_later in ("postal_code", "district", "village"):
        assert as_htmx.document.by_id(asked_later) is None


@pytest.mark.parametrize(
    "asked",
    [
        "?region_text=karang",
        "?region_text=pematang",
        "/rincian?region_code=lain&province=35",
        "/rincian?region_code=lain&province=95&regency=95.03",
        "/rincian?region_code=lain&province=12&regency=12.20&district=12.20.02",
        "/rincian?region_code=lain&province=11&regency=11.08&district=11.08.04",
    ],
)
def test_the_longest_lists_fit_into_a_part_of_a_page(as_htmx: PageClient, asked: str) -> None:
    """The client checks the size of every part; these have the most choices of the country."""
    target = "region-details" if "rincian" in asked else "region-found"
    as_htmx.get(PAGE).fetch(f"/wilayah{asked}", target)
    assert as_htmx.was_swapped
    found = [*offered(as_htmx), *as_htmx.document.elements("option")]
    assert len(found) > 20


def test_too_many_searches_leave_the_form_as_it_is(as_htmx: PageClient) -> None:
    as_htmx.get(PAGE)
    for _ in range(60):
        as_htmx.fetch("/wilayah?region_text=mekarjaya+depok", "region-found")
    as_htmx.fetch("/wilayah?region_text=sidomulyo", "region-found")
    assert as_htmx.status == 429
    assert "Terlalu banyak permintaan. Tunggu sebentar." in as_htmx.text
    assert offered(as_htmx) == [MEKARJAYA, BY_LIST]


def test_a_part_of_a_form_is_no_page(as_browser: PageClient) -> None:
    for address in ("/wilayah?region_text=x", "/wilayah/rincian", "/wilayah/kode-pos"):
        assert as_browser.get(address).url == "/"
