"""`/v1/imports`. Source: api.md section 12."""

from isthmus.api.routes.documents import Kind, clone_route, document_routes, patch_route, replace_connection_route
from isthmus.api.routes.unbuilt import unbuilt_route

_KIND = Kind("imports", "import", "Import", "12 imports")

ROUTES = (
    *document_routes(_KIND, patch_route, clone_route, replace_connection_route),
    unbuilt_route(_KIND, "POST", "preview", "preview imports"),
    unbuilt_route(_KIND, "POST", "{id}/invoke", "invoke stored imports"),
    unbuilt_route(_KIND, "GET", "{id}/distributed", "read how an import is distributed"),
    unbuilt_route(_KIND, "PUT", "{id}/distributed", "distribute imports"),
)
