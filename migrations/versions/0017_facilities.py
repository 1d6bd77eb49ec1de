"""facilities as the operator's list has them, and the words they are found by"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_LOOSENED = {
    "regency_code": sa.String(),
    "district_code": sa.String(),
    "latitude": sa.Double(),
    "longitude": sa.Double(),
    "capacity": sa.Integer(),
}


def upgrade() -> None:
    op.drop_index("ix_facilities_regency_code", "facilities")
    _set_nullable(is_nullable=True)
    op.create_index("ix_facilities_regency_code", "facilities", ["regency_code", "kind"])
    op.add_column("facilities", sa.Column("phone", sa.String(), nullable=True))
    op.add_column("facilities", sa.Column("open_from", sa.Date(), nullable=True))
    op.add_column("facilities", sa.Column("open_until", sa.Date(), nullable=True))
    exact = sa.Column("is_point_exact", sa.Boolean(), server_default=sa.true(), nullable=False)
    op.add_column("facilities", exact)
    op.create_index("ix_facilities_point", "facilities", ["kind", "latitude", "longitude"])
    op.execute("UPDATE facilities SET kind = 'primary_clinic' WHERE kind = 'clinic'")
    by_bytes = sa.String().with_variant(sa.String(collation="C"), "postgresql")
    op.create_table(
        "facility_words",
        sa.Column("word", by_bytes, nullable=False),
        sa.Column("facility_code", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["facility_code"], ["facilities.code"], name="fk_facility_words_facility_code"
        ),
        sa.PrimaryKeyConstraint("word", "facility_code", name="pk_facility_words"),
    )
    op.create_index("ix_facility_words_facility_code", "facility_words", ["facility_code"])


def downgrade() -> None:
    op.drop_table("facility_words")
    # The release before knows neither kinds nor places that are left out.
    op.execute(
        "UPDATE facilities SET kind = 'clinic'"
        " WHERE kind IN ('primary_clinic', 'specialist_clinic')"
    )
    op.execute(
        "UPDATE facilities SET regency_code = coalesce(regency_code, ''),"
        " district_code = coalesce(district_code, ''), latitude = coalesce(latitude, 0),"
        " longitude = coalesce(longitude, 0), capacity = coalesce(capacity, 0)"
    )
    op.drop_index("ix_facilities_point", "facilities")
    for name in ("is_point_exact", "open_until", "open_from", "phone"):
        op.drop_column("facilities", name)
    op.drop_index("ix_facilities_regency_code", "facilities")
    _set_nullable(is_nullable=False)
    op.create_index("ix_facilities_regency_code", "facilities", ["regency_code"])


def _set_nullable(*, is_nullable: bool) -> None:
    if op.get_bind().dialect.name == "sqlite":
        _make_anew(is_nullable=is_nullable)
        return
    for name, kind in _LOOSENED.items():
        op.alter_column("facilities", name, existing_type=kind, nullable=is_nullable)
    collation = 'COLLATE "C"' if is_nullable else ""
    op.execute(f"ALTER TABLE facilities ALTER COLUMN name TYPE varchar {collation}")


def _make_anew(*, is_nullable: bool) -> None:
    """SQLite cannot change a column, and a table that others point at must never be gone: that is
    looked at when the transaction ends, and then the same rows are there again."""
    op.execute("PRAGMA defer_foreign_keys = ON")
    op.execute("CREATE TEMPORARY TABLE old_facilities AS SELECT * FROM facilities")
    op.drop_table("facilities")
    op.create_table(
        "facilities",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        *(sa.Column(name, kind, nullable=is_nullable) for name, kind in _LOOSENED.items()),
        sa.Column("enrolled", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", name="pk_facilities"),
    )
    op.execute("INSERT INTO facilities SELECT * FROM old_facilities")
    op.execute("DROP TABLE old_facilities")
    op.create_index("ix_facilities_district_code", "facilities", ["district_code"])
