"""The card on Beranda that offers Login dengan Biometrik: rarely, and not after two refusals."""

from datetime import datetime

from sqlalchemy import select

from jkn.database import session
from jkn.models import Account, PasskeyOffer
from tests.support.clients.page_client import PageClient
from tests.support.clients.software_authenticator import Authenticator
from tests.support.steps.passkey_steps import (
    BEGIN,
    LIST,
    MAKE,
    agree,
    enrolled,
    limit,
    sign_in_by_passkey,
    turn_off,
    use_phone,
)
from tests.support.steps.recovery_steps import prove_by_code, set_password, sign_in_known
from tests.support.steps.registration_steps import choose_password, reach_password
from tests.support.steps.sign_in_steps import sign_in, sign_out, try_to_sign_in
from tests.support.world.clock import Clock
from tests.support.world.factories import make_account
from tests.support.world.queries import QueryCounter

CARD, YES, NO = "Lain kali, masuk lebih cepat", "Nyalakan", "Nanti saja"


def is_offered(client: PageClient) -> bool:
    return CARD in client.get("/beranda").html


def see(client: PageClient) -> PageClient:
    """What the page does by itself once the card is on the screen."""
    client.get("/beranda")
    card = next(it for it in client.document.elements("section") if it.get("class") == "offer")
    token = next(it.get("value", "") for it in card.iter("input") if it.get("name") == "csrf_token")
    assert client.ask(card.get("hx-post", ""), {"csrf_token": token}).status_code == 204
    return client


def again(client: PageClient, account: Account) -> PageClient:
    """Sign out, and in again with the password."""
    return sign_in(sign_out(client), account)


def refusals(account: Account) -> int | None:
    session.rollback()
    mine = select(PasskeyOffer.refusals).where(PasskeyOffer.account_id == account.id)
    return session.scalar(mine)


def offered_at(account: Account) -> datetime | None:
    session.rollback()
    mine = select(PasskeyOffer.offered_at).where(PasskeyOffer.account_id == account.id)
    return session.scalar(mine)


def test_it_comes_at_the_second_sign_in_and_stays_until_it_is_answered(
    client: PageClient, account: Account
) -> None:
    assert not is_offered(sign_in(client, account))
    again(client, account)
    assert CARD in client.html
    card = next(it for it in client.document.elements("section") if it.get("class") == "offer")
    assert "hidden" in card.attrib, "until the script knows that this phone can"
    assert is_offered(client)
    client.follow(YES)
    assert client.url == BEGIN
    assert is_offered(client)
    client.submit(NO)
    assert client.url == "/beranda"
    assert not is_offered(client)


def test_it_comes_once_in_thirty_days_and_never_after_two_refusals(
    as_browser: PageClient, account: Account, clock: Clock
) -> None:
    sign_in(as_browser, account)
    assert is_offered(again(as_browser, account))
    tab = as_browser.another(with_cookies=True).get("/beranda")
    as_browser.submit(NO)
    tab.cookies = as_browser.cookies
    tab.submit(NO)
    assert refusals(account) == 1, "a second tap on a slow phone is no second refusal"
    clock.advance(days=29, hours=23)
    assert not is_offered(sign_in(as_browser, account))
    clock.advance(hours=1)
    assert is_offered(sign_in(as_browser, account))
    as_browser.submit(NO)
    for _ in range(2):
        clock.advance(days=40)
        assert not is_offered(sign_in(as_browser, account))


def test_it_comes_again_where_nobody_answered_it(
    as_browser: PageClient, account: Account, clock: Clock
) -> None:
    sign_in(as_browser, account)
    see(again(as_browser, account))
    assert is_offered(as_browser), "until it is answered"
    assert not is_offered(again(as_browser, account)), "once in 30 days"
    for _ in range(3):
        clock.advance(days=30)
        see(sign_in(as_browser, account))


