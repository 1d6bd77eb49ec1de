"""The captcha: one try, one browser, one form, five minutes (security.md R08, R09)."""

import base64

import pytest

from jkn.models import SpentCaptcha
from jkn.services.credentials import captcha
from jkn.services.credentials.captcha import CaptchaAnswer, CaptchaPurpose, accept, draw
from tests.support.calls.purge_calls import purged
from tests.support.calls.sign_in_calls import BROWSER, CLIENT, answered, count
from tests.support.world.at_once import at_once
from tests.support.world.clock import Clock
from tests.support.world.connected import ConnectedDatabase, bind_changed
from tests.support.world.queries import QueryCounter

pytestmark = pytest.mark.usefixtures("database")


def test_the_right_answer_is_accepted() -> None:
    assert accept(answered("12345"), CLIENT) is True


@pytest.mark.parametrize(
    "digits", ["12346", "1234", "123456", "54321", "", "abcde", "0x3039", "12345.0", "１２３４５"]
)
def test_a_wrong_answer_is_refused(digits: str) -> None:
    assert accept(answered(digits), CLIENT) is False


@pytest.mark.parametrize(
    "digits", [" 12345 ", "1 2 3 4 5", "12 345", "123-45", "12345\n", "1.2.3.4.5"], ids=ascii
)
def test_people_may_group_the_digits(digits: str) -> None:
    assert accept(answered(digits), CLIENT) is True


@pytest.mark.parametrize(
    "digits",
    [
        "١٢٣٤٥",
        "१२३४५",
        "1234５",
        "1" * 1_000_000,
        "\x00",
        "12345\x00",
        "\ud800",
        "12345\udfff",
        "😀",
    ],
    ids=lambda digits: ascii(digits)[:20],
)
def test_an_answer_that_nobody_types_is_a_wrong_one(digits: str) -> None:
    answer = answered(digits)
    assert accept(answer, CLIENT) is False
    assert accept(answered("12345", token=answer.token), CLIENT) is False


def test_a_right_captcha_is_spent() -> None:
    answer = answered()
    assert accept(answer, CLIENT) is True
    assert accept(answer, CLIENT) is False


def test_a_wrong_captcha_is_spent() -> None:
    answer = answered("11111")
    assert accept(answer, CLIENT) is False
    assert accept(answered(token=answer.token), CLIENT) is False


def test_a_token_written_differently_is_the_same_captcha() -> None:
    """The same bytes have several forms in Base64; only the serial inside counts."""
    answer = answered()
    assert accept(answer, CLIENT) is True
    for encoding in (
        f"{answer.token}\n",
        f" {answer.token}",
        f"{answer.token[:8]}!{answer.token[8:]}",
    ):
        assert accept(answered(token=encoding), CLIENT) is False


def test_another_captcha_is_untouched_by_one_that_is_spent() -> None:
    first, second = answered("11111"), answered()
    assert accept(first, CLIENT) is False
    assert accept(second, CLIENT) is True


@pytest.mark.both_databases
def test_one_of_thirty_parallel_answers_counts() -> None:
    answer = answered()
    outcomes = at_once(30, lambda _: accept(answer, CLIENT))
    assert outcomes.count(True) == 1
    assert outcomes.count(False) == 29
    assert count(SpentCaptcha) == 1


@pytest.mark.both_databases
def test_only_one_of_parallel_guesses_is_compared() -> None:
    """The right one among them is refused unless it happens to come first."""
    token = answered().token
    outcomes = at_once(
        20, lambda number: accept(answered("12345" if number else "00000", token=token), CLIENT)
    )
    assert outcomes.count(True) <= 1
    assert outcomes[0] is False
    assert count(SpentCaptcha) == 1


@pytest.mark.parametrize("elsewhere", ["", "another browser's name", BROWSER + " ", "bröwser"])
def test_an_answer_from_another_browser_is_refused(elsewhere: str) -> None:
    assert accept(answered(browser=elsewhere), CLIENT) is False


