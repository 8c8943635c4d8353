"""The six kinds of resource documents, as data: what tells one from another is here, the rules are the same for all.

Source: api.md sections 1, 2, 9 and 12.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from isthmus.model import shape
from isthmus.model.flow import Flow, validate_flow
from isthmus.model.iclient import IClient, validate_iclient
from isthmus.model.integration import Integration, validate_integration
from isthmus.model.json import Document
from isthmus.model.step import Step
from isthmus.sdk.connection_type import ConnectionType
from isthmus.sdk.documents import read_only_fields, validate_connection, validate_export, validate_import
from isthmus.sdk.registry import connection_type

Validate = Callable[[Document, str | None], Document]
"""Cleans a document; the second argument is the type of the connection that it names, None where there is none."""


def _none(_document: Document) -> tuple[str, ...]:
    return ()


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of documents.

    `name` is the plural, key of every table; `resource` the singular, as audit writes it; `singular` and `plural` the
    keys in dependencies; `model` the name in a clone's answer. `destination`, `immutable` and `server_fields` give
    dotted fields of a document; the last are written by the service alone and outlive a PUT. `summary` stays in every
    projection.
    """

    name: str
    resource: str
    singular: str
    plural: str
    model: str
    validate: Validate
    destination: Callable[[Document], tuple[str, ...]] = _none
    immutable: Callable[[Document], tuple[str, ...]] = _none
    server_fields: Callable[[Document], tuple[str, ...]] = _none
    summary: tuple[str, ...] = ("_id", "name")
    created_at: bool = True
    paged: bool = True


_model_fields = lru_cache(maxsize=16)(shape.read_only_fields)
_type_fields = lru_cache(maxsize=64)(read_only_fields)


def _spec(document: Document) -> ConnectionType:
    return connection_type(document["type"])


def _connection_destination(document: Document) -> tuple[str, ...]:
    return _spec(document).destination


def _connection_immutable(document: Document) -> tuple[str, ...]:
    return ("type", *_spec(document).immutable)


_ICLIENT_DESTINATION: Final = (
    "provider",
    "oauth2.auth.uri",
    "oauth2.token.uri",
    "oauth2.refresh.uri",
    "oauth2.revoke.uri",
    "oauth2.validDomainNames",
)

CONNECTIONS: Final = Kind(
    name="connections",
    resource="connection",
    singular="connection",
    plural="connections",
    model="Connection",
    validate=lambda document, _type: validate_connection(document),
    destination=_connection_destination,
    immutable=_connection_immutable,
    server_fields=lambda document: _type_fields(document["type"]),
)
EXPORTS: Final = Kind(
    name="exports",
    resource="export",
    singular="export",
    plural="exports",
    model="Export",
    validate=lambda document, connection: validate_export(document, connection_type=connection),
    server_fields=lambda _document: _model_fields(Step),
    summary=("_id", "name", "adaptorType"),
)
IMPORTS: Final = Kind(
    name="imports",
    resource="import",
    singular="import",
    plural="imports",
    model="Import",
    validate=lambda document, connection: validate_import(document, connection_type=connection),
    server_fields=lambda _document: _model_fields(Step),
    summary=("_id", "name", "adaptorType"),
)
FLOWS: Final = Kind(
    name="flows",
    resource="flow",
    singular="flow",
    plural="flows",
    model="Flow",
    validate=lambda document, _type: validate_flow(document),
    server_fields=lambda _document: _model_fields(Flow),
)
INTEGRATIONS: Final = Kind(
    name="integrations",
    resource="integration",
    singular="integration",
    plural="integrations",
    model="Integration",
    validate=lambda document, _type: validate_integration(document),
    server_fields=lambda _document: _model_fields(Integration),
)
ICLIENTS: Final = Kind(
    name="iclients",
    resource="iclient",
    singular="iClient",
    plural="iClients",
    model="IClient",
    validate=lambda document, _type: validate_iclient(document),
    destination=lambda _document: _ICLIENT_DESTINATION,
    immutable=lambda _document: ("_httpConnectorId",),
    server_fields=lambda _document: _model_fields(IClient),
    created_at=False,
    paged=False,
)

KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {kind.name: kind for kind in (CONNECTIONS, EXPORTS, IMPORTS, FLOWS, INTEGRATIONS, ICLIENTS)}
)
"""Every kind by its plural name, in the order in which dependencies list them."""


def kind_of(resource_type: str) -> Kind | None:
    """Look a kind up by its singular or plural name, in any letter case."""
    folded = resource_type.lower()
    return next((kind for kind in KINDS.values() if folded in _names(kind)), None)


def _names(kind: Kind) -> Iterator[str]:
    yield from (kind.name, kind.resource)
