"""`/v1/iClients`: OAuth clients and the like; the list never pages. Source: api.md section 12."""

from isthmus.api.routes.documents import Kind, clone_route, document_routes, patch_route

_KIND = Kind("iclients", "iClient", "IClient", "12 iclients")

ROUTES = document_routes(_KIND, patch_route, clone_route)
