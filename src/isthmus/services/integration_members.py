"""What belongs to an integration. Source: decisions.md "Integrations"."""

from isthmus.store import Ref, Session, Stored

OWNER = "_integrationId"
_STEPS = ("exports", "imports")


async def members(session: Session, integration: Stored, kind: str) -> list[Stored]:
    """List an integration's connections, flows, exports or imports, by id.

    Connections are those registered with it. Flows, exports and imports are those that name it as theirs, and with
    them every export and import that its flows use.
    """
    if kind == "connections":
        registered = await session.references.from_("integrations", integration.id)
        ids = {ref.to_id for ref in registered if ref.to_kind == kind}
    else:
        ids = owned(await session.references.to("integrations", integration.id), kind)
        if kind in _STEPS:
            flows = owned(await session.references.to("integrations", integration.id), "flows")
            ids |= used(await session.references.from_many("flows", flows), kind)
    return await session.documents.many(kind, ids)


def owned(refs: list[Ref], kind: str) -> set[str]:
    """Of the links that point at an integration, take those of a kind that name it as their owner."""
    return {ref.from_id for ref in refs if ref.from_kind == kind and ref.path == OWNER}


def used(refs: list[Ref], kind: str) -> set[str]:
    """Of the links of flows, take the exports or imports that they lead to."""
    return {ref.to_id for ref in refs if ref.to_kind == kind}
