"""The debug log of connections: text lines, masked, capped, kept for a day. Source: api.md section 10.

Lines are gathered while calls run and written in batches beside them; reading, clearing and closing write first. When
the disk or the database cannot take them they are given up before anything else is.
"""

import asyncio
from datetime import datetime, timedelta
from typing import Final

import structlog

from isthmus.model.clock import Clock, now
from isthmus.model.errors import NotFound, StoreUnavailable
from isthmus.services.caller import Caller
from isthmus.services.debug_log.lines import lines_of
from isthmus.services.debug_log.running import resource_now
from isthmus.services.debug_log.secret_values import Masking, SecretValues
from isthmus.store import DebugLine, Store
from isthmus.transport.http.exchange import Exchange, Recorder

KEPT: Final = timedelta(hours=24)
CAP: Final = 5 * 1024 * 1024
"""Bytes that the log of one connection may hold; its oldest lines go first."""

_BATCH: Final = 64
_DELAY: Final = 1.0
_BUFFER: Final = 4 * 1024 * 1024
_log = structlog.get_logger(__name__)


class DebugLogs:
    """Writes, reads and clears debug logs."""

    def __init__(self, store: Store, clock: Clock = now, *, cap: int = CAP) -> None:
        self._store = store
        self._clock = clock
        self._cap = cap
        self._lines: list[DebugLine] = []
        self._bytes = 0
        self._timer: asyncio.TimerHandle | None = None
        self._writing: set[asyncio.Task[None]] = set()
        self._lock = asyncio.Lock()

    def recorder(self, connection_id: str, until: datetime, values: SecretValues) -> Recorder:
        """Make what the transport tells each exchange of a connection; it notes nothing from `until` on."""
        masked = Masking(values)

        def record(exchange: Exchange) -> None:
            if self._clock() < until:
                self._note(lines_of(connection_id, resource_now(), masked(exchange)))

        return record

    async def text(self, caller: Caller, connection_id: str, resource_id: str | None = None) -> str:
        """Read a connection's log, or what one export or import did with it; "" when there is none."""
        await self._check(caller, connection_id)
        await self.flush()
        async with self._store.read() as session:
            lines = await session.debug_log.lines(connection_id, resource_id, self._clock() - KEPT)
        return "".join(f"{line}\n" for line in lines)

    async def clear(self, caller: Caller, connection_id: str) -> None:
        """Drop a connection's log."""
        await self._check(caller, connection_id)
        await self.flush()
        async with self._store.write() as session:
            await session.debug_log.clear(connection_id)

    async def purge(self) -> None:
        """Drop every line that is older than a day."""
        async with self._store.write() as session:
            await session.debug_log.purge(self._clock() - KEPT)

    async def flush(self) -> None:
        """Write what was gathered."""
        async with self._lock:
            lines, self._lines, self._bytes = self._lines, [], 0
            if not lines:
                return
            try:
                async with self._store.write() as session:
                    await session.debug_log.extend(lines, self._cap)
            except StoreUnavailable:
                _log.warning("debug lines were lost", count=len(lines))

    async def close(self) -> None:
        """Write the rest, at shutdown."""
        if self._timer is not None:
            self._timer.cancel()
        await asyncio.gather(*self._writing, return_exceptions=True)
        await self.flush()

    async def _check(self, caller: Caller, connection_id: str) -> None:
        caller.require_full()
        async with self._store.read() as session:
            if await session.documents.get("connections", connection_id) is None:
                raise NotFound("There is no connection with this id.")

    def _note(self, lines: list[DebugLine]) -> None:
        size = sum(len(line.line) for line in lines)
        if self._bytes + size > _BUFFER:
            _log.warning("debug lines were dropped: they come faster than they can be written")
            return
        self._lines += lines
        self._bytes += size
        if len(self._lines) >= _BATCH:
            self._write_soon()
        elif self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(_DELAY, self._write_soon)

    def _write_soon(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if not self._writing:
            task = asyncio.create_task(self.flush(), name="debug log")
            self._writing.add(task)
            task.add_done_callback(self._written)

    def _written(self, task: asyncio.Task[None]) -> None:
        self._writing.discard(task)
        if not task.cancelled() and task.exception() is not None:
            _log.warning("debug lines were lost", error=type(task.exception()).__name__)
        if len(self._lines) >= _BATCH:
            self._write_soon()
