"""Lupa Kata Sandi out of order, twice, too late, in two tabs and on two phones (R24, R62)."""

import pytest

from jkn import create_app
from jkn.models import EventKind
from jkn.models import RecoveryStage as Stage
from tests.support.clients.forms import fill
from tests.support.clients.page_client import PageClient
from tests.support.steps.activity_steps import kinds_of
from tests.support.steps.recovery_steps import (
    EMAIL,
    METHOD,
    NAMES,
    NEW_PASSWORD,
    OVER,
    PASSWORD_STEP,
    QUESTIONS,
    SMS,
    START,
    TYPE_CODE,
    ask_for_code,
    attempts,
    begin,
    choose,
    give_code,
    messages,
    newest_code,
    prove_by_code,
    set_password,
)
from tests.support.steps.sign_in_steps import CAPTCHA, sign_in, sign_out, try_to_sign_in
from tests.support.world.clock import Clock
from tests.support.world.connected import close_session
from tests.support.world.factories import make_account

STEPS = [METHOD, TYPE_CODE, "/lupa-kata-sandi/pertanyaan", "/lupa-kata-sandi/pertanyaan/1",
         PASSWORD_STEP, "/lupa-kata-sandi/cara-lain"]  # fmt: skip


def test_without_a_beginning_every_step_leads_to_it(client: PageClient) -> None:
    for step in STEPS:
        client.get(step)
        assert client.url == START
        assert OVER not in client.text


def test_the_stage_is_the_only_judge(client: PageClient) -> None:
    account = make_account()
    begin(client, account.nik)
    for step in STEPS:
        assert client.get(step).url == METHOD, step
    choose(client, SMS)
    for step in STEPS[1:]:
        assert client.get(step).url == TYPE_CODE, step
    give_code(client)
    for step in STEPS:
        assert client.get(step).url == PASSWORD_STEP, step
    set_password(client)
    for step in STEPS:
        assert client.get(step).url == "/masuk", step


def test_a_step_sent_with_nothing_begun_is_recorded(client: PageClient, clock: Clock) -> None:
    prove_by_code(client, make_account())
    last = fill(client.document, "Simpan kata sandi baru", {"Kata sandi baru": NEW_PASSWORD})
    clock.advance(minutes=31)
    assert client.send(last).url == START
    assert EventKind.SEQUENCE_FAIL not in kinds_of(None), "whose time was over is nobody to watch"
    assert client.send(last).url == START
    assert kinds_of(None)[-1] == EventKind.SEQUENCE_FAIL


def test_the_last_step_first_changes_nothing(client: PageClient) -> None:
    account = make_account()
    prove_by_code(client, account)
    last = fill(client.document, "Simpan kata sandi baru", {"Kata sandi baru": NEW_PASSWORD})
    victim = make_account()
    begin(client, victim.nik)
    client.send(last)
    assert client.url == METHOD
    assert kinds_of(None)[-1] == EventKind.SEQUENCE_FAIL
    for owner in (account, victim):
        assert sign_in(client.another(), owner).url == "/beranda"


@pytest.mark.parametrize("minutes", [31, 61])
def test_an_attempt_that_is_over_says_so_on_every_page(
    client: PageClient, clock: Clock, minutes: int
) -> None:
    account = make_account()
    ways = {
        METHOD: lambda: begin(client, account.nik),
        TYPE_CODE: lambda: ask_for_code(client, account.nik),
        "/lupa-kata-sandi/pertanyaan/1": lambda: choose(begin(client, account.nik), QUESTIONS),
        PASSWORD_STEP: lambda: prove_by_code(client, account),
    }
    for step, way in ways.items():
        way()
        assert client.url == step
        clock.advance(minutes=minutes)
        client.get(step)
        assert client.url == START
        assert OVER in client.text
        assert OVER not in client.get(START).text


def test_a_form_sent_after_the_time_is_over_changes_nothing(
    client: PageClient, clock: Clock
) -> None:
    account = make_account()
    prove_by_code(client, account)
    clock.advance(minutes=31)
    set_password(client)
    assert client.url == START
    assert OVER in client.text
    assert sign_in(client.another(), account).url == "/beranda"


def test_a_restart_in_between_loses_nothing(client: PageClient) -> None:
    account = make_account()
    ask_for_code(client, account.nik)
    close_session()
    client.app = create_app(client.app.extensions["settings"])
    client._client = client.app.test_client(use_cookies=False)
    client.get(TYPE_CODE)
    give_code(client)
    set_password(client)
    assert client.url == "/masuk"


