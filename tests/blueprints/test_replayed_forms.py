"""What somebody can do with the cookie from before a step, while its form still leads on: nothing
but send that very form (security.md R93, R116)."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from jkn import create_app
from jkn.database import session
from jkn.models import Account, FailureCounter
from jkn.settings import Settings
from tests.support.calls.ending_calls import change_password, freeze
from tests.support.clients.forms import fill
from tests.support.clients.page_client import PageClient
from tests.support.steps.lost_answers import as_it_was
from tests.support.steps.mid_journey_steps import ask_for_recovery_code, somebody
from tests.support.steps.pin_steps import OTHER_PIN, PIN, give_pin, with_pin
from tests.support.steps.recovery_steps import START, ask_for_code, give_code
from tests.support.world.factories import PASSWORD
from tests.support.world.rows import all_rows, changes

DETAILS, NEW_PASSWORD = "/profil/data", "/lupa-kata-sandi/kata-sandi"


def lost_at_the_pin(client: PageClient) -> PageClient:
    """Give the right PIN; returns the browser to which the answer never came."""
    with_pin(client, somebody()).get(DETAILS)
    before = as_it_was(client)
    assert give_pin(client).url == DETAILS
    return before


def failures() -> list[int]:
    session.rollback()
    return [it for it in session.scalars(select(FailureCounter.failures)) if it]


@pytest.mark.parametrize(
    ("path", "button", "fields"),
    [
        ("/profil/pin/buat", "Kirim kode", {"Kata sandi akun": PASSWORD}),
        ("/profil/pin", "Verifikasi", {"PIN saat ini": PIN}),
    ],
)
def test_another_form_does_nothing_and_closes_the_way(
    client: PageClient, path: str, button: str, fields: dict[str, str]
) -> None:
    with_pin(client, somebody())
    other_form = as_it_was(client).get(path)
    client.get(DETAILS)
    before, thief = as_it_was(client), as_it_was(client)
    thief.url, thief.document = other_form.url, other_form.document
    give_pin(client)
    rows = all_rows()
    assert thief.submit(button, fields).url == "/masuk"
    # The row notes that nothing leads on any more.
    assert changes(rows, all_rows()) == ["sign_in_sessions: 1 gone, 1 new"]
    assert client.get(DETAILS).url == DETAILS, "the session goes on"
    assert give_pin(before).url == "/masuk"


def test_wrong_pins_with_the_cookie_before_are_judged_by_nobody(client: PageClient) -> None:
    before = lost_at_the_pin(client)
    for _ in range(3):
        assert give_pin(as_it_was(before), OTHER_PIN).url == "/masuk"
    assert failures() == []
    assert give_pin(as_it_was(before), PIN).url == "/masuk"


@pytest.mark.parametrize("page", [DETAILS, "/beranda", "/profil"])
def test_no_page_is_opened_by_the_cookie_before(client: PageClient, page: str) -> None:
    before = lost_at_the_pin(client)
    assert as_it_was(before).get(page).url == "/masuk"


@pytest.mark.parametrize("ending", [freeze, change_password])
def test_a_recovery_leads_nowhere_after_an_end(
    client: PageClient, ending: Callable[..., object]
) -> None:
    account = somebody()
    ask_for_code(client, account.nik)
    before = as_it_was(client)
    assert give_code(client).url == NEW_PASSWORD
    ending(session.get_one(Account, account.id))
    assert give_code(before).url == START


@pytest.mark.parametrize("garbage", ["\x00", "9" * 10_000_000])
def test_garbage_in_the_form_is_refused_and_closes_nothing(
    client: PageClient, garbage: str
) -> None:
    before = lost_at_the_pin(client)
    thief, rows = as_it_was(before), all_rows()
    submission = fill(thief.document, "Buka", {"PIN": PIN})
    submission.fields.append(("pin", garbage))
    assert thief.send(submission).status in (400, 413)
    assert changes(rows, all_rows()) == []
    assert give_pin(before).url == DETAILS


def test_a_server_that_was_started_anew_leads_on(client: PageClient, settings: Settings) -> None:
    """Killed after the commit and before the answer, it remembers nothing but the rows."""
    ask_for_recovery_code(client)
    before = as_it_was(client)
    give_code(client)
    anew = PageClient(create_app(settings), with_htmx=client.with_htmx, cookies=before.cookies)
    anew.url, anew.document = before.url, before.document
    assert give_code(anew).url == NEW_PASSWORD
