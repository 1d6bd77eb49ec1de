"""The rules that the page client checks on every answer do find mistakes."""

import base64
import json
import zlib

import pytest

from tests.support.clients import html_parsers
from tests.support.clients.markup import Document
from tests.support.rules.canaries import Canaries
from tests.support.rules.page_rules import fragment_findings, page_findings

GOOD = """<!doctype html>
<html lang="id"><head><meta charset="utf-8"><title>Masuk – Mobile JKN</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="description" content="Kartu"><meta name="theme-color" content="#fff">
</head><body><main id="main"><h1>Masuk</h1>CONTENT</main></body></html>"""

FORM = """<form method="post" action="/masuk" novalidate>
<input type="hidden" name="csrf_token" value="abc">{}<button type="submit">MASUK</button></form>"""


def found(content: str, page: str = GOOD) -> str:
    return "\n".join(page_findings(Document.of_page(page.replace("CONTENT", content)), ""))


def test_a_good_page_passes() -> None:
    field = '<label for="nik">NIK</label><input id="nik" name="nik" type="text">'
    assert found(FORM.format(field) + '<a href="/">Kembali</a>') == ""


def test_what_differs_between_two_visits_makes_no_new_shape() -> None:
    field = '<input type="hidden" name="{}" disabled>'
    one, other, none = (
        html_parsers.shape_of(field.format(it)) for it in ("v-0c80a2", "v-b22df9", "volume")
    )
    assert one == other != none


def test_the_fast_parser_reads_a_shape_as_the_strict_one_did() -> None:
    page = GOOD.replace("CONTENT", "<p>{}<wbr>@contoh.<wbr>id <b>itu</b></p><svg><path/></svg>")
    first, second = (html_parsers.parsed(page.format(it)) for it in ("siti", "rina"))
    assert html_parsers._is_easy[first.shape]
    assert second.shape == first.shape
    strict, _ = html_parsers._strict(page.format("rina"), None)
    assert html_parsers._flat(second.root) == html_parsers._flat(strict)


@pytest.mark.parametrize(
    ("content", "finding"),
    [
        ("<p>satu<div>dua</div></p>", "invalid HTML"),
        ("<blink>Halo</blink>", "<blink> is not an element"),
        ('<p colour="red">Halo</p>', "<p colour> is not an attribute"),
        ('<p aria-lable="x">Halo</p>', "<p aria-lable> is not an attribute"),
        ('<p hx-on:click="x()">Halo</p>', "code in an attribute"),
        ('<p onclick="x()">Halo</p>', "code in an attribute"),
        ('<p style="color:red">Halo</p>', "style in an attribute"),
        ("<style>p{}</style>", "hash is not in the CSP"),
        ("<script>alert(1)</script>", "a script stands in the page"),
        ('<a href="javascript:x()">Halo</a>', "code in an address"),
        ("<h1>Lagi</h1>", "there must be one h1, not 2"),
        ("<h3>Dalam</h3>", "<h3> follows <h1>"),
        ('<p id="a">1</p><p id="a">2</p>', "id 'a' stands 2 times"),
        ('<input name="nik" type="text">', "has no label"),
        ('<label for="nik"></label><input id="nik" name="nik">', "has no label"),
        ('<label for="x">NIK</label>', "points at 'x', which is not on the page"),
        ('<p aria-describedby="x">Halo</p>', "points at 'x', which is not on the page"),
        ('<a href="#x">Halo</a>', "points at 'x', which is not on the page"),
        ("<select><option>a</option></select>", "has no label"),
        ('<a href="/x"></a>', "has no name"),
        ('<a href="#">Halo</a>', "leads nowhere"),
        ('<div class="banner"><p>Hubungi 165.</p></div>', "without a button for it"),
        ("<p>NIK 3276 •••• •••• 0001</p>", "dots that are read aloud"),
        ("<p>NIK <b>3276</b> •••• 0001</p>", "dots that are read aloud"),
        ('<p aria-label="3276 •••• 0001">Halo</p>', "beside which no word can stand"),
        ('<button type="button"><svg aria-hidden="true"></svg></button>', "has no name"),
        ("<button>Halo</button>", "has no type"),
        ('<img src="/x.png" width="1" height="1">', "has no alt"),
        ('<img src="/x.png" alt="">', "has no size"),
        ("<svg></svg>", "neither silent"),
        ('<svg aria-hidden="true" width="28" height="28" fill="none"></svg>', "no ['stroke']"),
        ("<fieldset><p>Halo</p></fieldset>", "has no legend"),
        ("<nav><a href='/'>Halo</a></nav>", "a nav has no label"),
        ("<ul><p>Halo</p></ul>", "directly inside <ul>"),
        ("<div><li>Halo</li></div>", "<li> inside <div>"),
        ("<span><div>Halo</div></span>", "holds words only"),
        ('<a href="/x"><button type="button">Halo</button></a>', "a control inside a control"),
        ('<form method="post"><button type="submit">Ya</button></form>', "no CSRF token"),
        (FORM.format("").replace("novalidate", ""), "lets the browser validate"),
        (FORM.format("").replace("novalidate", 'novalidate hx-post="/masuk"'), "hx-target"),
        (FORM.format("").replace("novalidate", 'novalidate hx-post="/x"'), "elsewhere with htmx"),
        (FORM.format("").replace('type="submit"', 'type="button"'), "no submit button"),
        ('<p hx-get="/x" hx-target="#a" hx-swap="none" hx-trigger="x[y]">Halo</p>', "filter"),
        (
            '<label for="n">N</label><input id="n" name="n" aria-invalid="true">',
            "not described by its error",
        ),
        (
            '<label for="n">N</label><input id="n" name="n" aria-invalid="true">',
            "the error summary does not lead to it",
        ),
        (
            '<div id="error-summary" role="alert" tabindex="-1"><h2>Periksa</h2></div>',
            "do not agree",
        ),
    ],
)
def test_a_flaw_is_found(content: str, finding: str) -> None:
    assert finding in found(content)


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        ('lang="id"', 'lang="en"', "lang"),
        ("<title>Masuk – Mobile JKN</title>", "", "no title"),
        ('id="main"', 'id="other"', "one <main id=main>"),
        ("initial-scale=1", "user-scalable=no", "let people zoom"),
        ("theme-color", "colour", "theme-color> is missing"),
        ("<!doctype html>", "", "invalid HTML"),
    ],
)
def test_a_flawed_frame_is_found(old: str, new: str, finding: str) -> None:
    assert finding in found("", GOOD.replace(old, new))


