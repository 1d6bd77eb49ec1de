"""Authenticated encryption, blind indexes, and which personal data the disk holds (R76)."""

import itertools
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text

from jkn.database import session, transaction
from jkn.encryption import Keyring, NotReadable, derive_key
from jkn.models import RegistryPerson
from tests.support.calls.sign_in_calls import CLIENT, enter, entered
from tests.support.world.connected import ConnectedDatabase
from tests.support.world.factories import make_account, make_facility, make_family, make_participant

pytestmark = pytest.mark.both_databases

OLD, NEW = bytes(range(32)), bytes(range(100, 132))
PLACE = "participants.nik"
NIK = "3276054502850001"


@pytest.fixture
def ring() -> Keyring:
    return Keyring([OLD])


@pytest.mark.parametrize(
    "plain", ["", NIK, "Siti Ma'rufah", "Đặng ÅÄÖ 😀 \u202e", "\x00", "a" * 100_000], ids=len
)
def test_what_was_encrypted_can_be_read(ring: Keyring, plain: str) -> None:
    sealed = ring.encrypt(PLACE, plain)
    assert ring.decrypt(PLACE, sealed) == plain
    if len(plain) > 5:
        assert plain.encode() not in sealed


def test_the_same_text_is_never_encrypted_to_the_same_bytes(ring: Keyring) -> None:
    sealed = {ring.encrypt(PLACE, NIK) for _ in range(200)}
    assert len(sealed) == 200
    nonces = {it[4:16] for it in sealed}
    assert len(nonces) == 200


@pytest.mark.parametrize("place", ["", "participants.name", "accounts.nik", PLACE + " "])
def test_a_value_moved_to_another_place_is_refused(ring: Keyring, place: str) -> None:
    with pytest.raises(NotReadable):
        ring.decrypt(place, ring.encrypt(PLACE, NIK))


def test_every_changed_byte_is_refused(ring: Keyring) -> None:
    sealed = ring.encrypt(PLACE, NIK)
    for place, bit in itertools.product(range(len(sealed)), (1, 128)):
        changed = bytearray(sealed)
        changed[place] ^= bit
        with pytest.raises(NotReadable):
            ring.decrypt(PLACE, bytes(changed))


def test_what_is_too_short_or_too_long_is_refused(ring: Keyring) -> None:
    sealed = ring.encrypt(PLACE, NIK)
    for changed in (*(sealed[:length] for length in range(len(sealed))), sealed + b"\x00"):
        with pytest.raises(NotReadable):
            ring.decrypt(PLACE, changed)


def test_an_unknown_key_is_refused(ring: Keyring) -> None:
    with pytest.raises(NotReadable):
        Keyring([NEW]).decrypt(PLACE, ring.encrypt(PLACE, NIK))


def test_a_key_that_only_shares_its_id_is_refused(ring: Keyring) -> None:
    forged = Keyring([NEW]).encrypt(PLACE, NIK)
    with pytest.raises(NotReadable):
        ring.decrypt(PLACE, ring.encrypt(PLACE, NIK)[:4] + forged[4:])


def test_a_refusal_tells_the_place_and_not_the_value(ring: Keyring) -> None:
    with pytest.raises(NotReadable) as refusal:
        ring.decrypt("accounts.nik", ring.encrypt(PLACE, NIK))
    assert str(refusal.value) == "accounts.nik"


def test_the_first_key_writes_and_all_read() -> None:
    old, both, new = Keyring([OLD]), Keyring([NEW, OLD]), Keyring([NEW])
    assert both.decrypt(PLACE, old.encrypt(PLACE, NIK)) == NIK
    assert new.decrypt(PLACE, both.encrypt(PLACE, NIK)) == NIK
    assert both.is_current(both.encrypt(PLACE, NIK))
    assert not both.is_current(old.encrypt(PLACE, NIK))


def test_a_ring_without_keys_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one key"):
        Keyring([])


def test_an_index_is_the_same_each_time_and_tells_nothing(ring: Keyring) -> None:
    (digest,) = ring.index(PLACE, NIK)
    assert ring.index(PLACE, NIK) == [digest]
    assert len(digest) == 32
    assert NIK.encode() not in digest


def test_an_index_differs_by_value_place_and_key(ring: Keyring) -> None:
    digests = [
        *ring.index(PLACE, NIK),
        *ring.index(PLACE, NIK[:-1] + "2"),
        *ring.index("accounts.nik", NIK),
        *Keyring([NEW]).index(PLACE, NIK),
        # The border between place and value cannot be moved.
        *ring.index("participants.ni", "k" + NIK),
        *ring.index(PLACE + NIK[0], NIK[1:]),
    ]
    assert len(set(digests)) == len(digests)


