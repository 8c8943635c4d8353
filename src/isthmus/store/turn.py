"""One writer at a time in this process."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from isthmus.model.errors import Bug


class Turn:
    """A fair lock that refuses the task that holds it already, which would wait for itself for ever."""

    def __init__(self) -> None:
        self._lock = asyncio.Lock()
        self._holder: asyncio.Task[Any] | None = None

    @asynccontextmanager
    async def taken(self) -> AsyncIterator[None]:
        """Wait for the turn, and hold it. Raises Bug where this task holds it."""
        if self._holder is not None and self._holder is asyncio.current_task():
            raise Bug("A write session was opened inside another one; it would wait for itself.")
        async with self._lock:
            self._holder = asyncio.current_task()
            try:
                yield
            finally:
                self._holder = None
