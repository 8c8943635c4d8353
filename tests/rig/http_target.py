"""A loopback system to call: a handler written in the test answers, and a ledger keeps what came in."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from aiohttp import web


@dataclass(frozen=True)
class Call:
    """One request as it came in; `path` is raw, `query` the text after the question mark."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def form(self) -> dict[str, list[str]]:
        return parse_qs(self.body.decode())

    def argument(self, name: str) -> str | None:
        return parse_qs(self.query).get(name, [None])[0]

    @property
    def raw(self) -> str:
        """Everything, to search for what must not be there."""
        return f"{self.method} {self.path}?{self.query}\n{dict(self.headers)}\n{self.body!r}"


@dataclass(frozen=True)
class Reply:
    status: int = 200
    body: Any = None
    headers: Mapping[str, str] | list[tuple[str, str]] = field(default_factory=dict)
    media: str = "application/json"
    delay: float = 0.0

    def response(self) -> web.Response:
        content = (
            self.body if isinstance(self.body, bytes) else b"" if self.body is None else json.dumps(self.body).encode()
        )
        response = web.Response(status=self.status, body=content, content_type=self.media if content else None)
        for name, value in self.headers.items() if isinstance(self.headers, Mapping) else self.headers:
            response.headers.add(name, value)
        return response


Handler = Callable[[Call], Reply | Awaitable[Reply]]


@dataclass
class Target:
    url: str
    calls: list[Call] = field(default_factory=list)
    running: int = 0
    peak: int = 0

    @property
    def asked(self) -> list[str]:
        """Every request as `METHOD path?query`."""
        return [f"{call.method} {call.path}{'?' + call.query if call.query else ''}" for call in self.calls]


@asynccontextmanager
async def target(handler: Handler) -> AsyncIterator[Target]:
    """Serve until the block ends, on a free port."""
    found = Target("")

    async def handle(request: web.Request) -> web.StreamResponse:
        path, _, query = request.raw_path.partition("?")
        call = Call(
            request.method, path, query, {k.lower(): v for k, v in request.headers.items()}, await request.read()
        )
        found.calls.append(call)
        found.running += 1
        found.peak = max(found.peak, found.running)
        try:
            reply = handler(call)
            answer = reply if isinstance(reply, Reply) else await reply
            if answer.delay:
                await asyncio.sleep(answer.delay)
            return answer.response()
        finally:
            found.running -= 1

    app = web.Application(client_max_size=64 * 1024 * 1024)
    app.router.add_route("*", "/{tail:.*}", handle)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    found.url = f"http://{host}:{port}"
    try:
        yield found
    finally:
        await runner.cleanup()
