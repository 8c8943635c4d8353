"""Rows to fill a store with."""

from datetime import UTC, datetime
from typing import Any

import orjson

from isthmus.model.ids import new_id
from isthmus.model.sealed import Sealed
from isthmus.store import AuditRow, Stored, TokenRow

NOON = datetime(2026, 11, 23, 12, 0, 0, 518_000, tzinfo=UTC)


def document(kind: str = "connections", **fields: Any) -> Stored:
    body = {"_id": new_id(), "name": "Slack", **fields}
    return Stored(kind, body["_id"], orjson.dumps(body))


def change(resource_id: str, resource_type: str = "connection", **fields: Any) -> AuditRow:
    given: dict[str, Any] = {"source": "api", "event": "update", "time": NOON, "by_user": {"_id": "user"}, **fields}
    return AuditRow(resource_type=resource_type, resource_id=resource_id, **given)


def token(name: str = "partner", **fields: Any) -> TokenRow:
    given: dict[str, Any] = {"user_id": new_id(), "hash": new_id().encode(), "created_at": NOON, **fields}
    return TokenRow(id=new_id(), name=name, **given)


def sealed(value: bytes = b"value", key_id: str = "key") -> Sealed:
    return Sealed(b"wrapped", value, key_id, 1)
