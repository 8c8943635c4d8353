"""The routes that every kind of document has: list, create, get, put, patch, delete, clone, audit, dependencies.

Source: api.md sections 1, 2 and 12.
"""

from collections.abc import Callable
from dataclasses import dataclass

from isthmus.api.call import NO_CONTENT, Answer, Call, json_answer, list_answer
from isthmus.api.query import list_query, page_links
from isthmus.api.routing import Body, Handler, Reply, Route
from isthmus.api.schemas import Schema, array, ref
from isthmus.services.resources import Resources

LIST_QUERY = ("limit", "skip", "include", "exclude", "type", "_connectionId", "_integrationId")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of document: its plural as in paths, its name for people, its component, and the row of the reference."""

    plural: str
    name: str
    component: str
    row: str

    @property
    def root(self) -> str:
        """The path of the list."""
        return f"/v1/{self.plural}"

    @property
    def one(self) -> str:
        """The path of one document."""
        return f"/v1/{self.plural}/{{id}}"

    @property
    def schema(self) -> Schema:
        """What a document looks like when it comes out."""
        return ref(self.component)

    @property
    def body(self) -> Body:
        """What a document looks like when it goes in."""
        return Body(ref(f"{self.component}Input"))

    def resources(self, call: Call) -> Resources:
        """The service of this kind."""
        return call.services.resources[self.plural]


def document_routes(kind: Kind, *more: Callable[[Kind], Route]) -> tuple[Route, ...]:
    """List, create, get, replace, delete, audit and dependencies, and what else this kind has of the routes below."""
    many, one = f"{kind.name}s", f"one {kind.name}"
    return (
        Route(
            "GET",
            kind.root,
            _list(kind),
            f"List {many}",
            Reply(200, array(kind.schema, least=1), also=((204, "There are none."),)),
            row=kind.row,
            query=LIST_QUERY,
        ),
        Route(
            "POST",
            kind.root,
            _create(kind),
            f"Create a {kind.name}",
            Reply(201, kind.schema),
            audit="create",
            body=kind.body,
            row=kind.row,
        ),
        Route("GET", kind.one, _get(kind), f"Get {one}", Reply(200, kind.schema), row=kind.row),
        Route(
            "PUT",
            kind.one,
            _replace(kind),
            f"Replace {one}: a field left out is erased",
            Reply(200, kind.schema),
            audit="update",
            body=kind.body,
            row=kind.row,
        ),
        Route(
            "DELETE",
            kind.one,
            _delete(kind),
            f"Delete {one}, unless others use it",
            Reply(204),
            audit="delete",
            row=kind.row,
        ),
        *(route(kind) for route in (*more, _audit_route, _dependencies_route)),
    )


def patch_route(kind: Kind) -> Route:
    """Change single fields; 204, or the document where the client prefers it."""
    return Route(
        "PATCH",
        kind.one,
        _patch(kind),
        f"Change single fields of one {kind.name}; `Prefer: return=representation` answers the document",
        Reply(204, also=((200, "Changed; the document, as preferred."),)),
        audit="update",
        body=Body(ref("Patch")),
        row=kind.row,
    )


def clone_route(kind: Kind) -> Route:
    """Copy a document, and what it contains."""
    return Route(
        "POST",
        f"{kind.one}/clone",
        _clone(kind),
        f"Clone one {kind.name}",
        Reply(201, ref("Cloned")),
        audit="create",
        body=Body(ref("Clone"), required=False),
        row=kind.row,
    )


def replace_connection_route(kind: Kind) -> Route:
    """Swap the connection of a document."""
    return Route(
        "PUT",
        f"{kind.one}/replaceConnection",
        _replace_connection(kind),
        f"Replace the connection of one {kind.name}",
        Reply(200, {}),
        audit="update",
        body=Body({"type": "object", "required": ["_newConnectionId"]}),
        row=kind.row,
    )


def _audit_route(kind: Kind) -> Route:
    """Who changed it, and how."""
    return Route(
        "GET",
        f"{kind.one}/audit",
        _audit(kind),
        f"List the changes of one {kind.name}, newest first",
        Reply(200, array(ref("AuditEntry"), least=1), also=((204, "There are none."),)),
        row=kind.row,
    )


def _dependencies_route(kind: Kind) -> Route:
    """Who uses it."""
    return Route(
        "GET",
        f"{kind.one}/dependencies",
        _dependencies(kind),
        f"List everything that uses one {kind.name}, directly or not",
        Reply(200, ref("Dependencies")),
        row=kind.row,
    )


def _list(kind: Kind) -> Handler:
    async def handler(call: Call) -> Answer:
        query = list_query(call.query)
        found = await kind.resources(call).list(call.caller, query)
        address = call.services.public_url + call.path
        return list_answer(found.items, page_links(address, call.query, query, more=found.more))

    return handler


def _create(kind: Kind) -> Handler:
    async def handler(call: Call) -> Answer:
        return json_answer(await kind.resources(call).create(call.caller, call.document), status=201)

    return handler


def _get(kind: Kind) -> Handler:
    async def handler(call: Call) -> Answer:
        return Answer(200, await kind.resources(call).get(call.caller, call.id))

    return handler


def _replace(kind: Kind) -> Handler:
    async def handler(call: Call) -> Answer:
        return json_answer(await kind.resources(call).replace(call.caller, call.id, call.document))

    return handler


def _patch(kind: Kind) -> Handler:
    async def handler(call: Call) -> Answer:
        changed = await kind.resources(call).patch(call.caller, call.id, call.body)
        if b"return=representation" not in call.headers.get(b"prefer", b"").replace(b" ", b""):
            return NO_CONTENT
        return json_answer(changed, headers=((b"preference-applied", b"return=representation"),))

    return handler


def _delete(kind: Kind) -> Handler:
    async def handler(call: Call) -> Answer:
        await kind.resources(call).delete(call.caller, call.id)
        return NO_CONTENT

    return handler


def _clone(kind: Kind) -> Handler:
    async def handler(call: Call) -> Answer:
        body = {} if call.body is None else call.document
        return json_answer(await kind.resources(call).clone(call.caller, call.id, body), status=201)

    return handler


def _replace_connection(kind: Kind) -> Handler:
    async def handler(call: Call) -> Answer:
        return json_answer(await kind.resources(call).replace_connection(call.caller, call.id, call.document))

    return handler


def _audit(kind: Kind) -> Handler:
    async def handler(call: Call) -> Answer:
        return list_answer(await call.services.audit.of(call.caller, kind.plural, call.id))

    return handler


def _dependencies(kind: Kind) -> Handler:
    async def handler(call: Call) -> Answer:
        return json_answer(await call.services.dependencies.of(call.caller, kind.plural, call.id))

    return handler
