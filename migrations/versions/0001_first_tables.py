"""first tables"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# SQLite counts rows only with plain INTEGER keys.
Id = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "facilities",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("regency_code", sa.String(), nullable=False),
        sa.Column("district_code", sa.String(), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=False),
        sa.Column("longitude", sa.Double(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("enrolled", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", name="pk_facilities"),
    )
    op.create_index("ix_facilities_district_code", "facilities", ["district_code"], unique=False)
    op.create_index("ix_facilities_regency_code", "facilities", ["regency_code"], unique=False)
    op.create_table(
        "families",
        sa.Column("id", Id, nullable=False),
        sa.Column("family_card_number", sa.LargeBinary(), nullable=False),
        sa.Column("family_card_number_index", sa.LargeBinary(length=32), nullable=False),
        sa.Column("street", sa.LargeBinary(), nullable=False),
        sa.Column("rt", sa.String(), nullable=False),
        sa.Column("rw", sa.String(), nullable=False),
        sa.Column("village_code", sa.String(), nullable=False),
        sa.Column("postal_code", sa.String(), nullable=False),
        sa.Column("paid_through", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_families"),
        sa.UniqueConstraint(
            "family_card_number_index", name="uq_families_family_card_number_index"
        ),
    )
    op.create_table(
        "registry_people",
        sa.Column("id", Id, nullable=False),
        sa.Column("nik", sa.LargeBinary(), nullable=False),
        sa.Column("nik_index", sa.LargeBinary(length=32), nullable=False),
        sa.Column("family_card_number", sa.LargeBinary(), nullable=False),
        sa.Column("family_card_number_index", sa.LargeBinary(length=32), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("birth_place", sa.LargeBinary(), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=False),
        sa.Column("sex", sa.String(), nullable=False),
        sa.Column("relationship_code", sa.Integer(), nullable=False),
        sa.Column("mother_name", sa.LargeBinary(), nullable=False),
        sa.Column("street", sa.LargeBinary(), nullable=False),
        sa.Column("rt", sa.String(), nullable=False),
        sa.Column("rw", sa.String(), nullable=False),
        sa.Column("village_code", sa.String(), nullable=False),
        sa.Column("postal_code", sa.String(), nullable=False),
        sa.Column("died_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_registry_people"),
        sa.UniqueConstraint("nik_index", name="uq_registry_people_nik_index"),
    )
    op.create_index(
        "ix_registry_people_family_card_number_index",
        "registry_people",
        ["family_card_number_index"],
        unique=False,
    )
    op.create_table(
        "spent_captchas",
        sa.Column("serial", sa.LargeBinary(length=16), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("serial", name="pk_spent_captchas"),
    )
    op.create_index("ix_spent_captchas_expires_at", "spent_captchas", ["expires_at"], unique=False)
    op.create_table(
        "participants",
        sa.Column("id", Id, nullable=False),
        sa.Column("family_id", Id, nullable=False),
        sa.Column("nik", sa.LargeBinary(), nullable=True),
        sa.Column("nik_index", sa.LargeBinary(length=32), nullable=True),
        sa.Column("card_number", sa.LargeBinary(), nullable=False),
        sa.Column("card_number_index", sa.LargeBinary(length=32), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("birth_place", sa.LargeBinary(), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=False),
        sa.Column("sex", sa.String(), nullable=False),
        sa.Column("relationship", sa.String(length=40), nullable=False),
        sa.Column("mother_name", sa.LargeBinary(), nullable=False),
        sa.Column("segment", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("care_class", sa.String(), nullable=False),
        sa.Column("care_class_since", sa.Date(), nullable=False),
        sa.Column("primary_facility_code", sa.String(), nullable=True),
        sa.Column("primary_facility_since", sa.Date(), nullable=True),
        sa.Column("dental_facility_code", sa.String(), nullable=True),
        sa.Column("active_from", sa.Date(), nullable=False),
        sa.Column("active_until", sa.Date(), nullable=True),
        sa.Column("ended_reason", sa.String(length=40), nullable=True),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("phone_index", sa.LargeBinary(length=32), nullable=True),
        sa.Column("email", sa.LargeBinary(), nullable=True),
        sa.Column("email_index", sa.LargeBinary(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["dental_facility_code"],
            ["facilities.code"],
            name="fk_participants_dental_facility_code",
        ),
        sa.ForeignKeyConstraint(["family_id"], ["families.id"], name="fk_participants_family_id"),
        sa.ForeignKeyConstraint(
            ["primary_facility_code"],
            ["facilities.code"],
            name="fk_participants_primary_facility_code",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_participants"),
        sa.UniqueConstraint("card_number_index", name="uq_participants_card_number_index"),
        sa.UniqueConstraint("nik_index", name="uq_participants_nik_index"),
    )
    op.create_index("ix_participants_email_index", "participants", ["email_index"], unique=False)
    op.create_index("ix_participants_family_id", "participants", ["family_id"], unique=False)
    op.create_index("ix_participants_phone_index", "participants", ["phone_index"], unique=False)
    op.create_table(
        "accounts",
        sa.Column("id", Id, nullable=False),
        sa.Column("participant_id", Id, nullable=True),
        sa.Column("nik", sa.LargeBinary(), nullable=False),
        sa.Column("nik_index", sa.LargeBinary(length=32), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=False),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("phone_index", sa.LargeBinary(length=32), nullable=True),
        sa.Column("email", sa.LargeBinary(), nullable=True),
        sa.Column("email_index", sa.LargeBinary(length=32), nullable=True),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participants.id"], name="fk_accounts_participant_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_accounts"),
        sa.UniqueConstraint("nik_index", name="uq_accounts_nik_index"),
        sa.UniqueConstraint("participant_id", name="uq_accounts_participant_id"),
    )
    op.create_index("ix_accounts_email_index", "accounts", ["email_index"], unique=False)
    op.create_index("ix_accounts_phone_index", "accounts", ["phone_index"], unique=False)
    op.create_table(
        "sign_in_sessions",
        sa.Column("id", Id, nullable=False),
        sa.Column("account_id", Id, nullable=False),
        sa.Column("token_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("user_agent", sa.String(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name="fk_sign_in_sessions_account_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_sign_in_sessions"),
        sa.UniqueConstraint("token_digest", name="uq_sign_in_sessions_token_digest"),
    )
    op.create_index(
        "ix_sign_in_sessions_account_id", "sign_in_sessions", ["account_id"], unique=False
    )
    op.create_table(
        "security_events",
        sa.Column("id", Id, nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("account_id", Id, nullable=True),
        sa.Column("session_id", Id, nullable=True),
        sa.Column("source", sa.LargeBinary(), nullable=False),
        sa.Column("user_agent", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name="fk_security_events_account_id"
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sign_in_sessions.id"], name="fk_security_events_session_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_security_events"),
    )
    op.create_index(
        "ix_security_events_account_id", "security_events", ["account_id", "id"], unique=False
    )


def downgrade() -> None:
    op.drop_index("ix_security_events_account_id", table_name="security_events")
    op.drop_table("security_events")
    op.drop_index("ix_sign_in_sessions_account_id", table_name="sign_in_sessions")
    op.drop_table("sign_in_sessions")
    op.drop_index("ix_accounts_phone_index", table_name="accounts")
    op.drop_index("ix_accounts_email_index", table_name="accounts")
    op.drop_table("accounts")
    op.drop_index("ix_participants_phone_index", table_name="participants")
    op.drop_index("ix_participants_family_id", table_name="participants")
    op.drop_index("ix_participants_email_index", table_name="participants")
    op.drop_table("participants")
    op.drop_index("ix_spent_captchas_expires_at", table_name="spent_captchas")
    op.drop_table("spent_captchas")
    op.drop_index("ix_registry_people_family_card_number_index", table_name="registry_people")
    op.drop_table("registry_people")
    op.drop_table("families")
    op.drop_index("ix_facilities_regency_code", table_name="facilities")
    op.drop_index("ix_facilities_district_code", table_name="facilities")
    op.drop_table("facilities")
