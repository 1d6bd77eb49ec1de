"""Pages in the middle of journeys: each function makes a person and leads them there."""

from datetime import timedelta

from sqlalchemy import func, select, update

from jkn.database import session, transaction
from jkn.models import Account, RegistrationDraft, Relationship, SignInSession
from jkn.services.basics import clock
from jkn.services.messaging import alerts
from tests.support.calls.family_calls import head_of, unreachable, wait
from tests.support.clients.page_client import PageClient
from tests.support.clients.software_authenticator import Authenticator
from tests.support.steps import passkey_steps as biometrics
from tests.support.steps.arrivals import ends_on
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
    set_password,
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


@ends_on("/lupa-kata-sandi/tautan")
def follow_mail(client: PageClient) -> None:
    """To the page that a recovery's e-mail leads to."""
    ask_for_code(client.another(), somebody().nik, EMAIL)
    client.get(link_in(messages("code:recovery")[-1][1]))


@ends_on("/bukan-saya")
def be_warned(client: PageClient) -> None:
    """To Bukan saya."""
    account = somebody()
    with transaction():
        alerts.send(account, "password_changed")
    client.get(link_in(messages("password_changed")[-1][1]))


@ends_on("/keluarga/akun-baru")
def be_asked(client: PageClient) -> None:
    """To the question whether a new account is a relative's."""
    family = make_family()
    head_of(family)
    wait(unreachable(family))
    client.get(link_in(messages("family_asked")[-1][1]))


@ends_on("/akses-terbatas")
@ends_on("/akses-terbatas/sms")
def be_limited(client: PageClient) -> None:
    """To Akun dibatasi."""
    account = somebody()
    with transaction():
        until = clock.now() + timedelta(hours=24)
        of_account = update(Account).where(Account.id == account.id)
        session.execute(of_account.values(limited_until=until))
    sign_in(client, account)


@ends_on("/daftar/pertanyaan/1")
def reach_question(client: PageClient) -> None:
    """To the first question of a registration."""
    give_phone(begin_as_new_user(client, insured()[1]), own_phone())


@ends_on("/daftar/syarat")
def reach_terms(client: PageClient) -> PageClient:
    """To the terms."""
    return give_phone(begin_as_new_user(client, make_resident()), own_phone())


@ends_on("/daftar/waktu-habis")
def come_too_late(client: PageClient) -> None:
    """To a registration whose time is over."""
    begin_as_new_user(client, make_resident())
    with transaction():
        newest = select(func.max(RegistrationDraft.id)).scalar_subquery()
        of_newest = update(RegistrationDraft).where(RegistrationDraft.id == newest)
        session.execute(of_newest.values(expires_at=clock.now() - timedelta(minutes=1)))
    client.get("/daftar/nomor-hp")


@ends_on("/konfirmasi")
def be_here_for_long(client: PageClient) -> None:
    """To the page that asks for the password once more, or for the fingerprint."""
    account = somebody()
    biometrics.enrolled(client, account, Authenticator())
    with transaction():
        of_account = update(SignInSession).where(SignInSession.account_id == account.id)
        long_ago = clock.now() - timedelta(minutes=25)
        session.execute(of_account.values(started_at=long_ago, confirmed_at=None))


@ends_on("/profil/perangkat")
def be_elsewhere_too(client: PageClient) -> None:
    """To the list of where the account is open."""
    account = somebody()
    sign_in(client.another(), account)
    sign_in(client, account)


@ends_on("/masuk")
def be_remembered(client: PageClient) -> None:
    """To Masuk of a phone that shows the number by itself."""
    remember_and_leave(client, somebody()).get("/masuk")


@ends_on("/masuk?sesudah=pemulihan")
def be_known_for_once(client: PageClient) -> None:
    """To Masuk that knows the number after a recovery."""
    set_password(prove_by_code(client, somebody()))


@ends_on("/profil/biometrik")
def have_two_phones(client: PageClient) -> None:
    """To the list of phones that sign in with a fingerprint, this one among them."""
    account = somebody()
    make_passkey(account)
    biometrics.enrolled(client, account, Authenticator())


@ends_on("/profil/pin/buka")
def have_both_proofs(client: PageClient) -> None:
    """To the page that asks for the PIN, or for the fingerprint."""
    account = somebody()
    biometrics.enrol(with_pin(client, account), Authenticator())


@ends_on("/beranda")
def be_offered(client: PageClient) -> None:
    """To Beranda with the offer of the fingerprint."""
    account = somebody()
    sign_out(sign_in(client, account))
    sign_in(client, account)


@ends_on("/lupa-kata-sandi/cara")
def begin_recovery(client: PageClient) -> None:
    begin(client, somebody().nik)


@ends_on("/lupa-kata-sandi/kode")
def ask_for_recovery_code(client: PageClient) -> None:
    ask_for_code(client, somebody().nik, SMS)


@ends_on("/lupa-kata-sandi/pertanyaan/1")
def turn_to_questions(client: PageClient) -> None:
    choose(begin(client, somebody().nik), QUESTIONS)


@ends_on("/lupa-kata-sandi/kata-sandi")
def prove_for_recovery(client: PageClient) -> None:
    prove_by_code(client, somebody())


@ends_on("/daftar/nomor-hp")
def begin_registration(client: PageClient) -> None:
    begin_as_new_user(client, make_resident())


@ends_on("/daftar/kode")
def agree_to_terms(client: PageClient) -> None:
    agree(reach_terms(client))


@ends_on("/daftar/kata-sandi")
def prove_for_registration(client: PageClient) -> None:
    prove_phone(reach_terms(client))


@ends_on("/profil/biometrik/daftarkan")
def begin_enrolment(client: PageClient) -> None:
    biometrics.agree(sign_in(client, somebody()))


@ends_on("/profil/pin")
def have_a_pin(client: PageClient) -> None:
    with_pin(client, somebody())


@ends_on("/profil/pin/kode")
def ask_for_a_pin(client: PageClient) -> None:
    ask_for_pin_code(sign_in(client, somebody()))


@ends_on("/profil/pin/baru")
def prove_for_a_pin(client: PageClient) -> None:
    prove_for_pin(sign_in(client, somebody()))
