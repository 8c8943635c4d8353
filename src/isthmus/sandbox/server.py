"""Puts the stand-ins under one address and serves them."""

import socket
import sys

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Mount, Route

from isthmus.sandbox import acme, heartbeat, misbehaving, nasa, slack
from isthmus.sandbox.ledger import NoteRequests, ledger_route, new_ledger


async def _index(request: Request) -> JSONResponse:
    base = str(request.base_url).rstrip("/")
    return JSONResponse(
        {
            "slack": {"baseURI": f"{base}/slack/api", "token": slack.TOKEN},
            "nasa": {"baseURI": f"{base}/nasa", "api_key": nasa.API_KEY},
            "heartbeat": {"baseURI": base, "relativeURI": "/system/v1/heartbeat"},
            "acme": {"baseURI": f"{base}/acme"},
            "misbehaving": {"baseURI": f"{base}/misbehaving"},
        }
    )


def make_app() -> Starlette:
    """Make the whole sandbox as one ASGI application, with fresh state."""
    ledger = new_ledger()
    return Starlette(
        middleware=[Middleware(NoteRequests, ledger=ledger)],
        routes=[
            Route("/", _index),
            ledger_route(ledger),
            Mount("/slack/api", routes=slack.routes()),
            Mount("/nasa", routes=nasa.routes()),
            Mount("/system/v1", routes=heartbeat.routes()),
            Mount("/acme", routes=acme.routes()),
            Mount("/misbehaving", routes=misbehaving.routes()),
        ],
    )


class _AnnouncingServer(uvicorn.Server):
    """Says where it is, in one line on stdout, once it accepts requests."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        host, port = self.servers[0].sockets[0].getsockname()[:2]
        sys.stdout.write(f"isthmus sandbox ready on http://{host}:{port}\n")
        sys.stdout.flush()


def serve(host: str = "127.0.0.1", port: int = 0) -> None:
    """Serve until stopped; port 0 picks one. Prints exactly one line, the address, once it accepts requests."""
    _AnnouncingServer(
        uvicorn.Config(make_app(), host=host, port=port, log_level="warning", lifespan="off", access_log=False)
    ).run()
