"""The link of an e-mail, and *Bukan saya*: both leave the address at once, both act on POST only
(R24, R25, R27)."""

import pytest
from sqlalchemy import select

from jkn.cli import accounts
from jkn.database import session
from jkn.models import Account, AuditEvent, EventKind
from tests.support.calls.family_calls import is_frozen
from tests.support.clients.page_client import PageClient
from tests.support.steps.recovery_steps import (
    EMAIL,
    NEW_PASSWORD,
    PASSWORD_STEP,
    SMS,
    ask_for_code,
    give_code,
    link_in,
    messages,
    prove_by_answers,
    prove_by_code,
    set_password,
)
from tests.support.steps.sign_in_steps import sign_in, try_to_sign_in
from tests.support.world.clock import Clock
from tests.support.world.factories import make_account
from tests.support.world.rows import all_rows, changes

DEAD = "Tautan sudah tidak berlaku"
NOT_ME = "Bukan saya, bekukan akun"


def mailed_link(client: PageClient, account: Account) -> str:
    ask_for_code(client, account.nik, EMAIL)
    return link_in(messages("code:recovery")[-1][1])


@pytest.mark.both_databases
def test_the_link_goes_on_in_another_browser(client: PageClient) -> None:
    account = make_account()
    link = mailed_link(client, account)
    phone = client.another().get(link)
    assert phone.url == "/lupa-kata-sandi/tautan", "the token leaves the address"
    assert phone.heading == "Lanjutkan membuat kata sandi baru?"
    phone.submit("Lanjutkan")
    assert phone.url == PASSWORD_STEP
    set_password(phone)
    assert try_to_sign_in(phone, account.nik, NEW_PASSWORD).url == "/beranda"


def test_a_mail_scanner_that_follows_the_link_uses_nothing_up(client: PageClient) -> None:
    account = make_account()
    link = mailed_link(client, account)
    before = all_rows()
    for _ in range(2):
        client.another().get(link)
        client.app.test_client().head(link)
    assert changes(before, all_rows()) == []
    phone = client.another().get(link)
    phone.submit("Lanjutkan")
    assert phone.url == PASSWORD_STEP


def test_it_works_once(client: PageClient) -> None:
    link = mailed_link(client, make_account())
    client.another().get(link).submit("Lanjutkan")
    again = client.another().get(link)
    assert (again.status, again.heading) == (410, DEAD)


def test_the_code_of_the_same_letter_kills_the_link(client: PageClient) -> None:
    link = mailed_link(client, make_account())
    give_code(client)
    assert client.url == PASSWORD_STEP
    assert client.another().get(link).heading == DEAD


def test_two_tabs_use_it_at_once_and_one_wins(client: PageClient) -> None:
    link = mailed_link(client, make_account())
    first, second = client.another().get(link), client.another().get(link)
    assert first.submit("Lanjutkan").url == PASSWORD_STEP
    second.submit("Lanjutkan")
    assert (second.status, second.heading) == (410, DEAD)


def test_the_first_browser_gets_no_further_once_the_link_was_followed(client: PageClient) -> None:
    account = make_account()
    link = mailed_link(client, account)
    client.another().get(link).submit("Lanjutkan")
    assert client.get("/lupa-kata-sandi/kode").url == "/lupa-kata-sandi"


def test_six_things_kill_the_link(client: PageClient, clock: Clock) -> None:
    """R24: a newer one, time, signing in, a new password, another person, another purpose."""

    def newer(account: Account) -> None:
        clock.advance(minutes=2)
        mailed_link(client.another(), account)

    def time(_account: Account) -> None:
        clock.advance(minutes=60)

    def signing_in(account: Account) -> None:
        sign_in(client.another(), account)

    def new_password(account: Account) -> None:
        clock.advance(minutes=2)
        set_password(prove_by_code(client.another(), account))

    def beginning_again(account: Account) -> None:
        clock.advance(minutes=2)
        ask_for_code(client, account.nik, SMS)

    for kill in (newer, time, signing_in, new_password, beginning_again):
        account = make_account()
        link = mailed_link(client, account)
        kill(account)
        visitor = client.another().get(link)
        assert (visitor.status, visitor.heading) == (410, DEAD), kill.__name__
    link = mailed_link(client, make_account())
    token = link.rsplit("/", 1)[1]
    assert client.another().get(f"/bukan-saya/{token}").heading == DEAD, "for another purpose"


def test_the_host_comes_from_the_settings(client: PageClient) -> None:
    """R25: whatever host a request names, the mail names ours."""
    account = make_account()
    ask_for_code(client, account.nik, EMAIL)
    assert "http://localhost/lupa-kata-sandi/tautan/" in messages("code:recovery")[-1][1].text
    assert 'href="http://localhost/lupa-kata-sandi/tautan/' in messages("code:recovery")[-1][1].html


@pytest.mark.parametrize(
    "link",
    [
        "/lupa-kata-sandi/tautan/x",
        "/lupa-kata-sandi/tautan/%F0%9F%98%80",
        "/bukan-saya/tidak-ada",
        "/bukan-saya/%20",
        "/keluarga/tidak-ada",
        "/keluarga/%F0%9F%98%80",
    ],
)
def test_a_made_up_link_is_dead(client: PageClient, link: str) -> None:
    client.get(link)
    assert (client.status, client.heading) == (410, DEAD)


@pytest.mark.parametrize("where", ["/lupa-kata-sandi/tautan/", "/bukan-saya/", "/keluarga/"])
def test_a_link_of_any_length_leaves_a_browser_that_works(client: PageClient, where: str) -> None:
    # Browsers drop a cookie of more than 4 KB, and the token of every form with it: R48.
    client.get(where + "a" * 3900)
    assert (client.status, client.heading) == (410, DEAD)
    assert len(client.cookies.header()) < 1000
    sign_in(client, make_account())


