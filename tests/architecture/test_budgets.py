"""What a slow phone has to load stays within the budgets, and a breach is noticed."""

from collections.abc import Iterator

import pytest

from benchmarks import pages, weighing
from benchmarks.weighing import Weights
from tests.support.rules import budgets
from tests.support.world.running_app import running_app

NAMES = [name for name, value in vars(budgets).items() if name.isupper() and name[0] != "_"]
# Budgets that are checked elsewhere: fragments in every test (rules/answers.py), layout shift in a
# browser, Lighthouse by a command of its own. What a captcha adds to a page is no budget of its
# own.
ELSEWHERE = {
    *("FRAGMENT", "LAYOUT_SHIFT"),
    *("PERFORMANCE", "ACCESSIBILITY", "BEST_PRACTICES"),
}

pytestmark = [pytest.mark.xdist_group("budgets"), pytest.mark.starts_app]


@pytest.fixture(scope="module")
def weights() -> Iterator[Weights]:
    """Every page and file of the sample world, weighed once."""
    with running_app() as app:
        yield weighing.weigh(app, pages.PERSON)


def test_everything_is_within_its_budget(weights: Weights) -> None:
    assert weighing.broken(weights) == []


@pytest.mark.parametrize("name", sorted(set(NAMES) - ELSEWHERE))
def test_a_budget_that_is_too_low_is_named(
    weights: Weights, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(budgets, name, 0)
    assert weighing.broken(weights) != []


def test_the_command_fails_on_a_broken_budget(
    weights: Weights, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert pages.print_verdict(weights) == 0
    monkeypatch.setattr(budgets, "JS", 1)
    assert pages.print_verdict(weights) == 1
    assert "Over budget: JS is " in capsys.readouterr().out
