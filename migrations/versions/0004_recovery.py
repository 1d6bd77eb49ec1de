"""recovery"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# SQLite counts rows only with plain INTEGER keys.
Id = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.add_column("accounts", sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("accounts", sa.Column("limited_until", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "recovery_attempts",
        sa.Column("id", Id, nullable=False),
        sa.Column("token_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("nik", sa.LargeBinary(), nullable=False),
        sa.Column("nik_index", sa.LargeBinary(length=32), nullable=False),
        sa.Column("account_id", Id, nullable=True),
        sa.Column("participant_id", Id, nullable=True),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("method", sa.String(length=40), nullable=True),
        sa.Column("link_digest", sa.LargeBinary(length=32), nullable=True),
        sa.Column("questions", sa.String(), nullable=False),
        sa.Column("answers", sa.LargeBinary(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name="fk_recovery_attempts_account_id"
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participants.id"], name="fk_recovery_attempts_participant_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_recovery_attempts"),
        sa.UniqueConstraint("link_digest", name="uq_recovery_attempts_link_digest"),
        sa.UniqueConstraint("token_digest", name="uq_recovery_attempts_token_digest"),
    )
    op.create_index("ix_recovery_attempts_nik_index", "recovery_attempts", ["nik_index"])
    op.create_index("ix_recovery_attempts_account_id", "recovery_attempts", ["account_id"])
    op.create_index("ix_recovery_attempts_expires_at", "recovery_attempts", ["expires_at"])
    op.create_table(
        "disavowals",
        sa.Column("id", Id, nullable=False),
        sa.Column("token_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("account_id", Id, nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_disavowals_account_id"),
        sa.PrimaryKeyConstraint("id", name="pk_disavowals"),
        sa.UniqueConstraint("token_digest", name="uq_disavowals_token_digest"),
    )
    op.create_index("ix_disavowals_account_id", "disavowals", ["account_id"])
    op.create_index("ix_disavowals_expires_at", "disavowals", ["expires_at"])


def downgrade() -> None:
    op.drop_table("disavowals")
    op.drop_table("recovery_attempts")
    op.drop_column("accounts", "limited_until")
    op.drop_column("accounts", "frozen_at")
