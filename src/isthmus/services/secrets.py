"""The secrets of documents: sealed beside them, put together with them only for the moment of their use.

Every write of a document seals all its secrets anew, under a data key of their own and bound to the revision that the
write makes. So a sealed value that was put back from an earlier revision is noticed, and no data key serves for long.
Source: architecture.md decisions 1 and 2, api.md section 7.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from isthmus.model.account import ACCOUNT
from isthmus.model.errors import Bug, NotFound
from isthmus.model.ids import is_id
from isthmus.model.json import Document, Json
from isthmus.model.secret import join, masks_in, split
from isthmus.sdk.documents import document_secrets
from isthmus.services.documents import compose, parse, split_head
from isthmus.services.kinds import KINDS
from isthmus.store import Sealed, Session, Store, Stored
from isthmus.vault import Aad, SealBroken, Vault

_READS: Final = 5
"""Attempts to read a document and its secrets as of one revision, while others write them."""


@dataclass(frozen=True, slots=True)
class Unsealed:
    """A document with its secrets in clear, as of one revision, and what may be shown or stored of it.

    `display` is the document with "" in place of every secret (decisions.md "Secrets in templates").
    """

    revision: int
    whole: Document
    display: Document


class Secrets:
    """Seals and opens the secrets of stored documents."""

    def __init__(self, vault: Vault, account: str = ACCOUNT) -> None:
        self._vault = vault
        self._account = account

    def seal(self, kind: str, id: str, revision: int, values: Mapping[str, Json]) -> dict[str, Sealed]:  # noqa: A002  # the field's own name
        """Seal secrets, by JSON Pointer, for one revision of a document."""
        if not values:
            return {}
        key = self._vault.new_data_key()
        return {
            pointer: self._vault.seal(key, self._aad(kind, id, pointer, revision), value)
            for pointer, value in values.items()
        }

    async def of(self, session: Session, stored: Stored) -> dict[str, Json]:
        """Open every secret of a document that was read in the same transaction, by JSON Pointer. Raises SealBroken."""
        return self._opened(stored, await session.sealed.all(stored.kind, stored.id))

    def _opened(self, stored: Stored, sealed: Mapping[str, Sealed]) -> dict[str, Json]:
        return {
            pointer: self._vault.open(item, self._aad(stored.kind, stored.id, pointer, stored.revision))
            for pointer, item in sealed.items()
        }

    async def read(self, session: Session, kind: str, id: str) -> Unsealed:  # noqa: A002  # the field's own name
        """Read a document and its secrets. Raises NotFound, and SealBroken where a secret was tampered with."""
        for _ in range(_READS):
            stored = await session.documents.get(kind, id) if is_id(id) else None
            if stored is None:
                raise NotFound(f"There is no {KINDS[kind].resource} with this id.")
            found = await self._unsealed(session, stored)
            if found is not None:
                return found
        raise SealBroken("The secrets of a document are not those that its revision says.")

    async def _unsealed(self, session: Session, stored: Stored) -> Unsealed | None:
        """Put a document together; None where the secrets are of another revision than the document.

        A reading session has no snapshot, so a write may have come between the two reads.
        """
        sealed = await session.sealed.all(stored.kind, stored.id)
        masked = parse(stored.body)
        masks = masks_in(masked, document_secrets(stored.kind, masked))
        if masks != sealed.keys() or any(item.revision != stored.revision for item in sealed.values()):
            return None
        values = self._opened(stored, sealed)
        return Unsealed(stored.revision, join(masked, values), display(stored.kind, masked))

    async def whole(self, session: Session, kind: str, id: str) -> Document:  # noqa: A002  # the field's own name
        """Read a document, secrets in clear, for use inside the service alone. Raises NotFound and SealBroken."""
        return (await self.read(session, kind, id)).whole

    async def keep(self, store: Store, kind: str, id: str, values: Mapping[str, Json], *, revision: int) -> int | None:  # noqa: A002  # the field's own name
        """Store secrets, by JSON Pointer, that were learnt while the document was in use: refreshed tokens above all.

        Nothing else of the document changes, `lastModified` and audit included; a field that had no secret so far
        shows its mask from now on. Returns the new revision, or None, with nothing stored, where the document is gone
        or no longer at `revision`: then read it again, somebody else was faster.
        """
        async with store.write() as session:
            stored = await session.documents.get(kind, id)
            if stored is None or stored.revision != revision:
                return None
            held = await self.of(session, stored)
            body = stored.body if values.keys() <= held.keys() else _masked(kind, stored.body, values)
            await session.documents.update(Stored(kind, id, body, revision), expected=revision)
            await session.sealed.put(kind, id, self.seal(kind, id, revision + 1, {**held, **values}))
            return revision + 1

    def _aad(self, kind: str, id: str, pointer: str, revision: int) -> Aad:  # noqa: A002  # the field's own name
        return Aad(self._account, kind, id, pointer, revision)


def display(kind: str, masked: Document) -> Document:
    """Show a masked document with "" in place of every secret."""
    return join(masked, dict.fromkeys(masks_in(masked, document_secrets(kind, masked)), ""))


def _masked(kind: str, body: bytes, values: Mapping[str, Json]) -> bytes:
    head, fields = split_head(parse(body))
    masked, found = split(join(fields, values), document_secrets(kind, fields))
    if not values.keys() <= found.keys():
        raise Bug("A value was to be kept as a secret in a field that is not one.")
    return compose(head, masked)
