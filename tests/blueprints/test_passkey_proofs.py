"""The fingerprint for a step-up and as recent authentication (R46, R49)."""

import pytest
from sqlalchemy import select

from jkn.database import session
from jkn.models import Account, AuditEvent, EventKind
from tests.support.clients.forms import fill
from tests.support.clients.page_client import PageClient
from tests.support.clients.software_authenticator import USER_PRESENT, Authenticator, as_bytes
from tests.support.rules.canaries import CANARIES
from tests.support.steps.passkey_steps import (
    LIST,
    REFUSED,
    REMOVE,
    TOO_LATE,
    USE,
    enrol,
    enrolled,
    limit,
    options_for,
    remove,
    said,
    send,
    turn_off,
    use_phone,
)
from tests.support.steps.pin_steps import CREATE, DETAILS, UNLOCK, give_pin, with_pin
from tests.support.steps.sign_in_steps import sign_in
from tests.support.world.clock import Clock
from tests.support.world.factories import make_account, make_passkey

CONFIRM = "/konfirmasi"


@pytest.fixture
def phone() -> Authenticator:
    return Authenticator()


def asked(client: PageClient) -> dict[str, object]:
    return dict(options_for(client, USE).json or {})


def token_of(client: PageClient) -> str:
    return dict(fill(client.get("/keluar").document, "Setuju", {}).fields)["csrf_token"]


def events(kind: EventKind) -> int:
    session.rollback()
    return len(session.scalars(select(AuditEvent.id).where(AuditEvent.kind == kind)).all())


def test_lihat_opens_by_fingerprint_where_no_pin_was_ever_made(
    client: PageClient, account: Account, phone: Authenticator, clock: Clock
) -> None:
    enrolled(client, account, phone).get("/profil").follow("Lihat")
    assert client.url == UNLOCK
    assert client.heading == "Benar ini Anda?"
    assert not client.shows("Buka")
    thief = client.another(with_cookies=True)
    use_phone(client, USE, phone.get)
    assert client.url == DETAILS
    assert account.email in client.text
    assert thief.get(DETAILS).url == "/masuk", "a copy of the cookie from before is dead"
    assert events(EventKind.SENSITIVE_UNLOCKED) == 1
    clock.advance(minutes=10)
    assert client.get(DETAILS).url == UNLOCK
    turn_off(client)
    assert client.get(DETAILS).url == CREATE, "without a fingerprint it is a PIN that opens"


def test_lihat_opens_by_pin_or_by_fingerprint(
    client: PageClient, account: Account, phone: Authenticator
) -> None:
    enrol(with_pin(client, account), phone).get("/profil").follow("Lihat")
    assert client.heading == "Masukkan PIN"
    send(client, USE, phone.get(asked(client), flags=USER_PRESENT))
    assert (client.status, said(client)) == (422, REFUSED)
    assert client.another(with_cookies=True).get(DETAILS).url == UNLOCK
    assert give_pin(client).url == DETAILS


def test_konfirmasi_by_fingerprint_leads_on(
    client: PageClient, account: Account, phone: Authenticator, clock: Clock
) -> None:
    enrolled(client, account, phone)
    make_passkey(account, user_agent="Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) Safari/604.1")
    question = client.get(LIST).follow("Hapus Safari di iPhone").url
    clock.advance(minutes=21)
    assert client.submit(REMOVE).url == CONFIRM
    thief = client.another(with_cookies=True)
    use_phone(client, USE, phone.get)
    assert client.url == question
    assert "Belum ada yang dihapus" in client.text
    assert thief.get("/beranda").url == "/masuk", "a copy of the cookie from before is dead"
    assert client.submit(REMOVE).url == LIST
    assert events(EventKind.AUTHN_PASSKEY_CONFIRMED) == 1
    assert events(EventKind.PASSKEY_REMOVED) == 1


def test_only_the_key_of_this_phone_is_asked_for_and_taken(
    client: PageClient, account: Account, phone: Authenticator
) -> None:
    elsewhere, foreign = Authenticator(), Authenticator()
    enrolled(client.another(), account, elsewhere)
    enrolled(client.another(), make_account(), foreign)
    enrolled(client, account, phone).get("/profil").follow("Lihat")
    options = asked(client)
    assert [as_bytes(it["id"]) for it in allowed(options)] == [phone.credentials[0].id]
    assert CANARIES.found_in(str(options)) == []
    for other in (elsewhere, foreign):
        made = other.get(asked(client), credential=other.credentials[0])
        send(client, USE, made)
        assert (client.status, said(client)) == (422, REFUSED)
    assert client.get(DETAILS).url == UNLOCK
    assert use_phone(client, USE, phone.get).url == DETAILS


