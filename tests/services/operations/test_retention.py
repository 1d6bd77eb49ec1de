"""How long rows are kept: each table has a rule, or a reason to be kept."""

from datetime import timedelta

import pytest

from jkn.database import Base, session, transaction
from jkn.models import SpentCaptcha
from jkn.services.basics import clock as service_clock
from jkn.services.operations import retention
from tests.support.calls.sign_in_calls import count
from tests.support.world.clock import Clock

pytestmark = pytest.mark.usefixtures("database")

# The tables without a rule, and why they are kept.
STAYS = {
    "accounts": "until its owner asks for deletion",
    "consents": "proof of what was agreed to",
    "event_seals": "of a record that is only added to",
    "facilities": "the country's own",
    "facility_words": "by which these are found",
    "families": "the membership",
    "member_changes": "what was true when",
    "notifications": "the whole history is shown",
    "participants": "the membership",
    "passkey_offers": "one an account",
    "passkeys": "until they are removed",
    "periodic_runs": "one row a kind of work",
    "registry_people": "stand for a registry outside",
    "security_events": "a record that is only added to",
    "sign_in_sessions": "named by that record",
    "simulated_messages": "stand for a world outside",
}


def test_every_table_has_a_rule_or_stays_for_a_reason() -> None:
    deleted = {it.table.name for it in retention.rules()}
    assert not deleted & set(STAYS)
    assert deleted | set(STAYS) == set(Base.metadata.tables)


def test_a_purge_goes_on_until_nothing_is_left(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "_BATCH", 2)
    with transaction():
        expires_at = service_clock.now() + timedelta(minutes=1)
        session.add_all(
            SpentCaptcha(serial=bytes([it]) * 16, expires_at=expires_at) for it in range(5)
        )
    clock.advance(minutes=2)
    assert retention.purge() == 5
    assert count(SpentCaptcha) == 0
