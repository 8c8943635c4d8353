"""Keeps a context manager open in a task of its own, so that whoever needs it may come and go.

What an adaptor enters (task groups, cancel scopes) must be left in the task that entered it; the callers that share it
live in other tasks, and each may be cancelled.
"""

import asyncio
import contextvars
from contextlib import AbstractAsyncContextManager
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Keeper(Generic[Value]):
    """One open context manager."""

    _value: Value

    def __init__(self, manager: AbstractAsyncContextManager[Value]) -> None:
        self._settled = asyncio.Event()
        self._closing = asyncio.Event()
        self._task = asyncio.create_task(self._keep(manager), name="keeper", context=contextvars.Context())
        self._task.add_done_callback(self._over)

    async def value(self) -> Value:
        """Wait until it is open; raises what opening raised. Being cancelled here does not stop the opening."""
        await self._settled.wait()
        if self._task.done():
            self._task.result()
        return self._value

    def close(self) -> None:
        """Begin to close it, without waiting."""
        self._closing.set()

    async def closed(self) -> None:
        """Close it and wait until it is closed. What closing raises is nobody's business any more."""
        self.close()
        await asyncio.wait([self._task])

    @property
    def over(self) -> bool:
        """Whether it is closed, or could not be opened."""
        return self._task.done()

    async def _keep(self, manager: AbstractAsyncContextManager[Value]) -> None:
        async with manager as self._value:
            self._settled.set()
            await self._closing.wait()

    def _over(self, task: asyncio.Task[None]) -> None:
        self._settled.set()
        if not task.cancelled():
            task.exception()  # seen: asyncio complains of errors that nobody looked at
