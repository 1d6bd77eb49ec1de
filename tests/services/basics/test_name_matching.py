"""Name matching: names, places and facilities that people write in many ways are compared in
one."""

import re

import pytest

from jkn.sample.grown_names import _GIVEN, _LAST
from jkn.services.basics import region_list
from jkn.services.basics.name_matching import facility_name, person_name, place_name


@pytest.mark.parametrize(
    "written",
    [
        "Siti Aminah",
        "SITI AMINAH",
        "  siti   aminah ",
        "St. Aminah",
        "Hj. Siti Aminah",
        "dr. Siti Aminah",
        "Siti Aminah, S.Pd., M.M.",
        "Almh. Siti Aminah",
        "Síti Aminah",
        "\uff33iti Aminah",
        "Sitiaminah",
        "Siti-Aminah",
        "SITTI AMINAH",
        "Hj Siti Aminah S.Pd",
        "Hj. St. Aminah",
        "Siti Aminah (Almh.)",
        "\u200eSi\u00adti\u200b Aminah\ufeff",
        "Dra., Siti Aminah, M.Si.",
    ],
)
def test_every_way_to_write_a_name_is_one_name(written: str) -> None:
    assert person_name(written) == "sitiaminah"


@pytest.mark.parametrize(
    "written",
    [
        "Muhammad Rizki",
        "M. Rizki",
        "M.Rizki",
        "H. M. Rizki",
        "Moh Rizki",
        "Mohd. Rizki",
        "Mhd Rizki",
        "Muh. Rizki",
        "Moch. Rizki",
        "Mukhammad Rizki",
        "muhamad rizki",
    ],
)
def test_every_spelling_of_muhammad_is_one_name(written: str) -> None:
    assert person_name(written) == "muhammadrizki"


def test_abd_is_abdul_with_and_without_a_dot_and_a_space() -> None:
    for written in ("Abd. Rahman", "ABD RAHMAN", "Abdul Rahman", "Abdulrahman", "Abd.Rahman"):
        assert person_name(written) == "abdulrahman"


@pytest.mark.parametrize(
    "written", ["Nur aini", "Nuraini", *(f"Nur{it}aini" for it in "'’‘‛`´ʼʻ′-")]
)
def test_no_apostrophe_counts(written: str) -> None:
    assert person_name(written) == "nuraini"


@pytest.mark.parametrize(
    "degrees",
    [
        "S.Pd", "S.Pd.", "SPd", "S. Pd.", "S Pd", "S.Pd.I", "SE", "S.E., M.M.", "SE MM", "SH",
        "S.H., M.Kn", "S.Kom", "SKom", "M.Si", "MSc", "A.Md", "Amd.Keb", "A.Md.Kep.", "S.Tr.Keb",
        "S.I.Kom", "S.Kep., Ns", "Ners", "Ph.D", "M.B.A.", "MBA", "Sp.A", "Sp.PD", "S.Farm., Apt",
        "ST", "S.T., M.T.", "M.A.", "S.Ag", "S.K.M", "SKM", "Psikolog", "M.Pd.I", "ST., MT",
    ],
)  # fmt: skip
def test_degrees_do_not_count_with_or_without_a_comma(degrees: str) -> None:
    for way in ("Mira Rachmadini {}", "Mira Rachmadini, {}", "dr. Mira Rachmadini {}"):
        written = way.format(degrees)
        assert person_name(written) == person_name(written.upper()) == "mirarachmadini", written
    assert person_name(f"Suharti {degrees}") == "suharti", "the first word always stays"


@pytest.mark.parametrize(
    "name",
    ["Jack Ma", "Siti Mei", "Dewi Mas", "Anna Sei", "Ahmad M.Rizki", "Ahmad M", "Ahmad H",
     "Made Sip Ari", "Agus St Ali", "Rina Amad", "Budi Spd Santoso", "Nona Maria"],
)  # fmt: skip
def test_what_may_be_a_name_counts(name: str) -> None:
    letters = name.casefold().replace(" ", "").replace(".", "")
    assert person_name(name) == letters


def test_a_degree_or_a_title_alone_is_a_name() -> None:
    for name in ("SE", "S.Pd.", "H.", "M", "St", "Alm"):
        assert person_name(name) != ""


