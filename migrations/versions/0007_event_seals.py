"""event seals"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

# SQLite counts rows only with plain INTEGER keys.
Id = sa.BigInteger().with_variant(sa.Integer, "sqlite")

# What nobody changes, by table. The rotation of data keys writes a source anew.
KEPT = {
    "security_events": "id happened_at kind account_id count session_id user_agent",
    "event_seals": "id after_id last_id entries previous digest sealed_at",
}


def upgrade() -> None:
    op.create_table(
        "event_seals",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("after_id", Id, nullable=False),
        sa.Column("last_id", Id, nullable=False),
        sa.Column("entries", sa.LargeBinary(), nullable=False),
        sa.Column("previous", sa.LargeBinary(length=32), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_event_seals"),
        sa.UniqueConstraint("after_id", name="uq_event_seals_after_id"),
    )
    if op.get_bind().dialect.name == "sqlite":
        keep_on_sqlite()
    else:
        keep_on_postgresql()


def keep_on_sqlite() -> None:
    for table, columns in KEPT.items():
        refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is only ever added to'); END"
        op.execute(f"CREATE TRIGGER {table}_stay BEFORE DELETE ON {table} {refuse}")
        # Compared by value: "UPDATE OF id" would not notice that "rowid" is set.
        is_changed = f"{row('NEW', columns)} IS NOT {row('OLD', columns)}"
        op.execute(
            f"CREATE TRIGGER {table}_unchanged BEFORE UPDATE ON {table} WHEN {is_changed} {refuse}"
        )
    # "INSERT OR REPLACE" deletes without asking the trigger of DELETE.
    op.execute(
        "CREATE TRIGGER security_events_not_replaced BEFORE INSERT ON security_events"
        " WHEN NEW.id IN (SELECT id FROM security_events)"
        " BEGIN SELECT RAISE(ABORT, 'security_events is only ever added to'); END"
    )


def keep_on_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION only_added_to() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION '% is only ever added to', TG_TABLE_NAME; END $$"
    )
    for table, columns in KEPT.items():
        op.execute(
            f"CREATE TRIGGER {table}_stay BEFORE DELETE OR TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION only_added_to()"
        )
        is_changed = f"{row('NEW', columns)} IS DISTINCT FROM {row('OLD', columns)}"
        op.execute(
            f"CREATE TRIGGER {table}_unchanged BEFORE UPDATE ON {table}"
            f" FOR EACH ROW WHEN ({is_changed}) EXECUTE FUNCTION only_added_to()"
        )


def row(version: str, columns: str) -> str:
    return "({})".format(", ".join(f'{version}."{it}"' for it in columns.split()))


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER security_events_not_replaced")
        op.execute("DROP TRIGGER security_events_unchanged")
        op.execute("DROP TRIGGER security_events_stay")
    else:
        op.execute("DROP FUNCTION only_added_to() CASCADE")
    op.drop_table("event_seals")
