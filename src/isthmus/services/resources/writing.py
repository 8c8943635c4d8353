"""Writing a document: its body, its references, its secrets and its audit row, all in one transaction.

Source: api.md sections 7 and 8, architecture.md decision 1.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from isthmus.model.clock import to_iso
from isthmus.model.ids import new_id
from isthmus.model.json import Document
from isthmus.model.references import references_of
from isthmus.services.audit_diff import field_changes
from isthmus.services.caller import Caller
from isthmus.services.documents import compose, parse, split_head
from isthmus.services.kinds import KINDS, Kind
from isthmus.services.resources.context import Context, Moved
from isthmus.services.resources.masks import Merged
from isthmus.store import AuditRow, Ref, Session, Stored


class Writer:
    """Writes for one caller within one transaction."""

    def __init__(self, context: Context, session: Session, caller: Caller) -> None:
        self.context = context
        self.session = session
        self.caller = caller

    async def insert(self, kind: Kind, merged: Merged, *, id: str | None = None) -> Stored:  # noqa: A002  # the field's own name
        """Add a document under a new id, or under one that was minted before."""
        known, now = id or new_id(), to_iso(self.context.clock())
        times = {"createdAt": now, "lastModified": now} if kind.created_at else {"lastModified": now}
        stored = Stored(kind.name, known, compose({"_id": known, **times}, merged.masked), 1)
        await self.session.documents.insert(stored)
        await self._write_beside(stored, merged)
        await self._audit(kind, known, "create", ())
        return stored

    async def update(self, stored: Stored, merged: Merged, *, touch: bool = True) -> Stored:
        """Replace a document that was read in this transaction. Raises Moved where it was written since.

        `touch` sets `lastModified`.
        """
        head, old = split_head(parse(stored.body))
        if touch:
            head = {**head, "lastModified": to_iso(self.context.clock())}
        new = Stored(stored.kind, stored.id, compose(head, merged.masked), stored.revision + 1)
        if not await self.session.documents.update(new, expected=stored.revision):
            raise Moved
        await self._write_beside(new, merged)
        changes = field_changes(old, merged.masked, merged.given)
        await self._audit(KINDS[stored.kind], stored.id, "update", changes)
        return new

    async def delete(self, stored: Stored) -> None:
        """Remove a document with everything that lies beside it, but for its audit."""
        await self.session.references.replace(stored.kind, stored.id, ())
        await self.session.sealed.remove_all(stored.kind, stored.id)
        if not await self.session.documents.delete(stored.kind, stored.id):
            raise Moved
        if stored.kind == "connections":
            await self.session.debug_log.clear(stored.id)
        await self._audit(KINDS[stored.kind], stored.id, "delete", ())

    async def amend(self, stored: Stored, fields: Document, *, touch: bool = True) -> Stored:
        """Replace the fields of a document, none of them a secret, and keep its secrets."""
        secrets = await self.context.secrets.of(self.session, stored)
        return await self.update(stored, Merged(fields, secrets, frozenset()), touch=touch)

    async def _write_beside(self, stored: Stored, merged: Merged) -> None:
        refs = [Ref(stored.kind, stored.id, *link) for link in _links(stored.kind, merged.masked)]
        await self.session.references.replace(stored.kind, stored.id, refs)
        sealed = self.context.secrets.seal(stored.kind, stored.id, stored.revision, merged.secrets)
        if stored.revision > 1:
            await self.session.sealed.remove_all(stored.kind, stored.id)
        await self.session.sealed.put(stored.kind, stored.id, sealed)

    async def _audit(self, kind: Kind, id: str, event: str, changes: Sequence[dict[str, Any]]) -> None:  # noqa: A002  # the field's own name
        row = AuditRow(
            resource_type=kind.resource,
            resource_id=id,
            source=self.caller.source,
            event=event,
            time=self.context.clock(),
            by_user=self.caller.as_user(),
            field_changes=list(changes),
            token_id=self.caller.token_id,
        )
        await self.session.audit.append(row)


def _links(kind: str, fields: Document) -> Iterable[tuple[str, str, str]]:
    return ((link.path, link.kind, link.id) for link in references_of(kind, fields))