def test_an_answer_given_on_another_form_is_refused() -> None:
    drawn_elsewhere = draw("daftar", BROWSER)  # type: ignore[arg-type]
    assert accept(answered(token=drawn_elsewhere), CLIENT) is False
    assert accept(answered(purpose="daftar"), CLIENT) is False
    both = CaptchaAnswer(draw("daftar", BROWSER), "12345", "daftar", BROWSER)  # type: ignore[arg-type]
    assert accept(both, CLIENT) is True


def test_a_captcha_lives_for_five_minutes(clock: Clock) -> None:
    in_time, too_late = answered(), answered()
    clock.advance(minutes=4, seconds=59)
    assert accept(in_time, CLIENT) is True
    clock.advance(seconds=1)
    assert accept(too_late, CLIENT) is False


GARBAGE = [
    "",
    " ",
    "=",
    "a",
    "abc",
    "====",
    "tidak",
    "not base64 at all !§$%",
    "ünïcödé",
    "\x00",
    "a" * 1_000_000,
    "=" * 1_000_000,
    "\x00" * 100,
    "\ud800\udfff",
    "AAAA" * 20,
    base64.urlsafe_b64encode(b"\x00" * 200).decode(),
    base64.urlsafe_b64encode(b'["serial", "12345", "masuk", "browser", 99999999999]').decode(),
]


@pytest.mark.parametrize("token", GARBAGE, ids=lambda token: ascii(token)[:30])
def test_a_token_that_the_server_did_not_make_is_refused(token: str) -> None:
    assert accept(answered(token=token), CLIENT) is False
    assert captcha.picture(token, BROWSER) is None
    assert count(SpentCaptcha) == 0


def test_a_token_of_which_any_byte_was_changed_is_refused() -> None:
    sealed = bytearray(base64.urlsafe_b64decode(draw(CaptchaPurpose.SIGN_IN, BROWSER)))
    for place in range(len(sealed)):
        changed = sealed.copy()
        changed[place] ^= 1
        token = base64.urlsafe_b64encode(changed).decode()
        assert captcha.picture(token, BROWSER) is None
    assert accept(answered(token=token), CLIENT) is False
    for length in range(len(sealed)):
        assert captcha.picture(base64.urlsafe_b64encode(sealed[:length]).decode(), BROWSER) is None


def test_drawing_and_looking_write_nothing(queries: QueryCounter) -> None:
    with queries.at_most(0):
        token = draw(CaptchaPurpose.SIGN_IN, BROWSER)
        assert captcha.picture(token, BROWSER) is not None
    assert accept(answered(token=token), CLIENT) is True


def test_a_captcha_drawn_before_the_secret_key_changed_still_counts(
    database: ConnectedDatabase,
) -> None:
    old = database.settings
    new = {"secret_key": "another-secret-key-with-many-letters-0123456789"}
    before, also_before = answered(), answered()
    bind_changed(**new, secret_key_fallbacks=(old.secret_key,))
    assert accept(before, CLIENT) is True
    bind_changed(**new, secret_key_fallbacks=())
    assert accept(also_before, CLIENT) is False


def test_what_expired_is_forgotten_and_nothing_else(clock: Clock) -> None:
    early = answered()
    assert accept(early, CLIENT) is True
    clock.advance(minutes=3)
    late = answered()
    assert accept(late, CLIENT) is True
    assert purged(SpentCaptcha) == 0
    clock.advance(minutes=1, seconds=59)
    assert purged(SpentCaptcha) == 0
    clock.advance(seconds=2)
    assert purged(SpentCaptcha) == 1
    assert purged(SpentCaptcha) == 0
    assert count(SpentCaptcha) == 1
    assert accept(late, CLIENT) is False, "a captcha came back to life"
    assert accept(early, CLIENT) is False, "a captcha came back to life"


def test_purging_at_the_last_moment_makes_no_captcha_usable_again(clock: Clock) -> None:
    answer = answered()
    assert accept(answer, CLIENT) is True
    clock.advance(seconds=captcha.LIFE.total_seconds())
    purged(SpentCaptcha)
    assert accept(answer, CLIENT) is False
