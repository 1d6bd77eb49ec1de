"""Copies of one form that arrive at the same moment, on both databases: one effect, and all lead to
the same page (security.md R15, R16, R93)."""

import pytest
from sqlalchemy import select

from jkn.database import session
from jkn.models import AuditEvent, EventKind, FailureCounter
from tests.support.calls.one_code_calls import latest_code
from tests.support.clients.page_client import PageClient
from tests.support.steps.lost_answers import as_it_was
from tests.support.steps.mid_journey_steps import (
    agree_to_terms,
    ask_for_recovery_code,
    be_limited,
    somebody,
)
from tests.support.steps.pin_steps import give_pin, with_pin
from tests.support.steps.recovery_steps import CODE
from tests.support.steps.sign_in_steps import sign_in
from tests.support.world.at_once import at_once
from tests.support.world.connected import bind_changed
from tests.support.world.factories import PASSWORD

pytestmark = pytest.mark.both_databases

COPIES = 20
# A password or PIN counts as failed until it is judged, so as many as may fail before a wait.
COPIES_OF_A_SECRET = 4


def failures() -> list[int]:
    """What the failure counters say that are not at the beginning."""
    session.rollback()
    return [it for it in session.scalars(select(FailureCounter.failures)) if it]


def logged(*kinds: EventKind) -> int:
    session.rollback()
    return len(session.scalars(select(AuditEvent.id).where(AuditEvent.kind.in_(kinds))).all())


@pytest.mark.parametrize(
    ("arrive", "next_page"),
    [
        (ask_for_recovery_code, "/lupa-kata-sandi/kata-sandi"),
        (agree_to_terms, "/daftar/kata-sandi"),
    ],
)
def test_copies_of_a_right_code_lead_to_the_same_page(
    client: PageClient, arrive: object, next_page: str
) -> None:
    assert callable(arrive)
    arrive(client)
    code, copies = latest_code(), [as_it_was(client) for _ in range(COPIES)]
    ends = at_once(COPIES, lambda it: copies[it].submit("Lanjut", {CODE: code}).url)
    assert set(ends) == {next_page}
    assert (failures(), logged(EventKind.AUTHN_CODE_FAIL)) == ([], 0)


def test_copies_of_a_right_pin_lead_to_the_same_page(client: PageClient) -> None:
    bind_changed(web_threads=80)
    with_pin(client, somebody()).get("/profil/data")
    copies = [as_it_was(client) for _ in range(COPIES_OF_A_SECRET)]
    ends = at_once(COPIES_OF_A_SECRET, lambda it: give_pin(copies[it]).url)
    assert set(ends) == {"/profil/data"}
    assert (failures(), logged(EventKind.SENSITIVE_UNLOCKED)) == ([], 1)


def test_copies_of_a_right_password_lead_to_the_same_page(client: PageClient) -> None:
    bind_changed(web_threads=80)
    sign_in(client, somebody()).get("/profil/pin/buat")
    copies = [as_it_was(client) for _ in range(COPIES_OF_A_SECRET)]
    ends = at_once(
        COPIES_OF_A_SECRET,
        lambda it: copies[it].submit("Kirim kode", {"Kata sandi akun": PASSWORD}).url,
    )
    assert set(ends) == {"/profil/pin/kode"}
    assert (failures(), logged(EventKind.AUTHN_CONFIRMED)) == ([], 1)
    assert logged(EventKind.AUTHN_CODE_SENT) == 1


def test_copies_of_the_code_for_full_access_lead_to_the_same_page(client: PageClient) -> None:
    be_limited(client)
    client.get("/akses-terbatas")
    client.submit("Kirim kode", {"Kirim kode lewat": "SMS Ke nomor HP yang terdaftar"})
    code, copies = latest_code(), [as_it_was(client) for _ in range(COPIES)]
    ends = at_once(COPIES, lambda it: copies[it].submit("Lanjut", {CODE: code}).url)
    assert len(set(ends)) == 1
    assert "/masuk" not in ends
    assert (failures(), logged(EventKind.AUTHN_CODE_FAIL)) == ([], 0)
    assert logged(EventKind.LIMITED_MODE_ENDED) == 1
