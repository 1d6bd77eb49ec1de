"""The automatic check: one proof, one try, for one form and one browser (security.md R08, R11)."""

import copy
from typing import Any

import pytest
from altcha import Challenge, create_challenge, solve_challenge
from hypothesis import given
from hypothesis import strategies as st

from jkn.models import SpentCaptcha
from jkn.services.credentials import captcha, captcha_work
from jkn.services.credentials.captcha import CaptchaAnswer, CaptchaPurpose, accept, draw
from jkn.settings import Settings
from tests.support.calls.sign_in_calls import BROWSER, CLIENT, answered, count, recorded
from tests.support.clients.captcha_solver import proof_of, solved, written
from tests.support.world.at_once import at_once
from tests.support.world.clock import Clock
from tests.support.world.connected import ConnectedDatabase, bind_changed
from tests.support.world.queries import QueryCounter

pytestmark = pytest.mark.usefixtures("database")


def asked() -> dict[str, Any]:
    """A challenge as the browser gets it."""
    return captcha.work(CaptchaPurpose.SIGN_IN, BROWSER)


def proved(proof: str = "", **changes: str) -> CaptchaAnswer:
    """The answer of a form with a proof and without digits."""
    return answered("", proof=proof or proof_of(asked()), **changes)


def test_a_proof_is_accepted_without_digits() -> None:
    assert accept(proved(), CLIENT) is True
    assert recorded() == []


def test_a_proof_needs_no_picture() -> None:
    assert accept(proved(token=""), CLIENT) is True


def test_asking_for_work_writes_nothing(queries: QueryCounter) -> None:
    with queries.at_most(0):
        asked()


def test_a_proof_counts_once() -> None:
    answer = proved()
    assert accept(answer, CLIENT) is True
    assert accept(answer, CLIENT) is False
    assert recorded() == [("authn_captcha_fail", None, None)]


@pytest.mark.both_databases
def test_one_of_twenty_parallel_proofs_counts() -> None:
    answer = proved()
    outcomes = at_once(20, lambda _: accept(answer, CLIENT))
    assert outcomes.count(True) == 1
    assert outcomes.count(False) == 19
    assert count(SpentCaptcha) == 1


def test_a_proof_written_differently_is_the_same_proof() -> None:
    payload = solved(asked())
    assert accept(proved(written(payload)), CLIENT) is True
    payload["solution"]["counter"] += 1
    payload["solution"]["time"] = 3.5
    payload["challenge"]["more"] = "words"
    for encoding in (written(payload), written(payload) + "\n", written(payload).rstrip("=")):
        assert accept(proved(encoding), CLIENT) is False


def test_digits_do_not_mend_a_proof() -> None:
    """Only the proof is judged when both are sent."""
    spent = proof_of(asked())
    assert accept(proved(spent), CLIENT) is True
    assert accept(answered("12345", proof=spent), CLIENT) is False
    assert accept(answered("12345", proof="tidak"), CLIENT) is False


def test_digits_and_proof_together_make_one_try() -> None:
    answer = answered("12345", proof=proof_of(asked()))
    assert accept(answer, CLIENT) is True
    assert accept(answer, CLIENT) is False


def test_the_picture_of_a_challenge_gives_no_second_try() -> None:
    """The token inside a challenge also has a picture, but counts only once."""
    challenge = asked()
    token = challenge["parameters"]["data"]["token"]
    assert accept(proved(proof_of(challenge)), CLIENT) is True
    assert accept(answered("12345", token=token), CLIENT) is False


@pytest.mark.parametrize("browser", ["", "another browser's name", BROWSER + " ", "bröwser"])
def test_a_proof_from_another_browser_is_refused(browser: str) -> None:
    assert accept(proved(browser=browser), CLIENT) is False


def test_a_proof_given_on_another_form_is_refused() -> None:
    elsewhere = captcha.work("daftar", BROWSER)  # type: ignore[arg-type]
    assert accept(proved(proof_of(elsewhere)), CLIENT) is False
    assert accept(proved(purpose="daftar"), CLIENT) is False


def test_a_proof_lives_for_five_minutes_from_the_asking(clock: Clock) -> None:
    in_time, too_late = proved(), proved()
    clock.advance(minutes=4, seconds=59)
    assert accept(in_time, CLIENT) is True
    clock.advance(seconds=2)
    assert accept(too_late, CLIENT) is False


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("cost", 1),
        ("keyPrefix", ""),
        ("keyPrefix", "00"),
        ("keyLength", 1),
        ("algorithm", "SHA-256"),
        ("nonce", "00" * 16),
        ("salt", "00" * 16),
        ("keySignature", None),
        ("expiresAt", 99999999999),
        ("data", None),
        ("data", {}),
        ("data", "token"),
    ],
)
def test_a_challenge_that_was_made_easier_is_refused(name: str, value: object) -> None:
    challenge = asked()
    if value is None:
        del challenge["parameters"][name]
    else:
        challenge["parameters"][name] = value
    easier = Challenge.from_dict(challenge)
    solution = solve_challenge(easier, timeout=1)
    key = solution.derived_key if solution else "00" * 32
    payload = {"challenge": challenge, "solution": {"counter": 0, "derivedKey": key}}
    assert accept(proved(written(payload)), CLIENT) is False
    assert count(SpentCaptcha) == 0


