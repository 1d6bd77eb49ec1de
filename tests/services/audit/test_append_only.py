"""Events and seals of the audit log can only be added: the database itself refuses more."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from jkn.database import session
from jkn.models import AuditEvent, AuditSeal
from jkn.services.audit import audit_seals
from tests.support.calls.seal_calls import findings, happen, seal_each
from tests.support.world.connected import ConnectedDatabase
from tests.support.world.factories import make_account

pytestmark = pytest.mark.both_databases

TABLES = {"security_events": AuditEvent, "event_seals": AuditSeal}
# Another value for every column.
_OTHER = {
    "id": "999",
    "happened_at": "'2026-05-02 02:30:00.000001'",
    "kind": "'authn_login_success'",
    "account_id": "NULL",
    "count": "0",
    "session_id": "1",
    "user_agent": "''",
    "after_id": "999",
    "last_id": "999",
    "entries": "digest",
    "previous": "digest",
    "digest": "previous",
    "sealed_at": "'2026-05-02 02:30:00.000001'",
}


@pytest.fixture(autouse=True)
def _sealed(database: ConnectedDatabase) -> None:
    happen(2, account_id=make_account().id)
    assert audit_seals.seal_due() == 2
    seal_each(1)


def run(database: ConnectedDatabase, statement: str) -> None:
    session.remove()
    with database.engine.begin() as connection:
        connection.execute(text(statement))


def refused(database: ConnectedDatabase, statement: str) -> None:
    with pytest.raises(DBAPIError, match="is only ever added to"):
        run(database, statement)
    assert findings() == []


def test_every_column_but_the_source_is_kept() -> None:
    columns = {it.name for table in TABLES.values() for it in table.__table__.columns}
    assert columns == {*_OTHER, "source"}


@pytest.mark.parametrize("table", TABLES)
def test_no_row_is_deleted(database: ConnectedDatabase, table: str) -> None:
    refused(database, f"DELETE FROM {table} WHERE id = 1")
    refused(database, f"DELETE FROM {table}")


@pytest.mark.parametrize(
    ("table", "column"),
    [
        (table, it.name)
        for table, model in TABLES.items()
        for it in model.__table__.columns
        if it.name != "source"
    ],
)
def test_no_value_is_changed(database: ConnectedDatabase, table: str, column: str) -> None:
    refused(database, f"UPDATE {table} SET {column} = {_OTHER[column]} WHERE id = 1")


def test_only_the_source_is_written_anew(database: ConnectedDatabase) -> None:
    run(database, "UPDATE security_events SET source = source")
    assert findings() == []
    refused(database, "UPDATE security_events SET source = source, user_agent = ''")


@pytest.mark.parametrize("database_copies", ["sqlite"], indirect=True)
def test_no_row_is_replaced_or_renumbered_by_its_other_name(database: ConnectedDatabase) -> None:
    refused(database, "INSERT OR REPLACE INTO security_events SELECT * FROM security_events")
    refused(database, "UPDATE security_events SET rowid = 999 WHERE id = 1")


@pytest.mark.parametrize("database_copies", ["postgresql"], indirect=True)
@pytest.mark.parametrize("table", TABLES)
def test_no_table_is_emptied(database: ConnectedDatabase, table: str) -> None:
    refused(database, f"TRUNCATE {table} CASCADE")
