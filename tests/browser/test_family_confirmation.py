"""An account that waits for the family, walked by the stranger, the relatives and Kotak keluar."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Phone
from tests.support.screens.family_screens import NO, YES, register_by_answers
from tests.support.world.running_app import RunningApp

# Becce, of whom the record has neither phone nor e-mail; her son and his wife have phones.
PERSON, SON = "no_contact_no_account", "Baharuddin Nompoa"
WAITS = "Akun ini belum dipastikan"


def heading(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(text)


def links_in_outbox(page: Page) -> list[str]:
    """The links of the questions in Kotak keluar, newest first."""
    page.goto("/dev/kotak-keluar")
    asked = page.get_by_text(re.compile("atas nama keluarga Anda"))
    expect(asked.first).to_be_visible()
    return [re.findall(r"https?://\S+", it)[0] for it in asked.all_inner_texts()]


@pytest.mark.with_and_without_js
def test_one_says_benar_and_another_says_bukan(
    either_page: Page, new_phone: Phone, running: RunningApp, request: pytest.FixtureRequest
) -> None:
    register_by_answers(either_page, running, PERSON)
    expect(either_page.get_by_text(WAITS)).to_be_visible()
    expect(either_page.get_by_text(SON)).to_have_count(0)
    either_page.get_by_role("link", name="Cara membukanya").click()
    heading(either_page, WAITS)
    expect(either_page.get_by_text("Minta salah satu membuka tautannya")).to_be_visible()
    has_script = "without-js" not in request.node.name
    son, wife = (new_phone(java_script_enabled=has_script).new_page() for _ in range(2))
    yes, no = links_in_outbox(new_phone().new_page())
    for relative, link in ((wife, yes), (son, no)):
        relative.goto(link)
        heading(relative, "Akun baru di keluarga Anda")
    wife.get_by_role("button", name=YES).click()
    heading(wife, "Terima kasih, akun sudah dipastikan")
    either_page.goto("/beranda")
    expect(either_page.get_by_text(SON)).to_be_visible()
    expect(either_page.get_by_text(WAITS)).to_have_count(0)
    # His page still shows both buttons.
    son.get_by_role("button", name=YES).click()
    expect(son.get_by_text("sudah memilih Benar")).to_be_visible()
    expect(son.get_by_role("button", name=YES)).to_have_count(0)
    son.get_by_role("button", name=NO).click()
    heading(son, "Akun itu sudah dibekukan")
    either_page.goto("/beranda")
    heading(either_page, "Masuk")
    wife.get_by_role("link", name="Salah pilih?").click()
    heading(wife, "Tautan sudah tidak berlaku")
    wife.go_back()
    heading(wife, "Terima kasih, akun sudah dipastikan")
