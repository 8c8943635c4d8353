"""Endpoints that answer 422 `unsupported` until what they need is built. Source: decisions.md "Not built yet"."""

from isthmus.api.call import Answer, Call
from isthmus.api.routes.documents import Kind
from isthmus.api.routing import Body, Handler, Reply, Route
from isthmus.model.errors import Unsupported


def unbuilt_route(kind: Kind, method: str, end: str, what: str) -> Route:
    """Make the route `method <kind>/<end>`; a document in its path must be there, else the answer is 404 as ever."""
    return Route(
        method,
        f"{kind.root}/{end}",
        _unsupported(kind, what),
        f"Not built yet: {what}",
        Reply(422),
        body=None if method == "GET" else Body(required=False, ignored=True),
        row=kind.row,
    )


def _unsupported(kind: Kind, what: str) -> Handler:
    async def handler(call: Call) -> Answer:
        if "id" in call.ids:
            await kind.resources(call).get(call.caller, call.id)
        raise Unsupported(f"This service cannot {what} yet.")

    return handler
