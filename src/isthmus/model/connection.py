"""The root fields that every connection has, whatever its type. Source: api.md section 2 "Root fields"."""
# ruff: noqa: N815  # fields carry the names that they have in documents

from typing import Annotated

from pydantic import Field

from isthmus.model.errors import Problem
from isthmus.model.field_types import Date, Free, Id, Name
from isthmus.model.json import Document, Json
from isthmus.model.look import need_root
from isthmus.model.part import Part, ReadOnly
from isthmus.model.pieces import Pgp, Ssl


class ConnectionRoot(Part):
    """Everything of a connection but its configuration block."""

    type: Json = None
    name: Name | None = None
    externalId: str | None = None
    assistant: str | None = None
    offline: bool | None = None
    debugDate: Date | None = None
    debugUntil: Date | None = None
    autoRecoverRateLimitErrors: bool | None = None
    settings: Free | None = None
    settingsForm: Free | None = None
    pgp: Pgp | None = None
    ssl: Ssl | None = None
    agent_id: Id | None = Field(None, alias="_agentId")
    lender_id: Id | None = Field(None, alias="_borrowConcurrencyFromConnectionId")
    integration_id: Id | None = Field(None, alias="_integrationId")
    connector_id: Id | None = Field(None, alias="_connectorId")
    needsAuthorization: Annotated[Json, ReadOnly()] = None


def check_root(document: Document, *, virtual: bool) -> list[Problem]:
    """Name what the root lacks; a connection that is not stored needs no name."""
    return [] if virtual else list(need_root(document, "name"))
