"""nobody shut out"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    length = sa.Column("length", sa.Integer(), server_default="6", nullable=False)
    op.add_column("one_time_codes", length)
    op.add_column("sign_in_sessions", sa.Column("device_digest", sa.LargeBinary(length=32)))


def downgrade() -> None:
    op.drop_column("sign_in_sessions", "device_digest")
    op.drop_column("one_time_codes", "length")
