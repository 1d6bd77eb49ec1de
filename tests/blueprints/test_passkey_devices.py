"""The phones that sign in with a fingerprint: list, names, removal, and which one is HP ini."""

import pytest
from sqlalchemy import func, select

from jkn.database import session
from jkn.models import Account, AuditEvent, EventKind, Passkey, PasskeyDevice
from tests.support.clients.forms import fill
from tests.support.clients.page_client import PageClient
from tests.support.clients.software_authenticator import Authenticator
from tests.support.steps.passkey_steps import (
    LIST,
    NO_MATCH,
    OFF,
    ON,
    REMOVE,
    SWITCH,
    USE,
    enrol,
    enrolled,
    keys_of,
    limit,
    listed,
    options_for,
    remove,
    said,
    send,
    sign_in_by_passkey,
    switch,
    turn_off,
    use_phone,
)
from tests.support.steps.pin_steps import DETAILS
from tests.support.steps.sign_in_steps import sign_in, sign_out
from tests.support.world.clock import Clock
from tests.support.world.factories import PASSWORD, make_account, make_passkey

IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1"
NAME = "Nama HP"


@pytest.fixture
def phone() -> Authenticator:
    return Authenticator()


def on_iphone(client: PageClient) -> PageClient:
    return client.another().move_to("198.51.100.7", **{"User-Agent": IPHONE})


@pytest.mark.both_databases
def test_every_phone_is_listed_with_its_times_this_one_first(
    client: PageClient, account: Account, phone: Authenticator, clock: Clock
) -> None:
    assert listed(sign_in(client, account)) == []
    assert "Belum ada perangkat" in client.text
    enrol(client.follow("Nyalakan di HP ini"), phone)
    clock.advance(minutes=12)
    enrolled(on_iphone(client), account, Authenticator())
    clock.advance(minutes=1)
    here, iphone = listed(client)
    assert "HP ini" in here
    assert "HP ini" not in iphone
    assert "Tersimpan di Google Password Manager" in here
    assert "Dibuat: Hari ini 09.30 WIB" in here
    assert "Belum pernah dipakai" in here
    assert "Safari di iPhone" in iphone
    assert "Dibuat: Hari ini 09.42 WIB" in iphone
    assert "198.51.100.7" not in client.html
    assert not client.shows("Nyalakan di HP ini")
    assert listed(sign_in(client.another(), make_account())) == []
    client.get("/profil").follow("Perangkat biometrik 2 perangkat bisa masuk")
    assert client.url == LIST


def test_a_name_is_shown_in_the_list_and_to_nobody_else(
    client: PageClient, account: Account, phone: Authenticator
) -> None:
    enrolled(on_iphone(client), account, phone)
    sign_in(client, account).get(LIST).follow("Ubah nama Safari di iPhone")
    client.submit("Simpan nama", {NAME: "  HP   kerja\t"})
    assert client.url == LIST
    assert "Nama sudah tersimpan" in client.text
    (shown,) = listed(client)
    assert "HP kerja" in shown
    assert "Safari di iPhone" in shown, "what it is stays known"
    for page in ("/profil", "/notifikasi", "/profil/aktivitas", "/profil/perangkat"):
        assert "HP kerja" not in client.get(page).html
    stored = session.connection().exec_driver_sql("SELECT name FROM passkeys").scalar_one()
    assert b"kerja" not in bytes(stored) if isinstance(stored, bytes) else "kerja" not in stored
    client.get(LIST).follow("Ubah nama HP kerja")
    assert client.value(NAME) == "HP kerja"
    client.submit("Simpan nama", {NAME: " "})
    assert "HP kerja" not in listed(client)[0]


def test_a_removed_phone_signs_in_no_longer(
    client: PageClient, account: Account, phone: Authenticator
) -> None:
    other = sign_out(enrolled(on_iphone(client), account, phone))
    sign_in(client, account).get(LIST)
    tab = client.another(with_cookies=True).get(LIST).follow("Hapus Safari di iPhone")
    remove(client, "Safari di iPhone")
    assert client.url == LIST
    assert "Sudah dihapus" in client.text
    assert "<passkey-signal" in client.html, "its own list of keys is told, though none is left"
    assert listed(client) == keys_of(account) == []
    assert tab.submit(REMOVE).status == 404
    assert "Perangkat itu sudah tidak ada" in tab.text
    assert listed(tab) == []
    assert said(sign_in_by_passkey(other, phone)) == NO_MATCH