def test_an_index_is_searched_with_every_key_the_current_one_first() -> None:
    assert Keyring([NEW, OLD]).index(PLACE, NIK) == [
        *Keyring([NEW]).index(PLACE, NIK),
        *Keyring([OLD]).index(PLACE, NIK),
    ]


def test_encryption_and_index_do_not_share_a_key() -> None:
    """Nor do two purposes of one secret."""
    assert len({derive_key("secret", it) for it in ("captcha", "pepper", "index")}) == 3
    assert derive_key("secret", "captcha") == derive_key("secret", "captcha")
    assert derive_key("secret", "captcha") != derive_key("Secret", "captcha")


# What a thief of the disk can read


def personal_values() -> dict[str, str]:
    """One of everything personal, freshly made up and written into every table that holds it."""
    values = {
        "nik": "3276054502857101",
        "card_number": "0007310050071",
        "family_card_number": "3276050203040071",
        "name": "Kusumadewi Widyaningrum",
        "birth_place": "Tanjungpandan",
        "mother_name": "Retnaningtyas Puspaningrum",
        "phone": "+6281371300071",
        "email": "kusumadewi.wn@example.id",
        "street": "Gang Kenanga Merekah 71",
    }
    family = make_family(**only(values, "family_card_number", "street"))
    participant = make_participant(
        family,
        **only(
            values, "nik", "card_number", "name", "birth_place", "mother_name", "phone", "email"
        ),
    )
    make_account(participant)
    names = ("nik", "family_card_number", "name", "birth_place", "mother_name", "street")
    person = RegistryPerson(
        **only(values, *names), birth_date=date(1985, 2, 5), sex="F", relationship_code=3,
        rt="001", rw="002", village_code="32.76.05.1001", postal_code="16411", died_on=None,
    )  # fmt: skip
    with transaction():
        session.add(person)
    assert enter(values["nik"], "Kata Sandi Yang Salah 71")
    entered(values["card_number"])
    with transaction():
        session.get_one(RegistryPerson, person.id).street = "Jalan Bougenville Merambat 72"
    return {
        **values,
        "second street": "Jalan Bougenville Merambat 72",
        "address of the client": CLIENT.address,
        "wrong password": "Kata Sandi Yang Salah 71",
        "password": "kopi tubruk di teras",
    }


def only(values: dict[str, str], *names: str) -> dict[str, str]:
    return {name: values[name] for name in names}


def bytes_on_disk(database: ConnectedDatabase) -> Iterator[bytes]:
    """Every file of the database, its journals included."""
    session.remove()
    with database.engine.connect() as connection:
        if database.kind == "sqlite":
            file = Path(database.engine.url.database or "")
            journal = file.with_name(f"{file.name}-wal")
            assert journal.stat().st_size, "the newest rows would still be there"
            files = [it for it in file.parent.glob(f"{file.name}*") if it.suffix != "-shm"]
        else:
            connection.execution_options(isolation_level="AUTOCOMMIT")
            connection.execute(text("CHECKPOINT"))
            folder = Path(connection.execute(text("SHOW data_directory")).scalar_one())
            own = text("SELECT oid FROM pg_database WHERE datname = current_database()")
            tables = folder / "base" / str(connection.execute(own).scalar_one())
            files = [*tables.iterdir(), *(folder / "pg_wal").glob("0*")]
        for path in files:
            yield path.read_bytes()


def test_nothing_personal_can_be_read_from_the_disk(database: ConnectedDatabase) -> None:
    public = "Puskesmas Cempaka Kuning 71"
    make_facility(name=public)
    values = personal_values()
    found_public = 0
    for content in bytes_on_disk(database):
        found_public += public.encode() in content
        for kind, value in values.items():
            for form in forms(value):
                assert form not in content, f"{kind} stands on the disk"
    assert found_public, "the search would find nothing at all"


def forms(value: str) -> set[bytes]:
    """How a value might be written down."""
    plain = value.encode()
    local = b"0" + plain[3:] if plain.startswith(b"+62") else plain
    return {plain, local, plain.upper(), plain.hex().encode(), value.encode("utf-16-le")}


def test_every_column_that_may_name_a_person_is_encrypted(database: ConnectedDatabase) -> None:
    """The rows as the database itself shows them: bytes, or nothing of a person."""
    values = personal_values()
    personal = re.compile(r"nik|number|name|phone|email|street|place|source|address")
    seen = 0
    with database.engine.connect() as connection:
        for table in ("families", "participants", "accounts", "registry_people", "security_events"):
            for row in connection.execute(text(f"SELECT * FROM {table}")).mappings():
                for column, value in row.items():
                    assert not isinstance(value, str) or value not in values.values()
                    if personal.search(column) and value is not None:
                        assert isinstance(value, bytes | memoryview) or column == "user_agent"
                        seen += 1
    assert seen > 20
