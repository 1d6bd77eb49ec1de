"""No column is set by a field that a form does not have (security.md R61; ASVS 15.3.3).

Each form of Profil is sent with its own fields and, as extra fields, with every column of the
watched tables, filled from somebody else's rows. Only what the form is for may change.
"""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum

import pytest
from sqlalchemy import select, update

from jkn.database import Base, session, transaction
from jkn.models import Account, Participant, Passkey, SignInSession
from jkn.services.basics import clock
from tests.support.clients.forms import Value, fill
from tests.support.clients.malformed_requests import changed_by
from tests.support.clients.page_client import PageClient
from tests.support.clients.software_authenticator import Authenticator
from tests.support.steps.passkey_steps import (
    AGREE,
    BEGIN,
    LIST,
    MAKE,
    REMOVE,
    SWITCH,
    agree,
    keys_of,
    options_for,
    with_credential,
)
from tests.support.steps.pin_steps import (
    CHANGE,
    CREATE,
    OTHER_PIN,
    PIN,
    ask_for_pin_code,
    pin_code,
    prove_for_pin,
    with_pin,
)
from tests.support.steps.recovery_steps import CODE
from tests.support.steps.sign_in_steps import CAPTCHA, remember, sign_in
from tests.support.world.clock import Clock
from tests.support.world.factories import PASSWORD, make_account, make_passkey
from tests.support.world.rows import all_rows, changes

WATCHED: tuple[type[Base], ...] = (Account, Participant, SignInSession, Passkey)
NEW_PASSWORD = "teh manis di beranda"
_RENEWED = {f"sign_in_sessions.{it}" for it in ("token_digest", "previous_digest", "rotated_at")}
_CONFIRMED = {*_RENEWED, "sign_in_sessions.confirmed_at"}
_UNLOCKED = {*_RENEWED, "sign_in_sessions.unlocked_until"}
_ENDED = {"sign_in_sessions.ended_at", "sign_in_sessions.ended_by"}

# By table, id and column, as it is stored.
Cells = dict[tuple[str, int, str], object]
Arrive = Callable[[PageClient, Account], object]


@dataclass(frozen=True)
class Filled:
    """`arrive` leads to the form, and `button` sends it. `sets`: the columns that it may change.
    `adds`, `removes`: the table in which it makes or deletes a row."""

    arrive: Arrive
    button: str
    values: Mapping[str, Value] = field(default_factory=dict)
    sets: frozenset[str] = frozenset()
    adds: str | None = None
    removes: str | None = None


def _form(arrive: Arrive, button: str, *sets: str) -> Filled:
    return Filled(arrive, button, {}, frozenset(sets))


def page(path: str) -> Arrive:
    """Sign in, and open this page."""
    return lambda client, account: sign_in(client, account).get(path)


def elsewhere_too(client: PageClient, account: Account) -> None:
    sign_in(client.another(), account)
    sign_in(client, account).get("/profil/perangkat")


def here_for_long(client: PageClient, account: Account) -> None:
    sign_in(client, account)
    with transaction():
        of_account = update(SignInSession).where(SignInSession.account_id == account.id)
        session.execute(of_account.values(started_at=clock.now() - timedelta(minutes=25)))
    client.get("/konfirmasi")


def with_key(path: str) -> Arrive:
    """Sign in on a phone with a passkey, and open this page; {} stands for the id of the key."""

    def arrive(client: PageClient, account: Account) -> None:
        sign_in(client, account)
        key = make_passkey(account, device_token=client.cookies.values["hp"])
        client.get(path.format(key.id))

    return arrive