def test_the_page_of_the_link_without_a_link_says_so(client: PageClient) -> None:
    for page in ("/lupa-kata-sandi/tautan", "/bukan-saya", "/keluarga/akun-baru"):
        client.get(page)
        assert (client.status, client.heading) == (410, DEAD)


def test_an_sms_carries_no_such_link(client: PageClient) -> None:
    ask_for_code(client, make_account().nik, SMS)
    assert "http" not in messages("code:recovery")[-1][1].text


def test_for_an_account_without_a_channel_nothing_is_sent(client: PageClient) -> None:
    """The steps are the same; only the messages are missing."""
    account = make_account(phone=None, email=None)
    ask_for_code(client, account.nik, EMAIL)
    assert messages() == []


# Bukan saya


def warned(client: PageClient, account: Account) -> str:
    set_password(prove_by_code(client, account))
    mine = [it for _, it in messages("password_changed") if it.recipient == account.phone]
    return link_in(mine[0])


def test_bukan_saya_freezes_and_signs_everybody_out(client: PageClient) -> None:
    account = make_account()
    link = warned(client, account)
    thief = client.another()
    try_to_sign_in(thief, account.nik, NEW_PASSWORD)
    owner = client.another().get(link)
    assert owner.url == "/bukan-saya"
    owner.submit(NOT_ME)
    assert owner.heading == "Akun sudah dibekukan"
    assert thief.get("/beranda").url == "/masuk"
    try_to_sign_in(thief, account.nik, NEW_PASSWORD)
    assert "Nomor atau kata sandi tidak cocok" in thief.text
    assert len(messages("frozen")) == 2


def test_looking_at_it_does_nothing(client: PageClient) -> None:
    account = make_account()
    link = warned(client, account)
    before = all_rows()
    for _ in range(3):
        client.another().get(link)
        client.app.test_client().head(link)
    assert changes(before, all_rows()) == []
    assert try_to_sign_in(client, account.nik, NEW_PASSWORD).url == "/beranda"


def test_freezing_twice_does_no_more(client: PageClient) -> None:
    link = warned(client, make_account())
    first, second = client.another().get(link), client.another().get(link)
    first.submit(NOT_ME)
    before = all_rows()
    second.submit(NOT_ME)
    assert second.heading == DEAD
    assert changes(before, all_rows()) == []


def test_a_page_freezes_the_account_of_its_own_link(client: PageClient) -> None:
    """Two warnings, opened one after the other in two tabs of one browser."""
    first, second = make_account(), make_account()
    link, later = (warned(client.another(), it) for it in (first, second))
    client.get(link)
    tab = client.another(with_cookies=True).get(later)
    client.cookies = tab.cookies
    client.submit(NOT_ME)
    assert not is_frozen(first)
    assert not is_frozen(second)
    assert client.heading == "Bukan Anda?", "it asks about the second one now"
    client.submit(NOT_ME)
    assert is_frozen(second)
    assert not is_frozen(first)


def test_it_is_good_for_a_week(client: PageClient, clock: Clock) -> None:
    link = warned(client, make_account())
    clock.advance(days=6, hours=23)
    assert client.another().get(link).heading == "Bukan Anda?"
    clock.advance(hours=2)
    assert client.another().get(link).heading == DEAD


def test_a_page_left_open_for_a_week_freezes_nothing(client: PageClient, clock: Clock) -> None:
    account = make_account()
    owner = client.another().get(warned(client, account))
    clock.advance(days=7, seconds=1)
    owner.submit(NOT_ME)
    assert owner.heading == DEAD
    assert try_to_sign_in(client, account.nik, NEW_PASSWORD).url == "/beranda"


def test_a_code_opens_a_frozen_account_again(client: PageClient, clock: Clock) -> None:
    account = make_account()
    client.another().get(warned(client, account)).submit(NOT_ME)
    clock.advance(minutes=2)
    owner = prove_by_code(client.another(), account)
    set_password(owner, "sate ayam madura")
    assert try_to_sign_in(owner, account.nik, "sate ayam madura").url == "/beranda"


def test_a_recovery_under_way_ends_with_it(client: PageClient, clock: Clock) -> None:
    account = make_account()
    link = warned(client, account)
    clock.advance(minutes=2)
    thief = ask_for_code(client.another(), account.nik)
    client.another().get(link).submit(NOT_ME)
    give_code(thief)
    assert thief.url == "/lupa-kata-sandi"


def test_an_operator_lets_answers_open_it_again(client: PageClient) -> None:
    account = make_account()
    client.another().get(warned(client, account)).submit(NOT_ME)
    assert prove_by_answers(client.another(), account).heading == "Akun ini sedang dibekukan"
    runner = client.app.test_cli_runner()
    done = runner.invoke(accounts, ["unfreeze"], input=f"{account.nik}\n")
    assert done.exit_code == 0, done.output
    assert account.nik not in done.output
    assert len(messages("unfrozen")) == 2
    assert "tidak cocok" in try_to_sign_in(client, account.nik, NEW_PASSWORD).text
    visitor = prove_by_answers(client.another(), account)
    assert visitor.url == PASSWORD_STEP
    session.rollback()
    kinds = list(session.scalars(select(AuditEvent.kind)))
    assert EventKind.ACCOUNT_UNFROZEN in kinds


@pytest.mark.parametrize("typed", ["3276054502850009", "abc", "1234567890123"])
def test_what_is_not_frozen_cannot_be_unfrozen(as_browser: PageClient, typed: str) -> None:
    done = as_browser.app.test_cli_runner().invoke(accounts, ["unfreeze"], input=f"{typed}\n")
    assert done.exit_code == 1
    assert "There is no frozen account" in done.output
