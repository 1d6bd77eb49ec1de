"""Metrics count what was committed, with labels of ours."""

from collections.abc import Iterator

import pytest

from jkn.database import session, transactional
from jkn.models import Ceremony, Channel
from jkn.services.basics import metrics
from jkn.services.basics.metrics import MetricName
from jkn.services.credentials import one_time_codes, passwords
from jkn.services.credentials.one_time_codes import Recipient
from jkn.services.passkeys import passkey_devices
from jkn.services.passkeys.passkey_ceremonies import CeremonyRefusal
from tests.support.calls.code_calls import ask, asked_by, code_in, give, waiting
from tests.support.calls.passkey_calls import member, passkeys_of
from tests.support.calls.sign_in_calls import CLIENT, answered, enter
from tests.support.rules.canaries import CANARIES
from tests.support.world.clock import Clock
from tests.support.world.connected import ConnectedDatabase
from tests.support.world.factories import make_account, new_nik, new_phone

pytestmark = pytest.mark.usefixtures("database")

Counted = list[tuple[str, ...]]


@pytest.fixture
def counted(database: ConnectedDatabase) -> Iterator[Counted]:
    """What was counted so far."""
    so_far: Counted = []
    metrics.collector.provide(lambda what, labels: so_far.append((what.value, *labels)))
    yield so_far
    assert not CANARIES.found_in(str(so_far))


@pytest.mark.settings(web_threads=2)
def test_each_way_that_signing_in_ends_has_its_word(counted: Counted) -> None:
    account = make_account()
    enter(account.nik)
    enter(account.nik, "bukan kata sandinya")
    enter(new_nik(account.birth_date), "bukan kata sandinya")
    enter(account.nik, answer=answered("54321"))
    for _ in range(4):
        enter(account.nik, "bukan kata sandinya")
    enter(account.nik)
    with passwords.turn():
        enter(account.nik)
    words = ["signed_in", "no_match", "no_match", "wrong_captcha", *["no_match"] * 4, "wait",
             "busy"]  # fmt: skip
    assert counted == [("sign_ins", it) for it in words]


def test_each_way_that_a_fingerprint_ends_has_its_word(counted: Counted, clock: Clock) -> None:
    """Fingerprints are counted apart from passwords, since an attacker tries one or the other."""
    person, sign_in = member(), Ceremony.SIGN_IN
    person.use(sign_in)
    person.send(sign_in, "{}")
    person.use(sign_in, rp_id="jkn.example.org")
    asked = person.ask(sign_in)
    clock.advance(minutes=6)
    person.send(sign_in, person.answer(sign_in, asked))
    (key,) = passkeys_of(person.account_id)
    passkey_devices.remove(person.account, key.id, CLIENT)
    person.use(sign_in)
    words = ["signed_in", "unreadable", "no_match", "expired", "unknown"]
    assert counted == [("sign_ins", f"passkey_{it}") for it in words]
    assert set(words) == {"signed_in", *(it.value for it in CeremonyRefusal)}


def test_each_way_that_a_code_goes_has_its_word_by_purpose(counted: Counted, clock: Clock) -> None:
    asked = asked_by(make_account().nik)
    ask(asked, new_phone())
    code = code_in(waiting()[-1].text)
    give(asked, "bukan kode")
    give(asked, f"{(int(code) + 1) % 1_000_000:06}")
    give(asked, code)
    clock.advance(minutes=2)
    ask(asked, new_phone())
    late = code_in(waiting()[-1].text)
    clock.advance(minutes=11)
    give(asked, late)
    words = ["asked", "wrong", "confirmed", "asked", "expired"]
    assert counted == [("codes", "recovery", it) for it in words]


def test_a_code_that_a_rate_limit_holds_back_is_counted_by_a_word_of_its_own(
    counted: Counted,
) -> None:
    """The person sees no difference; operators see a flood, or a rate limit that is too small."""
    for number in range(25):
        ask(asked_by(f"32760517038400{number:02}"), f"+628123456{number:04}")
    assert counted.count(("codes", "recovery", "asked")) == 20
    assert counted.count(("codes", "recovery", "held_back")) == 5


def test_a_code_for_nobody_is_counted_like_any_other(counted: Counted) -> None:
    """Otherwise the metrics would tell who has an account."""
    ask(asked_by(new_nik(make_account().birth_date)), None)
    assert counted == [("codes", "recovery", "asked")]


def test_what_is_rolled_back_is_not_counted(counted: Counted) -> None:
    @transactional
    def break_off() -> None:
        to = Recipient(Channel.SMS, new_phone())
        one_time_codes.send(asked_by("3276051703840001"), to, CLIENT)
        assert counted == []
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        break_off()
    assert counted == []


def test_nothing_is_kept_where_nobody_keeps_figures() -> None:
    metrics.count(MetricName.SIGN_INS, "signed_in")
    assert not session().in_transaction()