def test_it_is_not_used_up_by_a_phone_that_cannot_show_it(
    as_browser: PageClient, account: Account
) -> None:
    """A phone without a lock, without script, or whose owner did not scroll that far."""
    sign_in(as_browser, account)
    for _ in range(2):
        assert is_offered(again(as_browser, account))
    other = as_browser.another()
    see(sign_in(other, account))
    assert not is_offered(again(as_browser, account))


def test_only_who_has_the_offer_uses_it_up(as_browser: PageClient, account: Account) -> None:
    sign_in(as_browser, account)
    see(again(as_browser, account)).get("/beranda").submit(NO)
    seen = offered_at(account)
    as_browser.get("/kartu")
    token = as_browser.get("/keluar").document
    hidden = next(it for it in token.elements("input") if it.get("name") == "csrf_token")
    as_browser.ask("/profil/biometrik/ditawarkan", {"csrf_token": hidden.get("value", "")})
    assert offered_at(account) == seen


def test_it_comes_with_a_new_account_at_once(as_browser: PageClient) -> None:
    choose_password(reach_password(as_browser))
    assert as_browser.url == "/beranda"
    assert CARD in as_browser.html


def test_it_comes_after_a_recovery(as_browser: PageClient, account: Account) -> None:
    set_password(prove_by_code(as_browser, account))
    sign_in_known(as_browser)
    assert CARD in as_browser.html


def test_a_recovery_does_not_undo_two_refusals(
    as_browser: PageClient, account: Account, clock: Clock
) -> None:
    sign_in(as_browser, account)
    again(as_browser, account).submit(NO)
    clock.advance(days=30)
    sign_in(as_browser, account).submit(NO)
    clock.advance(days=30)
    set_password(prove_by_code(as_browser, account))
    sign_in_known(as_browser)
    assert not is_offered(as_browser)
    assert refusals(account) == 2


def test_limited_mode_offers_nothing(
    as_browser: PageClient, account: Account, clock: Clock
) -> None:
    sign_in(as_browser, account)
    limit(account)
    assert not is_offered(again(as_browser, account))
    clock.advance(hours=24)
    assert is_offered(sign_in(as_browser, account)), "it was not used up by that"


def test_where_this_phone_has_its_key_nothing_is_offered(
    as_browser: PageClient, account: Account
) -> None:
    phone = Authenticator()
    enrolled(as_browser, account, phone)
    assert not is_offered(again(as_browser, account))
    sign_in_by_passkey(sign_out(as_browser), phone)
    assert not is_offered(as_browser)
    assert is_offered(sign_in(as_browser.another(), account)), "another phone has none"


def test_after_switching_it_on_it_is_not_offered_any_more(
    as_browser: PageClient, account: Account
) -> None:
    sign_in(as_browser, account)
    agree(see(again(as_browser, account)))
    use_phone(as_browser, MAKE, Authenticator().create)
    assert not is_offered(as_browser)
    turn_off(as_browser)
    assert not is_offered(again(as_browser, account)), "once in 30 days"


def test_after_a_sign_in_by_fingerprint_nothing_is_offered(
    as_browser: PageClient, account: Account
) -> None:
    phone = Authenticator(counts=False, travels=True)
    enrolled(as_browser, account, phone)
    tablet = sign_in_by_passkey(as_browser.another(), phone)
    assert not is_offered(tablet)
    assert tablet.get(LIST).status == 200


def test_it_is_nobody_elses_on_this_phone(as_browser: PageClient, account: Account) -> None:
    sign_in(as_browser, account)
    assert is_offered(again(as_browser, account))
    sign_out(as_browser)
    assert not is_offered(sign_in(as_browser, make_account()))


def test_counting_sign_ins_costs_two_statements(
    as_browser: PageClient, account: Account, queries: QueryCounter
) -> None:
    sign_in(as_browser, account)
    sign_out(as_browser)
    with queries.counted() as sent:
        try_to_sign_in(as_browser, account.nik)
    assert sum("passkey_offers" in it for it in sent) == 2
