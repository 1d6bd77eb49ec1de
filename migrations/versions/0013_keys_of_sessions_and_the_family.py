"""keys of sessions, and accounts that wait for the family"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_KEYS = ("opened_by_passkey_id", "confirmed_by_passkey_id", "unlocked_by_passkey_id")


def upgrade() -> None:
    # Of sessions from before nobody knows which key opened them; they live twelve hours at most.
    for name in _KEYS:
        op.add_column("sign_in_sessions", sa.Column(name, Id, nullable=True))
    lost = sa.Column("lost_its_key", sa.Boolean(), server_default=sa.false(), nullable=False)
    op.add_column("sign_in_sessions", lost)
    op.add_column(
        "accounts", sa.Column("unconfirmed_since", sa.DateTime(timezone=True), nullable=True)
    )
    op.create_table(
        "family_links",
        sa.Column("id", Id, nullable=False),
        sa.Column("token_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("account_id", Id, nullable=False),
        sa.Column("participant_id", Id, nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_family_links_account_id"),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participants.id"], name="fk_family_links_participant_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_family_links"),
        sa.UniqueConstraint("token_digest", name="uq_family_links_token_digest"),
    )
    op.create_index("ix_family_links_account_id", "family_links", ["account_id"])


def downgrade() -> None:
    op.drop_table("family_links")
    op.drop_column("accounts", "unconfirmed_since")
    op.drop_column("sign_in_sessions", "lost_its_key")
    for name in reversed(_KEYS):
        op.drop_column("sign_in_sessions", name)
