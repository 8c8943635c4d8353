"""Who refers to whom: every link of every document, written in the transaction that writes the document."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from isthmus.store.link import Repository, marks

_FROM: Final = (
    "SELECT from_kind, from_id, path, to_kind, to_id FROM document_references"
    " WHERE account = ? AND from_kind = ? AND from_id = ? ORDER BY path, to_kind, to_id"
)
_TO: Final = (
    "SELECT from_kind, from_id, path, to_kind, to_id FROM document_references"
    " WHERE account = ? AND to_kind = ? AND to_id = ? ORDER BY from_kind, from_id, path"
)
_BATCH: Final = 500
_COLUMNS: Final = "from_kind, from_id, path, to_kind, to_id"
_CLEAR: Final = "DELETE FROM document_references WHERE account = ? AND from_kind = ? AND from_id = ?"
_INSERT: Final = (
    "INSERT INTO document_references (account, from_kind, from_id, path, to_kind, to_id) VALUES (?, ?, ?, ?, ?, ?)"
)


@dataclass(frozen=True, slots=True)
class Ref:
    """One link. `path` says where in the dependant it sits, `[*]` for any member of an array (api.md section 9)."""

    from_kind: str
    from_id: str
    path: str
    to_kind: str
    to_id: str


class References(Repository):
    """The table of links.

    The document that refers must be stored by the time of the commit; the one it refers to need not be there.
    """

    __slots__ = ()

    async def replace(self, kind: str, id: str, refs: Iterable[Ref]) -> None:  # noqa: A002  # the field's own name
        """Set all links of one document; equal ones are kept once."""
        self._link.later(_CLEAR, (self._account, kind, id))
        for ref in dict.fromkeys(refs):
            self._link.later(_INSERT, (self._account, ref.from_kind, ref.from_id, ref.path, ref.to_kind, ref.to_id))

    async def to(self, kind: str, id: str) -> list[Ref]:  # noqa: A002  # the field's own name
        """List the links that point at a document, ordered by who points."""
        return [Ref(*row) for row in await self._link.rows(_TO, (self._account, kind, id))]

    async def from_(self, kind: str, id: str) -> list[Ref]:  # noqa: A002  # the field's own name
        """List the links that a document holds, ordered by path."""
        return [Ref(*row) for row in await self._link.rows(_FROM, (self._account, kind, id))]

    async def to_many(self, kind: str, ids: Iterable[str]) -> list[Ref]:
        """List the links that point at any of these documents, in a few queries, ordered by who points."""
        return sorted(await self._among("to", kind, ids), key=lambda ref: (ref.from_kind, ref.from_id, ref.path))

    async def from_many(self, kind: str, ids: Iterable[str]) -> list[Ref]:
        """List the links that any of these documents hold, in a few queries, ordered by who points."""
        return sorted(await self._among("from", kind, ids), key=lambda ref: (ref.from_id, ref.path, ref.to_id))

    async def _among(self, end: str, kind: str, ids: Iterable[str]) -> list[Ref]:
        every = list(dict.fromkeys(ids))
        found: list[Ref] = []
        for start in range(0, len(every), _BATCH):
            some = every[start : start + _BATCH]
            sql = (
                f"SELECT {_COLUMNS} FROM document_references WHERE account = ?"  # noqa: S608  # placeholders and our own names alone
                f" AND {end}_kind = ? AND {end}_id IN ({marks(len(some))})"
            )
            found += [Ref(*row) for row in await self._link.rows(sql, (self._account, kind, *some))]
        return found
