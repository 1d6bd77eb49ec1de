"""Huruf besar and Mode gelap hold before and after signing in, on this phone only."""

import pytest

from tests.support.clients.forms import fill
from tests.support.clients.markup import Element
from tests.support.clients.page_client import PageClient
from tests.support.steps.sign_in_steps import sign_in, sign_out
from tests.support.world.factories import make_account

SCHEME = "/tampilan/mode-gelap"
CHOICES = {
    "Ikut HP": "Mengikuti setelan HP Anda",
    "Terang": "Selalu terang",
    "Gelap": "Selalu gelap",
}


def looks(client: PageClient) -> list[str]:
    return next(client.document.elements("html")).get("class", "").split()


def metas(client: PageClient, name: str) -> list[tuple[str, str | None]]:
    found = [it for it in client.document.elements("meta") if it.get("name") == name]
    return [(it.get("content", ""), it.get("media")) for it in found]


def switch(client: PageClient) -> Element:
    return next(it for it in client.document.elements("button") if it.get("role") == "switch")


def choose(client: PageClient, name: str) -> PageClient:
    return client.get(SCHEME).submit("Simpan", {"Warna layar": f"{name} {CHOICES[name]}"})


def post_large_text(client: PageClient, referrer: str) -> str | None:
    token = next(client.document.elements("input")).get("value", "")
    answer = client.app.test_client(use_cookies=False).post(
        "/tampilan/huruf-besar",
        data={"on": "1", "csrf_token": token},
        headers={
            "Cookie": client.cookies.header() or "",
            "Referer": referrer,
            "Sec-Fetch-Site": "same-origin",
        },
    )
    assert answer.status_code == 303
    return answer.location


def test_huruf_besar_holds_on_every_page_and_goes_again(client: PageClient) -> None:
    assert looks(client.get("/")) == []
    client.submit("Huruf besar")
    assert looks(client.get("/")) == ["large"]
    assert looks(client.get("/masuk")) == ["large"]
    client.get("/").submit("Huruf besar")
    assert looks(client.get("/")) == []


def test_the_switch_says_its_state_in_words_too(client: PageClient) -> None:
    client.get("/")
    assert (switch(client).get("aria-checked"), "Mati" in client.text) == ("false", True)
    client.submit("Huruf besar")
    assert (switch(client).get("aria-checked"), "Menyala" in client.text) == ("true", True)


def test_with_htmx_only_the_row_comes_back(as_htmx: PageClient) -> None:
    as_htmx.get("/").submit("Huruf besar")
    assert as_htmx.was_swapped
    assert as_htmx.heading == "Kartu JKN sekeluarga, di satu tempat"
    assert "<h1" not in as_htmx.html
    assert as_htmx.url == "/"


@pytest.mark.parametrize("address", ["/", "/bantuan"])
def test_without_htmx_the_same_page_opens_at_the_switch(
    as_browser: PageClient, address: str
) -> None:
    as_browser.get(address).submit("Huruf besar")
    assert as_browser.url == f"{address}#large-text"
    assert as_browser.document.by_id("large-text") is not None


def test_a_second_tap_on_a_slow_phone_undoes_nothing(client: PageClient) -> None:
    client.get("/")
    slow = client.another(with_cookies=True)
    slow.document, slow.url = client.document, client.url
    client.submit("Huruf besar")
    slow.cookies = client.cookies
    slow.submit("Huruf besar")
    assert switch(slow).get("aria-checked") == "true"
    assert looks(slow.get("/")) == ["large"]


def test_both_survive_keluar(client: PageClient) -> None:
    sign_in(client, make_account())
    client.get("/profil").submit("Huruf besar")
    choose(client, "Gelap")
    assert looks(client) == ["large", "dark"]
    assert looks(sign_out(client)) == ["large", "dark"]


def test_tampilan_stands_on_profil_and_no_longer_on_lainnya(client: PageClient) -> None:
    sign_in(client, make_account()).get("/profil")
    assert client.shows("Huruf besar")
    assert client.shows("Mode gelap Ikut HP")
    client.get("/lainnya")
    assert not client.shows("Huruf besar")


@pytest.mark.parametrize(
    "referrer", ["https://evil.example/bantuan", "http://localhost//evil.example"]
)
def test_it_returns_only_to_a_page_of_ours(as_browser: PageClient, referrer: str) -> None:
    as_browser.get("/")
    assert post_large_text(as_browser, referrer) == "/#large-text"
    assert post_large_text(as_browser, "http://localhost/bantuan") == "/bantuan#large-text"


def test_at_first_the_phone_decides(client: PageClient) -> None:
    client.get("/")
    assert looks(client) == []
    assert metas(client, "color-scheme") == [("light dark", None)]
    assert metas(client, "theme-color") == [
        ("#ffffff", "(prefers-color-scheme: light)"),
        ("#162326", "(prefers-color-scheme: dark)"),
    ]
    assert client.get(SCHEME).document.by_id("way") is not None
    assert chosen(client) == "phone"


def chosen(client: PageClient) -> str:
    radios = [it for it in client.document.elements("input") if "checked" in it.attrib]
    return radios[0].get("value", "")


@pytest.mark.parametrize(
    ("name", "value", "colour"), [("Terang", "light", "#ffffff"), ("Gelap", "dark", "#162326")]
)
def test_what_is_chosen_holds_on_every_page(
    client: PageClient, name: str, value: str, colour: str
) -> None:
    choose(client, name)
    assert client.url == SCHEME
    assert f"Tersimpan: {name}" in client.text
    for address in (SCHEME, "/", "/masuk", "/ini-tidak-ada"):
        assert looks(client.get(address)) == [value], address
        assert metas(client, "color-scheme") == [(value, None)]
        assert metas(client, "theme-color") == [(colour, None)]
    assert client.get("/").shows(f"Mode gelap {name}")
    assert chosen(client.follow(f"Mode gelap {name}")) == value
    assert "Tersimpan" not in client.text
    assert looks(choose(client, "Ikut HP").get("/")) == []


def test_the_way_back_leads_where_one_came_from(client: PageClient) -> None:
    client.get("/").follow("Mode gelap Ikut HP").follow("Kembali")
    assert client.url == "/"
    sign_in(client, make_account()).get("/profil").follow("Mode gelap Ikut HP")
    assert choose(client, "Gelap").follow("Kembali").url == "/profil"


@pytest.mark.parametrize("written", ["", "DARK", "dark light", "<b>", "é", "x" * 3000])
def test_a_cookie_that_makes_no_sense_follows_the_phone(client: PageClient, written: str) -> None:
    client.cookies.values["warna"] = written
    assert looks(client.get("/")) == []
    assert client.status == 200


def test_what_nobody_offers_is_asked_again_and_looking_sets_nothing(client: PageClient) -> None:
    client.get(SCHEME)
    submission = fill(client.document, "Simpan", {})
    submission.fields = [(name, "ungu" if name == "way" else it) for name, it in submission.fields]
    client.send(submission)
    assert client.status == 422
    assert client.errors == {"way": "Pilih warna layar"}
    assert "warna" not in client.cookies.values
