"""Everything that a handler may call, put together once by the composition root."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from isthmus.api.metrics import Metrics

if TYPE_CHECKING:
    from isthmus.services.audit import Audit
    from isthmus.services.debug_log.debug_logs import DebugLogs
    from isthmus.services.dependencies import Dependencies
    from isthmus.services.exports.virtual_exports import VirtualExports
    from isthmus.services.imports.virtual_imports import VirtualImports
    from isthmus.services.integrations import Registrations
    from isthmus.services.pings import Pings
    from isthmus.services.resources import Resources
    from isthmus.services.tokens import Tokens
    from isthmus.services.trading_partners import TradingPartners


@dataclass(frozen=True, slots=True)
class Pages:
    """What is generated from the routes once, at start: the OpenAPI document (JSON) and its readable page (HTML)."""

    openapi: bytes
    reference: bytes


@dataclass(slots=True)
class State:
    """Whether the service is on its way out, and what tells that its store answers."""

    store_answers: Callable[[], Awaitable[bool]]
    draining: bool = False


@dataclass(frozen=True, slots=True)
class Services:
    """The services by what they do. `resources` is keyed by kind: connections, exports, imports, flows ...

    `public_url` is where clients reach this service; it never comes from a request.
    """

    tokens: "Tokens"
    resources: "Mapping[str, Resources]"
    dependencies: "Dependencies"
    audit: "Audit"
    registrations: "Registrations"
    pings: "Pings"
    exports: "VirtualExports"
    imports: "VirtualImports"
    debug_logs: "DebugLogs"
    trading_partners: "TradingPartners"
    metrics: Metrics
    state: State
    pages: Pages
    public_url: str
