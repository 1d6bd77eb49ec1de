"""codes, outbox and notifications"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# SQLite counts rows only with plain INTEGER keys.
Id = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "one_time_codes",
        sa.Column("id", Id, nullable=False),
        sa.Column("asked_for", sa.LargeBinary(length=32), nullable=False),
        sa.Column("code_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_one_time_codes"),
    )
    op.create_index("ix_one_time_codes_asked_for", "one_time_codes", ["asked_for"], unique=False)
    op.create_index(
        "ix_one_time_codes_code_digest", "one_time_codes", ["code_digest"], unique=False
    )
    op.create_index("ix_one_time_codes_expires_at", "one_time_codes", ["expires_at"], unique=False)
    op.create_table(
        "outbox_messages",
        sa.Column("id", Id, nullable=False),
        sa.Column("stable_id", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("topic", sa.String(length=40), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("gateway", sa.String(length=40), nullable=True),
        sa.Column("delivery_id", sa.String(length=200), nullable=True),
        sa.Column("problem", sa.String(length=200), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_outbox_messages"),
        sa.UniqueConstraint("stable_id", name="uq_outbox_messages_stable_id"),
    )
    op.create_index(
        "ix_outbox_messages_due_at", "outbox_messages", ["state", "due_at"], unique=False
    )
    op.create_index(
        "ix_outbox_messages_state", "outbox_messages", ["state", "finished_at"], unique=False
    )
    op.create_table(
        "periodic_runs",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_periodic_runs"),
    )
    op.create_table(
        "sending_logs",
        sa.Column("key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("sent_1", sa.BigInteger(), nullable=False),
        sa.Column("sent_2", sa.BigInteger(), nullable=False),
        sa.Column("sent_3", sa.BigInteger(), nullable=False),
        sa.Column("sent_4", sa.BigInteger(), nullable=False),
        sa.Column("sent_5", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_sending_logs"),
    )
    op.create_index("ix_sending_logs_sent_1", "sending_logs", ["sent_1"], unique=False)
    op.create_table(
        "simulated_messages",
        sa.Column("id", Id, nullable=False),
        sa.Column("stable_id", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("recipient", sa.LargeBinary(), nullable=False),
        sa.Column("subject", sa.LargeBinary(), nullable=True),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("html", sa.LargeBinary(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_simulated_messages"),
        sa.UniqueConstraint("stable_id", name="uq_simulated_messages_stable_id"),
    )
    op.create_table(
        "notifications",
        sa.Column("id", Id, nullable=False),
        sa.Column("account_id", Id, nullable=False),
        sa.Column("topic", sa.String(length=40), nullable=False),
        sa.Column("facts", sa.LargeBinary(), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name="fk_notifications_account_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_notifications"),
    )
    op.create_index(
        "ix_notifications_account_id", "notifications", ["account_id", "id"], unique=False
    )
    op.create_index(
        "ix_notifications_unread",
        "notifications",
        ["account_id"],
        unique=False,
        sqlite_where=sa.text("read_at IS NULL"),
        postgresql_where=sa.text("read_at IS NULL"),
    )
    op.create_index("ix_known_devices_account_id", "known_devices", ["account_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_known_devices_account_id", table_name="known_devices")
    op.drop_index("ix_notifications_unread", table_name="notifications")
    op.drop_index("ix_notifications_account_id", table_name="notifications")
    op.drop_table("notifications")
    op.drop_table("simulated_messages")
    op.drop_index("ix_sending_logs_sent_1", table_name="sending_logs")
    op.drop_table("sending_logs")
    op.drop_table("periodic_runs")
    op.drop_index("ix_outbox_messages_state", table_name="outbox_messages")
    op.drop_index("ix_outbox_messages_due_at", table_name="outbox_messages")
    op.drop_table("outbox_messages")
    op.drop_index("ix_one_time_codes_expires_at", table_name="one_time_codes")
    op.drop_index("ix_one_time_codes_code_digest", table_name="one_time_codes")
    op.drop_index("ix_one_time_codes_asked_for", table_name="one_time_codes")
    op.drop_table("one_time_codes")
