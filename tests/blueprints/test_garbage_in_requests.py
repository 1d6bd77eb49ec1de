"""Garbage in headers, addresses and methods never makes the app fail or change
anything (ASVS 2.2.1, 4.1.3, 15.3.5).

Every address of the URL map is requested, with ids that exist.
"""

import re

import pytest
from flask import Flask
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.support.clients.malformed_requests import (
    strangers_and_members,
)
from tests.support.rules.garbage_headers import METHODS, environ_of, headers, path_parts, queries
from tests.support.world.addresses import Owned, addresses_of
from tests.support.world.factories import make_account, make_family, make_participant
from tests.support.world.rows import all_rows

pytestmark = pytest.mark.parametrize("database_copies", ["sqlite"], indirect=True)

with_and_without_proxy = pytest.mark.parametrize(
    "proxy",
    [
        "none",
        pytest.param("one", marks=pytest.mark.settings(proxy_hops=1, trusted_hosts=("localhost",))),
    ],
)


class Household:
    """Both visitors, and the addresses that lead to what belongs to the one who is signed in."""

    def __init__(self, app: Flask) -> None:
        family = make_family()
        own, spouse = make_participant(family), make_participant(family)
        self.visitors = strangers_and_members(app, make_account(own))
        owned = Owned(self.visitors[1].browser, own, spouse)
        self.rules = list(app.url_map.iter_rules())
        self.addresses = sorted({addresses_of(rule, owned)[0] for rule in self.rules})


@pytest.fixture
def household(app: Flask) -> Household:
    return Household(app)


@with_and_without_proxy
def test_garbage_in_headers_makes_no_address_fail(household: Household, proxy: str) -> None:
    @settings(max_examples=2 * settings.default.max_examples)
    @given(
        path=st.sampled_from(household.addresses),
        method=st.sampled_from(METHODS),
        sent=headers(),
        is_member=st.booleans(),
    )
    def check(path: str, method: str, sent: dict[str, str], is_member: bool) -> None:
        before = all_rows()
        visitor = household.visitors[is_member]
        answer = visitor.open(path, method=method, environ_overrides=environ_of(sent))
        found = visitor.findings(before, answer, said=sent.values())
        assert not found, f"{method} {path}: {found}"

    check()


def test_garbage_in_queries_makes_no_address_fail(household: Household) -> None:
    @settings(max_examples=2 * settings.default.max_examples)
    @given(path=st.sampled_from(household.addresses), query=queries(), is_member=st.booleans())
    def check(path: str, query: str, is_member: bool) -> None:
        before = all_rows()
        visitor = household.visitors[is_member]
        answer = visitor.open(path, environ_overrides={"QUERY_STRING": query})
        found = visitor.findings(before, answer, said=[query])
        assert not found, f"{path}: {found}"

    check()


def test_garbage_in_paths_is_not_found(household: Household) -> None:
    """Only events may change: a signed-in person who asks for what is not theirs is recorded."""
    with_ids = [it.rule for it in household.rules if it.arguments]
    patterns = sorted({re.sub("<[^>]*>", "{}", it) for it in with_ids} | {"/{}"})

    @settings(max_examples=2 * settings.default.max_examples)
    @given(pattern=st.sampled_from(patterns), part=path_parts(), is_member=st.booleans())
    @example(pattern="/captcha/gambar/{}.webp", part=b"\x00", is_member=False)
    @example(pattern="/kartu/{}", part=b"9" * 5_000, is_member=True)
    def check(pattern: str, part: bytes, is_member: bool) -> None:
        before = all_rows()
        visitor = household.visitors[is_member]
        path = pattern.replace("{}", part.decode("latin-1"))
        answer = visitor.open("/", environ_overrides={"PATH_INFO": path})
        found = visitor.findings(before, answer, said=[part.decode(errors="replace")])
        assert not found, f"{path!r}: {found}"

    check()
