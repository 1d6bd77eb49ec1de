"""typed at the door"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Encrypted text. Drafts from before have none: their doors open empty.
    op.add_column("registration_drafts", sa.Column("typed", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("registration_drafts") as batch:
        batch.drop_column("typed")
