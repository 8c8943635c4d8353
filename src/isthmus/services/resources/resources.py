"""The documents of one kind: list, create, get, replace, patch, delete, clone. Source: api.md."""

import orjson

from isthmus.model.errors import InvalidDocument, NotFound, Problem, invalid
from isthmus.model.ids import is_id
from isthmus.model.json import Document, Json
from isthmus.model.look import at
from isthmus.model.references import references_of
from isthmus.sdk.documents import document_secrets
from isthmus.sdk.registry import connection_type
from isthmus.services.caller import Caller
from isthmus.services.documents import lender_of, parse, split_head, with_queue
from isthmus.services.fields import with_fields_of
from isthmus.services.kinds import Kind
from isthmus.services.resources import cloning
from isthmus.services.resources.checking import check_lender, clamped, cleaned, missing_references
from isthmus.services.resources.context import Context
from isthmus.services.resources.deleting import delete
from isthmus.services.resources.listing import EVERYTHING, Listing, ListQuery, projected
from isthmus.services.resources.masks import NOTHING, Held, Merged, merge
from isthmus.services.resources.patching import patched
from isthmus.services.resources.registering import register_owner
from isthmus.services.resources.writing import Writer
from isthmus.services.system import SYSTEM
from isthmus.store import Session, Stored


