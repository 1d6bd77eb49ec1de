"""waits and known devices"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# SQLite counts rows only with plain INTEGER keys.
Id = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "spent_budgets",
        sa.Column("key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("whole_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_spent_budgets"),
    )
    op.create_index("ix_spent_budgets_whole_at", "spent_budgets", ["whole_at"], unique=False)
    op.create_table(
        "try_counters",
        sa.Column("key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("turned_away", sa.Integer(), nullable=False),
        sa.Column("not_before", sa.BigInteger(), nullable=False),
        sa.Column("last_try", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_try_counters"),
    )
    op.create_index("ix_try_counters_last_try", "try_counters", ["last_try"], unique=False)
    op.create_table(
        "known_devices",
        sa.Column("token_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("account_id", Id, nullable=False),
        sa.Column("last_sign_in_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name="fk_known_devices_account_id"
        ),
        sa.PrimaryKeyConstraint("token_digest", "account_id", name="pk_known_devices"),
    )
    op.create_index(
        "ix_known_devices_last_sign_in_at", "known_devices", ["last_sign_in_at"], unique=False
    )
    op.add_column("security_events", sa.Column("count", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("security_events", "count")
    op.drop_index("ix_known_devices_last_sign_in_at", table_name="known_devices")
    op.drop_table("known_devices")
    op.drop_index("ix_try_counters_last_try", table_name="try_counters")
    op.drop_table("try_counters")
    op.drop_index("ix_spent_budgets_whole_at", table_name="spent_budgets")
    op.drop_table("spent_budgets")