FORMS = {
    "pin.create": Filled(
        page(CREATE), "Kirim kode", {"Kata sandi akun": PASSWORD}, frozenset(_CONFIRMED)
    ),
    "pin.code": _form(lambda it, account: ask_for_pin_code(sign_in(it, account)), "Lanjut"),
    "pin.new": Filled(
        lambda it, account: prove_for_pin(sign_in(it, account)),
        "Simpan PIN",
        {"PIN baru": PIN, "Ulangi PIN baru": PIN},
        frozenset({"accounts.pin_hash", *_UNLOCKED}),
    ),
    "pin.index": Filled(
        lambda it, account: with_pin(it, account).get(CHANGE),
        "Verifikasi",
        {"PIN saat ini": PIN},
    ),
    "pin.new after pin.index": Filled(
        lambda it, account: (
            with_pin(it, account).get(CHANGE).submit("Verifikasi", {"PIN saat ini": PIN})
        ),
        "Simpan PIN",
        {"PIN baru": OTHER_PIN, "Ulangi PIN baru": OTHER_PIN},
        frozenset({"accounts.pin_hash", *_UNLOCKED}),
    ),
    "pin.unlock": Filled(
        lambda it, account: with_pin(it, account).get("/profil").follow("Lihat"),
        "Buka",
        {"PIN": PIN},
        frozenset(_UNLOCKED),
    ),
    "password_change.index": Filled(
        page("/profil/kata-sandi"),
        "Simpan",
        {
            "Kata sandi lama": PASSWORD,
            "Kata sandi baru": NEW_PASSWORD,
            "Ulangi kata sandi baru": NEW_PASSWORD,
            "Ketik angka di gambar": CAPTCHA,
        },
        frozenset({"accounts.password_hash", *_ENDED}),
    ),
    "reauthentication.index": Filled(
        here_for_long, "Lanjut", {"Kata sandi akun": PASSWORD}, frozenset(_CONFIRMED)
    ),
    "passkeys.begin": Filled(
        page(BEGIN),
        "Lanjut",
        {AGREE: True, "Kata sandi akun": PASSWORD},
        frozenset({"accounts.user_handle", *_CONFIRMED}),
    ),
    "passkeys.create": Filled(
        lambda it, account: agree(sign_in(it, account)),
        MAKE,
        {},
        frozenset(_RENEWED),
        adds="passkeys",
    ),
    "passkeys.name": Filled(
        with_key(f"{LIST}/{{}}/nama"),
        "Simpan nama",
        {"Nama HP": "HP kerja"},
        frozenset({"passkeys.name"}),
    ),
    "saved_username.switch": _form(page("/profil"), "Simpan Data Username"),
    "saved_username.switch, off": _form(
        lambda it, account: remember(sign_in(it, account)), "Simpan Data Username"
    ),
    "display.large_text": _form(page("/profil"), "Huruf besar"),
    "display.colour_scheme": Filled(
        page("/tampilan/mode-gelap"), "Simpan", {"Warna layar": "Gelap Selalu gelap"}
    ),
    "devices.end": _form(elsewhere_too, "Keluarkan browser lain", *_ENDED),
    "devices.end_others": _form(elsewhere_too, "Keluarkan semua yang lain", *_ENDED),
    "passkeys.remove": Filled(with_key(f"{LIST}/{{}}/hapus"), REMOVE, removes="passkeys"),
    "passkeys.turn_off": Filled(with_key("/profil"), SWITCH, removes="passkeys"),
}


def cells() -> Cells:
    """Every cell of the watched tables, as it is stored."""
    session.rollback()
    found: Cells = {}
    for table in (it.__tablename__ for it in WATCHED):
        for row in session.connection().exec_driver_sql(f"SELECT * FROM {table}").mappings():
            found |= {(table, row["id"], name): it for name, it in row.items()}
    session.rollback()
    return found


def rows_of(somebody: Account) -> dict[str, str]:
    """Every column of the watched tables with this person's values. Where two tables share a column
    name, the account's is used, since a field that comes twice is refused."""
    session.rollback()
    account = session.get_one(Account, somebody.id)
    rows = [
        account,
        session.get_one(Participant, account.participant_id),
        *session.scalars(select(SignInSession).where(SignInSession.account_id == account.id)),
        *session.scalars(select(Passkey).where(Passkey.account_id == account.id)),
    ]
    assert [type(it) for it in rows] == [*WATCHED]
    return {
        it.name: _written(getattr(row, it.key))
        for row in reversed(rows)
        for it in row.__table__.columns
    }


def tables_of(keys: Collection[tuple[str, int, str]]) -> set[str | None]:
    """The tables of rows that were added or deleted."""
    return {table for table, _, _ in keys}


def _written(value: object) -> str:
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, Enum):
        return str(value.value)
    return "1" if value in (None, True) else str(value)


@pytest.mark.parametrize("name", FORMS)
def test_a_form_sets_what_it_is_for_whatever_comes_beside_it(
    client: PageClient, clock: Clock, name: str
) -> None:
    form, account, other = FORMS[name], make_account(), make_account()
    sign_in(client.another(), other)
    make_passkey(other, name="HP orang lain")
    foreign = rows_of(other)
    form.arrive(client, account)
    values = {CODE: pin_code()} if name == "pin.code" else form.values
    submission = fill(client.document, form.button, values)
    if name == "passkeys.create":
        asked = options_for(client, MAKE).json
        submission = with_credential(submission, Authenticator().create(asked or {}))
    own = {key for key, _ in submission.fields}
    submission.fields += [it for it in foreign.items() if it[0] not in own]
    rows, before = all_rows(), cells()
    clock.advance(seconds=1)
    client.send(submission)
    assert client.status == 200, client.text
    after = cells()
    changed = {it for it in before.keys() & after.keys() if before[it] != after[it]}
    assert {f"{table}.{column}" for table, _, column in changed} == form.sets
    for table, row, column in changed:
        is_empty = after[table, row, column] is None
        assert is_empty or _written(after[table, row, column]) != foreign[column]
    assert tables_of(after.keys() - before.keys()) == {form.adds} - {None}
    assert tables_of(before.keys() - after.keys()) == {form.removes} - {None}
    if form.adds:
        assert [it.name for it in keys_of(account)] == [None], "it is theirs, and nameless"
    endpoint = re.split("[ ,]", name)[0]
    assert changes(rows, all_rows(), but_for=changed_by(client.app, endpoint)) == []
