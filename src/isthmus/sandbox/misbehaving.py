"""What goes wrong in the real world, on purpose. `key` in the query keeps one client's faults from another's."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route


def _key(request: Request) -> tuple[str, str]:
    return request.url.path, request.query_params.get("key", "")


async def slow(request: Request) -> Response:
    """Answer after `seconds` (at most 120)."""
    await asyncio.sleep(min(float(request.query_params.get("seconds", "30")), 120.0))
    return JSONResponse({"ok": True})


async def truncated(_request: Request) -> Response:
    """Promise 1,000 bytes and send fewer."""

    async def part() -> AsyncIterator[bytes]:
        yield b'{"records": [{"id": 1}, {"id"'

    return StreamingResponse(part(), media_type="application/json", headers={"Content-Length": "1000"})


async def endless(request: Request) -> Response:
    """Answer one record and the very same next URL, for ever."""
    return JSONResponse({"records": [{"id": 1}], "next": str(request.url)})


async def carousel(request: Request) -> Response:
    """Answer one record and a next URL that comes round again after `length` pages (3 by default)."""
    length, page = int(request.query_params.get("length", "3")), int(request.query_params.get("page", "0"))
    following = request.url.include_query_params(page=(page + 1) % length)
    return JSONResponse({"records": [{"id": page}], "next": str(following)})


async def redirect(request: Request) -> Response:
    """Redirect to `to`."""
    return RedirectResponse(request.query_params.get("to", "/"), status_code=302)


async def echo(request: Request) -> Response:
    """Send back all that was sent, secrets included: a target that leaks what it is told."""
    body = (await request.body()).decode("utf-8", "replace")
    return JSONResponse(
        {"headers": dict(request.headers), "query": dict(request.query_params), "body": body},
        status_code=int(request.query_params.get("status", "200")),
    )


def routes() -> list[Route]:
    """Make the routes, with counters of their own."""
    seen: Counter[tuple[str, str]] = Counter()

    async def throttled(request: Request) -> Response:
        seen[_key(request)] += 1
        if seen[_key(request)] % (int(request.query_params.get("times", "1")) + 1):
            wait = request.query_params.get("after", "1")
            return JSONResponse({"error": "too many requests"}, status_code=429, headers={"Retry-After": wait})
        return JSONResponse({"ok": True, "records": [{"id": 1}]})

    async def unauthorized_once(request: Request) -> Response:
        seen[_key(request)] += 1
        if seen[_key(request)] == 1:
            return JSONResponse({"error": "token expired"}, status_code=401)
        return JSONResponse({"ok": True, "records": [{"id": 1}]})

    return [
        Route("/throttled", throttled, methods=["GET", "POST"]),
        Route("/unauthorized-once", unauthorized_once, methods=["GET", "POST"]),
        Route("/slow", slow),
        Route("/truncated", truncated),
        Route("/endless", endless),
        Route("/carousel", carousel),
        Route("/redirect", redirect),
        Route("/echo", echo, methods=["GET", "POST", "PUT"]),
    ]
