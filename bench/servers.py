"""The other side: `pages` serves fixed pages of records and takes records, `plain` is an empty Starlette route."""

import socket
import sys

import orjson
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

RECORDS, PER_PAGE = 100_000, 1_000


def record(number: int) -> dict[str, object]:
    base = {"id": number, "name": f"Record {number}", "status": "open", "total": number / 7, "tags": ["a", "b"]}
    return {**base, "note": "x" * (500 - len(orjson.dumps(base)) - 10)}


def pages_app() -> Starlette:
    pages = [orjson.dumps([record(n) for n in range(start, start + PER_PAGE)]) for start in range(0, RECORDS, PER_PAGE)]

    async def page(request: Request) -> Response:
        number = int(request.query_params.get("page", "0"))
        return Response(pages[number] if number < len(pages) else b"[]", media_type="application/json")

    async def take(request: Request) -> Response:
        return Response(b'{"id":"%d"}' % len(await request.body()), media_type="application/json")

    return Starlette(routes=[Route("/records", page), Route("/records", take, methods=["POST"])])


def plain_app(size: int) -> Starlette:
    body = b'{"x":"' + b"y" * (size - 8) + b'"}'

    async def same_bytes(_request: Request) -> Response:
        return Response(body, media_type="application/json")

    return Starlette(routes=[Route("/", same_bytes)])


if __name__ == "__main__":
    app = pages_app() if sys.argv[1] == "pages" else plain_app(int(sys.argv[2]))
    listener = socket.create_server(("127.0.0.1", 0), backlog=100)
    sys.stdout.write(f"ready on http://127.0.0.1:{listener.getsockname()[1]}\n")
    sys.stdout.flush()
    uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False, lifespan="off")).run([listener])
