"""A challenge is good once, for five minutes, in the browser or session that asked for it, and for
one purpose (R32)."""

from itertools import permutations

import pytest
from sqlalchemy import select

from jkn.database import session
from jkn.models import Ceremony, PasskeyCeremony
from jkn.services.passkeys.passkey_ceremonies import CeremonyRefusal
from tests.support.calls.passkey_calls import (
    PROOFS,
    USED,
    begin,
    bent,
    changed,
    member,
    passkeys_of,
    ready_for,
)
from tests.support.calls.purge_calls import purged
from tests.support.calls.sign_in_calls import count
from tests.support.clients.software_authenticator import Authenticator, as_bytes, as_text
from tests.support.world.clock import Clock

pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.both_databases]
on_one_database = pytest.mark.parametrize("database_copies", ["sqlite"], indirect=True)
of_every_kind = pytest.mark.parametrize("kind", list(Ceremony))


def spoilt(kind: Ceremony, text: str) -> str:
    return (
        changed(text, attestationObject="") if kind is Ceremony.ENROL else bent(text, "signature")
    )


@on_one_database
@of_every_kind
def test_a_challenge_is_long_random_and_kept_by_the_server(kind: Ceremony) -> None:
    person = ready_for(kind)
    challenges = [as_bytes(person.ask(kind)["challenge"]) for _ in range(5)]
    assert len(set(challenges)) == 5
    assert {len(it) for it in challenges} == {32}
    assert not any(bytes(range(4)) in it or bytes(4) in it for it in challenges)
    kept = session.scalars(select(PasskeyCeremony.challenge).order_by(PasskeyCeremony.id))
    assert list(kept) == challenges


@of_every_kind
def test_an_answer_that_was_taken_is_not_taken_again(kind: Ceremony) -> None:
    # A key without a counter, since the counter alone would reveal the copy.
    person = ready_for(kind, Authenticator(counts=False))
    send = person.sender(kind)
    text = person.answer(kind, person.ask(kind))
    assert isinstance(send(text), USED)
    assert [send(text), send(text)] == [CeremonyRefusal.EXPIRED] * 2
    assert count(PasskeyCeremony) == 0
    assert len(passkeys_of(person.account_id)) == 1


@on_one_database
@of_every_kind
def test_a_challenge_that_was_answered_wrongly_is_used_up(kind: Ceremony) -> None:
    person = ready_for(kind)
    text = person.answer(kind, person.ask(kind))
    assert person.send(kind, spoilt(kind, text)) is CeremonyRefusal.NO_MATCH
    assert person.send(kind, text) is CeremonyRefusal.EXPIRED
    assert isinstance(person.use(kind), USED)


@on_one_database
@of_every_kind
def test_two_tabs_each_have_a_challenge_of_their_own(kind: Ceremony) -> None:
    person = ready_for(kind)
    asked, _asked_later = person.ask(kind), person.ask(kind)
    assert isinstance(person.send(kind, person.answer(kind, asked)), USED)


@on_one_database
@pytest.mark.parametrize(("asked_for", "used_for"), list(permutations(Ceremony, 2)))
def test_a_challenge_serves_what_it_was_asked_for(asked_for: Ceremony, used_for: Ceremony) -> None:
    person = begin(member())
    asked = person.ask(asked_for)
    options = person.ask(used_for) | {"challenge": asked["challenge"]}
    before = len(passkeys_of(person.account_id))
    assert person.send(used_for, person.answer(used_for, options)) is CeremonyRefusal.EXPIRED
    assert len(passkeys_of(person.account_id)) == before
    # The phone also holds a key that was refused; without this it would offer that one.
    del person.phone.credentials[1:]
    assert isinstance(person.send(asked_for, person.answer(asked_for, asked)), USED), "still good"


