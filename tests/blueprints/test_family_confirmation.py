"""Three right answers with somebody else's family card, and who can stop that (R118)."""

import pytest
from click.testing import Result
from flask import url_for

from jkn.cli import accounts
from jkn.database import session, transaction
from jkn.models import Account, Participant, Relationship
from jkn.web.links import MARK
from tests.support.calls.family_calls import (
    asked,
    head_of,
    is_frozen,
    tokens,
    unreachable,
    wait,
    waits,
)
from tests.support.clients.forms import fill
from tests.support.clients.page_client import PageClient
from tests.support.steps.recovery_steps import (
    NEW_PASSWORD,
    ask_for_code,
    messages,
    prove_by_code,
    set_password,
)
from tests.support.steps.registration_steps import (
    CHOSEN,
    PHONE,
    accounts_of,
    answer_by_record,
    begin_as_mobile_user,
    begin_as_new_user,
    choose_password,
    give_phone,
    make_resident_of,
    prove_phone,
)
from tests.support.steps.sign_in_steps import try_to_sign_in
from tests.support.world.clock import Clock
from tests.support.world.factories import make_family, new_phone
from tests.support.world.rows import all_rows, changes

QUESTION = "/keluarga/akun-baru"
YES, NO = "Benar, ini keluarga saya", "Bukan, bekukan akun itu"
OUTSIDE = ("Akun ini belum dipastikan", "Hanya data Anda sendiri yang terlihat")


@pytest.mark.both_databases
@pytest.mark.parametrize("door", ["mobile", "new"])
@pytest.mark.parametrize("is_alone", [True, False], ids=["nobody", "family"])
def test_three_right_answers_a_strangers_phone_and_a_day_later(
    client: PageClient, clock: Clock, door: str, *, is_alone: bool
) -> None:
    family = make_family()
    head = head_of(family, **({"phone": None} if is_alone else {}))
    wife = unreachable(family)
    if door == "mobile":
        begin_as_mobile_user(client, wife.nik or "")
    else:
        begin_as_new_user(client, make_resident_of(wife))
    answer_by_record(give_phone(client), wife)
    choose_password(prove_phone(client))
    assert asked() == ([] if is_alone else [head.phone])
    clock.advance(days=2)
    try_to_sign_in(client, wife.nik or "", CHOSEN)
    assert client.url == "/beranda"
    assert all(it in client.text for it in OUTSIDE)
    for page in ("/beranda", "/kartu", "/profil", "/notifikasi", "/profil/aktivitas"):
        client.get(page)
        assert head.name not in client.text, page
        assert head.card_number not in client.text, page
    assert client.get(f"/kartu/{head.id}").status == 404
    for page in (f"/kartu/{head.id}/data", "/profil/kata-sandi", "/profil/pin/buat"):
        assert client.get(page).url == "/akses-terbatas", page
    assert ("Tidak ada keluarga yang bisa kami hubungi" in client.text) is is_alone
    assert "KTP dan Kartu Keluarga asli" in client.text
    assert client.get("/akses-terbatas/sms").url == "/akses-terbatas"


def registered_by_a_stranger(client: PageClient, *, heads: int = 1) -> tuple[Account, Participant]:
    """The account of a wife that a stranger has, and the head of her family."""
    family = make_family()
    head, *_ = [head_of(family) for _ in range(heads)]
    wife = unreachable(family, relationship=Relationship.WIFE)
    answer_by_record(give_phone(begin_as_mobile_user(client, wife.nik or "")), wife)
    choose_password(prove_phone(client))
    (account,) = accounts_of(wife.nik or "")
    return account, head


def links() -> list[str]:
    """Where the links of the messages lead, oldest first."""
    return [f"/keluarga/{it}" for it in tokens()]


def test_a_relative_says_yes_and_everything_opens(client: PageClient) -> None:
    account, _ = registered_by_a_stranger(client)
    nik, name, (link,) = account.nik, account.name, links()
    relative = client.another()
    relative.get(link)
    assert relative.url == QUESTION
    assert name not in relative.text
    assert relative.shows("Hubungi 165")
    assert waits(account), "looking changes nothing"
    relative.submit(YES)
    assert relative.heading == "Terima kasih, akun sudah dipastikan"
    assert not waits(account)
    try_to_sign_in(client, nik, CHOSEN)
    assert OUTSIDE[0] not in client.text
    assert len(messages("confirmed")) == 1


