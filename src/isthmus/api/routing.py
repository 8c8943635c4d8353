"""Routes as data, and the tree that finds one in a step per path segment.

Literals match in any letter case, any other segment may be an id (a malformed one is as unknown as one that is not
there), one trailing slash is allowed, and singular and
plural of a resource are the same (api.md section 1). A path with a percent sign, an empty segment or a dot segment
names nothing: there is no second spelling of any path that a proxy in front might read differently.
"""

from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from isthmus.api.call import Answer, Call

Handler = Callable[[Call], Coroutine[None, None, Answer]]
Scope = Literal["full", "invoke", "open"]
AuditEvent = Literal["create", "update", "delete", "read"]

SINGULAR: Final = {
    "connections": "connection",
    "exports": "export",
    "imports": "import",
    "flows": "flow",
    "integrations": "integration",
    "iclients": "iclient",
}


@dataclass(frozen=True, slots=True)
class Body:
    """What a route reads. `schema` is JSON Schema; an `ignored` body is read and thrown away."""

    schema: dict[str, Any] = field(default_factory=dict)
    required: bool = True
    ignored: bool = False
    example: Any = None


@dataclass(frozen=True, slots=True)
class Reply:
    """What a route answers when all is well. `also` are further good statuses, by what they mean."""

    status: int
    schema: dict[str, Any] | None = None
    media: str = "application/json"
    also: tuple[tuple[int, str], ...] = ()
    example: Any = None


@dataclass(frozen=True, slots=True)
class Route:
    """One endpoint. `audit` is the event it leaves in the audit log, None where nothing changes.

    `scope`: `open` needs no token, `invoke` is also for custom tokens that list the connection, `full` for full access
    alone. `row` names the row of the reference that it answers.
    """

    method: str
    path: str
    handler: Handler
    summary: str
    reply: Reply
    scope: Scope = "full"
    audit: AuditEvent | None = None
    body: Body | None = None
    row: str = ""
    query: tuple[str, ...] = ()
    dependent: bool = False
    """Whether its answer depends on a system beyond this one (which may fail with 422); given up with its client."""


@dataclass(slots=True)
class _Node:
    literals: dict[str, "_Node"] = field(default_factory=dict)
    id: "_Node | None" = None
    routes: dict[str, Route] = field(default_factory=dict)
    id_names: dict[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Match:
    """What a path and a method lead to: a route with its ids, or the methods that the path does have (none: 404)."""

    route: Route | None
    ids: dict[str, str]
    allowed: tuple[str, ...] = ()


_NOTHING: Final = Match(None, {})
_NO_ID: Final = ("", ".", "..")


class Router:
    """Finds the route of a request."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._root = _Node()
        for route in routes:
            for path in spellings(route.path):
                self._add(path, route)

    def _add(self, path: str, route: Route) -> None:
        node, names = self._root, []
        for segment in path[1:].split("/"):
            if segment.startswith("{"):
                names.append(segment[1:-1])
                node.id = node.id or _Node()
                node = node.id
            else:
                node = node.literals.setdefault(segment.lower(), _Node())
        if route.method in node.routes:
            raise ValueError(f"Two routes answer {route.method} {path}.")
        node.routes[route.method] = route
        node.id_names[route.method] = tuple(names)

    def find(self, method: str, path: str) -> Match:
        """Match a raw (undecoded) path."""
        if not path.startswith("/") or "%" in path:
            return _NOTHING
        node, ids = self._root, []
        for segment in (path[1:-1] if path.endswith("/") and len(path) > 1 else path[1:]).split("/"):
            literal = node.literals.get(segment.lower())
            if literal is not None:
                node = literal
            elif node.id is not None and segment not in _NO_ID:
                node = node.id
                ids.append(segment)
            else:
                return _NOTHING
        route = node.routes.get(method)
        if route is None:
            return Match(None, {}, tuple(sorted(node.routes)))
        return Match(route, dict(zip(node.id_names[method], ids, strict=True)))


def spellings(path: str) -> tuple[str, ...]:
    """Give a path as written and with its resource in the singular: `/v1/connections/{id}`, `/v1/connection/{id}`."""
    for plural, singular in SINGULAR.items():
        prefix = f"/v1/{plural}"
        if path == prefix or path.startswith(prefix + "/"):
            return path, f"/v1/{singular}" + path[len(prefix) :]
    return (path,)
