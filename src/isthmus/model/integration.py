"""The integration document: a named set of flows and the connections registered with it. Source: api.md section 12."""
# ruff: noqa: N815  # fields carry the names that they have in documents

from typing import Annotated

from pydantic import Field

from isthmus.model.field_types import Free, Id, Name
from isthmus.model.json import Document, Json
from isthmus.model.part import Part, ReadOnly
from isthmus.model.validation import refuse_if, require_document, run


class Integration(Part):
    """An integration."""

    name: Name
    description: str | None = None
    externalId: str | None = None
    readme: str | None = None
    mode: Annotated[Json, ReadOnly()] = None
    registered_connection_ids: list[Id] | None = Field(None, alias="_registeredConnectionIds")
    connector_id: Id | None = Field(None, alias="_connectorId")
    parent_id: Id | None = Field(None, alias="_parentId")
    settings: Free | None = None
    settingsForm: Free | None = None
    preferences: Free | None = None
    flowGroupings: list[Free] | None = None
    aliases: list[Free] | None = None


def validate_integration(document: Document) -> Document:
    """Clean an integration; raises InvalidDocument with all problems. A connection listed twice is kept once."""
    require_document(document)
    cleaned, problems = run(Integration, document)
    refuse_if(problems)
    members = cleaned.get("_registeredConnectionIds")
    return cleaned if members is None else {**cleaned, "_registeredConnectionIds": list(dict.fromkeys(members))}
