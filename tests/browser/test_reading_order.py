"""What a screen reader says on Masuk, in which order (WCAG 1.3.2, 2.4.3, 3.3.1, 4.1.2)."""

import re

from playwright.sync_api import Page

from tests.support.pages.page_objects import SignInPage
from tests.support.pages.passkey_pages import (
    USE,
    FingerprintSignInPage,
    enrolled_and_left,
    with_lock,
)
from tests.support.pages.username_pages import initials, remember_and_leave
from tests.support.world.masked_numbers import said
from tests.support.world.running_app import RunningApp

_SPOKEN = re.compile(r"(alert|button|group|heading|img|link|radio|textbox)\b")
_TOP = ['link "Langsung ke isi"', 'link "Mobile JKN"', 'link "Bantuan"', 'link "Kembali"']
_FORM = [
    'heading "Masuk" [level=1]',
    'group "Masuk dengan"',
    'radio "NIK Nomor KTP, 16 angka" [checked]',
    'radio "NOKA Nomor kartu, 13 angka"',
    'textbox "NIK atau nomor kartu"',
    'textbox "Kata sandi"',
    'button "Tampilkan"',
    'link "Lupa kata sandi?"',
    'link "Pakai gambar"',
    'button "MASUK"',
]
_PICTURE = [
    'img "Lima angka yang harus diketik"',
    'link "Ganti gambar"',
    'link "Dengarkan"',
    'textbox "Ketik angka di gambar"',
    'button "Cek otomatis"',
]
_HELP = ['link "Daftar"', 'link "Hubungi 165"']
_DESCRIPTION = "it => it.ariaDescribedByElements?.map(other => other.textContent.trim())"


def spoken(page: Page) -> list[str]:
    """Controls, headings and pictures as assistive technology gets them, in order."""
    lines = (line.strip(" -") for line in page.locator("body").aria_snapshot().splitlines())
    return [line.removesuffix(":") for line in lines if _SPOKEN.match(line)]


def test_masuk_is_read_to_its_button_and_what_is_wrong_first_and_again_at_its_field(
    page: Page,
) -> None:
    form = SignInPage(page).open()
    assert spoken(page) == [*_TOP, *_FORM, *_HELP]
    form.fill("12345", "", captcha="").submit()
    form.error_summary.wait_for()
    summary = [
        "alert",
        'heading "Ada yang perlu diperbaiki" [level=2]',
        'link "NIK harus 16 angka. Anda mengisi 5 angka"',
        'link "Masukkan kata sandi"',
        'link "Ketik 5 angka di gambar"',
    ]
    invalid = {
        'textbox "NIK atau nomor kartu"': ' [invalid]: "12345"',
        'textbox "Kata sandi"': " [invalid]",
        'textbox "Ketik angka di gambar"': " [invalid]",
    }
    shown = [*_FORM[:-2], *_PICTURE, _FORM[-1]]
    fields = [line + invalid.get(line, "") for line in shown]
    assert spoken(page) == [*_TOP, *summary, *fields, *_HELP]
    described = {
        name: page.get_by_label(name, exact=True).evaluate(_DESCRIPTION)
        for name in ("NIK atau nomor kartu", "Kata sandi", "Ketik angka di gambar")
    }
    assert described == {
        "NIK atau nomor kartu": ["Kesalahan: NIK harus 16 angka. Anda mengisi 5 angka"],
        "Kata sandi": ["Kesalahan: Masukkan kata sandi"],
        "Ketik angka di gambar": ["Kesalahan: Ketik 5 angka di gambar"],
    }


def test_each_who_is_remembered_is_read_with_its_button(page: Page, running: RunningApp) -> None:
    first, second = running.identity("pbpu_14_months"), running.identity("ppu_active")
    remember_and_leave(page, second)
    one = ['button "Bukan saya"', 'link "Pakai nomor lain"']
    assert spoken(page) == [*_TOP, _FORM[0], *one, *_FORM[5:], *_HELP]
    read = page.locator("main").aria_snapshot()
    assert read.index("Masuk sebagai") < read.index(said(second)) < read.index("Bukan saya")
    remember_and_leave(page, first)
    two = [f"{said(person)} Inisial {initials(person)}" for person in (first, second)]
    people = [
        'group "Masuk sebagai"',
        f'radio "{two[0]}" [checked]',
        f'button "Bukan saya {two[0]}"',
        f'radio "{two[1]}"',
        f'button "Bukan saya {two[1]}"',
        'link "Pakai nomor lain"',
    ]
    assert spoken(page) == [*_TOP, _FORM[0], *people, *_FORM[5:], *_HELP]


def test_a_fingerprint_is_read_after_the_form_or_first_where_it_is_used(
    page: Page, running: RunningApp
) -> None:
    lock = with_lock(page)
    form = FingerprintSignInPage(page).open()
    form.button(USE).wait_for()
    assert spoken(page) == [*_TOP, *_FORM, _HELP[0], f'button "{USE}"', _HELP[1]]
    form = enrolled_and_left(page, running.identity("ppu_active"), lock)
    form.button(USE).wait_for()
    assert spoken(page) == [*_TOP, _FORM[0], f'button "{USE}"', *_FORM[1:], *_HELP]
    read = page.locator("main").aria_snapshot()
    assert read.index(USE) < read.index("Atau dengan nomor") < read.index("Masuk dengan")
