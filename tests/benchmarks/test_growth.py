"""The measurement of growth tells whole scans from indexes."""

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import aliased

from benchmarks.plans import Plan, Sent, explained, large_tables, noted
from jkn.database import blind_index, session, transaction
from jkn.models import Account, Participant
from jkn.sample.grown_people import family
from jkn.sample.growth import grow
from jkn.services.basics import clock
from tests.support.world.connected import ConnectedDatabase
from tests.support.world.databases import ROOT

pytestmark = pytest.mark.both_databases


@pytest.fixture
def grown(database: ConnectedDatabase) -> ConnectedDatabase:
    grow(1_200, today=clock.today())
    return database


def plans(database: ConnectedDatabase, sent: list[Sent]) -> list[Plan]:
    return explained(database.engine, sent, large_tables(database.engine))


def test_what_is_found_by_an_index_is_told_from_what_is_read_whole(
    grown: ConnectedDatabase,
) -> None:
    born = family(3).members[0].birth_date
    digests = blind_index("participants.nik", family(3).members[0].nik)
    with noted(grown.engine) as sent:
        session.execute(select(Participant.id).where(Participant.nik_index.in_(digests)))
        session.execute(select(Participant.id).where(Participant.birth_date == born))
        session.execute(select(Account.id).order_by(Account.id))
    session.rollback()
    found, whole, small = plans(grown, sent)
    assert (found.statement, found.full_scans) == ("SELECT participants", ())
    assert "nik_index" in found.steps[0] or "autoindex" in found.steps[0]
    assert (whole.statement, whole.full_scans) == ("SELECT participants", ("participants",))
    assert whole.steps == ("participants WHOLE",)
    # 338 accounts: to read them all is as good as any index.
    assert (small.steps, small.full_scans) == (("accounts WHOLE",), ())


def test_a_table_that_is_read_whole_is_seen_under_another_name_and_in_a_change(
    grown: ConnectedDatabase,
) -> None:
    born = family(3).members[0].birth_date
    other = aliased(Participant)
    same_family = other.family_id == Participant.family_id
    with noted(grown.engine) as sent, transaction():
        session.execute(select(Participant.id).join(other, same_family).where(other.sex == "F"))
        session.execute(
            update(Participant).where(Participant.birth_date == born).values(care_class="1")
        )
    for plan in plans(grown, sent):
        assert set(plan.full_scans) == {"participants"}


def test_to_look_at_the_plan_of_a_change_changes_nothing(grown: ConnectedDatabase) -> None:
    change = delete(Account).where(Account.name != "").returning(Account.id)
    with noted(grown.engine) as sent:
        there = len(session.execute(change).all())
        session.rollback()
    (plan,) = plans(grown, sent)
    assert plan.statement == "DELETE accounts"
    assert len(session.scalars(select(Account.id)).all()) == there > 300


def test_the_whole_measurement_runs_and_finds_every_query_by_an_index(tmp_path: Path) -> None:
    command = [
        sys.executable, "-m", "benchmarks.growth", "--sizes", "300,1200",
        "--facilities", "2000", "--databases", "sqlite", "--rounds", "1", "--keep", str(tmp_path),
    ]  # fmt: skip
    outputs = []
    for _ in range(2):
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        outputs.append(done.stdout)
    first, second = outputs
    for words in ("Masuk by NIK", "Masuk by card number", "Beranda", "1,200", "a regency, nearest"):
        assert words in first
    assert "✗" not in first
    assert "1,200 participants grown in" in first
    assert "grown in" not in second
