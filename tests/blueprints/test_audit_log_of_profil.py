"""What somebody does in Profil leaves exactly these events (R78), which can be read there."""

from sqlalchemy import select

from jkn.database import session
from jkn.models import AuditEvent
from tests.support.clients.page_client import PageClient
from tests.support.steps.pin_steps import (
    OTHER_PIN,
    PIN,
    ask_for_pin_code,
    give_pin,
    look,
    pin_code,
    set_pin,
)
from tests.support.steps.recovery_steps import CODE
from tests.support.steps.sign_in_steps import sign_in, sign_out
from tests.support.world.clock import Clock
from tests.support.world.factories import PASSWORD, make_account


def recorded() -> list[str]:
    session.rollback()
    return [it.value for it in session.scalars(select(AuditEvent.kind).order_by(AuditEvent.id))]


def test_a_journey_through_profil_leaves_exactly_this(client: PageClient, clock: Clock) -> None:
    account = make_account()
    sign_in(client.another(), account)
    sign_in(client, account)
    ask_for_pin_code(client, "bukan ini")
    ask_for_pin_code(client).submit("Lanjut", {CODE: pin_code()})
    set_pin(client)
    clock.advance(minutes=11)
    look(client, OTHER_PIN)
    give_pin(client, PIN)
    clock.advance(minutes=10)
    client.get("/profil/pin").submit("Lanjut", {"Kata sandi akun": PASSWORD})
    client.get("/profil").submit("Simpan Data Username")
    client.get("/profil/perangkat").submit("Keluarkan semua yang lain")
    client.get("/profil").submit("Simpan Data Username")
    sign_out(client)
    assert recorded() == [
        "authn_login_success",
        "authn_new_device",
        "authn_login_success",
        "authn_login_fail",
        "authn_reauthenticated",
        "authn_token_created",
        "authn_pin_change",
        "authn_pin_fail",
        "sensitive_read_unlocked",
        "authn_reauthenticated",
        "user_updated_saved_username",
        "session_ended",
        "user_updated_forgotten_username",
        "session_ended",
    ]


def test_the_owner_reads_it_in_words(client: PageClient) -> None:
    account = make_account()
    sign_in(client, account)
    ask_for_pin_code(client).submit("Lanjut", {CODE: pin_code()})
    set_pin(client)
    client.get("/profil").follow("Riwayat aktivitas akun Kapan dan dari HP mana")
    assert client.url == "/profil/aktivitas"
    for words in ("Masuk ke akun", "Kode verifikasi diminta", "PIN baru dibuat"):
        assert words in client.text
