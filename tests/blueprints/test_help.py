"""Bantuan: every guide is a page, and those who are stuck find the way there and back."""

import re

import pytest

from jkn.blueprints.public_pages.guides import GUIDES, HOW_TO, PROBLEMS, Guide
from jkn.settings import ROOT
from tests.support.clients.page_client import PageClient
from tests.support.steps.sign_in_steps import sign_in
from tests.support.world.factories import make_account

each_guide = pytest.mark.parametrize("guide", GUIDES.values(), ids=list(GUIDES))


def back_from(client: PageClient, page: str, referrer: str) -> str:
    """Where *Kembali* of a page leads, opened from another one."""
    client.get(page, Referer=f"http://localhost{referrer}")
    return client.follow("Kembali").url


def links(client: PageClient) -> list[str | None]:
    return [it.get("href") for it in client.document.elements("a")]


def test_all_guides_are_listed_so_that_nobody_has_to_search(client: PageClient) -> None:
    client.get("/bantuan")
    listed = [it for it in links(client) if it and it.startswith("/bantuan/")]
    assert listed == [f"/bantuan/{it.slug}" for it in (*PROBLEMS, *HOW_TO)]
    assert len(listed) == len(set(listed))


@each_guide
def test_a_guide_has_the_way_to_begin_a_telephone_and_a_way_back(
    client: PageClient, guide: Guide
) -> None:
    client.get("/bantuan").follow(guide.title)
    assert client.url == f"/bantuan/{guide.slug}"
    assert "tel:165" in links(client)
    for line in guide.steps:
        assert line in client.text
    for begin in guide.begin:
        assert client.another().get(f"/bantuan/{guide.slug}").follow(begin.label).status == 200
    assert client.follow("Kembali").url == "/bantuan"


@each_guide
def test_a_guide_is_short_enough_for_somebody_in_trouble(guide: Guide) -> None:
    assert 2 <= len(guide.steps) <= 6
    assert guide.begin
    for sentence in re.split(r"(?<=[.?!])\s+", " ".join(guide.steps)):
        assert len(sentence.split()) <= 12, sentence
    for line in guide.steps:
        assert line.endswith("."), line
    assert set(guide.related) <= GUIDES.keys() - {guide.slug}


def test_a_guide_that_does_not_exist_is_no_page(client: PageClient) -> None:
    assert client.get("/bantuan/tidak-ada").status == 404


def test_kembali_leads_to_the_page_where_somebody_got_stuck(client: PageClient) -> None:
    assert back_from(client, "/bantuan/kode-tidak-datang", "/masuk") == "/masuk"
    assert back_from(client, "/bantuan", "/lupa-kata-sandi") == "/lupa-kata-sandi"


def test_within_bantuan_kembali_never_runs_in_a_circle(client: PageClient) -> None:
    for page in ("/bantuan", "/bantuan/lupa-pin"):
        assert back_from(client, "/bantuan/hp-hilang", page) == "/bantuan"
        assert back_from(client, "/bantuan", page) == "/"
    sign_in(client, make_account())
    assert back_from(client, "/bantuan", "/bantuan/hp-hilang") == "/beranda"


def test_nobody_elses_page_is_a_way_back(client: PageClient) -> None:
    for referrer in ("https://evil.example/masuk", "http://localhost//evil.example"):
        client.get("/bantuan", Referer=referrer)
        assert client.follow("Kembali").url == "/"


def test_what_is_searched_for_is_sent_to_nobody(client: PageClient) -> None:
    """The field stands in no form and has no name: a NIK typed there would be in addresses and in
    logs."""
    client.get("/bantuan")
    field = client.document.by_id("search")
    assert field is not None
    assert field.get("name") is None
    assert field.get("autocomplete") == "off"
    assert all(it.tag != "form" for it in client.document.ancestors(field))


_NAMED = re.compile(r"url_for\(.help\.guide., slug=.([a-z-]+).\)")
# Where people get stuck, and what helps there.
STUCK = {
    "codes/index.html": "kode-tidak-datang",
    "components/locked_out.html": "harus-menunggu",
    "passkeys/begin.html": "sidik-jari",
    "pin/create.html": "lupa-pin",
    "questions/index.html": "jawaban-tidak-cocok",
    "recovery/method.html": "nomor-hp-berganti",
}


def test_the_pages_where_people_get_stuck_lead_to_their_guide() -> None:
    templates = ROOT / "jkn" / "templates"
    named = {
        path.relative_to(templates).as_posix(): slug
        for path in templates.rglob("*.html")
        for slug in _NAMED.findall(path.read_text())
    }
    assert named == STUCK
    assert set(named.values()) <= GUIDES.keys()
