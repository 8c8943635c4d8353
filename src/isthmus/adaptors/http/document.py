"""The `http` block of a connection. Source: connections.md "http"."""
# ruff: noqa: N815  # fields carry the names that they have in documents

from typing import Annotated, Final

from pydantic import Field

from isthmus.adaptors.http.answer_rules import AnswerRules
from isthmus.model.auth import Basic, Cookie, Jwt, OAuth, Token
from isthmus.model.field_types import Encrypted, Free, Id, SecretText, Uri, Url, Value, any_case, one_of
from isthmus.model.json import Document
from isthmus.model.look import at
from isthmus.model.part import Nullable
from isthmus.model.pieces import Concurrency, CustomField, NameValue
from isthmus.model.secret import Secret
from isthmus.sdk.connection_type import Block

AUTH_TYPES: Final = (
    "custom",
    "basic",
    "token",
    "oauth",
    "wsse",
    "cookie",
    "jwt",
    "digest",
    "specific",
    "oauth1",
    "jwtbearer",
)
MediaType = Annotated[str, any_case("xml", "json", "urlencoded", "form-data", "plaintext")]


class Failure(Block):
    """One more status that means a failed login."""

    statusCode: int | None = None
    path: str | None = None
    values: list[Value] | None = None


class Auth(Block):
    """How requests are authenticated, and where a failed login shows."""

    type: Annotated[str, any_case(*AUTH_TYPES)] | None = None
    failStatusCode: int | None = None
    failPath: str | None = None
    failValues: list[Value] | None = None
    failures: list[Failure] | None = None
    skipFollowAuthorizationHeader: bool | None = None
    basic: Basic | None = None
    token: Token | None = None
    cookie: Cookie | None = None
    oauth: OAuth | None = None
    jwt: Jwt | None = None


class Ping(AnswerRules):
    """The request that tells whether the connection works (api.md section 3)."""

    relativeURI: Annotated[Uri | None, Nullable()] = None
    method: Annotated[str, any_case("GET", "POST", "PUT", "HEAD")] | None = None
    body: str | None = None


class RateLimit(Block):
    """How the other system says "too many requests", and the gap between requests in milliseconds."""

    failStatusCode: int | None = None
    failPath: str | None = None
    failValues: list[Value] | None = None
    limit: int | None = Field(None, ge=1)


class ClientCertificates(Block):
    """A client certificate for TLS: `pfx`, or `cert` and `key`."""

    cert: str | None = None
    key: SecretText = None
    ca: str | None = None
    passphrase: SecretText = None
    pfx: SecretText = None


class Http(Concurrency, Block):
    """The whole block."""

    baseURI: Url
    mediaType: MediaType
    successMediaType: Annotated[str, any_case("xml", "csv", "json", "plaintext")] | None = None
    errorMediaType: Annotated[str, any_case("xml", "json", "plaintext")] | None = None
    headers: list[NameValue] | None = None
    disableStrictSSL: bool | None = None
    retryHeader: str | None = None
    formType: Annotated[str, any_case("assistant", "rest", "http", "graph_ql", "assistant_graphql")] | None = None
    type: Annotated[str, one_of("Amazon-SP-API", "Amazon-Hybrid", "vendor_central")] | None = None
    clientCertificates: ClientCertificates | None = None
    auth: Auth | None = None
    ping: Ping | None = None
    rateLimit: RateLimit | None = None
    encrypted: Annotated[Encrypted | None, Secret()] = None
    encryptedFields: list[CustomField] | None = None
    unencrypted: Free | None = None
    unencryptedFields: list[CustomField] | None = None
    isRest: bool | None = None
    useNewAuthFailSchema: bool | None = None
    iclient_id: Id | None = Field(None, alias="_iClientId")
    http_connector_id: Id | None = Field(None, alias="_httpConnectorId")
    http_connector_api_id: Id | None = Field(None, alias="_httpConnectorApiId")
    http_connector_version_id: Id | None = Field(None, alias="_httpConnectorVersionId")


def normalise(document: Document) -> Document:
    """A gap between requests (`rateLimit.limit`) leaves room for one request at a time (api.md section 4)."""
    block = document["http"]
    if at(block, "rateLimit.limit") is None:
        return document
    return {**document, "http": {**block, "concurrencyLevel": 1}}
