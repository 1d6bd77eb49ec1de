"""Garbage in the name of a phone: hypothesis strategies that take a genuine answer and spoil it in
one place or several, on any of its layers."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import cbor2
from hypothesis import strategies as st

from tests.support.clients.software_authenticator import as_bytes, as_text
from tests.support.rules.garbage import NASTY

# Signs spoilt authenticator data and client data, for an attacker who has the key.
Sign = Callable[[bytes, bytes], bytes]
Fields = dict[str, Any]

_DEEP = ("[" * 5_000, '{"a":' * 5_000 + "1" + "}" * 5_000, "[" * 2_000 + "]" * 2_000)
_ODD_JSON = ("NaN", "Infinity", "-1e999", "1" * 5_000, '"\\ud800"', '"\\u0000"', "{}", "[]", "")
_ODD_CBOR = (
    *map(
        bytes.fromhex,
        (
            "80", "a0", "04", "60", "40", "f6", "f7", "f97e00", "fb7ff0000000000000", "ff",
            "1bffffffffffffffff", "5b7fffffffffffffff", "9b7fffffffffffffff", "bb7fffffffffffffff",
            "9f", "5f", "bf", "c249ffffffffffffffffff", "c48219fffe01", "c5821a7fffffff01",
            "d81e820100", "d81c81d81d00", "d82362282b", "a1000100", "a201010102",
            "c074323032362d30352d30335430393a33303a30305a",
        ),
    ),
    b"\x81" * 3_000 + b"\x01",
    b"\xd8\x1c" * 500 + b"\x00",
)  # fmt: skip
_ENCODINGS = ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-7")


def json_values() -> st.SearchStrategy[Any]:
    """Any value of JSON, and those that only Python's JSON has."""
    plain = (
        st.none()
        | st.booleans()
        | st.integers()
        | st.sampled_from((2**63, -(2**63) - 1, 10**400))
        | st.floats()
        | st.sampled_from(NASTY)
        | st.text(st.characters(), max_size=20)
    )
    return (
        plain
        | st.lists(plain, max_size=3)
        | st.dictionaries(st.text(max_size=4), plain, max_size=3)
    )


def byte_changes() -> st.SearchStrategy[Callable[[bytes], bytes]]:
    """Changes of bytes: bits flipped, bytes cut off, inserted or appended; or all replaced."""
    places = st.integers(0, 300)
    return st.one_of(
        st.builds(lambda at, bit: lambda it: _turned(it, at, bit), places, st.integers(0, 7)),
        st.builds(lambda at: lambda it: it[:at], places),
        st.builds(lambda at: lambda it: it[at:], places),
        st.builds(lambda more: lambda it: it + more, st.binary(max_size=20)),
        st.builds(
            lambda at, more: lambda it: it[:at] + more + it[at:], places, st.binary(max_size=5)
        ),
        st.builds(
            lambda other: lambda _: other, st.binary(max_size=80) | st.sampled_from(_ODD_CBOR)
        ),
    )


def spoilt_texts(genuine: Fields) -> st.SearchStrategy[str]:
    """Answers with junk around them, within them or instead of them."""
    text = json.dumps(genuine)
    places = st.integers(0, len(text))
    return st.one_of(
        st.builds(lambda at: text[:at], places),
        st.builds(lambda at, more: text[:at] + more + text[at:], places, st.sampled_from(NASTY)),
        st.builds(lambda more: text + more, st.sampled_from((*NASTY, text, " " * 20_000))),
        st.builds(lambda it: json.dumps(it), json_values()),
        st.sampled_from((*_ODD_JSON, *_DEEP, "\x00" * 100, "a" * 1_000_000, text * 300)),
        st.text(st.characters(), max_size=60),
        st.builds(
            lambda name, value: text.replace(
                "{", f"{{{json.dumps(name)}: {json.dumps(value)}, ", 1
            ),
            st.sampled_from((*genuine, "x")),
            json_values(),
        ),
        st.builds(
            lambda name, value: f"{text[:-1]}, {json.dumps(name)}: {json.dumps(value)}}}",
            st.sampled_from(tuple(genuine)),
            json_values(),
        ),
    )


def spoilt_members(genuine: Fields) -> st.SearchStrategy[str]:
    """Answers with members that are missing, of another type, or not base64url."""
    places = [(it,) for it in genuine] + [("response", it) for it in genuine["response"]]
    gone: st.SearchStrategy[Any] = st.just(...)
    values = gone | json_values() | st.sampled_from(("=", "A", "A===", "+/+/", "é", "%3D"))
    changes = st.dictionaries(st.sampled_from(places), values, min_size=1, max_size=3)
    return changes.map(lambda it: json.dumps(_changed(genuine, it)))


