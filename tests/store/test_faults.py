"""The store under a full disk, a lock held by others, and a database that goes away."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from isthmus.model.errors import Bug, StoreUnavailable
from isthmus.store import Store
from isthmus.store.postgres_schema import named as named_postgres
from isthmus.store.sqlite import SqliteStore, open_sqlite
from isthmus.store.sqlite_faults import is_unsafe, named
from tests.rig.postgres import PrivatePostgres
from tests.rig.stored import document
from tests.store.conftest import Place

pytestmark = pytest.mark.anyio


@pytest.fixture
async def file_store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    store = await open_sqlite(tmp_path / "data", patience=0.05)
    yield store
    await store.close()


async def add(store: Store, **fields: object) -> None:
    async with store.write() as session:
        await session.documents.insert(document(**fields))  # type: ignore[arg-type]  # fields of a document


async def count(store: Store) -> int:
    async with store.read() as session:
        return await session.documents.count("connections")


@pytest.mark.hostile(161)
async def test_a_full_database_refuses_reads_on_and_recovers(file_store: SqliteStore) -> None:
    await add(file_store)
    async with file_store.write() as session:
        pages = await session.documents._link.row("PRAGMA page_count")
        assert pages is not None
        await session.documents._link.row(f"PRAGMA max_page_count = {pages[0] + 2}")
    with pytest.raises(StoreUnavailable, match="full") as raised:
        await add(file_store, padding="x" * 100_000)
    assert raised.value.full
    assert await count(file_store) == 1
    async with file_store.write() as session:
        await session.documents._link.row("PRAGMA max_page_count = 100000")
    await add(file_store, padding="x" * 100_000)
    assert await count(file_store) == 2


SMALL_DISK = """
import asyncio, sys
from pathlib import Path
from isthmus.model.errors import StoreUnavailable
from isthmus.store import open_store
from tests.rig.stored import document

async def main(disk):
    store = await open_store(data=disk / "data", database=None)
    written = 0
    try:
        while True:
            async with store.write() as session:
                await session.documents.insert(document(padding="x" * 50_000))
            written += 1
    except StoreUnavailable as error:
        print(error, flush=True)
    async with store.read() as session:
        assert await session.documents.count("connections") == written > 0
    (disk / "ballast").unlink()
    async with store.write() as session:
        await session.documents.insert(document())
    assert await store.healthy()
    await store.close()
    store = await open_store(data=disk / "data", database=None)
    async with store.read() as session:
        assert await session.documents.count("connections") == written + 1
    await store.close()

disk = Path(sys.argv[1])
(disk / "ballast").write_bytes(bytes(1_000_000))
asyncio.run(main(disk))
"""


@pytest.mark.hostile(161)
def test_a_full_disk_refuses_reads_on_and_recovers(tmp_path: Path) -> None:
    small = 'mount -t tmpfs -o size=4m none "$1" && shift && exec "$@"'
    mount = ["unshare", "--mount", "sh", "-c", small, "sh", str(tmp_path)]
    if os.geteuid() != 0 or subprocess.run([*mount, "true"], capture_output=True, check=False).returncode != 0:
        pytest.skip("needs root, to mount a small disk")
    run = subprocess.run(
        [*mount, sys.executable, "-c", SMALL_DISK, tmp_path],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert "full" in run.stdout


@pytest.mark.hostile(167)
async def test_a_database_that_another_process_holds(file_store: SqliteStore, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "data" / "isthmus.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnavailable, match="Another process"):
            await add(file_store)
        assert await count(file_store) == 0
        other.execute("ROLLBACK")
    await add(file_store)
    assert await count(file_store) == 1


@pytest.mark.hostile(167)
async def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "isthmus.db").write_bytes(b"something else entirely" * 100)
    with pytest.raises(StoreUnavailable, match="none of isthmus's"):
        await open_sqlite(tmp_path)


async def test_database_connections_that_were_cut_are_replaced(migrated: PrivatePostgres) -> None:
    place = Place(None, migrated.create_database(template="migrated"))
    store = await place.open()
    await add(store)
    migrated.administer("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'isthmus'")
    with pytest.raises(StoreUnavailable):
        await add(store)
    await add(store)
    assert await count(store) == 2
    await store.close()
    assert not await store.healthy()


async def test_a_full_disk_of_the_database_server(migrated: PrivatePostgres) -> None:
    store = await Place(None, migrated.create_database(template="migrated")).open()
    full = "DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = 'disk_full'; END $$"
    with pytest.raises(StoreUnavailable, match="full") as raised:
        async with store.write() as session:
            await session.documents._link.run(full)
    assert raised.value.full
    await add(store)
    await store.close()


async def test_a_statement_of_ours_that_is_wrong_is_a_bug(store: Store) -> None:
    with pytest.raises(Bug, match="refused a statement"):
        async with store.read() as session:
            await session.documents._link.row("SELECT canary FROM nowhere")


@pytest.mark.hostile(162)
def test_only_a_failed_sync_stops_the_writer_for_good() -> None:
    failed, full = sqlite3.OperationalError(), sqlite3.OperationalError()
    failed.sqlite_errorcode, full.sqlite_errorcode = sqlite3.SQLITE_IOERR_FSYNC, sqlite3.SQLITE_FULL
    assert (is_unsafe(failed), is_unsafe(full), is_unsafe(sqlite3.ProgrammingError())) == (True, False, False)
    assert isinstance(named(failed), StoreUnavailable)
    assert isinstance(named(sqlite3.ProgrammingError("canary")), Bug)
    assert isinstance(named_postgres(psycopg.errors.LockNotAvailable()), StoreUnavailable)
    assert isinstance(named_postgres(psycopg.errors.UndefinedTable("canary")), Bug)
