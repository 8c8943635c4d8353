"""Opened connections: one adaptor for each saved connection, shared by its users while nothing of it has changed.

Every use reads the revisions of the connection, of its lender and of its iClient (point reads) and opens anew where one
moved on. Virtual connections are opened for one use alone.
"""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from isthmus.model.clock import Clock
from isthmus.model.errors import Bug, Conflict, InvalidDocument, NotFound, invalid_ref
from isthmus.model.ids import is_id, new_id
from isthmus.model.json import Document, Json
from isthmus.model.look import at
from isthmus.model.secret import join, split
from isthmus.sdk import ConnectionType
from isthmus.sdk.documents import document_secrets, validate_connection
from isthmus.sdk.lru import Lru
from isthmus.services.caller import Caller
from isthmus.services.debug_log.secret_values import SecretValues
from isthmus.services.documents import LENDER, parse
from isthmus.services.opening.kept_secrets import KIND, KeptSecrets, VirtualSecrets
from isthmus.services.opening.openings import Opened, Parts, Subject, debug_date, gate_of, opened, opener_of
from isthmus.services.opening.pool import Pool
from isthmus.services.resources.masks import NOTHING, Held, merge
from isthmus.services.secrets import display
from isthmus.store import Session, Stored

_ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class _Facts:
    """What of a stored connection decides how it is opened."""

    spec: ConnectionType
    lender: str | None
    iclient: str | None
    debug: datetime | None


@dataclass(frozen=True, slots=True)
class _Key:
    """What an opened adaptor is good for."""

    revision: int
    lender: int
    iclient: int
    debug: datetime | None


