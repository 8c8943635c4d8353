"""An integration's connections, and what belongs to it. Source: api.md section 12, decisions.md "Integrations"."""

from isthmus.model.errors import InvalidDocument, NotFound, invalid_ref
from isthmus.model.ids import is_id
from isthmus.model.json import Json
from isthmus.services.caller import Caller
from isthmus.services.documents import lender_of, parse, with_queue
from isthmus.services.integration_members import members
from isthmus.services.resources.context import Context
from isthmus.services.resources.registering import REGISTERED, deregister, register
from isthmus.services.resources.writing import Writer
from isthmus.store import Session, Stored


class Registrations:
    """Registers connections with integrations, and lists what an integration holds."""

    def __init__(self, context: Context) -> None:
        self._context = context

    async def register(self, caller: Caller, id: str, connection_ids: Json) -> None:  # noqa: A002  # the field's own name
        """Register connections, given as a JSON array of ids. One that is registered already stays so.

        Raises NotFound, or InvalidDocument naming the place in the array of every id that names no connection.
        """
        caller.require_full()
        if not isinstance(connection_ids, list):
            raise InvalidDocument('The body must be an array of connection ids: ["65c0..."].')

        async def work(session: Session) -> None:
            integration = await _integration(session, id)
            known = await session.documents.exists("connections", [one for one in connection_ids if is_id(one)])
            lost = [invalid_ref(f"[{place}]") for place, one in enumerate(connection_ids) if _lost(one, known)]
            if lost:
                raise InvalidDocument.of(lost)
            await register(Writer(self._context, session, caller), integration, connection_ids)

        await self._context.transaction(work)

    async def unregister(self, caller: Caller, id: str, connection_id: str) -> None:  # noqa: A002  # the field's own name
        """Take one connection out. Raises NotFound where the integration is not there or does not have it."""
        caller.require_full()

        async def work(session: Session) -> None:
            integration = await _integration(session, id)
            if connection_id not in parse(integration.body).get(REGISTERED, ()):
                raise NotFound("No connection with this id is registered with the integration.")
            await deregister(Writer(self._context, session, caller), integration, connection_id)

        await self._context.transaction(work)

    async def members(self, caller: Caller, id: str, kind: str) -> list[bytes]:  # noqa: A002  # the field's own name
        """List its connections, flows, exports or imports as JSON, by id. Raises NotFound."""
        caller.require_full()
        async with self._context.store.read() as session:
            found = await members(session, await _integration(session, id), kind)
        if kind != "connections":
            return [one.body for one in found]
        size = self._context.queue_size
        return [with_queue(one.body, one.id, size(lender_of(one.body) or one.id)) for one in found]


def _lost(id: Json, known: set[str]) -> bool:  # noqa: A002  # the field's own name
    return not isinstance(id, str) or id not in known


async def _integration(session: Session, id: str) -> Stored:  # noqa: A002  # the field's own name
    stored = await session.documents.get("integrations", id) if is_id(id) else None
    if stored is None:
        raise NotFound("There is no integration with this id.")
    return stored
