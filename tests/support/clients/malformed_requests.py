"""A visitor who sends forms as no page would, and what must hold for the answers."""

import itertools
import re
from collections.abc import Callable, Collection, Mapping
from html import unescape
from ipaddress import ip_network
from typing import Any

from flask import Flask
from hypothesis import settings
from sqlalchemy import delete, true, update
from werkzeug.test import TestResponse

from jkn.database import Base, transaction
from jkn.database import session as database
from jkn.models import (
    Account,
    AuditEvent,
    ChangeRow,
    FailureCounter,
    Notification,
    RotatingToken,
    SendingLog,
    SignInSession,
    SpentCaptcha,
    SpentRateLimit,
)
from jkn.services.basics import clock
from jkn.services.basics.calendar_months import add_months, month_start
from jkn.services.changes.pending_changes import schedule
from jkn.services.messaging import notifications
from tests.support.clients.crawling import FoundForm, forms_of
from tests.support.clients.page_client import PageClient
from tests.support.rules.garbage import urlencoded
from tests.support.rules.refusals import findings
from tests.support.steps.arrivals import every_arrival, flows_of
from tests.support.steps.pin_steps import OTHER_PIN
from tests.support.steps.sign_in_steps import CAPTCHA, sign_in
from tests.support.world.factories import PASSWORD
from tests.support.world.rows import Rows, all_rows, changes

# The tables in which a try that was judged may leave rows, even when it fails.
COUNTED = (FailureCounter, SpentRateLimit, SpentCaptcha, AuditEvent, Notification)
# All of these are deleted between examples, but events cannot be.
_FORGOTTEN = tuple(it for it in COUNTED if it is not AuditEvent)
# Journeys that tests make up have no table here.
_ROTATING = tuple(
    it.class_
    for it in Base.registry.mappers
    if issubclass(it.class_, RotatingToken) and it.class_.__module__.startswith("jkn.")
)
# By status, what a refusal may leave behind. Any other refusal must leave nothing.
_EVENT = (AuditEvent, SpentRateLimit)
LEFT_BEHIND = {422: COUNTED, 429: COUNTED, 404: _EVENT}
# Said of a fingerprint alone, which leaves an event even if nobody could read it.
_UNREAD_FINGERPRINT = "Jawaban HP ini tidak terbaca"

# For each form, the tables that its success may change. Garbage in the same request must change
# nothing else (ASVS 15.3.3). Steps of a journey stand here only if they change other tables.
_CODE_SENT = {"notifications", "one_time_codes", "outbox_messages", "security_events",
              "sending_logs", "spent_budgets"}  # fmt: skip
_TOLD = {"accounts", "disavowals", "notifications", "outbox_messages", "recovery_attempts",
         "security_events", "sign_in_sessions", "try_counters"}  # fmt: skip
_KEYS = {"passkeys", "passkey_devices", "passkey_enrolments", "passkey_ceremonies"}
_KEY_GONE = _KEYS | {"disavowals", "notifications", "outbox_messages", "security_events",
                     "sign_in_sessions"}  # fmt: skip
