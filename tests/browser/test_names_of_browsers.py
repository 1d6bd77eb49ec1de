"""Scripts call nothing that the oldest browsers of docs/experience.md lack, but for what is noted
with what they get instead. Only a browser can tell its names from ours."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from jkn import assets
from tests.support.clients.chromium import await_service_worker
from tests.support.compatibility import script_features, served, table

pytestmark = pytest.mark.service_worker


def test_every_name_that_scripts_call_is_in_the_table(page: Page, tmp_path: Path) -> None:
    page.goto("/masuk")
    await_service_worker(page)
    # As text: a page without scripts, which put names of their own into it.
    page.goto("/sw.js")
    found = served.names(page)
    known = table.features()
    assert sorted(found - known.keys() - table.long_known()) == []
    # Nothing is kept in the table that is used no more.
    used = found.union(*served.without_names(assets.prepare(tmp_path)).values())
    assert sorted(known.keys() - used) == []


def test_a_browser_knows_its_names_from_ours(page: Page) -> None:
    page.goto("/masuk")
    script = "[].at(-1); structuredClone(Tombol.ours); AbortSignal.timeout(1); a.toSorted(); kunci"
    candidates = script_features.names(script_features.tokens(script))
    assert script_features.platform_names(page, candidates) == {
        ".at", ".toSorted", "structuredClone", "AbortSignal", "AbortSignal.timeout",
    }  # fmt: skip
