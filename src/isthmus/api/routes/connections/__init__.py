"""`/v1/connections`. Source: api.md section 2."""

from isthmus.api.routes.connections import debug, export, import_, oauth2, ping, purge_messages, trading_partner
from isthmus.api.routes.documents import Kind, document_routes, patch_route

_KIND = Kind("connections", "connection", "Connection", "2")

ROUTES = (
    *document_routes(_KIND, patch_route),
    *ping.ROUTES,
    *export.ROUTES,
    *import_.ROUTES,
    *debug.ROUTES,
    *oauth2.ROUTES,
    *purge_messages.ROUTES,
    *trading_partner.ROUTES,
)
