"""Remembers what the sandbox received, so that a test or a curious reader can look."""

from collections import deque
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

Ledger = deque[dict[str, Any]]
PATH = "/ledger"


def new_ledger() -> Ledger:
    """Make an empty ledger; it keeps the last 1,000 requests."""
    return deque(maxlen=1000)


class NoteRequests:
    """ASGI middleware: notes method, path, query and headers of every request but those to the ledger itself."""

    def __init__(self, app: ASGIApp, ledger: Ledger) -> None:
        self._app = app
        self._ledger = ledger

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Note the request and pass it on."""
        if scope["type"] == "http" and scope["path"] != PATH:
            request = Request(scope)
            self._ledger.append(
                {
                    "method": request.method,
                    "path": request.url.path,
                    "query": request.url.query,
                    "headers": dict(request.headers),
                }
            )
        await self._app(scope, receive, send)


def ledger_route(ledger: Ledger) -> Route:
    """Make the route that shows a ledger."""

    async def show(_request: Request) -> JSONResponse:
        return JSONResponse(list(ledger))

    return Route(PATH, show)
