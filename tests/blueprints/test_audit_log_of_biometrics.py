"""Login dengan Biometrik leaves exactly these events, and its owner is told (R78)."""

from sqlalchemy import select

from jkn.database import session
from jkn.models import AuditEvent, Channel, EventKind, Notification
from tests.support.clients.page_client import PageClient
from tests.support.clients.software_authenticator import USER_PRESENT, Authenticator
from tests.support.steps.passkey_steps import (
    LIST,
    USE,
    agree,
    enrol,
    enrolled,
    keys_of,
    options_for,
    remove,
    send,
    sign_in_by_passkey,
    turn_off,
    use_phone,
)
from tests.support.steps.recovery_steps import link_in, messages
from tests.support.steps.sign_in_steps import sign_in, sign_out
from tests.support.world.clock import Clock
from tests.support.world.factories import make_account

CHROME = "Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 Chrome/140.0 Mobile"


def recorded(start: str = "") -> list[str]:
    session.rollback()
    kinds = session.scalars(select(AuditEvent.kind).order_by(AuditEvent.id))
    return [it.value for it in kinds if it.value.startswith(start)]


def topics() -> list[str]:
    session.rollback()
    of_keys = Notification.topic.in_(
        ("passkey_on", "passkey_added", "passkey_off", "passkey_removed")
    )
    return list(
        session.scalars(select(Notification.topic).where(of_keys).order_by(Notification.id))
    )


def test_a_journey_leaves_exactly_this(as_browser: PageClient, clock: Clock) -> None:
    account, phone, other = make_account(), Authenticator(), Authenticator()
    sign_in(as_browser, account)
    agree(as_browser, "bukan ini")
    enrol(as_browser, phone).get("/profil").follow("Lihat")
    use_phone(as_browser, USE, phone.get)
    sign_out(as_browser).get("/masuk")
    lie = phone.get(options_for(as_browser, USE).json or {}, flags=USER_PRESENT)
    send(as_browser, USE, lie)
    send(as_browser, USE, "{}")
    use_phone(as_browser, USE, phone.get)
    second = enrolled(as_browser.another(), account, other)
    as_browser.get(LIST).follow("Ubah nama browser lain").submit(
        "Simpan nama", {"Nama HP": "Kerja"}
    )
    clock.advance(minutes=21)
    turn_off(as_browser)
    use_phone(as_browser, USE, phone.get)
    turn_off(as_browser)
    remove(sign_in(sign_out(second), account).get(LIST), "browser lain")
    assert keys_of(account) == []
    assert recorded() == [
        "authn_login_success",
        "authn_login_fail",
        "authn_reauthenticated",
        "authn_passkey_on",
        "sensitive_read_unlocked",
        "session_ended",
        "authn_passkey_fail",
        "authn_passkey_fail",
        "authn_passkey_success",
        "authn_new_device",
        "authn_login_success",
        "authn_reauthenticated",
        "authn_passkey_added",
        "authn_passkey_renamed",
        "authn_passkey_reauthenticated",
        "authn_passkey_off",
        "session_ended",
        "authn_login_success",
        "authn_passkey_removed",
    ]
    assert topics() == [
        "passkey_on",
        "passkey_added",
        "passkey_off",
        "passkey_removed",
    ]


def test_the_owner_reads_it_in_words(client: PageClient) -> None:
    account, phone = make_account(), Authenticator()
    client.move_to("198.51.100.7", **{"User-Agent": CHROME})
    sign_out(enrolled(client, account, phone))
    sign_in_by_passkey(client, phone)
    enrolled(client.another(), account, Authenticator())
    remove(client.get(LIST), "browser lain")
    turn_off(client)
    client.get("/profil/aktivitas")
    for words in (
        "Login dengan Biometrik dinyalakan",
        "Masuk dengan sidik jari atau wajah",
        "Login dengan Biometrik dinyalakan di satu HP lagi",
        "HP dihapus dari Login dengan Biometrik",
        "Login dengan Biometrik dimatikan",
    ):
        assert words in client.text
    client.get("/notifikasi")
    for words in (
        "Chrome di Android bisa masuk dengan sidik jari",
        "Login dengan Biometrik menyala di satu perangkat lagi",
        "Perangkat dihapus dari Login dengan Biometrik",
        "Dihapus lewat Chrome di Android",
        "Login dengan Biometrik mati",
    ):
        assert words in client.text


def test_every_channel_is_told_with_a_way_to_undo_it(as_browser: PageClient) -> None:
    account = make_account()
    enrolled(as_browser, account, Authenticator())
    added = messages("passkey_on")
    assert [(channel, it.recipient) for channel, it in added] == [
        (Channel.SMS, account.phone),
        (Channel.EMAIL, account.email),
    ]
    assert messages("passkey_off") == []
    turn_off(as_browser)
    removed = messages("passkey_off")
    assert [channel for channel, _ in removed] == [Channel.SMS, Channel.EMAIL]
    links = {link_in(it) for _, it in added + removed}
    assert len(links) == 4, "each may be used once"
    assert all(it.startswith("/bukan-saya/") for it in links)
    assert "(09.30 WIB)" in added[0][1].text


def test_bukan_saya_after_a_removal_freezes_the_account(as_browser: PageClient) -> None:
    account, phone = make_account(), Authenticator()
    enrolled(as_browser.another(), account, phone)
    enrolled(as_browser, account, Authenticator())
    turn_off(as_browser)
    owner = as_browser.another().get(link_in(messages("passkey_off")[-1][1]))
    owner.submit("Bukan saya, bekukan akun")
    assert keys_of(account) == []
    assert as_browser.get("/beranda").url == "/masuk"


def test_a_person_without_phone_and_mail_is_told_in_the_app(as_browser: PageClient) -> None:
    enrolled(as_browser, make_account(phone=None, email=None), Authenticator())
    assert messages("passkey_on") == []
    assert "Login dengan Biometrik sudah menyala" in as_browser.get("/notifikasi").text


def test_garbage_and_what_nobody_asked_for_are_recorded_as_nobodys(
    as_browser: PageClient,
) -> None:
    account, phone = make_account(), Authenticator()
    sign_out(enrolled(as_browser, account, phone)).get("/masuk")
    before = recorded()
    for answer in ("", "{}", phone.get({"challenge": "AAAA", "rpId": "localhost"})):
        send(as_browser, USE, answer)
    assert recorded() == [*before, *["authn_passkey_fail"] * 3]
    of_refusals = AuditEvent.kind == EventKind.AUTHN_PASSKEY_FAIL
    assert session.scalars(select(AuditEvent.account_id).where(of_refusals)).all() == [None] * 3
