"""models of phones, and how somebody came to a new PIN"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Of sessions and journeys from before nobody knows; both live twelve hours at most.
    op.add_column("sign_in_sessions", sa.Column("phone_model", sa.String(30), nullable=True))
    op.add_column("pin_changes", sa.Column("way", sa.String(40), nullable=True))


def downgrade() -> None:
    op.drop_column("pin_changes", "way")
    op.drop_column("sign_in_sessions", "phone_model")
