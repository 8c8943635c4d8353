"""The `rest` block of a connection, the deprecated form of `http`. Source: connections.md "rest"."""
# ruff: noqa: N815  # fields carry the names that they have in documents

from typing import Annotated

from pydantic import Field

from isthmus.model.auth import OAuth
from isthmus.model.field_types import Encrypted, Free, Id, RestLevel, SecretText, Uri, Url, Value, any_case
from isthmus.model.json import Document, Json
from isthmus.model.part import ReadOnly
from isthmus.model.pieces import CustomField, NameValue
from isthmus.model.secret import Secret
from isthmus.sdk.connection_type import Block


class BasicAuth(Block):
    """User name and password."""

    username: str | None = None
    password: SecretText = None


class CookieAuth(Block):
    """A login whose cookies are sent with every request."""

    uri: Uri | None = None
    body: str | None = None
    method: Annotated[str, any_case("GET", "POST", "PUT")] | None = None
    successStatusCode: int | None = None


class Rest(Block):
    """The whole block."""

    baseURI: Url
    mediaType: Annotated[str, any_case("json", "urlencoded", "xml", "csv")]
    authType: Annotated[str, any_case("basic", "token", "oauth", "custom", "cookie", "jwt", "hmac", "wsse", "oauth1")]
    authHeader: str | None = None
    authScheme: Annotated[str, any_case("MAC", "OAuth", "Bearer", "Hmac")] | None = None
    retryHeader: str | None = None
    bearerToken: SecretText = None
    refreshToken: SecretText = None
    tokenLocation: Annotated[str, any_case("header", "url")] | None = None
    tokenParam: str | None = None
    basicAuth: BasicAuth | None = None
    cookieAuth: CookieAuth | None = None
    oauth: OAuth | None = None
    authURI: Url | None = None
    oauthTokenURI: Url | None = None
    skipOauthValidations: bool | None = None
    scope: list[str] | None = None
    scopeDelimiter: str | None = None
    refreshTokenMethod: Annotated[str, any_case("GET", "POST", "PUT")] | None = None
    refreshTokenURI: Uri | None = None
    refreshTokenBody: str | None = None
    refreshTokenPath: str | None = None
    refreshTokenMediaType: Annotated[str, any_case("json", "urlencoded", "xml", "plaintext")] | None = None
    refreshTokenHeaders: list[NameValue] | None = None
    headers: list[NameValue] | None = None
    disableStrictSSL: bool | None = None
    isHTTPProxy: bool | None = None
    pingRelativeURI: Uri | None = None
    pingMethod: Annotated[str, any_case("GET", "POST")] | None = None
    pingBody: str | None = None
    pingSuccessPath: str | None = None
    pingSuccessValues: list[Value] | None = None
    pingFailurePath: str | None = None
    pingFailureValues: list[Value] | None = None
    encrypted: Annotated[Encrypted | None, Secret()] = None
    encryptedFields: list[CustomField] | None = None
    unencrypted: Free | None = None
    unencryptedFields: list[CustomField] | None = None
    concurrencyLevel: RestLevel | None = None
    targetConcurrencyLevel: RestLevel | None = None
    info: Annotated[Json, ReadOnly()] = None
    iclient_id: Id | None = Field(None, alias="_iClientId")


_EMPTY_BY_DEFAULT = ("encryptedFields", "unencryptedFields", "scope")


def normalise(document: Document) -> Document:
    """Store the three arrays that the API page shows even where the client left them out."""
    return {**document, "rest": {**document["rest"], **{k: document["rest"].get(k, []) for k in _EMPTY_BY_DEFAULT}}}
