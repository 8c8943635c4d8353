"""The gate: how many calls run through a connection at once, who waits in line, and when everybody pauses.

One process, one loop (architecture decision 5, engine.md part B). Nothing is kept of an owner that nobody calls.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

from anyio import CapacityLimiter, WouldBlock

from isthmus.model.errors import RateLimited

_BUSY: Final = "Too many calls already wait for this connection. Send fewer at once, or raise its concurrency."


class Gates:
    """One gate for each owner: a connection, or the one that it borrows concurrency from. First come, first served."""

    def __init__(self, *, waiting: int = 1000, retry_after: int = 5) -> None:
        """`waiting` calls of one owner may stand in line; the next is refused with `retry_after`, in seconds."""
        self._waiting = waiting
        self._retry_after = retry_after
        self._gates: dict[str, _Gate] = {}

    @asynccontextmanager
    async def slot(self, owner_id: str, limit: int) -> AsyncIterator[None]:
        """Hold one of `limit` places while the body runs, after waiting in line for it.

        Another `limit` than before resizes the gate at once. Raises RateLimited when the line is full.
        """
        gate = self._gates.get(owner_id)
        if gate is None:
            gate = self._gates[owner_id] = _Gate(limit)
        gate.resize(limit)
        place = object()
        try:
            await self._enter(gate, place)
            try:
                yield
            finally:
                gate.limiter.release_on_behalf_of(place)
        finally:
            self._forget(owner_id)

    async def _enter(self, gate: "_Gate", place: object) -> None:
        try:
            gate.limiter.acquire_on_behalf_of_nowait(place)
        except WouldBlock:
            if gate.limiter.statistics().tasks_waiting >= self._waiting:
                raise RateLimited(_BUSY, self._retry_after) from None
            await gate.limiter.acquire_on_behalf_of(place)

    def size(self, owner_id: str) -> int:
        """Tell how many calls of an owner wait or run now."""
        gate = self._gates.get(owner_id)
        return 0 if gate is None else gate.size

    def resize(self, owner_id: str, limit: int) -> None:
        """Change the number of places now; calls that run already run on."""
        gate = self._gates.get(owner_id)
        if gate is not None:
            gate.resize(limit)

    def pause(self, owner_id: str, seconds: float) -> None:
        """Let nobody in for so long, or for the rest of a longer pause. Needs a running loop."""
        gate = self._gates.get(owner_id)
        if gate is None:
            gate = self._gates[owner_id] = _Gate(1)
        gate.pause(seconds, lambda: self._forget(owner_id))

    def _forget(self, owner_id: str) -> None:
        gate = self._gates.get(owner_id)
        if gate is not None and gate.idle:
            del self._gates[owner_id]


class _Gate:
    """The places of one owner; no places at all while it pauses."""

    __slots__ = ("_limit", "_resume", "limiter")

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._resume: asyncio.TimerHandle | None = None
        self.limiter = CapacityLimiter(limit)

    @property
    def size(self) -> int:
        statistics = self.limiter.statistics()
        return statistics.borrowed_tokens + statistics.tasks_waiting

    @property
    def idle(self) -> bool:
        return self._resume is None and not self.limiter.borrowed_tokens and not self.limiter.statistics().tasks_waiting

    def resize(self, limit: int) -> None:
        if limit != self._limit:
            self._limit = limit
            if self._resume is None:
                self.limiter.total_tokens = limit

    def pause(self, seconds: float, then: Callable[[], None]) -> None:
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        if self._resume is not None:
            until = max(until, self._resume.when())
            self._resume.cancel()
        self.limiter.total_tokens = 0
        self._resume = loop.call_at(until, self._reopen, then)

    def _reopen(self, then: Callable[[], None]) -> None:
        self._resume = None
        self.limiter.total_tokens = self._limit
        then()
