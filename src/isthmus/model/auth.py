"""How a request is authenticated: the pieces that connection types over HTTP share. Source: connections.md "http"."""
# ruff: noqa: N815  # fields carry the names that they have in documents

from typing import Annotated, Final

from isthmus.model.field_types import SecretText, Uri, Url, any_case
from isthmus.model.json import Json
from isthmus.model.part import Part
from isthmus.model.pieces import NameValue

OAUTH1_SIGNATURES: Final = (
    "hmac-sha1",
    "hmac-sha256",
    "hmac-sha512",
    "rsa-sha1",
    "rsa-sha256",
    "rsa-sha512",
    "plaintext",
)
JWT_SIGNATURES: Final = tuple(
    f"{family}{size}" for family in ("hmac-sha", "rsa-sha", "es", "ps") for size in (256, 384, 512)
)
GRANTS: Final = ("authorizecode", "clientcredentials", "password")


class Basic(Part):
    """User name and password; also for digest and WSSE."""

    username: str | None = None
    password: SecretText = None


class Revoke(Part):
    """How a token is given back."""

    uri: Url | None = None
    body: str | None = None
    headers: list[NameValue] | None = None


class Token(Part):
    """A token, where it stands in a request, and how it is renewed."""

    token: SecretText = None
    location: Annotated[str, any_case("url", "header", "body")] | None = None
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


class Cookie(Part):
    """A login whose cookies are sent with every request."""

    uri: Uri | None = None
    method: Annotated[str, any_case("GET", "POST", "PUT")] | None = None
    body: str | None = None
    successStatusCode: int | None = None


class OAuth1(Part):
    """OAuth 1.0a signing."""

    signatureMethod: Annotated[str, any_case(*OAUTH1_SIGNATURES)] | None = None
    consumerKey: str | None = None
    consumerSecret: SecretText = None
    accessToken: SecretText = None
    tokenSecret: SecretText = None
    consumerPrivateKey: SecretText = None
    realm: str | None = None


class OAuth(Part):
    """OAuth 2.0, or 1.0a under `oauth1`."""

    type: Annotated[str, any_case("custom", "assistant")] | None = None
    grantType: Annotated[str, any_case(*GRANTS)] | None = None
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


class Jwt(Part):
    """A JSON Web Token that this connection signs itself (jwtbearer), or a fixed one (jwt)."""

    signatureMethod: Annotated[str, any_case(*JWT_SIGNATURES)] | None = None
    payload: Json = None
    headers: Json = None
    secret: SecretText = None
    privateKey: SecretText = None
    token: SecretText = None
    isSecretBase64Encoded: bool | None = None
