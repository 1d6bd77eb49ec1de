"""The search of Bantuan, which asks nobody."""

from playwright.sync_api import Page, expect

from jkn.blueprints.public_pages.guides import GUIDES
from tests.support.world.running_app import RunningApp
from tests.support.world.waiting import wait_until

# What people type: parts of words, other words, no capitals, misspelt, a whole sentence.
FINDS = {
    "PASSWORD": "lupa-kata-sandi",
    "pasword": "lupa-kata-sandi",
    "sandi": "lupa-kata-sandi",
    "gak bisa masuk, lupa sandinya": "lupa-kata-sandi",
    "otp": "kode-tidak-datang",
    "Sms tidak masuk": "kode-tidak-datang",
    "ganti nomor": "nomor-hp-berganti",
    "nomer hp saya ganti": "nomor-hp-berganti",
    "hilang": "hp-hilang",
    "HP dicuri": "hp-hilang",
    "pin": "lupa-pin",
    "finger": "sidik-jari",
    "wajah": "sidik-jari",
    "diblokir": "harus-menunggu",
    "ibu kandung": "jawaban-tidak-cocok",
    "tulisan kecil": "huruf-besar",
}


def found(page: Page) -> list[str]:
    """The slugs of the guides that are shown."""
    rows = page.locator("[data-words]:visible a").evaluate_all("them => them.map(it => it.href)")
    return [str(it).rpartition("/")[2] for it in rows]


def test_people_find_their_guide_in_their_own_words_and_nothing_is_sent(
    page: Page, running: RunningApp
) -> None:
    page.goto("/bantuan")
    everything = found(page)
    assert everything == list(GUIDES)
    field, said = (
        page.get_by_label("Cari bantuan"),
        page.get_by_role("search").get_by_role("status"),
    )
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url))
    for words, slug in FINDS.items():
        field.fill(words)
        assert slug in found(page), words
        assert len(found(page)) < len(everything) / 2, words
        expect(said).to_have_text(f"{len(found(page))} bantuan cocok")
    field.fill("3276051703840001")
    expect(said).to_contain_text("Tidak ada yang cocok")
    assert found(page) == everything
    field.fill("tidak bisa")
    assert found(page) == everything
    field.fill("ganti nomor")
    field.press("Enter")
    expect(field).not_to_be_focused()
    assert sent == []
    assert page.url == f"{running.url}/bantuan"
    # The finger is on its way: the guide is asked for before the tap, as the tap would ask for it.
    row = page.get_by_role("link", name=GUIDES["nomor-hp-berganti"].title)
    before = running.log().count("help.guide")
    row.hover()
    wait_until(lambda: running.log().count("help.guide") > before, "the guide was asked for")
    row.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nomor HP saya berganti")
    arrival = "() => performance.getEntriesByType('navigation')[0].deliveryType"
    assert page.evaluate(arrival) == "navigational-prefetch"
    page.get_by_role("link", name="Kembali").click()
    expect(field).to_have_value("")
