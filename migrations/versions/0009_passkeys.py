"""passkeys"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

# SQLite counts rows only with plain INTEGER keys.
Id = sa.BigInteger().with_variant(sa.Integer, "sqlite")
Moment = sa.DateTime(timezone=True)


def _of_account(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=f"fk_{table}_account_id")


def upgrade() -> None:
    op.add_column("accounts", sa.Column("user_handle", sa.LargeBinary(length=64), nullable=True))
    op.add_column("accounts", sa.Column("recovered_at", Moment, nullable=True))
    op.create_index("ix_accounts_user_handle", "accounts", ["user_handle"], unique=True)
    op.create_table(
        "passkeys",
        sa.Column("id", Id, nullable=False),
        sa.Column("account_id", Id, nullable=False),
        sa.Column("credential_id", sa.LargeBinary(length=1023), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", Id, nullable=False),
        sa.Column("is_backup_eligible", sa.Boolean(), nullable=False),
        sa.Column("is_backed_up", sa.Boolean(), nullable=False),
        sa.Column("transports", sa.String(), nullable=False),
        sa.Column("aaguid", sa.String(), nullable=False),
        sa.Column("user_agent", sa.String(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("last_used_at", Moment, nullable=True),
        _of_account("passkeys"),
        sa.PrimaryKeyConstraint("id", name="pk_passkeys"),
        sa.UniqueConstraint("credential_id", name="uq_passkeys_credential_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_passkeys_account_id", "passkeys", ["account_id"])
    op.create_table(
        "passkey_devices",
        sa.Column("token_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("account_id", Id, nullable=False),
        sa.Column("passkey_id", Id, nullable=False),
        sa.Column("last_used_at", Moment, nullable=False),
        _of_account("passkey_devices"),
        sa.ForeignKeyConstraint(
            ["passkey_id"],
            ["passkeys.id"],
            name="fk_passkey_devices_passkey_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("token_digest", "account_id", name="pk_passkey_devices"),
    )
    op.create_index("ix_passkey_devices_passkey_id", "passkey_devices", ["passkey_id"])
    op.create_index("ix_passkey_devices_last_used_at", "passkey_devices", ["last_used_at"])
    op.create_table(
        "passkey_ceremonies",
        sa.Column("id", Id, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("challenge", sa.LargeBinary(length=32), nullable=False),
        sa.Column("holder", sa.LargeBinary(length=32), nullable=False),
        sa.Column("account_id", Id, nullable=True),
        sa.Column("expires_at", Moment, nullable=False),
        _of_account("passkey_ceremonies"),
        sa.PrimaryKeyConstraint("id", name="pk_passkey_ceremonies"),
        sa.UniqueConstraint("challenge", name="uq_passkey_ceremonies_challenge"),
    )
    op.create_index("ix_passkey_ceremonies_account_id", "passkey_ceremonies", ["account_id"])
    op.create_index("ix_passkey_ceremonies_expires_at", "passkey_ceremonies", ["expires_at"])
    op.create_table(
        "passkey_enrolments",
        sa.Column("id", Id, nullable=False),
        sa.Column("token_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("account_id", Id, nullable=False),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("terms_version", sa.String(), nullable=False),
        sa.Column("terms_hash", sa.String(), nullable=False),
        sa.Column("agreed_at", Moment, nullable=False),
        sa.Column("expires_at", Moment, nullable=False),
        _of_account("passkey_enrolments"),
        sa.PrimaryKeyConstraint("id", name="pk_passkey_enrolments"),
        sa.UniqueConstraint("token_digest", name="uq_passkey_enrolments_token_digest"),
    )
    op.create_index("ix_passkey_enrolments_account_id", "passkey_enrolments", ["account_id"])
    op.create_index("ix_passkey_enrolments_expires_at", "passkey_enrolments", ["expires_at"])
    op.create_table(
        "passkey_offers",
        sa.Column("account_id", Id, nullable=False),
        sa.Column("sign_ins", sa.Integer(), nullable=False),
        sa.Column("refusals", sa.Integer(), nullable=False),
        sa.Column("refused_at", Moment, nullable=True),
        sa.Column("offered_at", Moment, nullable=True),
        _of_account("passkey_offers"),
        sa.PrimaryKeyConstraint("account_id", name="pk_passkey_offers"),
    )


def downgrade() -> None:
    for table in (
        "passkey_offers",
        "passkey_enrolments",
        "passkey_ceremonies",
        "passkey_devices",
        "passkeys",
    ):
        op.drop_table(table)
    op.drop_index("ix_accounts_user_handle", "accounts")
    op.drop_column("accounts", "recovered_at")
    op.drop_column("accounts", "user_handle")
