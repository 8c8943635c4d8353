"""The iClient document: an application's own credentials at a provider. Source: connections.md "iclients"."""
# ruff: noqa: N815  # fields carry the names that they have in documents

import re
from collections.abc import Iterator
from typing import Annotated, Final

from pydantic import AfterValidator, Field

from isthmus.model.auth import GRANTS
from isthmus.model.errors import Problem, missing
from isthmus.model.field_types import Free, Id, Name, SecretText, Url, Value, any_case, one_of, wrong
from isthmus.model.json import Document, Json
from isthmus.model.look import at, given
from isthmus.model.part import Nullable, Part, ReadOnly
from isthmus.model.pieces import CustomField, NameValue
from isthmus.model.secret import Secret
from isthmus.model.validation import refuse_if, require_document, run

PROVIDERS: Final = (
    "custom_oauth2",
    "netsuite",
    "amazonmws",
    "awsIam",
    "azureserviceprincipal",
    "integrator",
    "salesforce",
    "shopify",
    "ebay-xml",
    "microsoftbusinesscentral",
    "google",
    "azureoauth",
    "squareup",
    "zendesk",
    "docusign",
    "ebay",
    "windowslive",
    "bigcommerce",
    "asana",
    "box",
    "dropbox",
    "clover",
    "servicenow",
    "jobvite",
    "twilio",
    "certify",
    "woocommerce",
)
_DOMAIN: Final = re.compile(r"(\*\.)?[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?(\.[A-Za-z0-9_-]+)*(:\d{1,5})?\Z")


def _domain(value: str) -> str:
    if not _DOMAIN.match(value):
        raise wrong("must be a host name such as api.example.com, without scheme and path.")
    return value


Domain = Annotated[str, AfterValidator(_domain)]


class Authorization(Part):
    """Where a person grants access."""

    uri: Url | None = None
    queryParameters: Annotated[Json, Secret(mask="****")] = None


class Endpoint(Part):
    """One of the provider's other endpoints: token, refresh or revocation."""

    uri: Url | None = None
    method: Annotated[str, any_case("GET", "POST", "PUT")] | None = None
    body: Json = None
    headers: list[NameValue] | None = None


class OAuth2(Part):
    """The OAuth 2.0 application."""

    clientId: str | None = None
    clientSecret: SecretText = None
    scope: list[str] | None = None
    scopeDelimiter: str | None = None
    redirectUri: Url | None = None
    grantType: Annotated[str, any_case(*GRANTS)] | None = None
    clientCredentialsLocation: Annotated[str, any_case("basicauthheader", "body")] | None = None
    accessTokenLocation: Annotated[str, any_case("url", "header", "body")] | None = None
    accessTokenHeaderName: str | None = None
    accessTokenParamName: str | None = None
    accessTokenPath: str | None = None
    refreshTokenPath: str | None = None
    scheme: str | None = None
    validDomainNames: list[Domain] | None = None
    failPath: str | None = None
    failValues: list[Value] | None = None
    failStatusCode: int | None = None
    failures: Annotated[Json, ReadOnly()] = None
    useNewAuthFailSchema: Annotated[Json, ReadOnly()] = None
    pkceCodeChallengeMethod: Annotated[Annotated[str, one_of("plain", "s256")] | None, Nullable()] = None
    username: str | None = None
    password: SecretText = None
    auth: Authorization | None = None
    token: Endpoint | None = None
    refresh: Endpoint | None = None
    revoke: Endpoint | None = None
    unencrypted: Free | None = None
    unencryptedFields: list[CustomField] | None = None
    encrypted: Annotated[Free | None, Secret(each=True)] = None
    encryptedFields: list[CustomField] | None = None


class NetSuite(Part):
    """A NetSuite integration record's consumer pair."""

    consumerKey: SecretText = None
    consumerSecret: SecretText = None


class Salesforce(Part):
    """A connected app."""

    clientId: str | None = None
    clientSecret: SecretText = None
    privateKey: SecretText = None


class Jwt(Part):
    """A signed token made from the iClient, for templates as `{{{iClient.jwt.token}}}`."""

    signatureMethod: str | None = None
    payload: Json = None
    headers: Json = None
    privateKey: SecretText = None
    secret: SecretText = None
    isSecretBase64Encoded: bool | None = None
    token: Annotated[Json, Secret(), ReadOnly()] = None


class AwsIam(Part):
    """A role to assume."""

    roleARN: str | None = None
    externalId: str | None = None


class AzureServicePrincipal(Part):
    """An application of an Azure tenant."""

    clientId: str | None = None
    clientSecret: SecretText = None
    tenantId: str | None = None


class Ebay(Part):
    """An eBay keyset."""

    appId: str | None = None
    devId: str | None = None
    certId: SecretText = None


class AmazonMws(Part):
    """An Amazon developer's keys."""

    accessKeyId: str | None = None
    secretKey: SecretText = None


class IClient(Part):
    """An iClient. A block that does not belong to the provider is ignored, not refused."""

    name: Name | None = None
    provider: Annotated[str, one_of(*PROVIDERS)]
    externalId: str | None = None
    formType: str | None = None
    assistant: str | None = None
    connector_id: Id | None = Field(None, alias="_connectorId")
    http_connector_id: Id | None = Field(None, alias="_httpConnectorId")
    enableJWT: bool | None = None
    enableIClientReferences: bool | None = None
    oauth2: OAuth2 | None = None
    netsuite: NetSuite | None = None
    salesforce: Salesforce | None = None
    jwt: Jwt | None = None
    awsIam: AwsIam | None = None
    azureserviceprincipal: AzureServicePrincipal | None = None
    ebay: Ebay | None = None
    amazonmws: AmazonMws | None = None


def validate_iclient(document: Document) -> Document:
    """Clean an iClient; raises InvalidDocument with all problems. A scope that comes as text is stored as an array."""
    require_document(document)
    sent = _scope_as_list(document)
    cleaned, problems = run(IClient, sent)
    refuse_if([*problems, *_check(document)])
    return cleaned


def _scope_as_list(document: Document) -> Document:
    scope, delimiter = at(document, "oauth2.scope"), at(document, "oauth2.scopeDelimiter")
    if not isinstance(scope, str):
        return document
    cut = delimiter if isinstance(delimiter, str) and delimiter.strip() else None
    names = [name.strip() for name in scope.split(cut)]
    return {**document, "oauth2": {**document["oauth2"], "scope": [name for name in names if name]}}


def _check(document: Document) -> Iterator[Problem]:
    if document.get("provider") == "custom_oauth2":
        if at(document, "oauth2") is None:
            yield missing("oauth2")
        elif not given(document, "oauth2.validDomainNames"):
            yield missing("oauth2.validDomainNames")