def test_a_challenge_of_somebody_elses_making_is_refused() -> None:
    token = draw(CaptchaPurpose.SIGN_IN, BROWSER)
    for secret in (None, "secret", b"\x00" * 32):
        made = create_challenge(
            "PBKDF2/SHA-256", 1, counter=0, data={"token": token}, hmac_secret=secret
        )
        assert accept(proved(proof_of(made.to_dict())), CLIENT) is False


def test_the_token_of_another_challenge_is_refused() -> None:
    """One piece of work must not serve other tokens, which cost nothing."""
    payload = solved(asked())
    payload["challenge"]["parameters"]["data"]["token"] = draw(CaptchaPurpose.SIGN_IN, BROWSER)
    assert accept(proved(written(payload)), CLIENT) is False


def test_the_solution_of_another_challenge_is_refused() -> None:
    first, second = solved(asked()), solved(asked())
    mixed = {"challenge": first["challenge"], "solution": second["solution"]}
    assert accept(proved(written(mixed)), CLIENT) is False


def test_a_proof_that_was_blown_up_is_not_even_read() -> None:
    payload = solved(asked())
    assert len(written(payload)) < 1500
    payload["more"] = "x" * 4096
    assert accept(proved(written(payload)), CLIENT) is False


def test_half_the_key_is_not_enough() -> None:
    payload = solved(asked())
    payload["solution"]["derivedKey"] = payload["challenge"]["parameters"]["keyPrefix"]
    assert accept(proved(written(payload)), CLIENT) is False


def test_a_sealed_token_alone_is_no_proof() -> None:
    assert accept(proved(draw(CaptchaPurpose.SIGN_IN, BROWSER)), CLIENT) is False


PAYLOAD_PARTS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=8,
)


@given(part=PAYLOAD_PARTS, place=st.sampled_from(["all", "challenge", "parameters", "solution"]))
def test_no_payload_makes_it_fail(part: object, place: str) -> None:
    payload: Any = copy.deepcopy(_SOME_PAYLOAD)
    if place == "all":
        payload = part
    elif place == "parameters":
        payload["challenge"]["parameters"] = part
    else:
        payload[place] = part
    assert captcha_work.proved_token(written(payload)) is None


_SOME_PAYLOAD = {
    "challenge": {"parameters": {"algorithm": "SHA-256", "cost": 1}, "signature": "00"},
    "solution": {"counter": 0, "derivedKey": "00"},
}


@pytest.mark.parametrize(
    "proof",
    ["a", "=", "not base64 §", "\x00", "\ud800", "[" * 4000, "A" * 1_000_000, "bnVsbA==",
     "W1tbW1tbW1tbW10=", "eyJjaGFsbGVuZ2UiOiAxfQ=="],
    ids=lambda proof: ascii(proof)[:20],
)  # fmt: skip
def test_a_proof_that_no_browser_sends_is_a_wrong_one(proof: str) -> None:
    assert accept(proved(proof), CLIENT) is False


@pytest.mark.settings(captcha_work=7)
def test_the_setting_bounds_the_work() -> None:
    counters = {solved(asked())["solution"]["counter"] for _ in range(150)}
    assert counters == set(range(7))


def test_a_challenge_tells_less_than_its_solution() -> None:
    challenge = asked()
    key = solved(challenge)["solution"]["derivedKey"]
    assert key not in str(challenge)
    assert key[:32] == challenge["parameters"]["keyPrefix"]
    assert challenge["parameters"]["cost"] == 1000


def test_a_proof_made_before_the_secret_key_changed_still_counts(
    database: ConnectedDatabase,
) -> None:
    old = database.settings
    new = {"secret_key": "another-secret-key-with-many-letters-0123456789"}
    before, also_before = proved(), proved()
    bind_changed(**new, secret_key_fallbacks=(old.secret_key,))
    assert accept(before, CLIENT) is True
    assert accept(proved(), CLIENT) is True
    bind_changed(**new, secret_key_fallbacks=())
    assert accept(also_before, CLIENT) is False


@pytest.mark.parametrize(("work", "is_refused"), [(1, True), (249, True), (250, False)])
def test_production_refuses_work_that_costs_a_robot_nothing(work: int, is_refused: bool) -> None:
    problems = Settings(env="production", captcha_work=work).problems()
    assert any("JKN_CAPTCHA_WORK" in it for it in problems) is is_refused