class OpenedConnections:
    """Opens connections for pings, exports and imports."""

    def __init__(self, parts: Parts, *, size: int = 256, idle: float = 300.0) -> None:
        """Keep at most `size` adaptors open that nobody uses, each `idle` seconds after its last use."""
        self._parts = parts
        self._pool: Pool[Opened] = Pool(size, idle)
        self._facts: Lru[_Facts] = Lru(1024)

    @property
    def clock(self) -> Clock:
        """The clock that everything about connections goes by."""
        return self._parts.clock

    async def close(self) -> None:
        """Close every adaptor, at shutdown."""
        await self._pool.close()

    @asynccontextmanager
    async def saved(self, caller: Caller, connection_id: str) -> AsyncIterator[Opened]:
        """Use a saved connection. Raises NotFound, Unsupported, and what opening raises."""
        caller.require_invoke(connection_id)
        key, subject = await self._find(connection_id)
        # From here to the pool nothing waits: what was found open is open.
        async with self._pool.use(connection_id, key, partial(self._open, subject)) as found:
            yield found

    @asynccontextmanager
    async def virtual(self, caller: Caller, document: Document) -> AsyncIterator[Opened]:
        """Use a connection that is not saved; nothing is written.

        A mask stands for the secret of the saved connection that `_id` names, while none of its destination fields
        differs. Raises InvalidDocument, Unsupported, and what opening raises.
        """
        caller.require_full()
        subject = await self._virtual(document)
        async with opened(self._parts, subject) as found:
            yield found

    def _open(self, subject: Subject | None) -> AbstractAsyncContextManager[Opened]:
        if subject is None:
            raise Bug("A connection that was open is not open any more.")
        return opened(self._parts, subject)

    async def type_of(self, caller: Caller, connection_id: str) -> ConnectionType:
        """Tell the type of a saved connection. Raises NotFound, and Unsupported where nothing here can call it."""
        caller.require_invoke(connection_id)
        async with self._parts.store.read() as session:
            stored = await _stored(session, connection_id)
        spec = self._facts_of(stored).spec
        opener_of(spec)
        return spec

    async def _find(self, connection_id: str) -> tuple[_Key, Subject | None]:
        for _ in range(_ATTEMPTS):
            async with self._parts.store.read() as session:
                stored = await _stored(session, connection_id)
                facts = self._facts_of(stored)
                key = await self._key(session, stored, facts)
            if self._pool.has(connection_id, key):
                return key, None
            opener_of(facts.spec)
            subject = await self._saved(connection_id, facts, key)
            if subject is not None:
                return key, subject
        raise Conflict("The connection is being changed at this moment. Try again.")

    def _facts_of(self, stored: Stored) -> _Facts:
        return self._facts.get(f"{stored.id}:{stored.revision}", lambda: self._read(parse(stored.body)))

    def _read(self, document: Document) -> _Facts:
        spec = self._parts.types(document.get("type"))
        return _Facts(spec, _id_at(document, LENDER), _iclient_id(document, spec), debug_date(document))

    async def _key(self, session: Session, stored: Stored, facts: _Facts) -> _Key:
        lender = await _revision(session, KIND, facts.lender)
        iclient = await _revision(session, "iclients", facts.iclient)
        on = facts.debug is not None and facts.debug > self._parts.clock()
        return _Key(stored.revision, lender, iclient, facts.debug if on else None)

    async def _saved(self, connection_id: str, facts: _Facts, key: _Key) -> Subject | None:
        """Read everything that opening needs; None where the connection changed meanwhile."""
        parts = self._parts
        async with parts.store.read() as session:
            found = await parts.secrets.read(session, KIND, connection_id)
            if found.revision != key.revision:
                return None
            iclient = await self._iclient(session, facts.iclient)
            lender = await _document(session, facts.lender)
        values = _values(found.whole, iclient)
        keeper = KeptSecrets(parts.store, parts.secrets, connection_id, found)
        keeper.on_values = lambda more: values.add(dict(more))
        keeper.on_move = lambda old, new: self._pool.rekey(
            connection_id, replace(key, revision=old), replace(key, revision=new)
        )
        gate = gate_of(connection_id, found.whole, facts.spec, (facts.lender, lender))
        return Subject(
            id=connection_id,
            spec=facts.spec,
            whole=found.whole,
            display=found.display,
            gate=gate,
            keeper=keeper,
            iclient=iclient,
            debug_until=key.debug,
            values=values,
        )

    async def _virtual(self, document: Document) -> Subject:
        parts = self._parts
        cleaned = validate_connection(document, virtual=True)
        spec = parts.types(cleaned["type"])
        opener_of(spec)
        facts = self._read(cleaned)
        own_id = document.get("_id")
        async with parts.store.read() as session:
            held = await self._held(session, own_id)
            lender = await _document(session, facts.lender)
            iclient = await self._iclient(session, facts.iclient)
        if facts.iclient is not None and iclient is None:
            raise InvalidDocument(*(invalid_ref(ref.field) for ref in spec.references if ref.kind == "iclients"))
        settled = merge(cleaned, document_secrets(KIND, cleaned), held)
        whole = join(settled.masked, settled.secrets)
        unsaved = new_id() if held is NOTHING else str(own_id)
        return Subject(
            id=unsaved,
            spec=spec,
            whole=whole,
            display=display(KIND, settled.masked),
            gate=gate_of(unsaved, whole, spec, (facts.lender, lender)),
            keeper=VirtualSecrets(whole),
            iclient=iclient,
        )

    async def _held(self, session: Session, own_id: Json) -> Held:
        stored = await session.documents.get(KIND, own_id) if is_id(own_id) else None
        if stored is None:
            return NOTHING
        found = await self._parts.secrets.read(session, KIND, stored.id)
        masked, secrets = split(found.whole, document_secrets(KIND, found.whole))
        return Held(masked, secrets, self._parts.types(masked["type"]).destination)

    async def _iclient(self, session: Session, iclient_id: str | None) -> Document | None:
        if iclient_id is None:
            return None
        try:
            return await self._parts.secrets.whole(session, "iclients", iclient_id)
        except NotFound:
            return None


async def _stored(session: Session, connection_id: str) -> Stored:
    stored = await session.documents.get(KIND, connection_id) if is_id(connection_id) else None
    if stored is None:
        raise NotFound("There is no connection with this id.")
    return stored


async def _revision(session: Session, kind: str, document_id: str | None) -> int:
    stored = None if document_id is None else await session.documents.get(kind, document_id)
    return 0 if stored is None else stored.revision


async def _document(session: Session, connection_id: str | None) -> Document | None:
    stored = None if connection_id is None else await session.documents.get(KIND, connection_id)
    return None if stored is None else parse(stored.body)


def _id_at(document: Document, path: str) -> str | None:
    value = at(document, path)
    return value if is_id(value) else None


def _iclient_id(document: Document, spec: ConnectionType) -> str | None:
    named = (_id_at(document, reference.field) for reference in spec.references if reference.kind == "iclients")
    return next((found for found in named if found is not None), None)


def _values(whole: Document, iclient: Document | None) -> SecretValues:
    secrets = list(split(whole, document_secrets(KIND, whole))[1].values())
    if iclient is not None:
        secrets += split(iclient, document_secrets("iclients", iclient))[1].values()
    return SecretValues(secrets)
