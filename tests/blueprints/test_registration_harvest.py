"""Trying number after number at Daftar tells nothing, costs the registry little, and keeps nobody
else out (R30; product.md 1.2)."""

import re

import pytest
from flask import Flask
from sqlalchemy import func, select

from jkn.database import session
from jkn.gateways.population_registry import EmbeddedRegistry, Resident
from jkn.models import AuditEvent, EventKind, RegistrationDraft
from jkn.services.access import identity_check
from tests.support.clients.page_client import PageClient
from tests.support.steps.registration_steps import NEW_USER, PHONE_STEP, begin_as_new_user
from tests.support.world.factories import make_resident

TRIES = 200
SESSIONS = 20
FORGED = 50
NO_MATCH = "Tidak cocok dengan data Dukcapil. Periksa NIK, nama, dan tanggal lahir"


class CountingRegistry(EmbeddedRegistry):
    """The embedded registry, which counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0

    def person(self, nik: str) -> Resident | None:
        """Count the look-up."""
        self.asked += 1
        return super().person(nik)


@pytest.fixture
def registry(app: Flask) -> CountingRegistry:
    """The counting registry, provided instead of the one that the settings name."""
    counting = CountingRegistry()
    identity_check.registry.provide(counting)
    return counting


def test_numbers_in_a_row_from_one_source_learn_nothing_and_cost_little(
    app: Flask, registry: CountingRegistry
) -> None:
    """200 numbers, 50 forged addresses in front of the real one, 20 browsers."""
    victim = make_resident()
    browsers = [PageClient(app) for _ in range(SESSIONS)]
    pages = set()
    for number in range(1, TRIES + 1):
        forged = f"198.51.100.{number % FORGED}"
        visitor = browsers[number % SESSIONS].move_to("203.0.113.9", **{"X-Forwarded-For": forged})
        in_a_row = f"{victim.nik[:12]}{number:04}"
        begin_as_new_user(visitor, victim, **{"NIK": in_a_row, "Nama lengkap": "Siti"})
        pages.add((visitor.status, re.sub(r"09\.3\d", "…", visitor.errors["nik"])))
        assert visitor.url == NEW_USER
        assert victim.name not in visitor.html
    held_back = "Terlalu banyak permintaan. Coba lagi pukul … WIB"
    assert pages == {(422, NO_MATCH), (429, held_back)}
    assert registry.asked == 20
    assert session.scalars(select(RegistrationDraft)).all() == []
    recorded = select(func.count()).where(AuditEvent.kind == EventKind.EXCESS_RATE_LIMIT)
    assert session.scalar(recorded) == 1, "so many refusals are one thing that happened"
    honest = PageClient(app).move_to("203.0.113.10")
    begin_as_new_user(honest, make_resident())
    assert honest.url == PHONE_STEP