def allowed(options: dict[str, object]) -> list[dict[str, str]]:
    found = options["allowCredentials"]
    assert isinstance(found, list)
    return found


def test_an_answer_serves_for_one_thing_in_one_session_once(
    client: PageClient, account: Account, phone: Authenticator, clock: Clock
) -> None:
    enrolled(client, account, phone)
    clock.advance(minutes=21)
    client.get(LIST).follow("Hapus browser lain")
    to_confirm = phone.get(asked(client))
    client.get(DETAILS)
    to_unlock = phone.get(asked(client))
    send(client, USE, to_confirm)
    assert said(client) == TOO_LATE, "it was asked for Konfirmasi"
    elsewhere = sign_in(client.another(), account)
    elsewhere.cookies.values["hp"] = client.cookies.values["hp"]
    elsewhere.get(DETAILS)
    send(elsewhere, USE, to_unlock)
    assert said(elsewhere) == TOO_LATE, "it was asked in another session"
    used = phone.get(asked(client))
    assert send(client, USE, used).url == DETAILS
    clock.advance(minutes=10)
    client.get(DETAILS)
    send(client, USE, used)
    assert said(client) == TOO_LATE, "it was used before"
    late = phone.get(asked(client))
    clock.advance(minutes=5)
    send(client, USE, late)
    assert said(client) == TOO_LATE


def test_a_key_that_is_removed_meanwhile_opens_nothing(
    client: PageClient, account: Account, phone: Authenticator
) -> None:
    enrolled(client, account, phone).get("/profil").follow("Lihat")
    made = phone.get(asked(client))
    remove(sign_in(client.another(), account).get(LIST), "browser lain")
    send(client, USE, made)
    assert (client.status, said(client)) == (422, REFUSED)
    assert client.get(DETAILS).url == CREATE


def test_a_session_that_ended_meanwhile_is_given_nothing(
    as_browser: PageClient, account: Account, phone: Authenticator
) -> None:
    enrolled(as_browser, account, phone).get("/profil").follow("Lihat")
    made = phone.get(asked(as_browser))
    sign_in(as_browser.another(), account).get("/profil/perangkat").submit(
        "Keluarkan semua yang lain"
    )
    assert send(as_browser, USE, made).url == "/masuk"
    assert events(EventKind.SENSITIVE_UNLOCKED) == 0


def test_without_a_key_here_nothing_is_offered(
    as_browser: PageClient, account: Account, phone: Authenticator, clock: Clock
) -> None:
    enrolled(as_browser.another(), account, phone)
    with_pin(as_browser, account).get("/profil").follow("Lihat")
    assert not as_browser.shows(USE)
    clock.advance(minutes=21)
    token = {"csrf_token": token_of(as_browser)}
    for page in (UNLOCK, CONFIRM):
        answer = as_browser.ask(f"{page}/biometrik/tantangan", token)
        assert (answer.status_code, answer.location) == (303, page)
        assert as_browser.ask(f"{page}/biometrik/tantangan", {}).status_code == 400
    as_browser.get("/profil/pin")
    assert as_browser.url == CONFIRM
    assert not as_browser.shows(USE)


def test_what_the_phone_is_asked_is_for_scripts_and_kept_by_nobody(
    as_browser: PageClient, account: Account, phone: Authenticator
) -> None:
    enrolled(as_browser, account, phone).get(UNLOCK)
    answer = options_for(as_browser, USE)
    assert answer.mimetype == "application/json"
    assert answer.headers["Cache-Control"] == "no-store"
    answers = [options_for(as_browser, USE) for _ in range(60)]
    assert (answers[-1].status_code, answers[-1].data) == (429, b"")


def test_limited_mode_keeps_lihat_closed_to_the_fingerprint(
    client: PageClient, account: Account, phone: Authenticator
) -> None:
    enrolled(client, account, phone).get("/profil").follow("Lihat")
    made = phone.get(asked(client))
    limit(account)
    assert send(client, USE, made).url == "/akses-terbatas"
    assert events(EventKind.SENSITIVE_UNLOCKED) == 0
    assert client.get(DETAILS).url == "/akses-terbatas"
    token = {"csrf_token": token_of(client)}
    answer = client.ask(f"{UNLOCK}/biometrik/tantangan", token)
    assert (answer.status_code, answer.location) == (303, "/akses-terbatas")