def test_a_slipped_thumb_is_put_right_by_the_same_link(client: PageClient) -> None:
    account, _ = registered_by_a_stranger(client)
    (link,) = links()
    relative = client.another().get(link).submit(YES)
    relative.follow("Salah pilih? Bekukan akun itu")
    assert "sudah memilih Benar" in relative.text
    assert not relative.shows(YES)
    relative.submit(NO)
    assert relative.heading == "Akun itu sudah dibekukan"
    assert is_frozen(account)
    assert relative.get(link).status == 410


def test_after_one_relative_said_yes_another_says_no(client: PageClient) -> None:
    account, _ = registered_by_a_stranger(client, heads=2)
    yes, other = links()
    late = client.another().get(other)
    client.another().get(yes).submit(YES)
    late.submit(YES)
    assert late.url == QUESTION
    assert "sudah memilih Benar" in late.text
    assert not is_frozen(account)
    late.submit(NO)
    assert late.heading == "Akun itu sudah dibekukan"
    assert is_frozen(account)


def test_a_relative_says_no_and_the_new_account_is_frozen(client: PageClient) -> None:
    account, _ = registered_by_a_stranger(client)
    nik = account.nik
    try_to_sign_in(client, nik, CHOSEN)
    relative = client.another()
    relative.get(links()[0]).submit(NO)
    assert relative.heading == "Akun itu sudah dibekukan"
    assert is_frozen(account)
    assert client.get("/beranda").url == "/masuk"
    try_to_sign_in(client, nik, CHOSEN)
    assert client.url == "/masuk"
    assert relative.get(links()[0]).status == 410


def test_a_page_decides_about_the_account_of_its_own_link(client: PageClient) -> None:
    """Two questions, opened one after the other in two tabs of one browser."""
    families = [make_family(), make_family()]
    for it in families:
        head_of(it)
    first, second = (wait(unreachable(it), new_phone()) for it in families)
    link, later = links()
    relative = client.another().get(link)
    tab = relative.another(with_cookies=True).get(later)
    relative.cookies = tab.cookies
    relative.submit(NO)
    assert not is_frozen(first)
    assert not is_frozen(second)
    assert relative.url == QUESTION, "it asks about the second one now"
    relative.submit(NO)
    assert is_frozen(second)
    assert not is_frozen(first)


def test_the_account_that_waits_gets_nothing_of_its_family_by_any_address(
    client: PageClient,
) -> None:
    account, head = registered_by_a_stranger(client)
    hers = [head.name, head.card_number, head.nik or "", head.phone or ""]
    head_id = head.id
    try_to_sign_in(client, account.nik, CHOSEN)
    form = fill(client.get("/keluar").document, "Setuju", {})
    before = all_rows()
    rules = [it for it in client.app.url_map.iter_rules() if it.endpoint != "sign_out.index"]
    closed = 0
    for rule in rules:
        view = client.app.view_functions[rule.endpoint]
        if getattr(view, "is_public", False):
            continue
        with client.app.test_request_context():
            arguments = {it: "sms" if it == "channel" else head_id for it in rule.arguments}
            address = url_for(rule.endpoint, **arguments)
        writes = "POST" in (rule.methods or ())
        if writes and not getattr(view, "is_unguarded", False):
            assert client.ask(address, dict(form.fields)).location == "/akses-terbatas", address
            closed += 1
        if "GET" in (rule.methods or ()):
            client.get(address)
            assert [it for it in hers if it in client.html] == [], address
    assert closed > 10
    changed = {it.split()[0] for it in changes(before, all_rows())}
    assert changed.isdisjoint({"accounts", "families", "participants", "passkeys"})


def test_a_recovery_by_the_strangers_phone_ends_no_waiting(
    client: PageClient, clock: Clock
) -> None:
    account, head = registered_by_a_stranger(client)
    clock.advance(minutes=2)
    nik, name = account.nik, head.name
    prove_by_code(client, account)
    set_password(client)
    try_to_sign_in(client, nik, NEW_PASSWORD)
    assert client.url == "/beranda"
    assert all(it in client.text for it in OUTSIDE)
    assert name not in client.get("/kartu").text
    assert waits(account)


