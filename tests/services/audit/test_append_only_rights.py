"""The rights that `docs/operating.md` grants on PostgreSQL are just enough for the app's role."""

import base64
import re
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, event, text
from sqlalchemy.exc import DBAPIError

from jkn.database import connect, session
from jkn.services.audit import audit_seals
from jkn.services.operations import key_rotation
from tests.support.calls.seal_calls import findings, happen
from tests.support.calls.sign_in_calls import entered
from tests.support.world.clock import Clock
from tests.support.world.connected import ConnectedDatabase, close_session
from tests.support.world.databases import ROOT
from tests.support.world.factories import make_account

pytestmark = pytest.mark.parametrize("database_copies", ["postgresql"], indirect=True)

NEW_KEY = base64.b64encode(bytes(range(100, 132))).decode()


def documented() -> list[str]:
    blocks = re.findall(
        r"```sql\n(.*?)```", (ROOT / "docs" / "operating.md").read_text(), re.DOTALL
    )
    (rights,) = [it for it in blocks if "security_events" in it]
    return [it.strip() for it in rights.split(";") if it.strip()]


@pytest.fixture
def as_the_app(database: ConnectedDatabase) -> Iterator[None]:
    """In this fixture, session and services have the rights of the app's role and a new data
    key."""
    with database.engine.begin() as owner:
        owner.execute(text("CREATE ROLE jkn_app"))
        for statement in documented():
            owner.execute(text(statement))
    close_session()
    (old,) = database.settings.data_key
    engine = connect(database.settings.model_copy(update={"data_key": (NEW_KEY, old)}))

    @event.listens_for(engine, "connect")
    def take_the_role(connection: Any, _record: object) -> None:
        connection.execute("SET ROLE jkn_app")
        connection.commit()

    yield
    close_session()
    with database.engine.begin() as owner:
        owner.execute(text("DROP OWNED BY jkn_app"))
        owner.execute(text("DROP ROLE jkn_app"))


@pytest.fixture
def nik(database: ConnectedDatabase) -> str:
    happen(2)
    return make_account().nik


def test_they_are_enough_for_everything_the_app_does(
    nik: str, as_the_app: None, clock: Clock
) -> None:
    assert session.scalar(text("SELECT current_user")) == "jkn_app"
    entered(nik)
    clock.advance(hours=1)
    assert audit_seals.seal_due() == 3
    assert dict(key_rotation.rotate())["security_events"] == 2
    assert findings() == []


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM security_events",
        "TRUNCATE security_events",
        "UPDATE security_events SET user_agent = ''",
        "UPDATE security_events SET id = 99",
        "DELETE FROM event_seals",
        "UPDATE event_seals SET digest = previous",
        "ALTER TABLE security_events DISABLE TRIGGER ALL",
        "UPDATE alembic_version SET version_num = '9999'",
    ],
)
def test_the_app_cannot_change_the_audit_log(nik: str, as_the_app: None, statement: str) -> None:
    audit_seals.seal_due()
    connection: Connection = session.connection()
    with pytest.raises(DBAPIError, match=r"permission denied|must be owner"):
        connection.execute(text(statement))
    session.rollback()
    assert findings() == []
