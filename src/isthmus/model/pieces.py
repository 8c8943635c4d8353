"""Pieces that documents of several types share: headers, lists of custom fields, keys for files and for TLS."""
# ruff: noqa: N815  # fields carry the names that they have in documents

from typing import Annotated

from pydantic import Field

from isthmus.model.field_types import Id, Level
from isthmus.model.part import Part
from isthmus.model.secret import Secret


class NameValue(Part):
    """A header or an option; the value may be a template."""

    name: str
    value: str | None = None


class CustomField(Part):
    """Describes one key of `encrypted` or `unencrypted` for whoever draws a form (connections.md "http")."""

    id: str
    label: str | None = None
    required: bool | None = None
    position: int | None = None
    helpText: str | None = None
    type: str | None = None


class Concurrency(Part):
    """The two levels that every connection type has; clamped silently (api.md section 4)."""

    concurrencyLevel: Level | None = None
    targetConcurrencyLevel: Level | None = None


class Ssl(Part):
    """A client certificate and the authority to trust; all of it is secret (connections.md "Common behaviour")."""

    ca: Annotated[str | None, Secret()] = None
    cert: Annotated[str | None, Secret()] = None
    key: Annotated[str | None, Secret()] = None
    passphrase: Annotated[str | None, Secret()] = None


class Pgp(Part):
    """Keys for files that are encrypted at rest (connections.md "Common behaviour")."""

    publicKey: str | None = None
    privateKey: Annotated[str | None, Secret()] = None
    passphrase: Annotated[str | None, Secret()] = None
    asciiArmored: bool | None = None
    compressionAlgorithm: str | None = None


class ContentBasedFlowRouter(Part):
    """The script that picks the flow for a file that came in (connections.md "as2", "van")."""

    function: str | None = None
    script_id: Id | None = Field(None, alias="_scriptId")
