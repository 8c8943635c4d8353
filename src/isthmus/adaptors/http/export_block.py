"""The `http` block of an export, and the legacy `rest` block. Source: exports.md section 2."""
# ruff: noqa: N815  # fields carry the names that they have in documents

from typing import Annotated

from pydantic import Field

from isthmus.adaptors.http.answer_rules import AnswerRules
from isthmus.model.field_types import Id, Uri, Value, any_case
from isthmus.model.json import Json
from isthmus.model.pieces import NameValue
from isthmus.sdk.connection_type import Block

Method = Annotated[str, any_case("GET", "POST", "PUT", "PATCH", "DELETE")]
RequestMedia = Annotated[str, any_case("xml", "json", "csv", "urlencoded", "form-data", "octet-stream", "plaintext")]
SuccessMedia = Annotated[str, any_case("xml", "csv", "json", "plaintext")]
ErrorMedia = Annotated[str, any_case("xml", "json", "plaintext")]
BlobFormat = Annotated[str, any_case("utf8", "ucs2", "utf-16le", "ascii", "binary", "base64", "hex")]

PAGING_METHODS = ("page", "skip", "token", "linkheader", "url", "relativeuri", "body")
REST_PAGING_METHODS = (
    "nextpageurl",
    "pageargument",
    "relativeuri",
    "linkheader",
    "skipargument",
    "token",
    "postbody",
)


class TwoDArray(Block):
    """Rows of cells instead of objects."""

    hasHeader: bool | None = None
    doNotNormalize: bool | None = None


class Response(AnswerRules):
    """Where the records are in an answer, and what makes it a good one."""

    resourcePath: str | None = None
    resourceIdPath: str | None = None
    twoDArray: TwoDArray | None = None
    blobFormat: BlobFormat | None = None


class Paging(Block):
    """How the next page is asked for, and when to stop."""

    method: Annotated[str, any_case(*PAGING_METHODS)] | None = None
    page: int | None = None
    skip: int | None = None
    token: str | None = None
    path: str | None = None
    pathLocation: Annotated[str, any_case("body", "header")] | None = None
    pathAfterFirstRequest: str | None = None
    linkHeaderRelation: str | None = None
    relativeURI: Uri | None = None
    body: str | None = None
    resourcePath: str | None = None
    maxPagePath: str | None = None
    maxCountPath: str | None = None
    lastPageStatusCode: int | None = None
    lastPagePath: str | None = None
    lastPageValues: list[Value] | None = None


class OnceRequest(Block):
    """The request that marks a record as read."""

    relativeURI: Uri | None = None
    method: Method | None = None
    body: str | None = None
    postBody: str | None = None


class HttpExport(Block):
    """The `http` block."""

    relativeURI: Uri | None = None
    method: Method | None = None
    body: str | None = None
    headers: list[NameValue] | None = None
    requestMediaType: RequestMedia | None = None
    successMediaType: SuccessMedia | None = None
    errorMediaType: ErrorMedia | None = None
    type: Annotated[str, any_case("file", "blob", "csvstream")] | None = None
    formType: str | None = None
    once: OnceRequest | None = None
    paging: Paging | None = None
    response: Response | None = None
    sendAuthForFileDownloads: bool | None = None
    async_helper_id: Id | None = Field(None, alias="_asyncHelperId")
    http_connector_endpoint_id: Id | None = Field(None, alias="_httpConnectorEndpointId")
    http_connector_resource_id: Id | None = Field(None, alias="_httpConnectorResourceId")
    http_connector_version_id: Id | None = Field(None, alias="_httpConnectorVersionId")


class RestExport(AnswerRules):
    """The legacy `rest` block; the adaptor reads it as an `http` block."""

    relativeURI: Uri | None = None
    method: Method | None = None
    postBody: Json = None
    headers: list[NameValue] | None = None
    resourcePath: str | None = None
    pagingMethod: Annotated[str, any_case(*REST_PAGING_METHODS)] | None = None
    nextPagePath: str | None = None
    nextPageRelativeURI: Uri | None = None
    linkHeaderRelation: str | None = None
    pageArgument: str | None = None
    skipArgument: str | None = None
    tokenPageArgument: str | None = None
    pagingPostBody: Json = None
    maxPagePath: str | None = None
    maxCountPath: str | None = None
    lastPageStatusCode: int | None = None
    lastPagePath: str | None = None
    lastPageValue: Value | None = None
    lastPageValues: list[Value] | None = None
    once: OnceRequest | None = None
