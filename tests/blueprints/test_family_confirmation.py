"""Three right answers with somebody else's family card, and who can stop that (R118)."""

import pytest

from jkn.cli import accounts
from jkn.models import Relationship
from tests.support.calls.family_calls import asked, head_of, is_frozen, tokens, unreachable, waits
from tests.support.clients.page_client import PageClient
from tests.support.steps.recovery_steps import messages
from tests.support.steps.registration_steps import (
    CHOSEN,
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
from tests.support.world.factories import make_family

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


def registered_by_a_stranger(client: PageClient) -> str:
    """The NIK of a wife whose account a stranger has."""
    family = make_family()
    head_of(family)
    wife = unreachable(family, relationship=Relationship.WIFE)
    answer_by_record(give_phone(begin_as_mobile_user(client, wife.nik or "")), wife)
    choose_password(prove_phone(client))
    return wife.nik or ""


def test_a_relative_says_yes_and_everything_opens(client: PageClient) -> None:
    nik = registered_by_a_stranger(client)
    (account,) = accounts_of(nik)
    name, link = account.name, f"/keluarga/{tokens()[0]}"
    relative = client.another()
    relative.get(link)
    assert relative.url == QUESTION
    assert name not in relative.text
    assert waits(account), "looking changes nothing"
    relative.submit(YES)
    assert relative.heading == "Terima kasih, akun sudah dipastikan"
    assert not waits(account)
    try_to_sign_in(client, nik, CHOSEN)
    assert OUTSIDE[0] not in client.text
    assert len(messages("confirmed")) == 1
    relative.get(link)
    assert relative.status == 410


def test_a_relative_says_no_and_the_new_account_is_frozen(client: PageClient) -> None:
    nik = registered_by_a_stranger(client)
    (account,) = accounts_of(nik)
    try_to_sign_in(client, nik, CHOSEN)
    relative = client.another()
    relative.get(f"/keluarga/{tokens()[0]}").submit(NO)
    assert relative.heading == "Akun itu sudah dibekukan"
    assert is_frozen(account)
    assert client.get("/beranda").url == "/masuk"
    try_to_sign_in(client, nik, CHOSEN)
    assert client.url == "/masuk"


def test_the_office_confirms_by_a_command(as_browser: PageClient) -> None:
    nik = registered_by_a_stranger(as_browser)
    (account,) = accounts_of(nik)
    runner = as_browser.app.test_cli_runner()
    done = runner.invoke(accounts, ["confirm"], input=f"{nik}\n")
    assert done.exit_code == 0
    assert nik not in done.output
    assert not waits(account)
    assert runner.invoke(accounts, ["confirm"], input=f"{nik}\n").exit_code == 1
