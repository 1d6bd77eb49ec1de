"""saved usernames"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# SQLite counts rows only with plain INTEGER keys.
Id = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "saved_usernames",
        sa.Column("id", Id, nullable=False),
        sa.Column("token_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("account_id", Id, nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name="fk_saved_usernames_account_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_saved_usernames"),
        sa.UniqueConstraint("token_digest", "account_id", name="uq_saved_usernames_token_digest"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_saved_usernames_account_id", "saved_usernames", ["account_id"])
    op.create_index("ix_saved_usernames_last_used_at", "saved_usernames", ["last_used_at"])


def downgrade() -> None:
    op.drop_table("saved_usernames")
