"""Reads the audit: who changed what, newest first. Source: api.md section 8."""

from isthmus.model.clock import to_iso
from isthmus.model.errors import NotFound
from isthmus.model.ids import is_id
from isthmus.model.json import Document
from isthmus.services.caller import Caller
from isthmus.services.integration_members import members, used
from isthmus.services.kinds import KINDS
from isthmus.store import AuditFilter, AuditRow, Session, Store, Stored

__all__ = ["Audit", "AuditFilter"]

MOST = 1000
"""Entries told of one resource."""


class Audit:
    """Tells the changes of one resource, or of the account."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def of(self, caller: Caller, kind: str, id: str) -> list[Document]:  # noqa: A002  # the field's own name
        """Tell the changes of a resource and of what it contains: a flow's steps, all that is an integration's own.

        The newest 1,000. Raises NotFound; the changes of what was deleted are found in the account's audit.
        """
        caller.require_full()
        async with self._store.read() as session:
            stored = await session.documents.get(kind, id) if is_id(id) else None
            if stored is None:
                raise NotFound(f"There is no {KINDS[kind].resource} with this id.")
            resources = [(KINDS[one.kind].resource, one.id) for one in (stored, *await _contents(session, stored))]
            rows = await session.audit.page(AuditFilter(resources=resources, limit=MOST))
        return [_entry(row) for row in rows]

    async def all(self, caller: Caller, wanted: AuditFilter) -> list[Document]:
        """Tell the changes of the account that a filter lets through."""
        caller.require_full()
        async with self._store.read() as session:
            return [_entry(row) for row in await session.audit.page(wanted)]


async def _contents(session: Session, stored: Stored) -> list[Stored]:
    if stored.kind == "flows":
        links = await session.references.from_("flows", stored.id)
        return [one for kind in ("exports", "imports") for one in await session.documents.many(kind, used(links, kind))]
    if stored.kind == "integrations":
        return [one for kind in ("flows", "exports", "imports") for one in await members(session, stored, kind)]
    return []


def _entry(row: AuditRow) -> Document:
    return {
        "_id": row.id,
        "resourceType": row.resource_type,
        "_resourceId": row.resource_id,
        "source": row.source,
        "fieldChanges": row.field_changes,
        "event": row.event,
        "time": to_iso(row.time),
        "byUser": row.by_user,
    }