_KEY_USED = {"passkeys", "passkey_ceremonies", "security_events", "sign_in_sessions"}
CHANGED_BY: dict[str, set[str]] = {
    "devices.end": {"known_devices", "security_events", "sign_in_sessions"},
    "devices.end_others": {"known_devices", "security_events", "sign_in_sessions"},
    "account_freeze.index": _TOLD | _KEYS,
    "family_confirmation.confirm": {"accounts", "family_links", "notifications",
                                    "outbox_messages", "security_events"},
    "family_confirmation.refuse": _TOLD | _KEYS | {"family_links"},
    "display.colour_scheme": set(),
    "display.large_text": set(),
    "limited_mode.code": {"accounts", "try_counters", *_CODE_SENT},
    "limited_mode.index": _CODE_SENT,
    "notifications.read": {"notifications"},
    "notifications.read_all": {"notifications"},
    "participant_info.cancel": {"member_changes", "notifications", "security_events"},
    "passkeys.begin": _KEYS | {"accounts", "security_events", "sign_in_sessions", "spent_budgets",
                               "try_counters"},
    "passkeys.create": _KEY_GONE | {"consents", "sign_in_sessions", "spent_budgets"},
    "passkeys.later": {"passkey_offers"},
    "passkeys.name": {"passkeys", "security_events"},
    "passkeys.remove": _KEY_GONE,
    "passkeys.turn_off": _KEY_GONE,
    "passkeys.turn_on": set(),
    "password_change.index": _TOLD | _KEYS | {"known_devices", "spent_budgets", "spent_captchas"},
    "pin.create": {"pin_changes", "sign_in_sessions", "try_counters", *_CODE_SENT},
    "pin.index": {"accounts", "pin_changes", "try_counters", "notifications", "security_events"},
    "pin.new": _TOLD | {"pin_changes"},
    "pin.unlock": {"sign_in_sessions", "security_events", "try_counters"},
    "pin.unlock_by_passkey": _KEY_USED,
    "reauthentication.index": {"sign_in_sessions", "security_events", "spent_budgets",
                               "try_counters"},
    "reauthentication.passkey": _KEY_USED,
    "recovery.index": {"recovery_attempts", "security_events", "spent_budgets", "spent_captchas"},
    "recovery.link": {"recovery_attempts"},
    "recovery.method": {"recovery_attempts", *_CODE_SENT},
    "recovery.password": _TOLD | _KEYS | {"known_devices", "passkey_offers", "sign_in_hints"},
    "recovery.question": _TOLD,
    "registration.agree": {"registration_drafts"},
    "registration.expired": {"registration_drafts"},
    "registration.mobile_user": {"registration_drafts", "security_events", "spent_budgets",
                                 "spent_captchas"},
    "registration.new_user": {"registration_drafts", "security_events", "spent_budgets",
                              "spent_captchas"},
    "registration.password": {"accounts", "consents", "known_devices", "notifications",
                              "passkey_offers", "registration_drafts", "security_events",
                              "sign_in_sessions", "try_counters"},
    "registration.phone": {"registration_drafts", *_CODE_SENT},
    "registration.question": {"registration_drafts", "try_counters", *_CODE_SENT},
    "saved_username.not_me": {"saved_usernames", "security_events"},
    "saved_username.switch": {"saved_usernames", "security_events"},
    "sign_in.index": {"known_devices", "notifications", "passkey_offers", "recovery_attempts",
                      "saved_usernames", "security_events", "sign_in_sessions", "spent_budgets",
                      "sign_in_hints", "spent_captchas", "try_counters"},
    "sign_in.other_number": {"sign_in_hints"},
    "sign_in.passkey": _KEY_USED | {"known_devices", "notifications", "passkey_devices",
                                    "recovery_attempts"},
    "sign_out.erase": _KEY_GONE | {"known_devices", "saved_usernames", "sign_in_sessions"},
    "sign_out.index": {"security_events", "sign_in_sessions"},
}  # fmt: skip


def changed_by(app: Flask, endpoint: str) -> set[str]:
    """The tables that are listed for this endpoint; by default those of a step of its journey."""
    flow = flows_of(app).get(endpoint.partition(".")[0])
    by_default = {flow.kind.__tablename__, "try_counters", *_CODE_SENT} if flow else set()
    return CHANGED_BY.get(endpoint, by_default)


# A notification that can be marked as read, whatever happened before.
_NEWS = "password_closed"

_NETWORK = ip_network("198.18.0.0/16")
_addresses = itertools.count()


