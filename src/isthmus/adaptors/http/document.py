"""The `http` block of a connection. Source: connections.md "http"."""
# ruff: noqa: N815  # fields carry the names that they have in documents

from typing import Annotated

from pydantic import Field

from isthmus.model.kinds import Encrypted, Free, Id, Uri, Url, Value, any_case, one_of
from isthmus.model.part import Nullable
from isthmus.model.pieces import Concurrency, CustomField, NameValue
from isthmus.model.secret import Secret
from isthmus.sdk.connection_type import Block

SecretText = Annotated[str | None, Secret()]
AUTH_TYPES = ("custom", "basic", "token", "oauth", "wsse", "cookie", "jwt", "digest", "specific", "oauth1", "jwtbearer")
SIGNATURES = ("hmac-sha1", "hmac-sha256", "hmac-sha512", "rsa-sha1", "rsa-sha256", "rsa-sha512", "plaintext")
JWT_SIGNATURES = tuple(f"{family}{size}" for family in ("hmac-sha", "rsa-sha", "es", "ps") for size in (256, 384, 512))
Location = Annotated[str, any_case("url", "header", "body")]
MediaType = Annotated[str, any_case("xml", "json", "urlencoded", "form-data", "plaintext")]


class Failure(Block):
    """One more status that means a failed login."""

    statusCode: int | None = None
    path: str | None = None
    values: list[Value] | None = None


class Basic(Block):
    """User name and password; also for digest and WSSE."""

    username: str | None = None
    password: SecretText = None


class Revoke(Block):
    """How a token is given back."""

    uri: Url | None = None
    body: str | None = None
    headers: list[NameValue] | None = None


class Token(Block):
    """A token, where it stands in a request, and how it is renewed."""

    token: SecretText = None
    location: Location | None = None
    headerName: str | None = None
    scheme: str | None = None
    paramName: str | None = None
    refreshMethod: Annotated[str, any_case("GET", "POST", "PUT")] | None = None
    refreshRelativeURI: Uri | None = None
    refreshBody: str | None = None
    refreshMediaType: Annotated[str, any_case("json", "urlencoded", "xml", "plaintext")] | None = None
    refreshResponseMediaType: Annotated[str, any_case("json", "xml")] | None = None
    refreshTokenPath: str | None = None
    refreshToken: SecretText = None
    refreshTokenLocation: Annotated[str, any_case("header", "body")] | None = None
    refreshHeaders: list[NameValue] | None = None
    tokenPaths: list[str] | None = None
    revoke: Revoke | None = None


class Cookie(Block):
    """A login whose cookies are sent with every request."""

    uri: Uri | None = None
    method: Annotated[str, any_case("GET", "POST", "PUT")] | None = None
    body: str | None = None
    successStatusCode: int | None = None


class OAuth1(Block):
    """OAuth 1.0a signing."""

    signatureMethod: Annotated[str, any_case(*SIGNATURES)] | None = None
    consumerKey: str | None = None
    consumerSecret: SecretText = None
    accessToken: SecretText = None
    tokenSecret: SecretText = None
    consumerPrivateKey: SecretText = None
    realm: str | None = None


class OAuth(Block):
    """OAuth 2.0, or 1.0a under `oauth1`."""

    type: Annotated[str, any_case("custom", "assistant")] | None = None
    grantType: Annotated[str, any_case("authorizecode", "clientcredentials", "password")] | None = None
    authURI: Url | None = None
    tokenURI: Url | None = None
    skipOauthValidations: bool | None = None
    scope: list[str] | None = None
    scopeDelimiter: str | None = None
    clientId: str | None = None
    clientSecret: SecretText = None
    username: str | None = None
    password: SecretText = None
    clientCredentialsLocation: Annotated[str, any_case("basicauthheader", "body")] | None = None
    accessTokenPath: str | None = None
    accessTokenHeaders: list[NameValue] | None = None
    accessTokenBody: str | None = None
    oauth2RedirectUrl: Url | None = None
    useIClientFields: bool | None = None
    pkceCodeVerifier: SecretText = None
    oauth1: OAuth1 | None = None


class Jwt(Block):
    """A JSON Web Token that this connection signs itself (jwtbearer), or a fixed one (jwt)."""

    signatureMethod: Annotated[str, any_case(*JWT_SIGNATURES)] | None = None
    payload: Free | None = None
    headers: Free | None = None
    secret: SecretText = None
    privateKey: SecretText = None
    token: SecretText = None
    isSecretBase64Encoded: bool | None = None


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


class Ping(Block):
    """The request that tells whether the connection works (api.md section 3)."""

    relativeURI: Annotated[Uri | None, Nullable()] = None
    method: Annotated[str, any_case("GET", "POST", "PUT", "HEAD")] | None = None
    body: str | None = None
    successPath: str | None = None
    successValues: list[Value] | None = None
    allowArrayforSuccessPath: bool | None = None
    failPath: str | None = None
    failValues: list[Value] | None = None
    errorPath: str | None = None


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
