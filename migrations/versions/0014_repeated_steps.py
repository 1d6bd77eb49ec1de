"""repeated steps"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_JOURNEYS = ("recovery_attempts", "registration_drafts", "pin_changes", "passkey_enrolments")


def upgrade() -> None:
    for table in _JOURNEYS:
        op.add_column(table, sa.Column("previous_digest", sa.LargeBinary(32)))
        op.create_index(f"ix_{table}_previous_digest", table, ["previous_digest"])
    # Tokens that were rotated before lead nowhere, as they did then.
    for table in (*_JOURNEYS, "sign_in_sessions"):
        op.add_column(table, sa.Column("rotated_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    for table in (*_JOURNEYS, "sign_in_sessions"):
        op.drop_column(table, "rotated_at")
    for table in _JOURNEYS:
        op.drop_index(f"ix_{table}_previous_digest", table)
        op.drop_column(table, "previous_digest")
