"""Masuk by fingerprint, refused (R32-R39)."""

import re

import pytest
from sqlalchemy import select

from jkn.database import session, transaction
from jkn.models import Account, AuditEvent
from tests.support.clients.page_client import PageClient
from tests.support.clients.software_authenticator import USER_PRESENT, Authenticator
from tests.support.steps.passkey_steps import (
    LIST,
    NO_MATCH,
    TOO_LATE,
    UNREADABLE,
    USE,
    enrolled,
    keys_of,
    options_for,
    remove,
    said,
    send,
    use_phone,
)
from tests.support.steps.recovery_steps import (
    link_in,
    messages,
)
from tests.support.steps.sign_in_steps import sign_in, sign_out
from tests.support.world.clock import Clock
from tests.support.world.factories import make_account, make_passkey


@pytest.fixture
def phone() -> Authenticator:
    return Authenticator()


def test_what_proves_nothing_lets_nobody_in(
    client: PageClient, account: Account, phone: Authenticator, clock: Clock
) -> None:
    sign_out(enrolled(client, account, phone)).get("/masuk")
    stranger = client.another().get("/masuk")
    late = phone.get(options_for(client, USE).json or {})
    clock.advance(minutes=5)
    used = phone.get(options_for(client, USE).json or {})
    send(client.another(with_cookies=True).get("/masuk"), USE, used)
    lies = [
        (422, TOO_LATE, late),
        (422, TOO_LATE, used),
        (422, TOO_LATE, phone.get(options_for(stranger, USE).json or {})),
        (400, UNREADABLE, ""),
        (400, UNREADABLE, "a" * 20_000),
        (400, UNREADABLE, phone.get(options_for(client, USE).json or {}, origin="null")),
        (400, UNREADABLE, phone.get(options_for(client, USE).json or {}, type="webauthn.create")),
        (422, NO_MATCH, phone.get(options_for(client, USE).json or {}, flags=USER_PRESENT)),
        (422, NO_MATCH, phone.get(options_for(client, USE).json or {}, rp_id="jkn.contoh")),
        (422, NO_MATCH, phone.get(options_for(client, USE).json or {}, user_handle=b"another's")),
        (422, NO_MATCH, phone.get(options_for(client, USE).json or {}, sign_count=1)),
    ]
    for status, words, lie in lies:
        send(client, USE, lie)
        assert (client.status, said(client)) == (status, words)
        assert client.url in ("/masuk", "/masuk/biometrik")
        assert client.another(with_cookies=True).get("/beranda").url == "/masuk"
    assert use_phone(client, USE, phone.get).url == "/beranda"


def test_a_key_that_nobody_has_is_answered_like_one_that_is_not_genuine(
    client: PageClient, account: Account, phone: Authenticator
) -> None:
    enrolled(client.another(), account, phone)
    client.get("/masuk")
    send(client, USE, phone.get(options_for(client, USE).json or {}, flags=USER_PRESENT))
    not_genuine = (client.status, without_what_changes(client.html))
    assert "data-unknown" not in client.html
    with transaction():
        session.delete(session.merge(keys_of(account)[0]))
    use_phone(client, USE, phone.get)
    signal = re.search(r"<passkey-signal[^>]*></passkey-signal>\n?", client.html)
    assert signal is not None
    assert "data-unknown" in signal.group()
    html = client.html.replace(signal.group(), "")
    assert (client.status, without_what_changes(html)) == not_genuine
    assert said(client) == NO_MATCH


def without_what_changes(html: str) -> str:
    html = re.sub(r'value="[^"]{20,}"|/captcha/[^"]+', "…", html)
    return re.sub(r"\n+", "\n", html)


def test_a_key_that_is_removed_while_the_phone_is_asked_signs_nobody_in(
    as_browser: PageClient, account: Account, phone: Authenticator
) -> None:
    sign_out(enrolled(as_browser, account, phone)).get("/masuk")
    made = phone.get(options_for(as_browser, USE).json or {})
    remove(sign_in(as_browser.another(), account).get(LIST), "browser lain")
    assert said(send(as_browser, USE, made)) == NO_MATCH


def test_bukan_saya_takes_every_key_away(
    client: PageClient, account: Account, phone: Authenticator
) -> None:
    sign_out(enrolled(client, account, phone)).get("/masuk")
    make_passkey(account)
    make_passkey(make_account())
    made = phone.get(options_for(client, USE).json or {})
    owner = client.another().get(link_in(messages("passkey_on")[-1][1]))
    owner.submit("Bukan saya, bekukan akun")
    assert owner.heading == "Akun sudah dibekukan"
    assert keys_of(account) == []
    assert said(send(client, USE, made)) == NO_MATCH
    assert said(use_phone(client, USE, phone.get)) == NO_MATCH
    assert client.another(with_cookies=True).get("/beranda").url == "/masuk"


def test_asking_too_often_is_answered_without_a_page(as_browser: PageClient) -> None:
    as_browser.get("/masuk")
    answers = [options_for(as_browser, USE) for _ in range(61)]
    assert {it.status_code for it in answers[:60]} == {200}
    assert (answers[60].status_code, answers[60].data) == (429, b"")
    assert as_browser.get("/masuk").status == 200


def test_more_than_any_phone_sends_is_refused_unread(client: PageClient) -> None:
    send(client.get("/masuk"), USE, "a" * 65_536)
    assert client.status == 413
    assert client.heading == "Isian terlalu panjang"
    session.rollback()
    assert session.scalars(select(AuditEvent)).all() == []