def test_a_recovery_under_way_does_not_outlive_bukan(client: PageClient, clock: Clock) -> None:
    account, _ = registered_by_a_stranger(client)
    clock.advance(minutes=2)
    prove_by_code(client, account)
    client.another().get(links()[0]).submit(NO)
    set_password(client)
    assert "Permintaan sebelumnya sudah berakhir" in client.text
    ask_for_code(client, account.nik)
    assert len(messages("code:recovery")) == 1, "no code goes to the stranger any more"
    assert is_frozen(account)


@pytest.mark.parametrize("first", ["recovery", "office"])
def test_after_bukan_its_person_comes_in_by_way_of_the_office(
    client: PageClient, clock: Clock, first: str
) -> None:
    account, _ = registered_by_a_stranger(client)
    clock.advance(minutes=2)
    nik, own_phone, person_id = account.nik, new_phone(), account.participant_id
    client.another().get(links()[0]).submit(NO)
    with transaction():
        session.get_one(Participant, person_id).phone = own_phone
    if first == "office":
        for command, typed in (("unfreeze", (nik,)), ("confirm", (nik, own_phone))):
            assert in_office(client, command, *typed).exit_code == 0
    (account,) = accounts_of(nik)
    owner = prove_by_code(client.another(), account)
    assert messages("code:recovery")[-1][1].recipient == own_phone
    set_password(owner)
    try_to_sign_in(owner, nik, NEW_PASSWORD)
    if first == "recovery":
        assert all(it in owner.text for it in OUTSIDE), "it waits as before"
        assert in_office(client, "confirm", nik, own_phone).exit_code == 0
    assert OUTSIDE[0] not in owner.get("/beranda").text
    assert accounts_of(nik)[0].phone == own_phone


def in_office(client: PageClient, command: str, *typed: str) -> Result:
    """Run one of an operator's commands, and type these lines."""
    lines = "".join(f"{it}\n" for it in typed)
    return client.app.test_cli_runner().invoke(accounts, [command], input=lines)


def test_the_office_confirms_by_a_command(as_browser: PageClient) -> None:
    account, _ = registered_by_a_stranger(as_browser)
    nik = account.nik
    relative = as_browser.another().get(links()[0])
    refused = in_office(as_browser, "confirm", nik, "0812 0000 0001")
    assert refused.exit_code == 1
    assert "another phone" in refused.output
    assert waits(account)
    done = in_office(as_browser, "confirm", nik, PHONE)
    assert done.exit_code == 0
    assert nik not in done.output
    assert not waits(account)
    assert in_office(as_browser, "confirm", nik, PHONE).exit_code == 1
    relative.submit(NO)
    assert relative.status == 410
    assert not is_frozen(account)
    assert in_office(as_browser, "refuse", nik).exit_code == 1


def test_the_office_refuses_by_a_command(as_browser: PageClient) -> None:
    account, _ = registered_by_a_stranger(as_browser)
    nik = account.nik
    assert in_office(as_browser, "refuse", "1").exit_code == 1
    done = in_office(as_browser, "refuse", nik)
    assert done.exit_code == 0
    assert nik not in done.output
    assert is_frozen(account)
    try_to_sign_in(as_browser, nik, CHOSEN)
    assert as_browser.url == "/masuk"


@pytest.mark.parametrize(
    ("mark", "status"), [("a" * 10_000_000, 413), ("\0", 400), ("", 303), ("' OR 1=1", 303)]
)
@pytest.mark.parametrize("button", [YES, NO])
def test_garbage_decides_nothing(
    as_browser: PageClient, button: str, mark: str, status: int
) -> None:
    family = make_family()
    head_of(family)
    account = wait(unreachable(family))
    form = fill(as_browser.get(links()[0]).document, button, {})
    fields = {**dict(form.fields), MARK: mark}
    assert MARK in dict(form.fields)
    assert as_browser.ask(form.action, fields).status_code == status
    assert waits(account)
    assert not is_frozen(account)
    as_browser.get(QUESTION).submit(button)
    assert is_frozen(account) is (button == NO), "nothing was used up"
