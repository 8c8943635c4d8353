"""The services of virtual calls over a real store, vault and transport, and a system that tests make up as they go."""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import orjson

from isthmus.model.errors import InvalidDocument, Refused, RemoteError
from isthmus.model.json import Document, Json, Record
from isthmus.sdk import (
    ConnectionType,
    Cursor,
    Decision,
    Export,
    Import,
    LookupMiss,
    Opening,
    Outgoing,
    Page,
    PingResult,
    WriteResult,
)
from isthmus.sdk.registry import connection_type
from isthmus.services.debug_log.debug_logs import DebugLogs
from isthmus.services.exports.page_states import PageStates
from isthmus.services.exports.virtual_exports import ExportCaps, VirtualExports
from isthmus.services.housekeeping import Housekeeping
from isthmus.services.imports.virtual_imports import VirtualImports
from isthmus.services.offline_marks import OfflineMarks
from isthmus.services.offline_pinger import OfflinePinger
from isthmus.services.opening.opened import OpenedConnections
from isthmus.services.opening.openings import Parts
from isthmus.services.pings import Pings
from isthmus.services.queues import Queues
from isthmus.transport.egress import Egress
from isthmus.transport.gate import Gates
from isthmus.transport.http.message import Headers, Request
from isthmus.transport.http.transport import HttpTransport
from isthmus.vault import Vault
from tests.rig.documents import ADMIN, Desk, desk

LOOPBACK = ("127.0.0.0/8", "::1")


def _fine(_outgoing: Outgoing) -> WriteResult:
    return WriteResult(id="1", json={"ok": True})


@dataclass
class System:
    """What lies behind connections in these tests: what it answers is set, what it was told is kept."""

    pages: list[list[Record]] = field(default_factory=list)
    public: Callable[[int], Document] = lambda index: {"pageIndex": index + 1}
    private: Callable[[int], Document] = lambda _index: {}
    answer: Callable[[Outgoing], WriteResult] = _fine
    decision: Callable[[Record], Decision] = lambda _record: "create"
    values: dict[str, Json] = field(default_factory=dict)
    ping: PingResult = field(default_factory=PingResult)
    at_once: int = 1
    broken: RemoteError | None = None
    closed: RemoteError | None = None
    refusal: Refused | None = None
    refuse_after: int = 0
    calls: list[str] = field(default_factory=list)
    openings: list[Opening] = field(default_factory=list)
    exports: list[Export] = field(default_factory=list)
    written: list[Outgoing] = field(default_factory=list)
    open_now: int = 0
    writing_now: int = 0
    most_at_once: int = 0
    url: str = ""

    def type(self, name: object) -> ConnectionType:
        """The connection types as they are, but http opens this system."""
        spec = connection_type(name)
        return replace(spec, open=self.open if spec.name == "http" else None)

    @asynccontextmanager
    async def open(self, opening: Opening) -> AsyncIterator["SystemAdaptor"]:
        self.openings.append(opening)
        if self.closed is not None:
            raise self.closed
        self.open_now += 1
        try:
            await asyncio.sleep(0)
            yield SystemAdaptor(self, opening)
        finally:
            self.open_now -= 1

    def failing(self) -> None:
        if self.broken is not None:
            raise self.broken


class SystemAdaptor:
    """An opened connection to a System."""

    def __init__(self, system: System, opening: Opening) -> None:
        self.system = system
        self.opening = opening

    async def ping(self) -> PingResult:
        self.system.calls.append("ping")
        self.system.failing()
        if self.system.url:
            await self.opening.http.send(Request("GET", self.system.url, Headers([("Authorization", "Bearer x")])))
        return self.system.ping

    async def read(self, export: Export, cursor: Cursor | None) -> Page:
        self.system.calls.append("read")
        self.system.exports.append(export)
        self.system.failing()
        if self.system.url:
            await self.opening.http.send(Request("GET", self.system.url))
        index = 0 if cursor is None else int(cursor.public["pageIndex"]) - 1
        records = self.system.pages[index] if self.system.pages else []
        if index + 1 >= len(self.system.pages):
            return Page(records)
        return Page(records, Cursor(self.system.public(index + 1), self.system.private(index + 1)))

    async def write(self, import_: Import, records: AsyncIterable[Outgoing]) -> AsyncIterator[WriteResult]:
        """Write `at_once` records at a time, each batch read whole before its first result."""
        self.system.failing()
        batch: list[Outgoing] = []
        written = 0
        async for record in records:
            if self.system.refusal is not None and written == self.system.refuse_after:
                raise self.system.refusal
            written += 1
            batch.append(record)
            if len(batch) == self.system.at_once:
                for result in await self._batch(batch):
                    yield result
                batch = []
        for result in await self._batch(batch):
            yield result

    async def decide(self, import_: Import, source: Record) -> Decision:
        return self.system.decision(source)

    async def lookup(self, definition: Document, source: Record) -> Json:
        self.system.calls.append(f"lookup {definition['name']}")
        self.system.failing()
        await asyncio.sleep(0)
        found = self.system.values.get(str(source.get("id")))
        if found is None:
            raise LookupMiss("The lookup found no value.")
        return found

    async def _batch(self, batch: list[Outgoing]) -> list[WriteResult]:
        self.system.writing_now += len(batch)
        self.system.most_at_once = max(self.system.most_at_once, self.system.writing_now)
        await asyncio.sleep(0)
        self.system.written += batch
        self.system.writing_now -= len(batch)
        return [self.system.answer(outgoing) for outgoing in batch]