def test_a_whole_page_is_no_fragment() -> None:
    assert fragment_findings(Document.of_fragment("<title>a</title><h1>Halo</h1>")) == []
    assert fragment_findings(Document.of_fragment(GOOD)) != []


def base64_of(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


@pytest.mark.parametrize(
    ("leak", "kind"),
    [
        ("/kartu/3276054502850001", "nik"),
        ("3276 0545 0285 0001", "nik"),
        ("3276-0545-0285-0001", "nik"),
        ("telepon 081234567890", "phone"),
        ("%2B6281234567890", "phone"),
        ("q=Wulan+Prameswari", "name"),
        (base64_of(b'{"nik":"3276054502850001"}'), "nik"),
        ("." + base64_of(zlib.compress(b'{"nik":"3276054502850001"}')) + ".aZx-_1", "nik"),
        (base64_of(base64_of(b"Wulan Prameswari").encode()), "name"),
        ("Kode JKN: 048213 untuk", "code"),
        ("@jkn.example #048213", "code"),
        ("kode=048+213", "code"),
        ("kode=%30%34%38213", "code"),
        ('{"typed": "048 213"}', "code"),
        ("０４８２１３", "code"),
        (json.dumps("０４８２１３"), "code"),
        (base64_of(b"048213"), "code"),
    ],
)
def test_a_personal_value_is_found_in_every_disguise(leak: str, kind: str) -> None:
    canaries = Canaries()
    canaries.add("nik", "3276054502850001")
    canaries.add("phone", "+6281234567890")
    canaries.add("name", "Wulan Prameswari")
    canaries.add("code", "048 213")
    assert canaries.found_in(leak) == [kind]
    assert canaries.found_in("3276 •••• •••• 0001 dan Wulan P.") == []
    assert canaries.found_in(leak, except_for="3276054502850001 +6281234567890") == (
        [kind] if kind in ("name", "code") else []
    )


@pytest.mark.parametrize("text", ["1048213", "0482130", "ms=12.048213", "048 2130"])
def test_six_digits_inside_a_longer_number_are_no_code(text: str) -> None:
    canaries = Canaries()
    canaries.add("code", "048213")
    assert canaries.found_in(text) == []


def test_what_is_typed_for_a_code_and_is_none_is_no_canary() -> None:
    canaries = Canaries()
    for typed in ("", "abcdef", "12345", "1234567"):
        canaries.add("code", typed)
    assert canaries.values() == []


@pytest.mark.parametrize("kind", ["code", "password"])
@pytest.mark.parametrize("text", ["a482915", "482915F0", "1482915", "4829150"])
def test_a_few_digits_in_a_random_token_are_there_by_chance(kind: str, text: str) -> None:
    canaries = Canaries()
    canaries.add(kind, "482915")
    assert canaries.found_in(text) == []
    assert canaries.found_in("PIN baru: 482915.") == [kind]
