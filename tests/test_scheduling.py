"""Tests of one group run in one worker, so that what they share is made once."""

import pytest


@pytest.mark.xdist_group("a group")
@pytest.mark.parametrize("kind", ["first", "second"])
def test_a_group_stands_behind_the_name_where_the_scheduler_looks(
    request: pytest.FixtureRequest, worker_id: str, kind: str
) -> None:
    group = "" if worker_id == "master" else "@a group"
    assert request.node.nodeid.endswith(f"[{kind}]{group}")