def test_removing_needs_a_password_given_lately(
    client: PageClient, account: Account, phone: Authenticator, clock: Clock
) -> None:
    enrolled(client, account, phone)
    make_passkey(account, user_agent=IPHONE)
    client.get(LIST).follow("Hapus Safari di iPhone")
    clock.advance(minutes=21)
    client.submit(REMOVE)
    assert client.url == "/konfirmasi"
    assert len(keys_of(account)) == 2
    turned_back = client.another(with_cookies=True).get("/profil")
    assert "Terima kasih" not in turned_back.text, "nothing was proved"
    client.get(LIST).follow("Hapus Safari di iPhone")
    client.submit("Lanjut", {"Kata sandi akun": PASSWORD})
    client.submit(REMOVE)
    assert len(keys_of(account)) == 1
    clock.advance(minutes=21)
    client.get("/profil").submit(SWITCH)
    assert client.url == "/konfirmasi"
    use_phone(client, USE, phone.get)
    assert client.url == "/profil"
    assert "Belum ada yang berubah" in client.text
    assert switch(client) == ON
    client.submit(SWITCH)
    assert switch(client) == OFF
    assert keys_of(account) == []


def test_what_a_removed_key_proved_is_proved_no_longer(
    client: PageClient, account: Account, phone: Authenticator, clock: Clock
) -> None:
    thief = sign_in_by_passkey(sign_out(enrolled(on_iphone(client), account, phone)), phone)
    other = sign_out(enrolled(client.another(), account, Authenticator()))
    sign_in(other, account)
    sign_in(client, account).get(LIST)
    use_phone(thief.get("/profil").follow("Lihat"), USE, phone.get)
    assert thief.url == DETAILS
    remove(client, "Safari di iPhone")
    assert thief.get("/profil/perangkat").status == 200, "nobody asked to end it"
    thief.submit("Keluarkan semua yang lain")
    assert thief.url == "/konfirmasi"
    assert thief.get(DETAILS).url != DETAILS
    assert client.get("/beranda").url == other.get("/beranda").url == "/beranda"
    assert other.get(LIST).follow("Hapus browser lain").url != "/konfirmasi", "not its key"


def test_a_password_given_after_the_removed_key_still_counts(
    client: PageClient, account: Account, phone: Authenticator, clock: Clock
) -> None:
    sign_in_by_passkey(sign_out(enrolled(client, account, phone)), phone)
    clock.advance(minutes=21)
    client.get(f"{LIST}/nyalakan")
    client.get("/profil/kata-sandi")
    client.get(LIST).follow("Ubah nama browser lain")
    assert client.url == "/konfirmasi"
    client.submit("Lanjut", {"Kata sandi akun": PASSWORD})
    turn_off(client)
    make_passkey(account)
    assert client.get(LIST).follow("Hapus browser lain").url != "/konfirmasi"


def test_the_sessions_of_a_removed_key_end_where_its_owner_says_so(
    client: PageClient, account: Account, phone: Authenticator
) -> None:
    key = enrolled(on_iphone(client), account, phone)
    thief = sign_in_by_passkey(sign_out(key), phone)
    by_password = sign_in(client.another(), account)
    foreign = enrolled(client.another(), make_account(), Authenticator())
    sign_in(client, account).get(LIST)
    remove(client, "Safari di iPhone", and_sign_out=True)
    assert client.url == LIST
    assert thief.get("/beranda").url == "/masuk"
    for it in (client, by_password, foreign):
        assert it.get("/beranda").url == "/beranda"


def test_the_session_that_removes_its_own_key_goes_on_and_proves_anew(
    client: PageClient, account: Account, phone: Authenticator
) -> None:
    sign_in_by_passkey(sign_out(enrolled(client, account, phone)), phone)
    client.get(LIST)
    remove(client, "browser lain", and_sign_out=True)
    assert client.url == LIST
    assert client.get("/profil/perangkat").status == 200
    sign_in(client.another(), account)
    client.get("/profil/perangkat").submit("Keluarkan semua yang lain")
    assert client.url == "/konfirmasi"


def test_off_takes_this_phones_key_away_and_no_other(
    client: PageClient, account: Account, phone: Authenticator
) -> None:
    other = make_passkey(account)
    enrolled(client, account, phone)
    assert switch(client) == ON
    stale = client.another(with_cookies=True).get("/profil")
    client.submit(SWITCH)
    assert switch(client) == OFF
    assert client.url == "/profil"
    assert "<passkey-signal" in client.html or not client.with_htmx
    stale.submit(SWITCH)
    assert switch(stale.get("/profil")) == OFF, "twice does no harm"
    assert [it.id for it in keys_of(account)] == [other.id]
    assert said(sign_in_by_passkey(sign_out(client), phone)) == NO_MATCH