class Resources:
    """The documents of one kind. Every answer is masked JSON; every method refuses a custom token with Forbidden.

    An id that names nothing raises NotFound, a document that will not do InvalidDocument with all its problems.
    """

    def __init__(self, kind: Kind, context: Context) -> None:
        self._kind = kind
        self._context = context

    async def list(self, caller: Caller, query: ListQuery) -> Listing:
        """List documents in the order of their ids; a kind that is never paged comes whole."""
        caller.require_full()
        limit, skip = (query.limit, query.skip) if self._kind.paged else (EVERYTHING, 0)
        async with self._context.store.read() as session:
            found = await session.documents.page(self._kind.name, filters=query.filters, limit=limit + 1, skip=skip)
        items = [self._shown(stored) for stored in found[:limit]]
        if query.projects:
            items = [orjson.dumps(projected(parse(item), query, self._kind.summary)) for item in items]
        return Listing(items, more=len(found) > limit)

    async def create(self, caller: Caller, body: Document) -> bytes:
        """Store a new document; an id and times in it are ignored.

        A connection that names an integration is registered with it.
        """
        caller.require_full()
        async with self._context.store.read() as session:
            fields = await cleaned(session, self._kind, body)
        merged = merge(clamped(fields, self._context.clock()), document_secrets(self._kind.name, fields), NOTHING)

        async def work(session: Session) -> Stored:
            await self._check_references(session, fields, None)
            writer = Writer(self._context, session, caller)
            stored = await writer.insert(self._kind, merged)
            await register_owner(writer, stored, fields)
            return stored

        return self._shown(await self._context.transaction(work))

    async def get(self, caller: Caller, id: str) -> bytes:  # noqa: A002  # the field's own name
        """Read one document."""
        caller.require_full()
        async with self._context.store.read() as session:
            return self._shown(await self._stored(session, id))

    async def replace(self, caller: Caller, id: str, body: Document) -> bytes:  # noqa: A002  # the field's own name
        """Replace a document whole: what is left out is erased, secrets too; a mask keeps the stored secret.

        The type of a connection and what else is immutable cannot change.
        """
        caller.require_full()
        async with self._context.store.read() as session:
            before = await self._stored(session, id)
            known = references_of(self._kind.name, parse(before.body))
            self._check_type(before, body)
            fields = await cleaned(session, self._kind, body, known)

        async def work(session: Session) -> Stored:
            stored = await self._stored(session, id)
            merged = await self._merged(session, stored, fields)
            await self._check_references(session, fields, stored)
            return await Writer(self._context, session, caller).update(stored, merged)

        return self._shown(await self._context.transaction(work))

    async def patch(self, caller: Caller, id: str, operations: Json) -> bytes:  # noqa: A002  # the field's own name
        """Apply a JSON-patch array, all of it or nothing; only whitelisted fields may change."""
        caller.require_full()

        async def work(session: Session) -> Stored:
            stored = await self._stored(session, id)
            _, old = split_head(parse(stored.body))
            more = connection_type(old["type"]).patchable if self._kind.name == "connections" else {}
            changed = patched(self._kind.name, old, operations, more)
            fields = await cleaned(session, self._kind, changed, references_of(self._kind.name, old))
            merged = await self._merged(session, stored, fields)
            return await Writer(self._context, session, caller).update(stored, merged)

        return self._shown(await self._context.transaction(work))

    async def delete(self, caller: Caller, id: str) -> None:  # noqa: A002  # the field's own name
        """Delete a document that nobody uses; raises InUse, which names the users."""
        caller.require_full()

        async def work(session: Session) -> None:
            await delete(Writer(self._context, session, caller), await self._stored(session, id))

        await self._context.transaction(work)

    async def clone(self, caller: Caller, id: str, body: Document) -> Json:  # noqa: A002  # the field's own name
        """Copy a document and what it contains; answers `[{"model": "Flow", "_id": ".."}, ...]`, its own copy first."""
        caller.require_full()
        order = cloning.Order.of(body)

        async def work(session: Session) -> Json:
            stored = await self._stored(session, id)
            return await cloning.clone(Writer(self._context, session, caller), stored, order)

        return await self._context.transaction(work)

    async def replace_connection(self, caller: Caller, id: str, body: Document) -> Json:  # noqa: A002  # the field's own name
        """Put another connection in the place of an export's or import's, or of one that a flow uses.

        Answers the document as it is then.
        """
        caller.require_full()

        async def work(session: Session) -> Stored:
            stored = await self._stored(session, id)
            await cloning.replace_connection(Writer(self._context, session, caller), stored, body)
            return await self._stored(session, id)

        return parse(self._shown(await self._context.transaction(work)))

    async def amend(self, id: str, changes: Document, caller: Caller = SYSTEM) -> bool:  # noqa: A002  # the field's own name
        """Set root fields that only the service writes (`offline`, `needsAuthorization`); None takes one away.

        Tells whether anything changed; only then is there an audit row, and `lastModified` stays as it was. A document
        that is gone is no error: nothing changes.
        """

        async def work(session: Session) -> bool:
            stored = await session.documents.get(self._kind.name, id)
            if stored is None:
                return False
            _, old = split_head(parse(stored.body))
            new = {key: value for key, value in {**old, **changes}.items() if value is not None}
            if new == old:
                return False
            await Writer(self._context, session, caller).amend(stored, new, touch=False)
            return True

        return await self._context.transaction(work)

    async def _stored(self, session: Session, id: str) -> Stored:  # noqa: A002  # the field's own name
        stored = await session.documents.get(self._kind.name, id) if is_id(id) else None
        if stored is None:
            raise NotFound(f"There is no {self._kind.resource} with this id.")
        return stored

    def _shown(self, stored: Stored) -> bytes:
        if self._kind.name != "connections":
            return stored.body
        return with_queue(stored.body, stored.id, self._context.queue_size(lender_of(stored.body) or stored.id))

    def _check_type(self, stored: Stored, body: Json) -> None:
        if self._kind.name != "connections" or not isinstance(body, dict):
            return
        old = parse(stored.body)["type"]
        if body.get("type", old) != old:
            why = f"The type of a connection cannot change: this one is {old}. Create a new connection instead."
            raise InvalidDocument(invalid("type", why))

    async def _check_references(self, session: Session, fields: Document, stored: Stored | None) -> None:
        """Look again, now that nobody else can write, at what was found when the document was validated."""
        old = {} if stored is None else parse(stored.body)
        problems = await missing_references(session, self._kind, fields, references_of(self._kind.name, old))
        if problems:
            raise InvalidDocument.of(problems)
        if self._kind.name == "connections":
            await check_lender(session, fields, stored.id if stored else None)

    async def _merged(self, session: Session, stored: Stored, fields: Document) -> Merged:
        """Settle masks, immutable fields and those that only the service writes, against what is stored."""
        _, old = split_head(parse(stored.body))
        immutable = self._kind.immutable(old)
        problems = [_changed(path) for path in immutable if at(fields, path) not in (None, at(old, path))]
        if problems:
            raise InvalidDocument.of(problems)
        fields = with_fields_of(fields, old, (*self._kind.server_fields(old), *immutable))
        secrets = await self._context.secrets.of(session, stored)
        held = Held(old, secrets, self._kind.destination(old))
        now = self._context.clock()
        return merge(clamped(fields, now), document_secrets(self._kind.name, fields), held)


def _changed(path: str) -> Problem:
    return invalid(path, f"{path} cannot change once it is set: send the stored value, or leave it out.")