@dataclass
class Bench:
    """Every service of virtual calls."""

    desk: Desk
    system: System
    gates: Gates
    connections: OpenedConnections
    states: PageStates
    debug: DebugLogs
    pings: Pings
    exports: VirtualExports
    imports: VirtualImports
    pinger: OfflinePinger
    housekeeping: Housekeeping
    queues: Queues

    async def connection(self, **more: Any) -> str:
        """Store an http connection and give its id."""
        http = {"baseURI": "http://127.0.0.1:1/api", "mediaType": "json", **more.pop("http", {})}
        http.setdefault("auth", {"type": "token", "token": {"token": "CANARY-0123456789abcdef"}})
        created = await self.desk.create("connections", {"type": "http", "name": "Acme", "http": http, **more})
        return str(created["_id"])

    async def everything(self, connection_id: str, export: Document | None = None, **body: Any) -> Document:
        answer = await self.exports.everything(ADMIN, connection_id, {"export": export or model(), **body})
        return loaded(answer)

    async def page(
        self, connection_id: str, state: Json = None, export: Document | None = None, **body: Any
    ) -> Document:
        sent = {"export": export or model(), **({} if state is None else {"pagedExportState": state}), **body}
        return loaded(await self.exports.page(ADMIN, connection_id, sent))

    async def run(self, connection_id: str, data: Json, import_: Document | None = None) -> list[Document]:
        answer = await self.imports.run(ADMIN, connection_id, {"import": import_ or imported(), "data": data})
        results: list[Document] = orjson.loads(answer)
        return results

    async def map(self, connection_id: str, data: Json, import_: Document | None = None) -> list[Json]:
        answer = await self.imports.map(ADMIN, connection_id, {"import": import_ or imported(), "data": data})
        mapped: list[Json] = orjson.loads(answer)
        return mapped


def loaded(body: bytes) -> Document:
    document: Document = orjson.loads(body)
    return document


def model(**more: Any) -> Document:
    """A virtual export."""
    return {"http": {"relativeURI": "/people", "method": "GET"}, **more}


def imported(**more: Any) -> Document:
    """A virtual import."""
    return {"http": {"relativeURI": ["/people"], "method": ["POST"]}, **more}


@asynccontextmanager
async def bench(
    folder: Path,
    *,
    system: System | None = None,
    caps: ExportCaps | None = None,
    idle: float = 300.0,
    real: bool = False,
    database: str | None = None,
) -> AsyncIterator[Bench]:
    """Open everything over a folder; opened again over the same folder it finds what it wrote.

    With `real` connections are what they are in production, and there is no System.
    """
    system = system or System()
    async with desk(folder, database) as docs:
        gates = Gates()
        transport = HttpTransport(Egress(LOOPBACK), gates)
        debug = DebugLogs(docs.store, docs.time)
        connections = OpenedConnections(
            Parts(docs.store, docs.secrets, transport, debug, docs.time, connection_type if real else system.type),
            size=4,
            idle=idle,
        )
        marks = OfflineMarks(docs.context)
        states = PageStates(docs.store, Vault.load(folder / "key", create=False).derive_all, docs.time)
        pings = Pings(connections, marks)
        try:
            yield Bench(
                desk=docs,
                system=system,
                gates=gates,
                connections=connections,
                states=states,
                debug=debug,
                pings=pings,
                exports=VirtualExports(connections, states, marks, caps),
                imports=VirtualImports(connections, marks),
                pinger=OfflinePinger(docs.store, pings),
                housekeeping=Housekeeping(docs.store, debug, docs.time),
                queues=Queues(gates),
            )
        finally:
            await connections.close()
            await debug.close()
            await transport.close()


def every_byte_of(folder: Path) -> bytes:
    """All that lies in a folder, the database and its log among it."""
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def fields_of(refusal: InvalidDocument) -> list[str | None]:
    """The fields that a refusal names."""
    return [problem.field for problem in refusal.problems]
