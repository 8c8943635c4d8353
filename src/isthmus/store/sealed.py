"""Sealed secrets, beside their documents: keyed by (kind, id, JSON Pointer). The store never sees what is in them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from isthmus.model.sealed import Sealed
from isthmus.store.link import Repository
from isthmus.store.text import indexed

_ALL: Final = (
    "SELECT pointer, data_key, value, key_id, revision FROM sealed_secrets"
    " WHERE account = ? AND kind = ? AND id = ? ORDER BY place"
)
_PUT: Final = (
    "INSERT INTO sealed_secrets (account, kind, id, place, pointer, data_key, value, key_id, revision)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (account, kind, id, place) DO UPDATE SET"
    " data_key = excluded.data_key, value = excluded.value, key_id = excluded.key_id, revision = excluded.revision"
)
_REMOVE_ALL: Final = "DELETE FROM sealed_secrets WHERE account = ? AND kind = ? AND id = ?"
_UNDER_OTHERS: Final = (
    "SELECT kind, id, pointer, data_key, value, key_id, revision FROM sealed_secrets"
    " WHERE account = ? AND key_id <> ? ORDER BY kind, id, place LIMIT ?"
)
_REWRAP: Final = (
    "UPDATE sealed_secrets SET data_key = ?, key_id = ?"
    " WHERE account = ? AND kind = ? AND id = ? AND place = ? AND data_key = ? AND key_id = ?"
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sealed secret lies."""

    kind: str
    id: str
    pointer: str


class SealedSecrets(Repository):
    """The table of sealed secrets.

    Their document must be stored by the time of the commit, and deleting it deletes them.
    """

    __slots__ = ()

    async def all(self, kind: str, id: str) -> dict[str, Sealed]:  # noqa: A002  # the field's own name
        """Read every secret of a document, by pointer."""
        return {row[0].decode(): Sealed(*row[1:]) for row in await self._link.rows(_ALL, (self._account, kind, id))}

    async def put(self, kind: str, id: str, secrets: Mapping[str, Sealed]) -> None:  # noqa: A002  # the field's own name
        """Add or replace secrets by pointer; the others stay."""
        for pointer, sealed in secrets.items():
            what = (sealed.key, sealed.value, sealed.key_id, sealed.revision)
            self._link.later(_PUT, (self._account, kind, id, indexed(pointer), pointer.encode(), *what))

    async def remove_all(self, kind: str, id: str) -> None:  # noqa: A002  # the field's own name
        """Remove every secret of a document."""
        self._link.later(_REMOVE_ALL, (self._account, kind, id))

    async def under_other_keys(self, key_id: str, limit: int) -> list[tuple[Place, Sealed]]:
        """List secrets whose data key is wrapped by another key than this one: what a rotation has still to do."""
        rows = await self._link.rows(_UNDER_OTHERS, (self._account, key_id, limit))
        return [(Place(row[0], row[1], row[2].decode()), Sealed(*row[3:])) for row in rows]

    async def rewrap(self, place: Place, old: Sealed, new: Sealed) -> bool:
        """Replace the wrapped data key; False, and nothing changes, where the secret was replaced in the meantime."""
        where = (self._account, place.kind, place.id, indexed(place.pointer), old.key, old.key_id)
        return await self._link.run(_REWRAP, (new.key, new.key_id, *where)) == 1
