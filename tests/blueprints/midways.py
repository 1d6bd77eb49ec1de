"""Steps in the middle of journeys, and how somebody of their own gets there."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import func, select, update

from jkn.database import session, transaction
from jkn.models import Account, RegistrationDraft, Relationship
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
from tests.blueprints.registrations import (
    agree,
    begin_as_new_user,
    give_phone,
    insured,
    own_phone,
    prove_phone,
)
from tests.support.factories import (
    make_account,
    make_family,
    make_participant,
    make_resident,
)
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


def reach_question(client: PageClient) -> None:
    """To the first question of a registration."""
    give_phone(begin_as_new_user(client, insured()[1]), own_phone())


def reach_terms(client: PageClient) -> PageClient:
    """To the terms."""
    return give_phone(begin_as_new_user(client, make_resident()), own_phone())


def come_too_late(client: PageClient) -> None:
    """To a registration whose time is over."""
    begin_as_new_user(client, make_resident())
    with transaction():
        newest = select(func.max(RegistrationDraft.id)).scalar_subquery()
        of_newest = update(RegistrationDraft).where(RegistrationDraft.id == newest)
        session.execute(of_newest.values(expires_at=clock.now() - timedelta(minutes=1)))
    client.get("/daftar/nomor-hp")


# By the page that they end on.
STEPS: dict[str, Callable[[PageClient], object]] = {
    "/lupa-kata-sandi/cara": lambda it: begin(it, somebody().nik),
    "/lupa-kata-sandi/kode": lambda it: ask_for_code(it, somebody().nik, SMS),
    "/lupa-kata-sandi/pertanyaan/1": lambda it: choose(begin(it, somebody().nik), QUESTIONS),
    "/lupa-kata-sandi/kata-sandi": lambda it: prove_by_code(it, somebody()),
    "/lupa-kata-sandi/tautan": follow_mail,
    "/daftar/nomor-hp": lambda it: begin_as_new_user(it, make_resident()),
    "/daftar/pertanyaan/1": reach_question,
    "/daftar/syarat": reach_terms,
    "/daftar/kode": lambda it: agree(reach_terms(it)),
    "/daftar/kata-sandi": lambda it: prove_phone(reach_terms(it)),
    "/daftar/waktu-habis": come_too_late,
    "/bukan-saya": be_warned,
    "/akses-terbatas": be_limited,
    "/akses-terbatas/sms": be_limited,
}
