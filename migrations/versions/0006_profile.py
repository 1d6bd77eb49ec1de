"""profile"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# SQLite counts rows only with plain INTEGER keys.
Id = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.add_column("accounts", sa.Column("pin_hash", sa.String(), nullable=True))
    for name in ("confirmed_at", "unlocked_until"):
        op.add_column(
            "sign_in_sessions", sa.Column(name, sa.DateTime(timezone=True), nullable=True)
        )
    op.add_column("sign_in_sessions", sa.Column("previous_digest", sa.LargeBinary(32)))
    op.create_index("ix_sign_in_sessions_previous_digest", "sign_in_sessions", ["previous_digest"])
    op.create_index(
        "ix_sign_in_sessions_open",
        "sign_in_sessions",
        ["last_used_at"],
        postgresql_where=sa.text("ended_at IS NULL"),
        sqlite_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "pin_changes",
        sa.Column("id", Id, nullable=False),
        sa.Column("token_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("account_id", Id, nullable=False),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_pin_changes_account_id"),
        sa.PrimaryKeyConstraint("id", name="pk_pin_changes"),
        sa.UniqueConstraint("token_digest", name="uq_pin_changes_token_digest"),
    )
    op.create_index("ix_pin_changes_account_id", "pin_changes", ["account_id"])
    op.create_index("ix_pin_changes_expires_at", "pin_changes", ["expires_at"])


def downgrade() -> None:
    op.drop_table("pin_changes")
    op.drop_index("ix_sign_in_sessions_open", "sign_in_sessions")
    op.drop_index("ix_sign_in_sessions_previous_digest", "sign_in_sessions")
    op.drop_column("sign_in_sessions", "previous_digest")
    for name in ("unlocked_until", "confirmed_at"):
        op.drop_column("sign_in_sessions", name)
    op.drop_column("accounts", "pin_hash")
