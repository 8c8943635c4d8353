"""Connections registered with integrations. Source: api.md section 12."""

from collections.abc import Iterable
from typing import Final

from isthmus.model.json import Document
from isthmus.services.documents import parse, split_head
from isthmus.services.resources.writing import Writer
from isthmus.store import Stored

REGISTERED: Final = "_registeredConnectionIds"


async def register(writer: Writer, integration: Stored, connection_ids: Iterable[str]) -> None:
    """Add connections to those of an integration; each stands there once."""
    _, fields = split_head(parse(integration.body))
    together = list(dict.fromkeys((*fields.get(REGISTERED, ()), *connection_ids)))
    await writer.amend(integration, {**fields, REGISTERED: together})


async def deregister(writer: Writer, integration: Stored, connection_id: str) -> None:
    """Take a connection out of an integration."""
    _, fields = split_head(parse(integration.body))
    left = [known for known in fields.get(REGISTERED, ()) if known != connection_id]
    await writer.amend(integration, {**fields, REGISTERED: left})


async def register_owner(writer: Writer, connection: Stored, fields: Document) -> None:
    """Register a new connection with the integration that it names as its own."""
    owner = fields.get("_integrationId")
    if connection.kind != "connections" or owner is None:
        return
    integration = await writer.session.documents.get("integrations", owner)
    if integration is not None:
        await register(writer, integration, [connection.id])
