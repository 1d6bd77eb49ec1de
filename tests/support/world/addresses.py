"""The address of every route, with ids of rows that A owns, and with ids that do not exist.

A new kind of id in addresses is one more line in `IDS`.
"""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import select
from werkzeug.routing import Rule

from jkn.database import session, transaction
from jkn.gateways.outgoing import Email
from jkn.gateways.simulated import SimulatedGateway
from jkn.models import (
    Account,
    ChangeRow,
    Notification,
    Participant,
    SignInSession,
    SimulatedMessage,
)
from jkn.services.audit.audit_log import Client
from jkn.services.basics import clock
from jkn.services.basics.calendar_months import add_months, month_start
from jkn.services.changes.pending_changes import schedule
from jkn.services.messaging import notifications
from jkn.services.sessions import sessions
from tests.support.clients.page_client import PageClient
from tests.support.world.factories import make_passkey


@dataclass(frozen=True)
class Owned:
    """What the functions that make ids can use: A's browser, signed in, and A's rows."""

    browser: PageClient
    own: Participant
    spouse: Participant


@dataclass(frozen=True)
class Id:
    """One kind of id in addresses. `of_a` makes or finds one of A's. `unknown` does not exist; None
    where the value names no object but is one of a few words."""

    of_a: Callable[[Owned], object]
    unknown: object = None


def _captcha_token(a: Owned) -> str:
    challenge = a.browser.get("/captcha/masuk/otomatis").response
    assert challenge is not None
    assert challenge.json is not None
    return str(challenge.json["challenge"]["parameters"]["data"]["token"])


def _simulated_email(_: Owned) -> int:
    SimulatedGateway().send(Email("stable", "siti@contoh.id", "judul", "teks", "<p>teks</p>"))
    return session.scalars(select(SimulatedMessage.id)).one()


def _notification(a: Owned) -> int:
    account_id = select(Account.id).where(Account.participant_id == a.own.id)
    with transaction():
        facts = {"device": "Chrome di Android", "device_kind": "HP"}
        notifications.add(session.scalars(account_id).one(), "new_device", **facts)
    return session.scalars(select(Notification.id).order_by(Notification.id.desc())).first() or 0


def _other_session(a: Owned) -> int:
    account_id = select(Account.id).where(Account.participant_id == a.own.id)
    with transaction():
        account = session.get_one(Account, session.scalars(account_id).one())
        sessions.open_session(account, Client("203.0.113.7", "Chrome/140 Android"))
    return session.scalars(select(SignInSession.id).order_by(SignInSession.id.desc())).first() or 0


def _passkey(a: Owned) -> int:
    mine = select(Account).where(Account.participant_id == a.own.id)
    return make_passkey(session.scalars(mine).one()).id


def _pending_change(a: Owned) -> int:
    on = add_months(month_start(clock.today()), 1)
    asked = {"asked_by_id": None, "reference": None}
    with transaction():
        return schedule(a.own.id, ChangeRow.DOMICILE, None, on, **asked).id


IDS: dict[str, Id] = {
    "change_id": Id(_pending_change, unknown=999_999_999),
    "code": Id(lambda a: a.own.primary_facility_code, unknown="TIDAKADA"),
    "member_id": Id(lambda a: a.spouse.id, unknown=999_999_999),
    "message_id": Id(_simulated_email, unknown=999_999_999),
    "notification_id": Id(_notification, unknown=999_999_999),
    "passkey_id": Id(_passkey, unknown=999_999_999),
    "session_id": Id(_other_session, unknown=999_999_999),
    "channel": Id(lambda _: "sms"),
    "number": Id(lambda _: 1),
    "purpose": Id(lambda _: "masuk"),
    "slug": Id(lambda _: "lupa-kata-sandi"),
    "token": Id(_captcha_token, unknown="tidak-ada"),
}


def addresses_of(rule: Rule, a: Owned) -> tuple[str, str]:
    """The address with ids of A's, and the same with ids that do not exist.

    Raises LookupError for a kind of id that is not in `IDS`.
    """
    if missing := sorted(rule.arguments - set(IDS)):
        raise LookupError(f"{rule.endpoint}: there is no Id for {missing} in {__name__}")
    of_a = {name: IDS[name].of_a(a) for name in rule.arguments}
    session.rollback()
    of_nobody = {
        name: of_a[name] if IDS[name].unknown is None else IDS[name].unknown for name in of_a
    }
    adapter = a.browser.app.url_map.bind("localhost")
    return adapter.build(rule.endpoint, of_a), adapter.build(rule.endpoint, of_nobody)
