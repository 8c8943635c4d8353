"""The `http` block of an import, and the legacy `rest` block. Source: imports.md sections 3 and 6.

Arrays are positional: entry 0 is the only request, or the two entries follow `requestType`. A single value is stored as
an array of one.
"""
# ruff: noqa: N815  # fields carry the names that they have in documents

from typing import Annotated

from pydantic import Field

from isthmus.adaptors.http.export_block import BlobFormat, ErrorMedia, Method, RequestMedia, SuccessMedia
from isthmus.model.field_types import AsList, Free, Id, Uri, Value, any_case
from isthmus.model.json import Json
from isthmus.model.pieces import NameValue
from isthmus.sdk.connection_type import Block

Texts = Annotated[list[str | None], AsList]
"""One text for each request; `null` where a request has none."""

Uris = Annotated[list[Uri], AsList]
Methods = Annotated[list[Method], AsList]
ValueLists = list[list[Value] | None]


class ImportResponse(Block):
    """What makes an answer a good one, for each request."""

    resourcePath: Texts | None = None
    resourceIdPath: Texts | None = None
    successPath: Texts | None = None
    successValues: ValueLists | None = None
    failPath: Texts | None = None
    failValues: ValueLists | None = None
    errorPath: str | None = None
    allowArrayforSuccessPath: bool | None = None


class HttpImport(Block):
    """The `http` block."""

    relativeURI: Uris | None = None
    method: Methods | None = None
    requestType: Annotated[list[Annotated[str, any_case("CREATE", "UPDATE")]], AsList] | None = None
    body: Annotated[list[Json], AsList] | None = None
    headers: list[NameValue] | None = None
    response: ImportResponse | None = None
    batchSize: int | None = Field(None, ge=1)
    requestMediaType: RequestMedia | None = None
    successMediaType: SuccessMedia | None = None
    errorMediaType: ErrorMedia | None = None
    lookups: list[Free] | None = None
    existingExtract: str | None = None
    existingLookupName: str | None = None
    ignoreExtract: str | None = None
    ignoreLookupName: str | None = None
    ignoreEmptyNodes: bool | None = None
    strictHandlebarEvaluation: bool | None = None
    sendPostMappedData: bool | None = None
    blobFormat: BlobFormat | None = None
    endPointBodyLimit: int | None = Field(None, ge=1)
    type: Annotated[str, any_case("file", "records")] | None = None
    formType: str | None = None
    async_helper_id: Id | None = Field(None, alias="_asyncHelperId")
    http_connector_endpoint_ids: list[Id] | None = Field(None, alias="_httpConnectorEndpointIds")
    http_connector_resource_id: Id | None = Field(None, alias="_httpConnectorResourceId")
    http_connector_version_id: Id | None = Field(None, alias="_httpConnectorVersionId")


class RestImport(Block):
    """The legacy `rest` block; the adaptor reads it as an `http` block."""

    relativeURI: Uris | None = None
    method: Methods | None = None
    body: Annotated[list[Json], AsList] | None = None
    headers: list[NameValue] | None = None
    responseIdPath: Texts | None = None
    successPath: Texts | None = None
    successValues: ValueLists | None = None
    failPath: Texts | None = None
    failValues: ValueLists | None = None
    allowArrayforSuccessPath: bool | None = None
    lookups: list[Free] | None = None
    existingExtract: str | None = None
    existingLookupName: str | None = None
    ignoreExtract: str | None = None
    ignoreLookupName: str | None = None
    requestType: Annotated[list[Annotated[str, any_case("CREATE", "UPDATE")]], AsList] | None = None
    batchSize: int | None = Field(None, ge=1)