def test_beginning_again_in_the_same_browser_ends_the_first(client: PageClient) -> None:
    account = make_account()
    ask_for_code(client, account.nik)
    begin(client, account.nik)
    assert [it.stage for it in attempts()] == [Stage.METHOD]


def test_signing_in_takes_up_nobody_elses_attempt(client: PageClient) -> None:
    """R24, R46: what this browser held before is dropped."""
    begin(client, make_account().nik)
    assert client.url == METHOD
    sign_in(client, make_account())
    assert client.get(METHOD).url == START


def test_signing_out_leaves_no_attempt_behind_on_a_shared_phone(client: PageClient) -> None:
    sign_in(client, make_account())
    client.get(START).submit(
        "Lanjut", {"NIK": make_account().nik, "Ketik angka di gambar": CAPTCHA}
    )
    assert client.url == METHOD
    sign_out(client)
    assert client.get(METHOD).url == START


def test_two_phones_go_side_by_side_and_the_first_to_finish_ends_the_other(
    client: PageClient, clock: Clock
) -> None:
    account = make_account()
    other = ask_for_code(client.another(), account.nik)
    clock.advance(minutes=2)
    prove_by_code(client, account)
    assert other.get(TYPE_CODE).url == TYPE_CODE
    set_password(client)
    other.get(TYPE_CODE)
    assert other.url == START
    assert OVER in other.text


def test_a_code_of_one_phone_is_worthless_on_another(client: PageClient, clock: Clock) -> None:
    account = make_account()
    ask_for_code(client, account.nik)
    code = newest_code()
    clock.advance(minutes=2)
    other = ask_for_code(client.another(), account.nik)
    give_code(other, code)
    assert other.errors == {"code": "Kode tidak cocok. Periksa SMS terakhir"}


def test_two_tabs_save_two_passwords_and_only_the_first_counts(client: PageClient) -> None:
    account = make_account()
    prove_by_code(client, account)
    tab = client.another(with_cookies=True).get(PASSWORD_STEP)
    set_password(client)
    set_password(tab, "kata sandi yang lain lagi")
    assert tab.url == "/masuk"
    assert try_to_sign_in(client, account.nik, NEW_PASSWORD).url == "/beranda"


def test_signing_in_meanwhile_ends_the_attempt(client: PageClient) -> None:
    account = make_account()
    prove_by_code(client, account)
    sign_in(client.another(), account)
    set_password(client)
    assert client.url == START
    assert OVER in client.text


def test_back_and_another_way_keep_the_code_that_was_sent(client: PageClient, clock: Clock) -> None:
    account = make_account()
    ask_for_code(client, account.nik)
    code = newest_code()
    client.follow("Kembali")
    choose(client, SMS)
    assert client.url == TYPE_CODE
    assert len(messages("code:recovery")) == 1, "the code that lives is good enough"
    client.follow("Kirim kode lewat email")
    choose(client, EMAIL)
    assert client.errors == {"email": "Minta kode baru mulai pukul 09.31 WIB"}
    clock.advance(minutes=2)
    choose(client, EMAIL)
    assert client.url == TYPE_CODE
    give_code(client, code)
    assert client.url == PASSWORD_STEP


def test_a_missing_choice_is_asked_for(client: PageClient) -> None:
    begin(client, make_account().nik)
    sent = fill(client.document, NAMES[SMS], {})
    sent.fields = [it for it in sent.fields if it[0] != "way"]
    client.send(sent)
    assert client.errors == {"sms": "Pilih SMS, Email, atau Pertanyaan Data Pribadi"}


def test_an_attempt_goes_on_in_its_own_browser_only(client: PageClient) -> None:
    account = make_account()
    ask_for_code(client, account.nik)
    code = newest_code()
    stranger = client.another()
    assert stranger.get(TYPE_CODE).url == START
    begin(stranger, make_account().nik)
    choose(stranger, SMS)
    give_code(stranger, code)
    assert stranger.status == 422


def test_proof_makes_the_token_before_it_worthless(client: PageClient) -> None:
    """R46: a cookie that was copied before the right code is worthless."""
    account = make_account()
    ask_for_code(client, account.nik)
    copied = client.another(with_cookies=True)
    give_code(client)
    assert client.url == PASSWORD_STEP
    assert copied.get(PASSWORD_STEP).url == TYPE_CODE, "only who has the code goes on"
    assert give_code(copied, "000000").url == START
