"""What exports and imports have in common. Source: exports.md section 1, imports.md section 1."""
# ruff: noqa: N815  # fields carry the names that they have in documents

from typing import Annotated

from pydantic import Field

from isthmus.model.field_types import Date, Free, Id, Name
from isthmus.model.json import Json
from isthmus.model.part import Part, ReadOnly


class Step(Part):
    """The root fields of exports and imports alike. Rules (filters, transforms, hooks) are compiled by the services."""

    name: Name | None = None
    description: str | None = None
    externalId: str | None = None
    adaptorType: str | None = None
    connection_id: Id | None = Field(None, alias="_connectionId")
    integration_id: Id | None = Field(None, alias="_integrationId")
    connector_id: Id | None = Field(None, alias="_connectorId")
    assistant: str | None = None
    assistantMetadata: Free | None = None
    oneToMany: bool | None = None
    pathToMany: str | None = None
    dataURITemplate: str | None = None
    traceKeyTemplate: str | None = None
    filter: Free | None = None
    transform: Free | None = None
    hooks: Free | None = None
    settings: Free | None = None
    settingsForm: Free | None = None
    aliases: list[Free] | None = None
    debugUntil: Date | None = None
    apiIdentifier: Annotated[Json, ReadOnly()] = None
    draft: Annotated[Json, ReadOnly()] = None
