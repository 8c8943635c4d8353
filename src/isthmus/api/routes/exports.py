"""`/v1/exports`. Source: api.md section 12."""

from isthmus.api.routes.documents import Kind, clone_route, document_routes, patch_route, replace_connection_route
from isthmus.api.routes.unbuilt import unbuilt_route

_KIND = Kind("exports", "export", "Export", "12 exports")

ROUTES = (
    *document_routes(_KIND, patch_route, clone_route, replace_connection_route),
    unbuilt_route(_KIND, "POST", "preview", "preview exports"),
    unbuilt_route(_KIND, "POST", "{id}/invoke", "invoke stored exports"),
    unbuilt_route(_KIND, "GET", "{id}/distributed", "read how an export is distributed"),
    unbuilt_route(_KIND, "PUT", "{id}/distributed", "distribute exports"),
)
