"""What adaptors keep: refreshed tokens above all. Source: architecture.md decision 7, connections.md "Auth matrix".

A kept secret never overwrites what somebody else stored in the meantime, and never brings a deleted connection back.
"""

from collections.abc import Callable, Mapping
from typing import Final

from isthmus.model.errors import NotFound
from isthmus.model.json import Document, Json
from isthmus.model.secret import join, split
from isthmus.sdk.documents import document_secrets
from isthmus.services.exports.destination_digests import destination_of
from isthmus.services.secrets import Secrets, Unsealed
from isthmus.store import Store

KIND: Final = "connections"
_ATTEMPTS: Final = 5
_VOLATILE: Final = frozenset({"name", "offline", "lastModified", "debugDate", "debugUntil"})
"""Fields of a connection whose change makes no difference to how it is used."""


class KeptSecrets:
    """The SecretKeeper of a saved connection.

    `revision` is the newest that it knows to be the same connection, `offline` what its document says.
    """

    def __init__(self, store: Store, secrets: Secrets, connection_id: str, opened: Unsealed) -> None:
        """`on_move` is told the old and the new revision, `on_values` every secret before it is used anywhere."""
        self._store = store
        self._secrets = secrets
        self._id = connection_id
        self._known = opened.whole
        self._destination = destination_of(opened.display)
        self.revision = opened.revision
        self.offline = bool(opened.whole.get("offline"))
        self.on_move: Callable[[int, int], None] = lambda _old, _new: None
        self.on_values: Callable[[Mapping[str, Json]], None] = lambda _values: None

    async def keep(self, values: Mapping[str, str]) -> None:
        """Store secrets by JSON Pointer, unless the connection was edited, deleted or refreshed by others meanwhile."""
        self.on_values(values)
        for _ in range(_ATTEMPTS):
            revision = await self._secrets.keep(self._store, KIND, self._id, values, revision=self.revision)
            if revision is not None:
                self._known = join(self._known, values)
                self.moved(revision)
                return
            fresh = await self._read()
            if fresh is None or _stable(fresh.whole) != _stable(self._known):
                return
            self.moved(fresh.revision)

    async def latest(self) -> Document:
        """Read the connection again; while it leads elsewhere than it did, or is gone, it reads as it last was.

        So no secret of a new destination goes to the old one: an edit holds from the next call on.
        """
        fresh = await self._read()
        if fresh is not None and destination_of(fresh.display) == self._destination:
            self._known = fresh.whole
            self.on_values(split(fresh.whole, document_secrets(KIND, fresh.whole))[1])
            self.moved(fresh.revision)
        return self._known

    async def _read(self) -> Unsealed | None:
        async with self._store.read() as session:
            try:
                return await self._secrets.read(session, KIND, self._id)
            except NotFound:
                return None

    def moved(self, revision: int) -> None:
        """Take note of the revision that a change made here gave the connection."""
        old, self.revision = self.revision, revision
        if old != revision:
            self.on_move(old, revision)


class VirtualSecrets:
    """The SecretKeeper of a connection that is not stored: it keeps nothing."""

    def __init__(self, document: Document) -> None:
        self._document = document

    async def keep(self, values: Mapping[str, str]) -> None:
        """Forget them."""

    async def latest(self) -> Document:
        """The connection as it was sent."""
        return self._document


def _stable(document: Document) -> Document:
    return {key: value for key, value in document.items() if key not in _VOLATILE}
