"""Several processes on one store, and processes that die."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from isthmus.store import AuditFilter, DataFolderLock, FolderInUse, Store
from tests.store.conftest import Place

pytestmark = pytest.mark.anyio

ROOT = Path(__file__).parents[2]
ROUNDS = 200 if os.environ.get("ISTHMUS_SOAK") else 4


def start(place: Place, most: int) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "tests.rig.store_writer", place.argument, str(most)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)


def kill_after(process: "subprocess.Popen[bytes]", acknowledged: int) -> list[str]:
    """Kill it without warning once it acknowledged that many writes; tells all that it acknowledged."""
    assert process.stdout is not None
    lines = [process.stdout.readline() for _ in range(acknowledged)]
    process.send_signal(signal.SIGKILL)
    lines += process.stdout.readlines()
    process.stdout.close()
    process.wait()
    return [line.decode().strip() for line in lines if line.endswith(b"\n")]


@pytest.mark.hostile(160)
async def test_what_was_acknowledged_survives_kill_minus_9(place: Place) -> None:
    acknowledged: list[str] = []
    choice = random.Random(160)  # noqa: S311  # the same kills each time
    for _ in range(ROUNDS):
        acknowledged += kill_after(start(place, 100_000), choice.randint(1, 40))
    store = await place.open()
    try:
        async with store.read() as session:
            stored = await session.documents.ids("exports")
            assert set(acknowledged) <= set(stored)
            assert len(stored) <= len(acknowledged) + ROUNDS, "at most one write a round was not yet acknowledged"
            links = await session.references.to("connections", "c")
            rows = await session.audit.page(AuditFilter(limit=100_000))
            assert sorted(link.from_id for link in links) == sorted(row.resource_id for row in rows) == stored
            for id_ in stored:
                assert list(await session.sealed.all("exports", id_)) == ["/webhook/key"]
    finally:
        await store.close()
    if place.data is not None:
        with closing(sqlite3.connect(place.data / "isthmus.db")) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


async def test_processes_that_start_on_an_empty_store_at_once_share_it(tmp_path: Path) -> None:
    place = Place(tmp_path / "data", None)
    processes = [start(place, 25) for _ in range(3)]
    outputs = [process.communicate(timeout=60)[0] for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0]
    store = await place.open()
    async with store.read() as session:
        assert await session.documents.ids("exports") == sorted(b"".join(outputs).decode().split())
    await store.close()


async def test_what_another_process_wrote_is_seen_at_once(store: Store, place: Place) -> None:
    async with store.read() as session:
        assert await session.documents.count("exports") == 0
    process = start(place, 3)
    written, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    async with store.read() as session:
        assert await session.documents.ids("exports") == sorted(written.decode().split())


HOLDER = """
import sys
from pathlib import Path
from isthmus.store import DataFolderLock
with DataFolderLock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_folder_is_served_once(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        lock = DataFolderLock(folder)
        with pytest.raises(FolderInUse) as raised:
            lock.acquire()
        holder.kill()
    assert (raised.value.folder, raised.value.pid) == (folder, holder.pid)
    for part in (str(folder), str(holder.pid), "--data"):
        assert part in str(raised.value)
    with lock, pytest.raises(FolderInUse, match=str(os.getpid())):
        DataFolderLock(folder).acquire()
    lock.release()
    with DataFolderLock(folder):
        assert (folder / "serve.lock").stat().st_mode & 0o077 == 0
