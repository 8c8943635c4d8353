"""A loopback server made of bytes, for answers that no well-behaved library would send; it keeps a ledger.

    async with serve({"/": reply(200, b"hello")}) as server:
        ... f"{server.url}/" ...; server.ledger[0].headers

A script is handed the request and the writer, and tells whether the connection may stay open.
"""

import asyncio
import gzip
import socket
import ssl
import struct
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

Headers = list[tuple[str, str]]


@dataclass(frozen=True)
class Received:
    """One request as it came in. `connection` counts connections from 0."""

    method: str
    path: str
    headers: Headers
    body: bytes
    connection: int

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)

    @property
    def raw(self) -> str:
        """The whole request as text, to search for what must not be there."""
        return f"{self.method} {self.path}\n{self.headers}\n{self.body!r}"


Script = Callable[[Received, asyncio.StreamWriter], Awaitable[bool]]


@dataclass
class HostileServer:
    port: int = 0
    host: str = "127.0.0.1"
    scheme: str = "http"
    ledger: list[Received] = field(default_factory=list)
    connections: int = 0
    running: int = 0
    peak: int = 0
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    async def arrived(self, count: int) -> None:
        """Wait until so many requests have come in."""
        while len(self.ledger) < count:
            self.changed.clear()
            await self.changed.wait()

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.host}:{self.port}"

    @property
    def address(self) -> str:
        return f"{self.host}:{self.port}"


@asynccontextmanager
async def serve(
    scripts: Mapping[str, Script], *, host: str = "127.0.0.1", tls: ssl.SSLContext | None = None
) -> AsyncIterator[HostileServer]:
    """Serve scripts by path (without the query; `*` for any other) on a free port until the block ends."""
    server = HostileServer(host=host, scheme="https" if tls else "http")
    tasks: set[asyncio.Task[None]] = set()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        number, server.connections = server.connections, server.connections + 1
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
                while await _one(server, scripts, reader, writer, number):
                    pass
        finally:
            tasks.discard(task)
            writer.close()
            with suppress(ConnectionError, ssl.SSLError, asyncio.CancelledError):
                await writer.wait_closed()

    listener = await asyncio.start_server(connected, host, 0, ssl=tls)
    server.port = listener.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listener.close()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _one(
    server: HostileServer,
    scripts: Mapping[str, Script],
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    number: int,
) -> bool:
    request = await _read(reader, number)
    server.ledger.append(request)
    server.running += 1
    server.peak = max(server.peak, server.running)
    server.changed.set()
    try:
        path = request.path.partition("?")[0]
        keep = await scripts.get(path, scripts.get("*", reply(404)))(request, writer)
        await writer.drain()
        return keep
    finally:
        server.running -= 1


async def _read(reader: asyncio.StreamReader, number: int) -> Received:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    method, path, _ = head[0].split(" ", 2)
    headers = [(name, value.strip()) for name, _, value in (line.partition(":") for line in head[1:] if line)]
    length = next((int(value) for name, value in headers if name.lower() == "content-length"), 0)
    return Received(method, path, headers, await reader.readexactly(length), number)


def answer(status: int = 200, body: bytes = b"", headers: Headers | None = None, *, length: int | None = None) -> bytes:
    """Write an answer; `length` lies about the size of the body."""
    lines = [f"HTTP/1.1 {status} Whatever", f"Content-Length: {len(body) if length is None else length}"]
    lines += [f"{name}: {value}" for name, value in headers or []]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def reply(status: int = 200, body: bytes = b"", headers: Headers | None = None, *, keep: bool = True) -> Script:
    """Answer properly."""
    return raw(answer(status, body, headers), keep=keep)


def redirect(status: int, location: str, body: bytes = b"") -> Script:
    return reply(status, body, [("Location", location)])


def raw(data: bytes, *, keep: bool = False) -> Script:
    """Send these bytes, then close unless told to keep the connection."""

    async def script(_request: Received, writer: asyncio.StreamWriter) -> bool:
        writer.write(data)
        return keep

    return script


def in_turn(*scripts: Script) -> Script:
    """Play another script each time; the last one stays."""
    left = list(scripts)

    async def script(request: Received, writer: asyncio.StreamWriter) -> bool:
        return await (left.pop(0) if len(left) > 1 else left[0])(request, writer)

    return script


def slowly(seconds: float, then: Script) -> Script:
    """Play a script after a while."""

    async def script(request: Received, writer: asyncio.StreamWriter) -> bool:
        await asyncio.sleep(seconds)
        return await then(request, writer)

    return script


def held(release: asyncio.Event, then: Script) -> Script:
    """Play a script once the event is set."""

    async def script(request: Received, writer: asyncio.StreamWriter) -> bool:
        await release.wait()
        return await then(request, writer)

    return script


def silent() -> Script:
    """Never answer."""
    return held(asyncio.Event(), reply())


def reset(first: bytes = b"") -> Script:
    """Send a part of an answer, then reset the connection instead of closing it."""

    async def script(_request: Received, writer: asyncio.StreamWriter) -> bool:
        writer.write(first)
        await writer.drain()
        await asyncio.sleep(0.02 if first else 0)
        linger = struct.pack("ii", 1, 0)
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        return False

    return script


def endless(head: bytes, piece: bytes, pause: float = 0.0) -> Script:
    """Send a piece again and again, for as long as anybody listens."""

    async def script(_request: Received, writer: asyncio.StreamWriter) -> bool:
        writer.write(head)
        while True:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(pause)

    return script


def compressed(coding: str, body: bytes) -> bytes:
    """Compress as gzip, deflate (RFC 1950) or raw (bare deflate)."""
    if coding == "gzip":
        return gzip.compress(body, mtime=0)  # the same bytes whenever it runs
    if coding == "deflate":
        return zlib.compress(body)
    engine = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return engine.compress(body) + engine.flush()


def bomb(coding: str, megabytes: int) -> bytes:
    """Compress so many megabytes of nothing, about a thousandth of that on the wire."""
    window = {"gzip": zlib.MAX_WBITS | 16, "deflate": zlib.MAX_WBITS}[coding]
    engine = zlib.compressobj(9, zlib.DEFLATED, window)
    zeros = bytes(1024 * 1024)
    return b"".join(engine.compress(zeros) for _ in range(megabytes)) + engine.flush()