def test_no_two_common_names_are_one() -> None:
    names = {*_GIVEN["M"], *_GIVEN["F"], *_LAST}
    for pattern in ("{}", "Abcd {}", "{} Abcd", "Abcd {} Efgh"):
        forms = {person_name(pattern.format(it)) for it in names}
        assert len(forms) == len(names), pattern
        assert not forms & {"abcd", "abcdefgh", ""}, pattern


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Siti Aminah", "Siti Aminah Rahayu"),
        ("Siti Aminah", "Aminah Siti"),
        ("Siti Aminah", "Aminah"),
        ("Budi", "Budiman"),
        ("Muhammad Rizki", "Rizki"),
        ("Muhammad Rizki", "Mahmud Rizki"),
        ("Ahmad Rizki", "Ahmad M. Rizki"),
        ("Ahmad Muhammad Rizki", "Ahmad M. Rizki"),
        ("Abdul Rahman", "Rahman"),
        ("Abdullah", "Abdul"),
        ("Nuraini", "Nuraeni"),
        ("Agus Stiawan", "Agus Sitiawan"),
    ],
)
def test_names_of_other_people_stay_different(one: str, other: str) -> None:
    assert person_name(one) != person_name(other)


def test_a_name_that_is_also_a_title_is_kept() -> None:
    assert person_name("Tuan") == "tuan"
    assert person_name("Haji") != person_name("Ibu")


@pytest.mark.parametrize(
    "written", ["Bogor", "KOTA BOGOR", "Kab. Bogor", "kabupaten bogor", "Bogor."]
)
def test_every_way_to_write_a_place_is_one_place(written: str) -> None:
    assert place_name(written) == "bogor"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Gunung Kidul", "Gunungkidul"),
        ("Gn. Kidul", "GUNUNG KIDUL"),
        ("Kota Baru", "Kotabaru"),
        ("Kab. Kotabaru", "KOTA BARU"),
        ("Tj. Pinang", "Tanjungpinang"),
        ("Kep. Seribu", "Kabupaten Administrasi Kepulauan Seribu"),
        ("Lima Puluh Kota", "Limapuluh Kota"),
        ("Jakarta-Selatan", "Kota Adm. Jakarta Selatan"),
        ("Fak Fak", "Fakfak"),
        ("Toli-Toli", "Tolitoli"),
    ],
)
def test_a_place_is_one_with_and_without_spaces(one: str, other: str) -> None:
    assert place_name(one) == place_name(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Jakarta Selatan", "Jakarta"),
        ("Kabanjahe", "Anjahe"),
        ("Kota", "Bogor"),
        ("Bandung", "Bandung Barat"),
        ("Bangka", "Bangka Selatan"),
    ],
)
def test_places_that_differ_stay_different(one: str, other: str) -> None:
    assert place_name(one) != place_name(other)


def regencies() -> list[str]:
    """Every regency and city of the country, as the Ministry writes it."""
    return [it.regency for it in region_list.regencies() if it.regency is not None]


def test_every_regency_is_itself_however_it_is_written_and_no_other() -> None:
    named: dict[str, set[str]] = {}
    for name in regencies():
        kind, bare = re.sub(" Administrasi", "", name).split(" ", 1)
        joined = bare.replace(" ", "")
        ways = [bare, joined, bare.replace(" ", "-"), bare.replace(" ", "\u00a0")]
        kinds = ["{}", "{}.", f"{kind} {{}}", "Kab. {}", "KOTA {}"]
        written = {it.format(way) for it in kinds for way in ways} | {name, name.upper()}
        assert {place_name(it) for it in written} == {place_name(name)}, name
        named.setdefault(place_name(name), set()).add(bare)
    # A city and the regency around it share a name, and are one for whoever was born there.
    assert sum(map(len, named.values())) == len(named)
    assert (len(regencies()), len(named)) == (514, 488)


@pytest.mark.parametrize(
    "written",
    [
        "Puskesmas Kemiri Muka",
        "PKM Kemiri Muka",
        "kemiri muka",
        "UPT Puskesmas Kemiri-Muka",
        "Puskesmas Kemirimuka",
        "Puskesmas | Kemiri muka",
    ],
)
def test_every_way_to_write_a_facility_is_one_facility(written: str) -> None:
    assert facility_name(written) == "kemirimuka"


@pytest.mark.parametrize("spelt", [person_name, place_name, facility_name])
@pytest.mark.parametrize("nothing", ["", "  ", "...", "😀", "\u200b", ","])
def test_a_text_without_letters_becomes_empty(spelt: object, nothing: str) -> None:
    assert callable(spelt)
    assert spelt(nothing) == ""