def spoilt_bytes(genuine: Fields, sign: Sign | None = None) -> st.SearchStrategy[str]:
    """Answers with changed bytes within members, signed anew by `sign`."""
    members = [name for name, it in genuine["response"].items() if isinstance(it, str)]

    def spoil(changes: dict[str, Callable[[bytes], bytes]], is_signed: bool) -> str:
        response = dict(genuine["response"])
        for name, change in changes.items():
            response[name] = as_text(change(as_bytes(response[name])))
        if sign is not None and is_signed:
            said = as_bytes(response["clientDataJSON"])
            response["signature"] = as_text(sign(as_bytes(response["authenticatorData"]), said))
        return json.dumps({**genuine, "response": response})

    changes = st.dictionaries(st.sampled_from(members), byte_changes(), min_size=1, max_size=2)
    return st.builds(spoil, changes, st.booleans())


def spoilt_words(genuine: Fields, sign: Sign | None = None) -> st.SearchStrategy[str]:
    """Answers with other client data, or the same in another notation, signed anew by `sign`."""
    said = json.loads(as_bytes(genuine["response"]["clientDataJSON"]))
    names = st.sampled_from((*said, "topOrigin", "tokenBinding", "extraData"))
    nearly = st.sampled_from(
        (
            "webauthn.get ",
            f"{said['origin']}/",
            [said["origin"]],
            "true",
            0,
            said["challenge"] + "=",
        )
    )
    changes = st.dictionaries(names, st.just(...) | json_values() | nearly, max_size=2)

    def spoil(changes: Fields, encoding: str, before: str, twice: bool) -> str:
        words = _changed(said, {(name,): it for name, it in changes.items()})
        text = before + json.dumps(words)
        if twice:
            text = f'{{"origin": "http://evil.example", {text.strip()[1:]}'
        written = text.encode(encoding, errors="replace")
        response = {**genuine["response"], "clientDataJSON": as_text(written)}
        if sign is not None:
            response["signature"] = as_text(sign(as_bytes(response["authenticatorData"]), written))
        return json.dumps({**genuine, "response": response})

    encodings = st.sampled_from(("utf-8", "utf-8", *_ENCODINGS))
    before = st.sampled_from(("", "", " ", "\ufeff", "\x00", "1"))
    return st.builds(spoil, changes, encodings, before, st.booleans())


def spoilt_attestations(genuine: Fields, own_key: bytes) -> st.SearchStrategy[str]:
    """Answers with garbage CBOR instead of the attestation, a part of it, or the public key."""
    was = cbor2.loads(as_bytes(genuine["response"]["attestationObject"]))
    head = was["authData"].removesuffix(own_key)
    numbers = st.integers(-70_000, 10) | st.sampled_from((2**64, -7.0, "x", None))
    points = st.binary(min_size=30, max_size=34) | json_values()
    keys = st.dictionaries(st.integers(-4, 4), numbers | points, max_size=6)
    kinds, algorithms = st.sampled_from((1, 2, 3, 4)), st.sampled_from((-7, -8, -257))
    near = st.fixed_dictionaries(
        {1: kinds, 3: algorithms, -1: numbers | points, -2: points, -3: points}
    )
    junk = st.sampled_from(_ODD_CBOR) | st.binary(max_size=60) | st.builds(_cbor, keys | near)
    with_key = st.builds(lambda it: cbor2.dumps({**was, "authData": head + it}), junk)
    with_data = st.builds(
        lambda name, it: _cbor({**was, name: it}),
        st.sampled_from(("fmt", "attStmt", "authData", "x")),
        json_values() | st.binary(max_size=40),
    )
    with_flags = st.builds(
        lambda flags, count: cbor2.dumps(
            {**was, "authData": _with_head(was["authData"], flags, count)}
        ),
        st.integers(0, 255),
        st.integers(0, 2**32 - 1),
    )
    objects = junk | with_key | with_data | with_flags
    return objects.map(
        lambda it: json.dumps(_changed(genuine, {("response", "attestationObject"): as_text(it)}))
    )


def _cbor(value: object) -> bytes:
    """The value in CBOR; empty where CBOR cannot write it."""
    try:
        return cbor2.dumps(value)
    except (ValueError, OverflowError, cbor2.CBOREncodeError):
        return b""


def _turned(value: bytes, place: int, bit: int) -> bytes:
    if not value:
        return value
    place %= len(value)
    return value[:place] + bytes([value[place] ^ (1 << bit)]) + value[place + 1 :]


def _with_head(data: bytes, flags: int, count: int) -> bytes:
    return data[:32] + bytes([flags]) + count.to_bytes(4, "big") + data[37:]


def _changed(fields: Fields, changes: dict[tuple[str, ...], Any]) -> Fields:
    """The fields with these changes; `...` removes a member."""
    copy: Fields = json.loads(json.dumps(fields))
    for place, value in changes.items():
        owner = copy if len(place) == 1 else copy.get(place[0])
        if not isinstance(owner, dict):
            continue
        if value is ...:
            owner.pop(place[-1], None)
        else:
            owner[place[-1]] = value
    return copy
