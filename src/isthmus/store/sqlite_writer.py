"""The writer's side of SQLite: one connection on one thread, one transaction at a time."""

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeAlias, TypeVar

from isthmus.model.errors import StoreUnavailable
from isthmus.store.link import Row, Values
from isthmus.store.sqlite_faults import is_unsafe, named

_Result = TypeVar("_Result")
_Work: TypeAlias = Callable[[sqlite3.Connection], _Result]

_UNSAFE: Final = "The disk failed to make a write durable. Check the disk, then restart isthmus."


class Writer:
    """Runs work on its thread in the order in which it comes; what was begun is never cut short."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="isthmus-store")
        self.unsafe = False
        """Whether the disk failed to sync once; no write is taken any more."""

    async def call(self, work: _Work[_Result]) -> _Result:
        """Run work and wait for it. Raises StoreUnavailable or Bug."""
        if self.unsafe:
            raise StoreUnavailable(_UNSAFE)
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, work, self._connection)
        except sqlite3.Error as error:
            self.unsafe |= is_unsafe(error)
            raise named(error) from None

    def submit(self, work: _Work[None]) -> None:
        """Run work after all that was handed in before, and do not wait."""
        self._thread.submit(work, self._connection)

    def close(self) -> None:
        """Finish what was handed in, then close."""
        self._thread.shutdown()
        self._connection.close()


class Transaction:
    """The link of one write session. A statement whose outcome nobody asks travels with the next one, or the commit.

    It begins with the first statement, so a session that writes nothing costs nothing; any failure ends it.
    """

    __slots__ = ("_begun", "_failure", "_pending", "_writer")

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._pending: list[tuple[str, Values]] = []
        self._begun = False
        self._failure: sqlite3.Error | None = None

    async def row(self, sql: str, values: Values = ()) -> Row | None:
        return await self._writer.call(lambda connection: self._execute(connection, sql, values).fetchone())

    async def rows(self, sql: str, values: Values = ()) -> list[Row]:
        return await self._writer.call(lambda connection: self._execute(connection, sql, values).fetchall())

    async def run(self, sql: str, values: Values = ()) -> int:
        return await self._writer.call(lambda connection: self._execute(connection, sql, values).rowcount)

    def later(self, sql: str, values: Values = ()) -> None:
        self._pending.append((sql, values))

    async def commit(self) -> None:
        """Make everything durable; with nothing written there is nothing to do."""
        if self._begun or self._pending:
            await self._writer.call(self._commit)
            self._begun = False

    def end(self) -> None:
        """Drop whatever was not committed. It does not wait: what comes next waits behind it on the writer's thread."""
        if self._begun or self._pending:
            self._writer.submit(_end)

    def _commit(self, connection: sqlite3.Connection) -> None:
        self._execute(connection, "COMMIT", ())

    def _execute(self, connection: sqlite3.Connection, sql: str, values: Values) -> sqlite3.Cursor:
        if self._failure is not None:
            raise self._failure
        try:
            if not self._begun:
                _end(connection)  # a session that was cancelled may have left its transaction
                connection.execute("BEGIN IMMEDIATE")
                self._begun = True
            pending, self._pending = self._pending, []
            for statement, given in pending:
                connection.execute(statement, given)
            return connection.execute(sql, values)
        except sqlite3.Error as error:
            self._failure = error
            _end(connection)
            raise


def _end(connection: sqlite3.Connection) -> None:
    if connection.in_transaction:
        connection.execute("ROLLBACK")
