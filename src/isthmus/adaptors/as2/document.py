"""The `as2` block of a connection: EDI over HTTP. Source: connections.md "as2"."""
# ruff: noqa: N815  # fields carry the names that they have in documents

from typing import Annotated, Final

from pydantic import Field

from isthmus.model.field_types import Id, SecretText, Uri, Url, Value, any_case
from isthmus.model.pieces import Concurrency, ContentBasedFlowRouter, NameValue
from isthmus.sdk.connection_type import Block

_SIGNINGS: Final = any_case("NONE", "SHA1", "MD5", "SHA256")
_CIPHERS: Final = any_case("NONE", "DES", "RC2", "3DES", "AES128", "AES256")
Signing = Annotated[str, _SIGNINGS]
Cipher = Annotated[str, _CIPHERS]
Encoding = Annotated[str, any_case("base64", "binary")]


class PartnerMdn(Block):
    """The receipt that the partner returns."""

    mdnURL: Url | None = None
    signatureProtocol: str | None = None
    mdnSigning: Signing
    verifyMDNSignature: bool | None = None


class UserMdn(Block):
    """The receipt that this side returns."""

    mdnURL: Url | None = None
    signatureProtocol: str | None = None
    mdnSigning: Signing
    mdnEncoding: Encoding | None = None


class Basic(Block):
    """User name and password."""

    username: str | None = None
    password: SecretText = None


class Token(Block):
    """A token, where it stands in a request, and how it is renewed."""

    token: SecretText = None
    location: Annotated[str, any_case("header", "url", "body")] | None = None
    headerName: str | None = None
    scheme: Annotated[str, any_case("bearer", "mac", "oauth", "none")] | None = None
    paramName: str | None = None
    refreshToken: SecretText = None
    refreshRelativeURI: Uri | None = None
    refreshMethod: Annotated[str, any_case("GET", "POST", "PUT")] | None = None
    refreshMediaType: Annotated[str, any_case("json", "urlencoded", "xml")] | None = None
    refreshBody: str | None = None
    refreshTokenPath: str | None = None
    refreshHeaders: list[NameValue] | None = None


class Auth(Block):
    """How the partner's endpoint is entered."""

    type: Annotated[str, any_case("basic", "token", "none")] | None = None
    failStatusCode: int | None = None
    failPath: str | None = None
    failValues: list[Value] | None = None
    basic: Basic | None = None
    token: Token | None = None


class RateLimit(Block):
    """How the partner says "too many requests", and the gap between requests in milliseconds."""

    failStatusCode: int | None = None
    failPath: str | None = None
    failValues: list[Value] | None = None
    limit: int | None = Field(None, ge=1)


class PartnerStation(Block):
    """How messages are sent to the partner."""

    as2URI: Url | None = None
    signing: Signing | None = None
    encryptionType: Cipher | None = None
    encoding: Encoding | None = None
    signatureEncoding: Encoding | None = None
    SMIMEVersion: Annotated[str, any_case("v2", "v3")] | None = None
    mdn: PartnerMdn | None = None
    auth: Auth | None = None
    rateLimit: RateLimit | None = None


class UserStation(Block):
    """How messages from the partner are read."""

    signing: Signing | None = None
    encryptionType: Cipher | None = None
    encoding: Encoding | None = None
    compressed: bool | None = None
    mdn: UserMdn | None = None


class Keys(Block):
    """This side's own private key."""

    userPrivateKey: SecretText = None


class Certificates(Block):
    """This side's own certificate and the partner's; both are public."""

    userPublicKey: str | None = None
    partnerCertificate: str | None = None


class As2(Concurrency, Block):
    """The whole block."""

    as2Id: str
    partnerId: str
    partnerStationInfo: PartnerStation
    userStationInfo: UserStation
    encrypted: Keys | None = None
    unencrypted: Certificates | None = None
    preventCanonicalization: bool | None = None
    contentBasedFlowRouter: ContentBasedFlowRouter | None = None
    tp_connector_id: Id | None = Field(None, alias="_tpConnectorId")
