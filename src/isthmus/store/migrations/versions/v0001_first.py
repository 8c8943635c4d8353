"""The first schema: documents, their links and secrets, audit, tokens, debug lines, page states, facts."""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

# Ids, times and keys compare byte by byte, whatever the locale of a PostgreSQL database.
_KEY: Final = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_TEXT: Final = sa.Text()
_BYTES: Final = sa.LargeBinary()
_SEQUENCE: Final = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make every table of the first version."""
    _documents()
    _references()
    _sealed_secrets()
    _audit()
    _tokens()
    _debug_log()
    _page_states()
    op.create_table(
        "installation",
        sa.Column("name", _KEY, primary_key=True),
        sa.Column("value", _TEXT, nullable=False),
    )


def _key(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, _KEY, nullable=False) for name in ("account", *names)]


def _owner(kind: str, identifier: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["account", kind, identifier],
        ["documents.account", "documents.kind", "documents.id"],
        ondelete="CASCADE",
        deferrable=True,
        initially="DEFERRED",
    )


def _documents() -> None:
    op.create_table(
        "documents",
        *_key("kind", "id"),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("type", _KEY),
        sa.Column("connection_id", _KEY),
        sa.Column("integration_id", _KEY),
        sa.Column("name", _KEY),
        sa.Column("external_id", _KEY),
        sa.Column("body", _BYTES, nullable=False),
        sa.PrimaryKeyConstraint("account", "kind", "id"),
    )
    for column in ("type", "connection_id", "integration_id", "name", "external_id"):
        op.create_index(f"documents_by_{column}", "documents", ["account", "kind", column, "id"])


def _references() -> None:
    near, far = ("from_kind", "from_id"), ("to_kind", "to_id")
    op.create_table(
        "document_references",
        *_key(*near, "path", *far),
        sa.PrimaryKeyConstraint("account", *near, "path", *far),
        _owner(*near),
    )
    op.create_index("document_references_by_target", "document_references", ["account", *far])


def _sealed_secrets() -> None:
    op.create_table(
        "sealed_secrets",
        *_key("kind", "id", "place"),
        sa.Column("pointer", _BYTES, nullable=False),
        sa.Column("data_key", _BYTES, nullable=False),
        sa.Column("value", _BYTES, nullable=False),
        sa.Column("key_id", _KEY, nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("account", "kind", "id", "place"),
        _owner("kind", "id"),
    )
    op.create_index("sealed_secrets_by_key", "sealed_secrets", ["account", "key_id"])


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("seq", _SEQUENCE, primary_key=True, autoincrement=True),
        *_key("id", "resource_type", "resource_id", "source", "event", "time"),
        sa.Column("field_changes", _BYTES, nullable=False),
        sa.Column("by_user", _BYTES, nullable=False),
        sa.Column("user_id", _KEY),
        sa.Column("token_id", _KEY),
        sqlite_autoincrement=True,
    )
    op.create_index("audit_by_resource", "audit", ["account", "resource_type", "resource_id", "time", "seq"])
    op.create_index("audit_by_time", "audit", ["account", "time", "seq"])
    op.create_index("audit_by_user", "audit", ["account", "user_id", "time", "seq"])


def _tokens() -> None:
    op.create_table(
        "tokens",
        sa.Column("id", _KEY, primary_key=True),
        *_key(),
        sa.Column("name", _TEXT, nullable=False),
        sa.Column("user_id", _KEY, nullable=False),
        sa.Column("email", _TEXT, nullable=False),
        sa.Column("hash", _BYTES, nullable=False, unique=True),
        sa.Column("connections", _BYTES),
        sa.Column("created_at", _KEY, nullable=False),
        sa.Column("expires_at", _KEY),
        sa.Column("revoked_at", _KEY),
        sa.Column("last_used_at", _KEY),
    )


def _debug_log() -> None:
    op.create_table(
        "debug_log",
        sa.Column("seq", _SEQUENCE, primary_key=True, autoincrement=True),
        *_key("connection_id"),
        sa.Column("resource_id", _KEY),
        sa.Column("time", _KEY, nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("line", _BYTES, nullable=False),
        sqlite_autoincrement=True,
    )
    # The size stands in the index, so that keeping to the cap reads no line.
    op.create_index("debug_log_by_connection", "debug_log", ["account", "connection_id", "seq", "size"])
    op.create_index("debug_log_by_time", "debug_log", ["account", "time"])


def _page_states() -> None:
    op.create_table(
        "page_states",
        *_key("key"),
        sa.Column("expires_at", _KEY, nullable=False),
        sa.Column("body", _BYTES, nullable=False),
        sa.PrimaryKeyConstraint("account", "key"),
    )
    op.create_index("page_states_by_expiry", "page_states", ["account", "expires_at"])
