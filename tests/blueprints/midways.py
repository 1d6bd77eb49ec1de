"""Steps in the middle of journeys, and how somebody of their own gets there."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import update

from jkn.database import session, transaction
from jkn.models import Account, Relationship
from jkn.services import alerts, clock
from jkn.services.alerts import Alert
from tests.blueprints.journeys import sign_in
from tests.blueprints.recoveries import (
    EMAIL,
    QUESTIONS,
    SMS,
    ask_for_code,
    begin,
    choose,
    link_in,
    messages,
    prove_by_code,
)
from tests.support.factories import make_account, make_family, make_participant
from tests.support.page_client import PageClient


def somebody() -> Account:
    """With an account and a family."""
    family = make_family()
    account = make_account(make_participant(family))
    make_participant(family, relationship=Relationship.CHILD)
    return account


def follow_mail(client: PageClient) -> None:
    """To the page that a recovery's e-mail leads to."""
    ask_for_code(client.another(), somebody().nik, EMAIL)
    client.get(link_in(messages("code:recovery")[-1][1]))


def be_warned(client: PageClient) -> None:
    """To Bukan saya."""
    account = somebody()
    with transaction():
        alerts.send(account, Alert.PASSWORD_CHANGED)
    client.get(link_in(messages("password_changed")[-1][1]))


def be_limited(client: PageClient) -> None:
    """To Akses terbatas."""
    account = somebody()
    with transaction():
        until = clock.now() + timedelta(hours=24)
        of_account = update(Account).where(Account.id == account.id)
        session.execute(of_account.values(limited_until=until))
    sign_in(client, account)


# By the page that they end on.
STEPS: dict[str, Callable[[PageClient], object]] = {
    "/lupa-kata-sandi/cara": lambda it: begin(it, somebody().nik),
    "/lupa-kata-sandi/kode": lambda it: ask_for_code(it, somebody().nik, SMS),
    "/lupa-kata-sandi/pertanyaan/1": lambda it: choose(begin(it, somebody().nik), QUESTIONS),
    "/lupa-kata-sandi/kata-sandi": lambda it: prove_by_code(it, somebody()),
    "/lupa-kata-sandi/tautan": follow_mail,
    "/bukan-saya": be_warned,
    "/akses-terbatas": be_limited,
    "/akses-terbatas/sms": be_limited,
}
