"""`/v1/flows`. Source: api.md section 12."""

from isthmus.api.routes.documents import Kind, clone_route, document_routes, patch_route, replace_connection_route
from isthmus.api.routes.unbuilt import unbuilt_route

_KIND = Kind("flows", "flow", "Flow", "12 flows")

ROUTES = (
    *document_routes(_KIND, patch_route, clone_route, replace_connection_route),
    unbuilt_route(_KIND, "POST", "{id}/run", "run flows"),
    unbuilt_route(_KIND, "GET", "{id}/template", "make templates of flows"),
)