def test_a_phone_of_somebody_else_is_not_found(as_browser: PageClient, account: Account) -> None:
    foreign = make_passkey(make_account())
    make_passkey(account)
    sign_in(as_browser, account).get(LIST)
    answers = []
    for passkey_id in (foreign.id, 999_999_999, 2**63 - 1, 2**63):
        as_browser.get(f"{LIST}/{passkey_id}/nama")
        seen = [(as_browser.status, as_browser.text)]
        for path, fields in (("nama", {"name": "Punya saya"}), ("hapus", {})):
            as_browser.get(LIST)
            as_browser.follow("Hapus browser lain")
            submission = fill(as_browser.document, REMOVE, {})
            submission.action = f"{LIST}/{passkey_id}/{path}"
            submission.fields += fields.items()
            as_browser.send(submission)
            seen.append((as_browser.status, as_browser.text))
        answers.append(seen)
    assert {status for seen in answers for status, _ in seen} == {404}
    assert all(it == answers[0] for it in answers[:3])
    (kept,) = session.scalars(select(Passkey).where(Passkey.id == foreign.id)).all()
    assert kept.name is None
    refused = select(func.count()).where(AuditEvent.kind == EventKind.AUTHZ_FAIL)
    # An id that the database cannot hold is no address of a page, so nothing is recorded for it.
    assert session.scalar(refused) == 9


def test_a_key_that_travels_is_here_on_both_phones_and_off_on_both(
    client: PageClient, account: Account
) -> None:
    keys = Authenticator(counts=False, travels=True)
    enrolled(client, account, keys)
    tablet = on_iphone(client)
    sign_in_by_passkey(tablet, keys)
    assert tablet.url == "/beranda"
    for browser in (client, tablet):
        (shown,) = listed(browser)
        assert "HP ini" in shown
        assert switch(browser.get("/profil")) == ON
    assert "Perangkat biometrik" in tablet.text
    assert "Perangkat biometrik" not in turn_off(tablet).text
    for browser in (client, tablet):
        assert listed(browser) == []
        assert switch(browser.get("/profil")) == OFF
        assert said(sign_in_by_passkey(sign_out(browser), keys)) == NO_MATCH
    session.rollback()
    assert session.scalars(select(PasskeyDevice)).all() == []


def test_without_its_cookie_a_phone_is_a_stranger_to_the_switch_and_not_to_the_list(
    as_browser: PageClient, account: Account, phone: Authenticator
) -> None:
    enrolled(as_browser, account, phone)
    del as_browser.cookies.values["hp"]
    assert switch(as_browser.get("/profil")) == OFF
    (shown,) = listed(as_browser)
    assert "HP ini" not in shown
    as_browser.cookies.values["hp"] = "planted"
    turn_off(as_browser)
    assert len(keys_of(account)) == 1


def test_erasing_this_phone_forgets_that_it_has_a_key_and_keeps_the_key(
    client: PageClient, account: Account, phone: Authenticator
) -> None:
    """Removing a key needs a recent authentication, and erasing must not be a way around that."""
    enrolled(client, account, phone).get("/keluar")
    assert "Sidik jari di HP ini tetap bisa membuka akun Anda." in client.text
    client.submit("Keluar dan hapus semua data di HP ini")
    assert client.url == "/data-dihapus"
    assert [it.credential_id for it in keys_of(account)] == [phone.credentials[0].id]
    assert switch(sign_in(client, account).get("/profil")) == OFF
    assert sign_in_by_passkey(sign_out(client), phone).url == "/beranda"
    assert switch(client.get("/profil")) == ON


def test_a_phone_beside_a_computer_of_others_makes_that_nobodys_phone(
    as_browser: PageClient, account: Account, phone: Authenticator
) -> None:
    enrolled(as_browser.another(), account, phone)
    use_phone(as_browser.get("/masuk"), USE, lambda it: phone.get(it, where="cross-platform"))
    assert as_browser.url == "/beranda"
    assert switch(as_browser.get("/profil")) == OFF


def test_signing_out_takes_nothing_along(
    as_browser: PageClient, account: Account, phone: Authenticator
) -> None:
    sign_out(enrolled(as_browser, account, phone))
    assert len(keys_of(account)) == 1


def test_limited_mode_shows_the_list_and_changes_nothing(
    client: PageClient, account: Account, phone: Authenticator
) -> None:
    enrolled(client, account, phone)
    make_passkey(account)
    limit(account)
    assert len(listed(client)) == 2
    remove(client, "browser lain")
    assert client.url == "/akses-terbatas"
    assert client.get(LIST).follow("Ubah nama browser lain").url == "/akses-terbatas"
    assert turn_off(client).url == "/akses-terbatas"
    assert len(keys_of(account)) == 2
    assert switch(client.get("/profil")) == ON


def test_ceremonies_end_with_the_key_that_they_are_for(
    as_browser: PageClient, account: Account, phone: Authenticator, clock: Clock
) -> None:
    enrolled(as_browser, account, phone)
    clock.advance(minutes=10)
    other = sign_in(as_browser.another(), account)
    clock.advance(minutes=11)
    assert turn_off(as_browser).url == "/konfirmasi"
    made = phone.get(options_for(as_browser, USE).json or {})
    remove(other.get(LIST), "browser lain")
    assert keys_of(account) == []
    send(as_browser, USE, made)
    assert as_browser.status == 422
    assert as_browser.get(LIST).status == 200
    assert switch(as_browser.get("/profil")) == OFF
