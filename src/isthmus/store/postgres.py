"""PostgreSQL through psycopg 3: a pool of connections, and one writer at a time across every node."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any, Final, TypeAlias

import psycopg
from psycopg_pool import AsyncConnectionPool

from isthmus.store.dialect import for_postgres, values_for_postgres
from isthmus.store.link import ReadOnly, Row, Values
from isthmus.store.postgres_schema import named, prepare
from isthmus.store.session import Session
from isthmus.store.turn import Turn

_Connection: TypeAlias = psycopg.AsyncConnection[tuple[Any, ...]]
_Pool: TypeAlias = AsyncConnectionPool[_Connection]

_LARGEST_POOL: Final = 10
_PATIENCE: Final = 10.0
_TURN: Final = (
    "SELECT set_config('lock_timeout', '10s', true),"
    " pg_advisory_xact_lock(hashtext('isthmus writer'), hashtext(current_schema()))"
)
"""Waits for its turn among the writers of every node; the transaction's end lets the next one on."""


async def open_postgres(database: str) -> "PostgresStore":
    """Connect, and migrate as needed. Raises SetupError or StoreUnavailable; neither names the password."""
    await asyncio.to_thread(prepare, database)
    pool: _Pool = AsyncConnectionPool(
        database,
        min_size=1,
        max_size=_LARGEST_POOL,
        timeout=_PATIENCE,
        open=False,
        kwargs={"autocommit": True, "application_name": "isthmus"},
    )
    with _named():
        await pool.open(wait=True, timeout=_PATIENCE)
    return PostgresStore(pool)


class PostgresStore:
    """The store of several nodes; opened by `open_postgres`."""

    def __init__(self, pool: _Pool) -> None:
        self._pool = pool
        self._turn = Turn()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Session]:
        """See Store."""
        async with self._connection() as connection:
            yield Session(_Reads(connection))

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Session]:
        """See Store."""
        # Waiting for one's turn in this process first keeps the pool's connections free for readers.
        async with self._turn.taken(), self._connection() as connection, connection.transaction():
            await connection.execute(_TURN)
            writes = _Writes(connection)
            yield Session(writes)
            await writes.flush()

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[_Connection]:
        with _named():
            async with self._pool.connection() as connection:
                try:
                    yield connection
                finally:
                    lost = connection.closed
        if lost:
            await self._pool.check()

    async def close(self) -> None:
        """See Store."""
        await self._pool.close()

    async def healthy(self) -> bool:
        """See Store."""
        try:
            async with self._pool.connection(timeout=2.0) as connection:
                await connection.execute("SELECT count(*) FROM installation")
        except psycopg.Error:
            return False
        return True


@contextmanager
def _named() -> Iterator[None]:
    try:
        yield
    except psycopg.Error as error:
        raise named(error) from None


class _Reads(ReadOnly):
    """Statements on one connection, each of its own."""

    __slots__ = ("_connection",)

    def __init__(self, connection: _Connection) -> None:
        self._connection = connection

    async def row(self, sql: str, values: Values = ()) -> Row | None:
        return await (await self._execute(sql, values)).fetchone()

    async def rows(self, sql: str, values: Values = ()) -> list[Row]:
        return await (await self._execute(sql, values)).fetchall()

    async def _execute(self, sql: str, values: Values) -> psycopg.AsyncCursor[Row]:
        with _named():
            return await self._connection.execute(for_postgres(sql), values_for_postgres(values), binary=True)


class _Writes(_Reads):
    """Statements of one transaction; those whose outcome nobody asks are sent together, before the next one."""

    __slots__ = ("_pending",)

    def __init__(self, connection: _Connection) -> None:
        super().__init__(connection)
        self._pending: list[tuple[str, Values]] = []

    async def run(self, sql: str, values: Values = ()) -> int:
        return (await self._execute(sql, values)).rowcount

    def later(self, sql: str, values: Values = ()) -> None:
        self._pending.append((sql, values))

    async def flush(self) -> None:
        """Send what is pending."""
        pending, self._pending = self._pending, []
        if not pending:
            return
        with _named():
            async with self._connection.pipeline():
                for sql, values in pending:
                    await self._connection.execute(for_postgres(sql), values_for_postgres(values), binary=True)

    async def _execute(self, sql: str, values: Values) -> psycopg.AsyncCursor[Row]:
        await self.flush()
        return await super()._execute(sql, values)
