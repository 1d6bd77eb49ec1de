"""journeys"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

# SQLite counts rows only with plain INTEGER keys.
Id = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("registration_drafts") as batch:
        batch.add_column(sa.Column("account_id", Id, nullable=True))
        batch.create_foreign_key(
            "fk_registration_drafts_account_id", "accounts", ["account_id"], ["id"]
        )
    op.create_index("ix_registration_drafts_account_id", "registration_drafts", ["account_id"])
    # What ends a journey deletes its row from now on; these led nowhere before, either.
    op.execute("DELETE FROM recovery_attempts WHERE stage = 'cancelled'")


def downgrade() -> None:
    op.drop_index("ix_registration_drafts_account_id", "registration_drafts")
    with op.batch_alter_table("registration_drafts") as batch:
        batch.drop_constraint("fk_registration_drafts_account_id", type_="foreignkey")
        batch.drop_column("account_id")
