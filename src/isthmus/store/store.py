"""The store as the services see it: sessions that read, and sessions that write."""

from contextlib import AbstractAsyncContextManager
from typing import Protocol

from isthmus.store.session import Session


class Store(Protocol):
    """SQLite in a folder, or PostgreSQL. Every call may raise StoreUnavailable; then nothing of the session is kept."""

    def read(self) -> AbstractAsyncContextManager[Session]:
        """Open a session that reads what is committed; each statement sees the newest state, there is no snapshot."""

    def write(self) -> AbstractAsyncContextManager[Session]:
        """Open a transaction, alone among all writers of the store, so that what it reads stays true until it ends.

        Leaving it commits, and returns once the change is on disk; an exception rolls back. It must not be held across
        a call to another system, and not be opened inside another one.
        """

    async def close(self) -> None:
        """Let go of the database; to be called once, when no session is open."""

    async def healthy(self) -> bool:
        """Tell whether the store can be read and has not stopped taking writes."""
