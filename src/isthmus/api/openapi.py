"""The OpenAPI 3.1 document, made from the routes. It is what /docs shows and what the fuzzers read."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

import orjson

from isthmus import __version__
from isthmus.api.document_schemas import document_components
from isthmus.api.routing import Route
from isthmus.api.schemas import COMPONENTS, ID, Schema, ref

_JSON: Final = "application/json"
_CREATED: Final = 201
_ABOUT: Final = (
    "A self-hosted service that speaks the Celigo integrator.io Connections API. Every path also answers with its "
    "resource in the singular, with a trailing slash, and in any letter case. Unknown fields are dropped."
)
_QUERY: Final[Mapping[str, tuple[Schema, str]]] = {
    "limit": ({"type": "integer", "minimum": 1}, "How many at most; over 1000 counts as 1000."),
    "skip": ({"type": "integer", "minimum": 0}, "How many to leave out at the start."),
    "include": ({"type": "string"}, "Fields to show: dotted paths with commas between them. Not with exclude."),
    "exclude": ({"type": "string"}, "Fields to leave out: dotted paths with commas between them. Not with include."),
    "type": ({"type": "string"}, "Only those of this type."),
    "_connectionId": ({"type": "string"}, "Only those of this connection."),
    "_integrationId": ({"type": "string"}, "Only those of this integration."),
    "explain": (
        {"type": "string", "enum": ["1", "0", "true", "false"]},
        "1: tell beside each record what each rule did.",
    ),
    "resourceType": ({"type": "string"}, "Only changes of this kind of resource."),
    "_resourceId": ({"type": "string"}, "Only changes of this resource."),
    "_byUserId": ({"type": "string"}, "Only changes by this user."),
    "source": ({"type": "string"}, "Only changes from this source, for example api."),
    "action": ({"type": "string"}, "Only these events: create, update, delete."),
    "from": ({"type": "string"}, "Only changes at or after this instant (ISO 8601)."),
    "to": ({"type": "string"}, "Only changes at or before this instant (ISO 8601)."),
}
_REFUSALS: Final = {
    400: "The request cannot be read: malformed JSON, a bad query parameter.",
    401: "The token is absent, unknown, expired or revoked.",
    403: "The token is good, but not for this.",
    404: "There is no such resource.",
    409: "Somebody else changed the document in the meantime.",
    413: "The body is too large, too deep, or holds too many values.",
    415: "The body is not JSON.",
    422: "It was read and will not do; every problem is listed.",
    429: "Too many requests: wait for Retry-After seconds.",
}


def openapi_document(routes: Iterable[Route], public_url: str) -> dict[str, Any]:
    """Build the document."""
    routes = tuple(routes)
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route)
    for route in routes:
        if route.method == "POST" and route.reply.status == _CREATED and "{" not in route.path:
            paths[route.path]["post"]["responses"][str(_CREATED)]["links"] = _links(route, routes)
    return {
        "openapi": "3.1.1",
        "info": {"title": "isthmus", "version": __version__, "description": _ABOUT},
        "servers": [{"url": public_url}],
        "paths": paths,
        "components": {
            "schemas": {**COMPONENTS, **document_components()},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{"token": []}],
    }


def check(document: dict[str, Any]) -> None:
    """Hold a document to OpenAPI 3.1. Raises pydantic's ValidationError where a route is not described soundly.

    The routes are the same in every installation, so `serve` leaves this to the tests and to `isthmus openapi`: it
    takes ten megabytes that are never given back.
    """
    from openapi_pydantic import OpenAPI  # noqa: PLC0415  # large, and no part of serving

    OpenAPI.model_validate(document)


def as_json(document: dict[str, Any]) -> bytes:
    """Write the document down."""
    return orjson.dumps(document, option=orjson.OPT_INDENT_2)


def operation_id(route: Route) -> str:
    """Name an operation after its method and path: `get_v1_connections_id_audit`."""
    return route.method.lower() + re.sub(r"[^A-Za-z0-9]+", "_", route.path).rstrip("_")


def _links(made: Route, routes: Iterable[Route]) -> dict[str, Any]:
    """Say what can be done with a document once it was made: every operation with its id in the path."""
    here = [route for route in routes if route.path.split("/{id}")[0] == made.path and "{id}" in route.path]
    return {
        operation_id(route): {"operationId": operation_id(route), "parameters": {"id": "$response.body#/_id"}}
        for route in here
    }


def _operation(route: Route) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": operation_id(route),
        "tags": [_tag(route)],
        "summary": route.summary,
        "parameters": [*_path_parameters(route), *_query_parameters(route)],
        "responses": {**_replies(route), **{str(s): _refusal(s) for s in sorted(refusals(route))}},
    }
    if route.scope == "open":
        operation["security"] = []
    if route.body is not None:
        operation["requestBody"] = {
            "required": route.body.required,
            "content": {_JSON: {"schema": route.body.schema}},
        }
    return operation


def _tag(route: Route) -> str:
    parts = route.path.split("/")
    return parts[2] if parts[1] == "v1" else "service"


def _path_parameters(route: Route) -> list[dict[str, Any]]:
    names = re.findall(r"\{(\w+)\}", route.path)
    return [{"name": name, "in": "path", "required": True, "schema": ID} for name in names]


def _query_parameters(route: Route) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "query", "schema": _QUERY[name][0], "description": _QUERY[name][1]} for name in route.query
    ]


def _replies(route: Route) -> dict[str, Any]:
    replies = {str(route.reply.status): _reply(route)}
    for status, what in route.reply.also:
        content = {"content": {_JSON: {"schema": {"type": "object"}}}} if status == 200 else {}  # noqa: PLR2004  # RFC 9110
        replies[str(status)] = {"description": what, **content}
    return replies


def _reply(route: Route) -> dict[str, Any]:
    reply = route.reply
    if reply.status >= 400:  # noqa: PLR2004  # RFC 9110: what is not built refuses as its reply
        return _refusal(reply.status)
    if reply.schema is None:
        return {"description": "Done."}
    return {"description": "All is well.", "content": {reply.media: {"schema": reply.schema}}}


def _refusal(status: int) -> dict[str, Any]:
    return {"description": _REFUSALS[status], "content": {_JSON: {"schema": ref("Errors")}}}


def refusals(route: Route) -> set[int]:
    """Tell which 4xx a route may answer."""
    found: set[int] = {400}
    if route.scope != "open":
        found |= {401, 403, 429}
    if "{" in route.path:
        found |= {404}
    if route.body is not None:
        found |= {413, 415}
    if route.body is not None or route.dependent or route.method == "DELETE" or "oauth2" in route.path:
        found |= {422}
    if route.audit is not None:
        found |= {409}
    return found - {route.reply.status}
