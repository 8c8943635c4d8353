"""Every route of the service. A file is named after the path that it answers."""

from dataclasses import replace

from isthmus.api.routes import (
    audit,
    connections,
    exports,
    flows,
    health,
    iclients,
    imports,
    integrations,
    metrics,
    pages,
    token_info,
)
from isthmus.api.routing import Route

ROUTES: tuple[Route, ...] = (
    *connections.ROUTES,
    *exports.ROUTES,
    *imports.ROUTES,
    *flows.ROUTES,
    *integrations.ROUTES,
    *iclients.ROUTES,
    *audit.ROUTES,
    *token_info.ROUTES,
    *health.ROUTES,
    *pages.ROUTES,
)


def all_routes(*, metrics_open: bool = False) -> tuple[Route, ...]:
    """Give every route; `/metrics` needs a token or not."""
    return (*ROUTES, replace(metrics.ROUTE, scope="open" if metrics_open else "full"))
