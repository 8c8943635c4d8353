"""The root of an import document. Source: imports.md sections 1, 5 and 6."""
# ruff: noqa: N815  # fields carry the names that they have in documents

from isthmus.model.field_types import Free
from isthmus.model.json import Json
from isthmus.model.step import Step


class Import(Step):
    """The root fields of an import. `mapping` (Mapper 1.0) and `mappings` (2.0) are compiled by the services."""

    mapping: Free | None = None
    mappings: list[Json] | None = None
    lookups: list[Free] | None = None
    ignoreExisting: bool | None = None
    ignoreMissing: bool | None = None
    idLockTemplate: str | None = None
    blobKeyPath: str | None = None
    distributed: bool | None = None
    mockResponse: Json = None
    file: Free | None = None
