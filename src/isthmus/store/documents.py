"""Documents as the client sees them: JSON bytes under (kind, id), with the few fields that lists filter by."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import orjson

from isthmus.store.link import Repository, Row, Value, marks
from isthmus.store.text import indexed

COLUMNS: Final = MappingProxyType(
    {
        "type": "type",
        "_connectionId": "connection_id",
        "_integrationId": "integration_id",
        "name": "name",
        "externalId": "external_id",
    }
)
"""The fields of a document that have a column of their own, so that a list filtered by them reads no other rows."""

_BATCH: Final = 500
_GET: Final = "SELECT body, revision FROM documents WHERE account = ? AND kind = ? AND id = ?"
_INSERT: Final = (
    "INSERT INTO documents (account, kind, id, revision, body, type, connection_id, integration_id, name, external_id)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_UPDATE: Final = (
    "UPDATE documents SET revision = revision + 1, body = ?,"
    " type = ?, connection_id = ?, integration_id = ?, name = ?, external_id = ?"
    " WHERE account = ? AND kind = ? AND id = ? AND revision = ?"
)
_DELETE: Final = "DELETE FROM documents WHERE account = ? AND kind = ? AND id = ?"
_IDS: Final = "SELECT id FROM documents WHERE account = ? AND kind = ? ORDER BY id"
_COUNT: Final = "SELECT count(*) FROM documents WHERE account = ? AND kind = ?"
_NO_FILTERS: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Stored:
    """A document at rest. `body` is the JSON of the masked document; `revision` grows by one with each update."""

    kind: str
    id: str
    body: bytes
    revision: int = 1


class Documents(Repository):
    """The table of documents. Deleting one also deletes its references to others and its sealed secrets."""

    __slots__ = ()

    async def get(self, kind: str, id: str) -> Stored | None:  # noqa: A002  # the field's own name
        """Read one."""
        row = await self._link.row(_GET, (self._account, kind, id))
        return None if row is None else Stored(kind, id, row[0], row[1])

    async def many(self, kind: str, ids: Iterable[str]) -> list[Stored]:
        """Read those of the ids that are there, ordered by id."""
        rows = await self._among("id, body, revision", kind, ids)
        return sorted((Stored(kind, row[0], row[1], row[2]) for row in rows), key=lambda stored: stored.id)

    async def exists(self, kind: str, ids: Iterable[str]) -> set[str]:
        """Tell which of the ids are there."""
        return {row[0] for row in await self._among("id", kind, ids)}

    async def _among(self, columns: str, kind: str, ids: Iterable[str]) -> list[Row]:
        found: list[Row] = []
        for some in _batches(dict.fromkeys(ids)):
            sql = f"SELECT {columns} FROM documents WHERE account = ? AND kind = ? AND id IN ({marks(len(some))})"  # noqa: S608  # placeholders and our own names alone
            found += await self._link.rows(sql, (self._account, kind, *some))
        return found

    async def page(
        self, kind: str, *, filters: Mapping[str, str] = _NO_FILTERS, limit: int, skip: int = 0, after: str = ""
    ) -> list[Stored]:
        """Read up to `limit` documents, ordered by id: those past `after`, without the first `skip`.

        A filter compares a field of the root with a text. The fields of COLUMNS are cheap; any other is read from each
        document, where a boolean or a number compares as JSON writes it.
        """
        indexable = {field: value for field, value in filters.items() if field in COLUMNS}
        others = {field: value for field, value in filters.items() if field not in COLUMNS}
        if not others:
            return await self._page(kind, indexable, (limit, skip), after)
        return await self._sift(kind, indexable, others, (limit, skip), after)

    async def _page(self, kind: str, filters: Mapping[str, str], window: tuple[int, int], after: str) -> list[Stored]:
        where = "".join(f" AND {COLUMNS[field]} = ?" for field in filters)
        sql = (
            f"SELECT id, body, revision FROM documents WHERE account = ? AND kind = ? AND id > ?{where}"  # noqa: S608  # placeholders and our own names alone
            " ORDER BY id LIMIT ? OFFSET ?"
        )
        values = (self._account, kind, after, *(indexed(value) for value in filters.values()), *window)
        return [Stored(kind, row[0], row[1], row[2]) for row in await self._link.rows(sql, values)]

    async def _sift(
        self, kind: str, indexable: Mapping[str, str], others: Mapping[str, str], window: tuple[int, int], after: str
    ) -> list[Stored]:
        limit, skip = window
        found: list[Stored] = []
        while len(found) < skip + limit:
            some = await self._page(kind, indexable, (_BATCH, 0), after)
            found += [stored for stored in some if _matches(stored.body, others)]
            if len(some) < _BATCH:
                break
            after = some[-1].id
        return found[skip : skip + limit]

    async def ids(self, kind: str) -> list[str]:
        """List every id of a kind, in order."""
        return [row[0] for row in await self._link.rows(_IDS, (self._account, kind))]

    async def count(self, kind: str) -> int:
        """Count the documents of a kind."""
        row = await self._link.row(_COUNT, (self._account, kind))
        return int(row[0]) if row else 0

    async def insert(self, document: Stored) -> None:
        """Add one; an id that is there already is a Bug, raised at the latest by the commit."""
        key = (self._account, document.kind, document.id, document.revision, document.body)
        self._link.later(_INSERT, (*key, *_columns(document.body)))

    async def update(self, document: Stored, *, expected: int) -> bool:
        """Replace the body where the stored revision is still `expected`; it becomes `expected + 1`.

        Returns False, and changes nothing, where the revision moved on or the document is gone.
        """
        key = (self._account, document.kind, document.id, expected)
        return await self._link.run(_UPDATE, (document.body, *_columns(document.body), *key)) == 1

    async def delete(self, kind: str, id: str) -> bool:  # noqa: A002  # the field's own name
        """Delete one, and tell whether it was there."""
        return await self._link.run(_DELETE, (self._account, kind, id)) == 1


def _columns(body: bytes) -> tuple[Value, ...]:
    document = orjson.loads(body)
    return tuple(indexed(document.get(field)) for field in COLUMNS)


def _matches(body: bytes, filters: Mapping[str, str]) -> bool:
    document = orjson.loads(body)
    return all(field in document and _text(document[field]) == value for field, value in filters.items())


def _text(value: object) -> str:
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def _batches(ids: Iterable[str]) -> Iterator[Sequence[str]]:
    every = list(ids)
    return (every[start : start + _BATCH] for start in range(0, len(every), _BATCH))