class FuzzingClient:
    """A browser on the page `start`, which `arrive` opened. Fields with a name in `usual` are
    filled with that value, unless a test says otherwise."""

    def __init__(
        self,
        app: Flask,
        start: str,
        usual: Mapping[str, str],
        arrive: Callable[[PageClient], object] = bool,
        *,
        is_midway: bool = False,
    ) -> None:
        self._app, self._start = app, start
        self._is_midway = is_midway
        self._usual = {"password": PASSWORD, "captcha_answer": CAPTCHA, **usual}
        self.browser = PageClient(app)
        arrive(self.browser)

    def forms(self) -> list[FoundForm]:
        """Every form that this visitor can reach. In the middle of a journey only those one link
        away, since the rest is reached from elsewhere, too."""
        return forms_of(self.browser, self._start, far=not self._is_midway)

    def filled(self, form: FoundForm) -> dict[str, str]:
        """The form as the page shows it now."""
        answer = self.open(form.page)
        self.browser.cookies.take(answer.headers.getlist("Set-Cookie"))
        inputs = [
            dict(re.findall(r'([\w-]+)="([^"]*)"', it))
            for it in re.findall("<input [^>]*", answer.text)
        ]
        hidden = {
            it["name"]: unescape(it.get("value", "")) for it in inputs if it.get("type") == "hidden"
        }
        return {name: hidden.get(name, self._usual.get(name, it)) for name, it in form.fields}

    def may_change(self, form: FoundForm) -> set[str]:
        """The tables that this form may change."""
        return changed_by(self._app, form.endpoint)

    def is_usual(self, name: str, value: str) -> bool:
        """Whether this is what a well-behaved visitor would fill in."""
        return self._usual.get(name) == value

    def open(
        self,
        path: str,
        *,
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
        **sent: Any,
    ) -> TestResponse:
        """Send a request, each time from another network, so that no rate limit stops it. Cookies
        of the answer are not kept."""
        own = {"Sec-Fetch-Site": "same-origin", "Cookie": self.browser.cookies.header()}
        sent["environ_base"] = {"REMOTE_ADDR": str(_NETWORK[next(_addresses) % 65_536])}
        client = self._app.test_client(use_cookies=False)
        return client.open(path, method=method, headers={**own, **(headers or {})}, **sent)

    def send(
        self, form: FoundForm, fields: Mapping[str, str], *, with_htmx: bool = False, **sent: Any
    ) -> TestResponse:
        """Send a form with these fields, as they are."""
        headers = {"HX-Request": "true"} if with_htmx and form.has_htmx else {}
        content = urlencoded(list(fields.items()))
        if form.method == "GET":
            return self.open(
                form.action, query_string=content.decode("ascii"), headers=headers, **sent
            )
        return self.open(
            form.action,
            method=form.method,
            data=content,
            content_type="application/x-www-form-urlencoded",
            headers=headers,
            **sent,
        )

    def findings(
        self,
        before: Rows,
        answer: TestResponse,
        changed_by_success: Collection[str] = (),
        *,
        said: Collection[str] = (),
        secrets: Collection[str] = (),
    ) -> list[str]:
        """Everything wrong with an answer, and with what it left behind."""
        found = list(findings(answer, said=said, secrets=secrets))
        allowed = changed_by_success
        if answer.status_code >= 400:
            is_fingerprint = _UNREAD_FINGERPRINT in answer.text
            left = _EVENT if is_fingerprint else LEFT_BEHIND.get(answer.status_code, ())
            allowed = [it.__tablename__ for it in left]
        found += changes(before, all_rows(), but_for=allowed)
        return found


def strangers_and_members(app: Flask, account: Account) -> list[FuzzingClient]:
    """A visitor who is not signed in, one who is, and one in the middle of each journey that links
    do not reach. The first two know a number and its password."""
    usual = {"number": account.nik, "nik": account.nik, "name": account.name}
    usual |= {"birth_day": "5", "birth_month": "Februari", "birth_year": "1985"}
    with transaction():
        notifications.add(account.id, _NEWS, count=100)
        if account.participant_id is not None:
            # Its question has a form.
            schedule(
                account.participant_id,
                ChangeRow.DOMICILE,
                None,
                add_months(month_start(clock.today()), 1),
                asked_by_id=account.id,
                reference=None,
            )
    visitors = [
        FuzzingClient(app, "/", usual),
        FuzzingClient(app, "/beranda", usual, lambda it: sign_in(it, account)),
    ]
    steps = {
        "pin": OTHER_PIN,
        "confirmation": OTHER_PIN,
        "code": "000000",
        "answer": "Tidak tahu",
        "way": "sms",
        "phone": "0813 8877 6655",
    }
    return visitors + [
        FuzzingClient(app, start, steps, arrive, is_midway=True)
        for start, arrive in every_arrival().items()
    ]


def each_form_once(visitors: list[FuzzingClient]) -> list[tuple[FuzzingClient, FoundForm]]:
    """Each form with the first visitor who reaches it."""
    found = {
        (form.endpoint, form.method): (visitor, form)
        for visitor in reversed(visitors)
        for form in visitor.forms()
    }
    return list(found.values())


def share_of(forms: int) -> settings:
    """The number of examples for one form: all forms share what the profile allows for two."""
    usual = settings().max_examples
    return settings(max_examples=max(3, 2 * usual // forms))


def forget_tries() -> None:
    """Delete counted failures and the like, so that no example depends on those before it."""
    with transaction():
        database.execute(delete(SendingLog))
        for table in _FORGOTTEN:
            is_counted = Notification.topic != _NEWS if table is Notification else true()
            database.execute(delete(table).where(is_counted))
        database.execute(update(Notification).values(read_at=None))
        database.execute(update(SignInSession).values(ended_at=None, ended_by=None))
        # A form that was refused closes the way of one that was sent with the same cookie.
        for kind in _ROTATING:
            database.execute(update(kind).values(rotated_at=None))
