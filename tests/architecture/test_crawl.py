"""Every link leads to a page that exists, and every page can be reached by links.

The client checks each page on the way: one h1, labels, ids, valid HTML, sizes, no inline code,
nothing personal in an address."""

from collections.abc import Iterable
from datetime import date
from urllib.parse import urlsplit

import pytest
from flask import Flask
from werkzeug.exceptions import HTTPException

from jkn.database import transaction
from jkn.models import ChangeRow, Relationship
from jkn.services.changes.pending_changes import schedule
from jkn.services.messaging import notifications
from tests.support.clients.crawling import crawl
from tests.support.clients.page_client import PageClient
from tests.support.steps.arrivals import is_step
from tests.support.steps.sign_in_steps import sign_in
from tests.support.world.factories import make_account, make_family, make_participant

# Reached by scripts, browsers and forms, or after a step-up, not by a link that a person taps; nor
# are the steps of journeys, and what takes POST alone.
NOT_LINKED = {
    "captcha.picture",
    "captcha.refresh",
    "captcha.work",
    "card.large",
    "account_freeze.arrive",
    "account_freeze.frozen",
    "account_freeze.index",
    # The script sends the form that leads there.
    "facilities.near",
    "family_confirmation.arrive",
    "family_confirmation.confirmed",
    "family_confirmation.frozen",
    "family_confirmation.index",
    "health.live",
    "health.ready",
    "landing.erased",
    "limited_mode.code",
    "limited_mode.index",
    "metrics.index",
    "outbox_preview.email",
    "outbox_preview.index",
    "passkeys.name",
    "passkeys.remove",
    "password_change.well_known",
    "pin.index",
    "pin.unlock",
    "pwa.manifest",
    "pwa.offline",
    "pwa.service_worker",
    "reauthentication.index",
    "recovery.arrive",
    "recovery.link",
    # Parts of the question for a village.
    "regions.details",
    "regions.found",
    "regions.postal_code",
    "session_end.index",
}

pytestmark = pytest.mark.parametrize("database_copies", ["sqlite"], indirect=True)


def endpoints_of(app: Flask, paths: Iterable[str]) -> set[str]:
    adapter = app.url_map.bind("localhost")
    found = set()
    for path in paths:
        try:
            found.add(adapter.match(urlsplit(path).path)[0])
        except HTTPException:
            pytest.fail(f"{path} is no address of ours")
    return found


def test_every_link_works_and_every_page_is_linked(app: Flask, as_browser: PageClient) -> None:
    family = make_family()
    own = make_participant(family)
    account = make_account(own)
    with transaction():
        for _ in range(21):
            notifications.add(account.id, "password_closed", count=100)
        day = date(2026, 6, 1)
        schedule(own.id, ChangeRow.EMAIL, None, day, asked_by_id=None, reference=None)
    for relationship in (Relationship.HUSBAND, Relationship.CHILD):
        make_participant(family, relationship=relationship)
    outside = crawl(as_browser, "/")
    sign_in(as_browser, account)
    inside = crawl(as_browser, "/beranda")
    assert {it.status for it in (outside | inside).values()} == {200}
    reached = endpoints_of(app, outside) | endpoints_of(app, inside)
    pages = {it.endpoint for it in app.url_map.iter_rules() if "GET" in (it.methods or ())}
    assert reached == {it for it in pages if not is_step(app, it)} - NOT_LINKED


def test_the_crawler_notices_a_link_that_leads_nowhere(as_browser: PageClient) -> None:
    assert crawl(as_browser, "/ini-tidak-ada")["/ini-tidak-ada"].status == 404