@of_every_kind
def test_a_challenge_serves_where_it_was_asked_for(kind: Ceremony) -> None:
    here = ready_for(kind)
    elsewhere = here.again()
    elsewhere.browser = "another browser's random name"
    asked = here.ask(kind)
    assert elsewhere.send(kind, here.answer(kind, asked)) is CeremonyRefusal.EXPIRED
    assert isinstance(here.send(kind, here.answer(kind, asked)), USED), "still good here"


@on_one_database
@pytest.mark.parametrize("kind", PROOFS)
def test_a_challenge_of_somebody_else_serves_nobody(kind: Ceremony) -> None:
    mine, theirs = member(), member()
    theirs.browser = "another browser's random name"
    options = mine.ask(kind) | {"challenge": theirs.ask(kind)["challenge"]}
    assert mine.send(kind, mine.answer(kind, options)) is CeremonyRefusal.EXPIRED


@on_one_database
@of_every_kind
def test_what_nobody_asked_for_is_not_answered(kind: Ceremony) -> None:
    person = ready_for(kind)
    for challenge in (
        bytes(32),
        b"x" * 32,
        b"",
        b"\x00",
        as_bytes(person.ask(kind)["challenge"])[:31],
    ):
        options = person.ask(kind) | {"challenge": as_text(challenge)}
        assert person.send(kind, person.answer(kind, options)) is CeremonyRefusal.EXPIRED


@of_every_kind
def test_a_challenge_is_good_for_five_minutes(kind: Ceremony, clock: Clock) -> None:
    person = ready_for(kind)
    early, late = person.ask(kind), person.ask(kind)
    clock.advance(minutes=4, seconds=59)
    assert isinstance(person.send(kind, person.answer(kind, early)), USED)
    clock.advance(seconds=2)
    if kind is Ceremony.ENROL:
        person = begin(person)
    assert person.send(kind, person.answer(kind, late)) is CeremonyRefusal.EXPIRED


@of_every_kind
def test_after_five_minutes_and_a_second_it_is_over(kind: Ceremony, clock: Clock) -> None:
    person = ready_for(kind)
    asked = person.ask(kind)
    clock.advance(minutes=5, seconds=1)
    before = len(passkeys_of(person.account_id))
    assert person.send(kind, person.answer(kind, asked)) is CeremonyRefusal.EXPIRED
    assert len(passkeys_of(person.account_id)) == before
    assert isinstance(person.use(kind), USED), "a new one is good"


def test_what_is_over_is_forgotten_and_the_rest_is_kept(clock: Clock) -> None:
    person = member()
    for kind in PROOFS:
        person.ask(kind)
    clock.advance(minutes=4, seconds=59)
    assert purged(PasskeyCeremony) == 0
    later = person.ask(Ceremony.UNLOCK)
    clock.advance(seconds=2)
    assert purged(PasskeyCeremony) == 3
    assert count(PasskeyCeremony) == 1
    assert isinstance(person.send(Ceremony.UNLOCK, person.answer(Ceremony.UNLOCK, later)), USED)


# What somebody is asked for


@on_one_database
def test_at_signing_in_nobody_is_named_and_any_key_will_do() -> None:
    person = member()
    options = person.ask(Ceremony.SIGN_IN)
    assert options.get("allowCredentials", []) == []
    assert_asks_for_this_very_phone(options)


@on_one_database
@pytest.mark.parametrize("kind", [Ceremony.UNLOCK, Ceremony.CONFIRM])
def test_a_person_who_is_signed_in_is_asked_for_the_key_of_this_phone(kind: Ceremony) -> None:
    person = member()
    options = person.ask(kind)
    (key,) = person.phone.credentials
    assert options["allowCredentials"] == [
        {"id": as_text(key.id), "type": "public-key", "transports": ["internal"]}
    ]
    assert_asks_for_this_very_phone(options)


def assert_asks_for_this_very_phone(options: dict[str, object]) -> None:
    assert options["userVerification"] == "required"
    assert options["hints"] == ["client-device"]
    assert options["rpId"] == "localhost"
