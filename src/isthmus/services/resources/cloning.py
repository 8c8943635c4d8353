"""Clones: of an export, import or iClient alone, of a flow with its steps, of an integration with all that is its own.

Source: api.md section 12, decisions.md "Integrations".
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from isthmus.model.errors import InvalidDocument, Problem, Unsupported, invalid, invalid_ref
from isthmus.model.ids import is_id, new_id
from isthmus.model.json import Document, Json
from isthmus.model.references import references_of
from isthmus.sdk.documents import document_secrets
from isthmus.services.documents import parse, split_head
from isthmus.services.integration_members import members, used
from isthmus.services.kinds import KINDS
from isthmus.services.resources.checking import cleaned
from isthmus.services.resources.masks import Held, merge
from isthmus.services.resources.rewriting import renamed
from isthmus.services.resources.writing import Writer
from isthmus.store import Stored

NAME_LENGTH: Final = 100
MAX_CLONED: Final = 5000
"""Documents that one clone may make: it is one transaction, and everybody else's writes wait for it."""


@dataclass(frozen=True, slots=True)
class Order:
    """What a clone was asked for: new connections in the place of old ones, and a name for the clone itself."""

    connections: Mapping[str, str] = field(default_factory=dict)
    name: str | None = None

    @classmethod
    def of(cls, body: Json) -> "Order":
        """Read `{connectionMap?, name?}`; anything else in it is ignored. Raises InvalidDocument."""
        if not isinstance(body, dict):
            raise InvalidDocument("The body of a clone must be an object.")
        problems: list[Problem] = []
        pairs, name = body.get("connectionMap"), body.get("name")
        if pairs is not None and not isinstance(pairs, dict):
            problems.append(invalid("connectionMap", "connectionMap must be an object of old ids to new ones."))
        elif pairs:
            problems += [invalid_ref(f"connectionMap.{old}") for old, new in pairs.items() if not is_id(new)]
        if name is not None and (not isinstance(name, str) or not name):
            problems.append(invalid("name", "name must be a string."))
        if problems:
            raise InvalidDocument.of(problems)
        return cls(pairs or {}, name)


async def clone(writer: Writer, stored: Stored, order: Order) -> list[Document]:
    """Clone a document with what it contains, connections replaced as ordered, the rest of them shared.

    Raises InvalidDocument where a new connection is not there, or is not of the type that an export or import needs.
    """
    if stored.kind == "connections":
        raise Unsupported("A connection cannot be cloned.")
    found = await writer.session.documents.exists("connections", order.connections.values())
    missing = [invalid_ref(f"connectionMap.{old}") for old, new in order.connections.items() if new not in found]
    if missing:
        raise InvalidDocument.of(missing)
    originals = [stored, *await _contents(writer, stored)]
    if len(originals) > MAX_CLONED:
        raise Unsupported(f"A clone may make at most {MAX_CLONED} resources; this one would make {len(originals)}.")
    ids = {(original.kind, original.id): new_id() for original in originals}
    ids_of_all = {**ids, **{("connections", old): new for old, new in order.connections.items()}}
    for original in originals:
        _, fields = split_head(parse(original.body))
        name = order.name if original is stored and order.name else _clone_name(fields)
        copy = renamed(original.kind, {**fields, "name": name}, ids_of_all)
        await _add(writer, original, copy, ids[original.kind, original.id])
    return [{"model": KINDS[original.kind].model, "_id": ids[original.kind, original.id]} for original in originals]


async def _add(writer: Writer, original: Stored, copy: Document, id: str) -> None:  # noqa: A002  # the field's own name
    kind = KINDS[original.kind]
    # Whatever it refers to is there: new connections were looked up, the rest is shared or cloned along.
    fields = await cleaned(writer.session, kind, copy, references_of(kind.name, copy))
    held = Held(parse(original.body), await writer.context.secrets.of(writer.session, original))
    await writer.insert(kind, merge(fields, document_secrets(kind.name, fields), held), id=id)


def _clone_name(fields: Document) -> str:
    return f"Clone - {fields.get('name', '')}"[:NAME_LENGTH]


async def _contents(writer: Writer, stored: Stored) -> list[Stored]:
    """List what a flow or an integration contains."""
    session = writer.session
    if stored.kind == "integrations":
        return [one for kind in ("flows", "exports", "imports") for one in await members(session, stored, kind)]
    if stored.kind == "flows":
        links = await session.references.from_("flows", stored.id)
        return [one for kind in ("exports", "imports") for one in await session.documents.many(kind, used(links, kind))]
    return []


async def replace_connection(writer: Writer, stored: Stored, body: Json) -> None:
    """Put `_newConnectionId` in the place of an export's or import's connection.

    Of a flow, in the place of `_connectionId` in every export and import that it uses. The
    new connection has to be there and of a type that the export or import can run on.
    """
    wanted = ("_newConnectionId",) if stored.kind != "flows" else ("_connectionId", "_newConnectionId")
    given: Document = body if isinstance(body, dict) else {}
    problems = [invalid_ref(name) for name in wanted if not is_id(given.get(name))]
    if problems:
        raise InvalidDocument.of(problems)
    new = given["_newConnectionId"]
    if not await writer.session.documents.exists("connections", [new]):
        raise InvalidDocument(invalid_ref("_newConnectionId"))
    for one in await _connected(writer, stored, given):
        _, fields = split_head(parse(one.body))
        await writer.amend(one, await cleaned(writer.session, KINDS[one.kind], {**fields, "_connectionId": new}))


async def _connected(writer: Writer, stored: Stored, given: Document) -> Iterable[Stored]:
    if stored.kind in ("exports", "imports"):
        return [stored]
    if stored.kind != "flows":
        raise Unsupported(f"A {KINDS[stored.kind].resource} has no connection that could be replaced.")
    parts = await _contents(writer, stored)
    found = [one for one in parts if parse(one.body).get("_connectionId") == given["_connectionId"]]
    if not found:
        raise InvalidDocument(invalid("_connectionId", "No export or import of this flow uses this connection."))
    return found
