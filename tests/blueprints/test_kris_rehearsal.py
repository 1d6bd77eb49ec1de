"""The rehearsal of a change of law: classes 1 to 3 end, and the standard class (KRIS) begins, by
added lines alone. What people see is right until the last minute before, and from the first one on.
"""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from jkn.models import ParticipantKind, Segment
from jkn.services.basics import clock as today_clock
from jkn.services.basics.dated_rules import care_class_on, care_classes_on, price_on
from jkn.services.basics.rule_book import Price
from tests.support.clients.page_client import PageClient
from tests.support.steps.sign_in_steps import sign_in
from tests.support.world.clock import Clock
from tests.support.world.connected import bind_changed
from tests.support.world.factories import make_account, make_family, make_participant
from tests.support.world.rule_folders import PACKAGED, bring_kris, copied_rules

EVE = datetime(2026, 6, 30, 23, 59, tzinfo=ZoneInfo("Asia/Jakarta"))
KRIS = "Kelas Rawat Inap Standar"
WORKER = ParticipantKind.SELF_EMPLOYED
PRICES = {"1": Price(150_000, 0), "2": Price(100_000, 0), "3": Price(35_000, 7_000)}


@pytest.fixture
def rehearsal(client: PageClient, tmp_path: Path) -> Path:
    """The rules in force, with KRIS from 1 July 2026 on."""
    rules = copied_rules(tmp_path)
    bring_kris(rules, "2026-07-01")
    bind_changed(rules_dir=rules)
    return rules


def test_the_rehearsal_only_adds_lines(rehearsal: Path) -> None:
    files = sorted(it.name for it in PACKAGED.glob("*.csv"))
    assert files == sorted(it.name for it in rehearsal.glob("*.csv"))
    for file in files:
        before, after = (PACKAGED / file).read_text(), (rehearsal / file).read_text()
        assert after.startswith(before)


@pytest.mark.parametrize("code", PRICES)
def test_beranda_card_info_and_price_turn_at_midnight_in_jakarta(
    code: str, client: PageClient, clock: Clock, rehearsal: Path
) -> None:
    clock.set(EVE)
    family = make_family(paid_through=EVE.date().replace(day=1))
    own, child = (
        make_participant(family, care_class=code, segment=Segment.PBPU, kind=WORKER)
        for _ in range(2)
    )
    sign_in(client, make_account(own))

    for name, other, price, classes in (
        (f"Kelas {code}", KRIS, PRICES[code], ["1", "2", "3"]),
        (KRIS, f"Kelas {code}", Price(60_000, 5_000), ["kris"]),
    ):
        for page in ("/beranda", "/kartu", f"/kartu/{child.id}"):
            client.get(page)
            assert name in client.text
            assert other not in client.text
        client.get(f"/peserta/{child.id}")
        assert name in client.text
        assert other not in client.text
        paid = f"{price.paid:,}".replace(",", ".")
        assert f"Iuran Rp{paid} per orang setiap bulan" in client.text
        today = today_clock.today()
        assert care_class_on(code, today).name == name
        assert [it.code for it in care_classes_on(today)] == classes
        assert price_on(code, WORKER, today) == price
        clock.advance(minutes=1)
