"""The gate: how many calls run through a connection at once, who waits, and for how long everybody pauses."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Gates:
    """One gate for each owner (a connection, or the one that it borrows concurrency from)."""

    @asynccontextmanager
    async def slot(self, owner_id: str, limit: int) -> AsyncIterator[None]:
        """Hold one of `limit` places, waiting in line for it."""
        yield

    def size(self, owner_id: str) -> int:
        """Tell how many calls wait or run."""
        return 0

    def resize(self, owner_id: str, limit: int) -> None:
        """Change the number of places now."""

    def pause(self, owner_id: str, seconds: float) -> None:
        """Let nobody through for so long."""
