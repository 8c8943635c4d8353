"""The ASGI application: one pass from the request to its answer, in this order.

request id > route > authenticate > rate limit > scope > media type > size > JSON > handler. Nothing of a body is read
before its sender is known. A path that is not there is told only to those with a token.
"""

import asyncio
import itertools
import os
import time
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any, Final

import structlog

from isthmus.api.authentication import authenticate, authorize, refuse_token_in_query
from isthmus.api.call import Answer, Call
from isthmus.api.leaving import while_connected
from isthmus.api.problem import problem_answer, release
from isthmus.api.rate_limit import RateLimit
from isthmus.api.receive import BodyLimits, Disconnected, Receive, read_body
from isthmus.api.routing import Match, Router
from isthmus.api.services import Services
from isthmus.model.errors import Malformed, NotFound, StoreUnavailable

Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

_log = structlog.get_logger("isthmus.api")
_SMALL: Final = 64 * 1024
_ONCE: Final = (b"authorization", b"content-type", b"content-encoding", b"content-length", b"host")
_EVERY_ANSWER: Final = ((b"x-content-type-options", b"nosniff"), (b"cache-control", b"no-store"))
_NOT_ALLOWED: Final = (
    b'{"errors":[{"code":"method_not_allowed","message":"This path does not answer that method: see Allow."}]}'
)


@dataclass(frozen=True, slots=True)
class Options:
    """How the application runs, in plain values."""

    limits: BodyLimits = field(default_factory=BodyLimits)
    rate: RateLimit | None = None
    access_log: bool = False


@dataclass(slots=True)
class _Request:
    """A request on its way through: what is known of it so far."""

    id: str
    method: str
    path: str
    query: str
    headers: dict[bytes, bytes]
    match: Match
    body_read: bool = False


class Application:
    """Answers HTTP requests with routes. `draining` makes /readyz say no."""

    def __init__(self, router: Router, services: Services, options: Options) -> None:
        self._router = router
        self._services = services
        self._metrics = services.metrics
        self._options = options
        self._prefix = os.urandom(4).hex()
        self._numbers = itertools.count(1)

    def drain(self) -> None:
        """Say from now on that no more requests are welcome."""
        self._services.state.draining = True

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Speak ASGI."""
        if scope["type"] != "http":
            raise RuntimeError(f"Only http is served, not {scope['type']}.")
        started = time.perf_counter()
        request = self._request(scope)
        try:
            answer = await self._answer(request, scope, receive)
        except Disconnected:
            return
        except asyncio.CancelledError:  # the server gives up what is still in flight at the end of its grace
            answer = problem_answer(StoreUnavailable("The service is shutting down."), request.id)
        except Exception as error:  # noqa: BLE001  # the boundary of the service: every error becomes an answer here
            answer = problem_answer(error, request.id)
            release(error)
        await self._send(request, answer, send)
        self._note(request, answer.status, time.perf_counter() - started)

    def _request(self, scope: Mapping[str, Any]) -> _Request:
        path = (scope.get("raw_path") or scope["path"].encode()).decode("latin-1")
        return _Request(
            id=f"{self._prefix}-{next(self._numbers):x}",
            method=scope["method"],
            path=path,
            query=scope["query_string"].decode("latin-1"),
            headers=dict(reversed(scope["headers"])),
            match=self._router.find(scope["method"], path),
        )

    async def _answer(self, request: _Request, scope: Mapping[str, Any], receive: Receive) -> Answer:
        match, route = request.match, request.match.route
        caller = None
        if route is None or route.scope != "open":
            caller = await authenticate(self._services.tokens, request.headers)
            if self._options.rate is not None:
                self._options.rate.take(caller.user_id)
            if request.query:
                refuse_token_in_query(request.query)
        _check_head(scope)
        if route is None:
            return _no_route(request)
        if caller is not None:
            authorize(caller, route, match.ids)
        body = await read_body(route.body, request.headers, receive, self._options.limits)
        request.body_read = True
        call = Call(self._services, caller, match.ids, request.query, request.headers, request.path, body)
        work = route.handler(call)
        return await (while_connected(work, receive) if route.dependent else work)

    async def _send(self, request: _Request, answer: Answer, send: Send) -> None:
        headers = [*_EVERY_ANSWER, *answer.headers, (b"x-request-id", request.id.encode())]
        if answer.media is not None:
            headers += (b"content-type", answer.media), (b"content-length", b"%d" % len(answer.body))
        if not request.body_read and _large_body(request.headers):
            headers.append((b"connection", b"close"))
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await send({"type": "http.response.body", "body": answer.body})

    def _note(self, request: _Request, status: int, seconds: float) -> None:
        route = request.match.route
        template = "(none)" if route is None else route.path
        method = request.method if route is not None else "(any)"
        self._metrics.observe(method, template, status, seconds)
        if self._options.access_log:
            _log.info(
                "request", id=request.id, method=method, route=template, status=status, ms=round(seconds * 1e3, 2)
            )


def _check_head(scope: Mapping[str, Any]) -> None:
    names = [name for name, _ in scope["headers"] if name in _ONCE]
    if len(names) != len(set(names)):
        raise Malformed("A header that may come once came twice.")
    if b"host" not in names and scope.get("http_version") == "1.1":
        raise Malformed("A request in HTTP/1.1 names its Host.")


def _large_body(headers: Mapping[bytes, bytes]) -> bool:
    """Tell whether the rest of a body is not worth reading just to keep the connection."""
    length = headers.get(b"content-length", b"0")
    return b"transfer-encoding" in headers or not length.isdigit() or int(length[:20]) > _SMALL


def _no_route(request: _Request) -> Answer:
    allowed = request.match.allowed
    if not allowed:
        raise NotFound("There is nothing at this path.")
    allow = (b"allow", ", ".join((*allowed, "OPTIONS")).encode())
    if request.method == "OPTIONS":
        return Answer(204, media=None, headers=(allow,))
    return Answer(405, _NOT_ALLOWED, headers=(allow,))
