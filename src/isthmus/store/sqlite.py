"""SQLite in a folder: reads on the event loop, writes on a thread (docs/adr/0002-sqlite-without-aiosqlite.md)."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

from isthmus.store.folder import DATABASE
from isthmus.store.link import ReadOnly, Row, Values
from isthmus.store.session import Session
from isthmus.store.sqlite_faults import named
from isthmus.store.sqlite_files import PATIENCE, connect, prepare
from isthmus.store.sqlite_writer import Transaction, Writer
from isthmus.store.turn import Turn


async def open_sqlite(folder: Path, *, patience: float = PATIENCE) -> "SqliteStore":
    """Open the file in a folder, made and migrated as needed. Raises SetupError or StoreUnavailable.

    `patience` is how many seconds a write waits for those of other processes.
    """
    await asyncio.to_thread(prepare, folder)
    return SqliteStore(folder / DATABASE, patience)


class SqliteStore:
    """The embedded store; opened by `open_sqlite`, on the event loop that will use it."""

    def __init__(self, file: Path, patience: float) -> None:
        try:
            self._reader = connect(file, patience)
            self._reader.execute("PRAGMA query_only = ON")
            self._writer = Writer(connect(file, patience))
        except sqlite3.Error as error:
            raise named(error) from None
        self._reading = _Reading(Session(_Reads(self._reader)))
        self._turn = Turn()

    def read(self) -> AbstractAsyncContextManager[Session]:
        """See Store."""
        return self._reading

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Session]:
        """See Store."""
        async with self._turn.taken():
            transaction = Transaction(self._writer)
            try:
                yield Session(transaction)
                await transaction.commit()
            finally:
                transaction.end()

    async def close(self) -> None:
        """See Store."""
        async with self._turn.taken():
            await asyncio.to_thread(self._writer.close)
            self._reader.close()

    async def healthy(self) -> bool:
        """See Store."""
        try:
            self._reader.execute("SELECT count(*) FROM installation").fetchone()
        except sqlite3.Error:
            return False
        return not self._writer.unsafe


class _Reading:
    """A session of reads needs no opening and no closing, so one serves all."""

    __slots__ = ("_session",)

    def __init__(self, session: Session) -> None:
        self._session = session

    async def __aenter__(self) -> Session:
        return self._session

    async def __aexit__(self, *_: object) -> None:
        return None


class _Reads(ReadOnly):
    """Reads on the calling thread: a point read costs less than handing it to another."""

    __slots__ = ("_connection",)

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    async def row(self, sql: str, values: Values = ()) -> Row | None:
        try:
            row: Row | None = self._connection.execute(sql, values).fetchone()
        except sqlite3.Error as error:
            raise named(error) from None
        return row

    async def rows(self, sql: str, values: Values = ()) -> list[Row]:
        try:
            return self._connection.execute(sql, values).fetchall()
        except sqlite3.Error as error:
            raise named(error) from None
