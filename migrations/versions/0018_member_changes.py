"""what was true when, and where people live"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer, "sqlite")

# None in all of them: the person lives at the address of the family card.
_DOMICILE = {
    "domicile_street": sa.LargeBinary(),
    "domicile_rt": sa.String(),
    "domicile_rw": sa.String(),
    "domicile_village_code": sa.String(),
    "domicile_postal_code": sa.String(),
}


def upgrade() -> None:
    for name, kind in _DOMICILE.items():
        op.add_column("participants", sa.Column(name, kind, nullable=True))
    op.create_table(
        "member_changes",
        sa.Column("id", Id, nullable=False),
        sa.Column("participant_id", Id, nullable=False),
        sa.Column("row", sa.String(length=40), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.Column("value_before", sa.LargeBinary(), nullable=True),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("dropped_reason", sa.String(length=40), nullable=True),
        sa.Column("asked_by_id", Id, nullable=True),
        sa.Column("reference", sa.String(length=40), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participants.id"], name="fk_member_changes_participant_id"
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["accounts.id"], name="fk_member_changes_asked_by_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_member_changes"),
    )
    op.create_index("ix_member_changes_participant_id", "member_changes", ["participant_id", "id"])
    op.create_index(
        "ix_member_changes_pending",
        "member_changes",
        ["effective_on", "id"],
        sqlite_where=sa.text("state = 'pending'"),
        postgresql_where=sa.text("state = 'pending'"),
    )


def downgrade() -> None:
    op.drop_table("member_changes")
    for name in reversed(_DOMICILE):
        op.drop_column("participants", name)
