"""sign-in hints"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "sign_in_hints",
        sa.Column("id", Id, nullable=False),
        sa.Column("token_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("account_id", Id, nullable=False),
        sa.Column("needs_captcha", sa.Boolean(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name="fk_sign_in_hints_account_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_sign_in_hints"),
        sa.UniqueConstraint("token_digest", name="uq_sign_in_hints_token_digest"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_sign_in_hints_account_id", "sign_in_hints", ["account_id"])
    op.create_index("ix_sign_in_hints_expires_at", "sign_in_hints", ["expires_at"])
    elsewhere = sa.Column("is_elsewhere", sa.Boolean(), server_default=sa.false(), nullable=False)
    op.add_column("recovery_attempts", elsewhere)


def downgrade() -> None:
    op.drop_column("recovery_attempts", "is_elsewhere")
    op.drop_table("sign_in_hints")
