"""Pages in the middle of journeys: each function makes a person and leads them there."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import func, select, update

from jkn.database import session, transaction
from jkn.models import Account, RegistrationDraft, Relationship, SignInSession
from jkn.services.basics import clock
from jkn.services.messaging import alerts
from tests.support.clients.page_client import PageClient
from tests.support.clients.software_authenticator import Authenticator
from tests.support.steps import passkey_steps as biometrics
from tests.support.steps.pin_steps import ask_for_pin_code, prove_for_pin, with_pin
from tests.support.steps.recovery_steps import (
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
from tests.support.steps.registration_steps import (
    agree,
    begin_as_new_user,
    give_phone,
    insured,
    own_phone,
    prove_phone,
)
from tests.support.steps.sign_in_steps import remember_and_leave, sign_in, sign_out
from tests.support.world.factories import (
    make_account,
    make_family,
    make_participant,
    make_passkey,
    make_resident,
)


def somebody() -> Account:
    """A person with an account and a family."""
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
        alerts.send(account, "password_changed")
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


def be_here_for_long(client: PageClient) -> None:
    """To the page that asks for the password once more, or for the fingerprint."""
    account = somebody()
    biometrics.enrolled(client, account, Authenticator())
    with transaction():
        of_account = update(SignInSession).where(SignInSession.account_id == account.id)
        long_ago = clock.now() - timedelta(minutes=25)
        session.execute(of_account.values(started_at=long_ago, confirmed_at=None))


def be_elsewhere_too(client: PageClient) -> None:
    """To the list of where the account is open."""
    account = somebody()
    sign_in(client.another(), account)
    sign_in(client, account)


def be_remembered(client: PageClient) -> None:
    """To Masuk of a phone that shows the number by itself."""
    remember_and_leave(client, somebody()).get("/masuk")


def have_two_phones(client: PageClient) -> None:
    """To the list of phones that sign in with a fingerprint, this one among them."""
    account = somebody()
    make_passkey(account)
    biometrics.enrolled(client, account, Authenticator())


def have_both_proofs(client: PageClient) -> None:
    """To the page that asks for the PIN, or for the fingerprint."""
    account = somebody()
    biometrics.enrol(with_pin(client, account), Authenticator())


def be_offered(client: PageClient) -> None:
    """To Beranda with the offer of the fingerprint."""
    account = somebody()
    sign_out(sign_in(client, account))
    sign_in(client, account)


# The functions, by the page on which they end.
STEPS: dict[str, Callable[[PageClient], object]] = {
    "/masuk": be_remembered,
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
    "/konfirmasi": be_here_for_long,
    "/beranda": be_offered,
    "/profil/biometrik": have_two_phones,
    "/profil/biometrik/daftarkan": lambda it: biometrics.agree(sign_in(it, somebody())),
    "/profil/perangkat": be_elsewhere_too,
    "/profil/pin": lambda it: with_pin(it, somebody()),
    "/profil/pin/buka": have_both_proofs,
    "/profil/pin/kode": lambda it: ask_for_pin_code(sign_in(it, somebody())),
    "/profil/pin/baru": lambda it: prove_for_pin(sign_in(it, somebody())),
}
