import asyncio
import io
import sqlite3
import stat
import subprocess
import sys
import tarfile
from collections.abc import Collection
from contextlib import closing
from pathlib import Path

import pytest

from isthmus.store import DataFolderLock, FolderInUse, Stored, WrongKey, open_store
from isthmus.store.backup import BackupRefused, backup, restore
from tests.rig.stored import document

pytestmark = pytest.mark.anyio

ROOT = Path(__file__).parents[2]


def fingerprints(key_file: Path) -> Collection[str]:
    """Stand in for the vault's: to the store, a key file is bytes whose fingerprints somebody else reads."""
    return key_file.read_text().split()


async def fill(data: Path, key: str = "fingerprint") -> Stored:
    store, row = await open_store(data=data, database=None), document()
    async with store.write() as session:
        await session.installation.claim_key([key])
        await session.documents.insert(row)
    await store.close()
    (data / "key").write_text(key)
    return row


def move(file: Path, place: Path) -> None:
    place.parent.mkdir()
    file.rename(place)


def modes_of(folder: Path) -> dict[str, int]:
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in [folder, *folder.iterdir()]}


async def documents(data: Path) -> list[str]:
    store = await open_store(data=data, database=None)
    async with store.read() as session:
        found = await session.documents.ids("connections")
    await store.close()
    return found


async def test_a_backup_restores_into_a_new_folder(tmp_path: Path) -> None:
    data, packed, restored = tmp_path / "data", tmp_path / "backup.tar", tmp_path / "restored"
    row = await fill(data)
    backup(data, packed)
    assert stat.S_IMODE(packed.stat().st_mode) == 0o600
    restore(packed, restored, fingerprints=fingerprints)
    assert await documents(restored) == [row.id]
    assert (restored / "key").read_text() == "fingerprint"
    modes = modes_of(restored)
    assert modes.pop("restored") == 0o700
    assert set(modes.values()) == {0o600}
    assert set(modes_of(tmp_path)) == {tmp_path.name, "backup.tar", "data", "restored"}


async def test_the_key_may_lie_elsewhere(tmp_path: Path) -> None:
    data, key, other = tmp_path / "data", tmp_path / "keys" / "key", tmp_path / "other" / "key"
    await fill(data)
    move(data / "key", key)
    backup(data, tmp_path / "backup.tar", key_file=key)
    restore(tmp_path / "backup.tar", tmp_path / "new", fingerprints=fingerprints, key_file=other)
    assert other.read_text() == key.read_text()
    with pytest.raises(BackupRefused, match="--force"):
        restore(tmp_path / "backup.tar", tmp_path / "newer", fingerprints=fingerprints, key_file=other)


def test_a_backup_while_others_write_is_one_instant(tmp_path: Path) -> None:
    data, packed = tmp_path / "data", tmp_path / "backup.tar"
    command = [sys.executable, "-m", "tests.rig.store_writer", str(data), "100000"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        acknowledged = [writer.stdout.readline().decode().strip() for _ in range(20)]
        backup(data, packed)
        writer.stdout.readline()
        writer.kill()
    restored = tmp_path / "restored"
    restore(packed, restored, fingerprints=fingerprints)
    with closing(sqlite3.connect(restored / "isthmus.db")) as file:
        ids = {row[0] for row in file.execute("SELECT id FROM documents")}
        assert {row[0] for row in file.execute("SELECT resource_id FROM audit")} == ids
        assert {row[0] for row in file.execute("SELECT id FROM sealed_secrets")} == ids
    assert set(acknowledged) <= ids


async def test_a_folder_that_holds_something_needs_force_which_keeps_the_old(tmp_path: Path) -> None:
    data, packed = tmp_path / "data", tmp_path / "backup.tar"
    old = await fill(tmp_path / "source")
    backup(tmp_path / "source", packed)
    newer = await fill(data, "other key")
    with pytest.raises(BackupRefused, match="--force"):
        restore(packed, data, fingerprints=fingerprints)
    assert await documents(data) == [newer.id]
    restore(packed, data, fingerprints=fingerprints, force=True)
    assert await documents(data) == [old.id]
    [aside] = (data / "backups").iterdir()
    assert sorted(path.name for path in aside.iterdir()) == ["isthmus.db", "key"]
    assert await documents(aside) == [newer.id]


async def test_a_folder_that_is_served_is_left_alone(tmp_path: Path) -> None:
    data, packed = tmp_path / "data", tmp_path / "backup.tar"
    row = await fill(data)
    with DataFolderLock(data):
        backup(data, packed)
        with pytest.raises(FolderInUse):
            restore(packed, data, fingerprints=fingerprints, force=True)
    assert await documents(data) == [row.id]


@pytest.mark.hostile(14)
async def test_a_key_that_does_not_belong_to_the_database_is_refused(tmp_path: Path) -> None:
    data, packed, restored = tmp_path / "data", tmp_path / "backup.tar", tmp_path / "restored"
    await fill(data)
    (data / "key").write_text("another")
    backup(data, packed)
    with pytest.raises(WrongKey):
        restore(packed, restored, fingerprints=fingerprints)
    assert [path.name for path in restored.iterdir()] == ["serve.lock"]
    (data / "key").unlink()
    with pytest.raises(BackupRefused, match="key"):
        backup(data, tmp_path / "without-key.tar")
    assert not (tmp_path / "without-key.tar").exists()


async def test_a_store_without_secrets_needs_no_key(tmp_path: Path) -> None:
    await (await open_store(data=tmp_path / "data", database=None)).close()
    backup(tmp_path / "data", tmp_path / "backup.tar")
    restore(tmp_path / "backup.tar", tmp_path / "restored", fingerprints=fingerprints)
    assert await documents(tmp_path / "restored") == []


def tar_of(*members: tuple[str, bytes | None]) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        for name, content in members:
            facts = tarfile.TarInfo(name)
            if content is None:
                facts.type, facts.linkname = tarfile.SYMTYPE, "/etc/passwd"
            facts.size = len(content or b"")
            tar.addfile(facts, io.BytesIO(content or b""))
    return packed.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not a tar",
        tar_of(),
        tar_of(("key", b"alone")),
        tar_of(("isthmus.db", b"not a database")),
        tar_of(("isthmus.db", b"")),
        tar_of(("../isthmus.db", b"escaped")),
        tar_of(("isthmus.db", None)),
        tar_of(("isthmus.db", b"a"), ("isthmus.db", b"b")),
        tar_of(("isthmus.db", b"x" * 10_000))[:5_000],
    ],
)
async def test_what_is_no_backup_is_refused_and_changes_nothing(tmp_path: Path, content: bytes) -> None:
    data, packed = tmp_path / "data", tmp_path / "backup.tar"
    row = await fill(data)
    packed.write_bytes(content)
    with pytest.raises(BackupRefused, match="backup"):
        restore(packed, data, fingerprints=fingerprints, force=True)
    assert await documents(data) == [row.id]
    assert not (data / "backups").exists()


async def test_a_damaged_database_is_not_restored(tmp_path: Path) -> None:
    data, packed = tmp_path / "data", tmp_path / "backup.tar"
    for _ in range(2):
        await fill(data)
    raw = bytearray((data / "isthmus.db").read_bytes())
    raw[8192:] = bytes(byte ^ 0xFF for byte in raw[8192:])
    packed.write_bytes(tar_of(("isthmus.db", bytes(raw)), ("key", b"fingerprint")))
    with pytest.raises(BackupRefused, match="damaged"):
        restore(packed, tmp_path / "restored", fingerprints=fingerprints)


async def test_refusals_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(BackupRefused, match=r"pg_dump.*key file"):
        backup(tmp_path, tmp_path / "backup.tar", database="postgresql://user:canary@host/db")
    with pytest.raises(BackupRefused, match="--data"):
        backup(tmp_path / "nothing", tmp_path / "backup.tar")
    await fill(tmp_path / "data")
    (tmp_path / "there.tar").touch()
    with pytest.raises(BackupRefused, match="another file"):
        backup(tmp_path / "data", tmp_path / "there.tar")
    with pytest.raises(BackupRefused, match="nowhere"):
        backup(tmp_path / "data", tmp_path / "nowhere" / "backup.tar")
    with pytest.raises(BackupRefused, match=r"absent\.tar"):
        restore(tmp_path / "absent.tar", tmp_path / "restored", fingerprints=fingerprints)


async def test_a_backup_holds_what_was_just_acknowledged(tmp_path: Path) -> None:
    store = await open_store(data=tmp_path / "data", database=None)
    async with store.write() as session:
        row = document()
        await session.documents.insert(row)
    await asyncio.to_thread(backup, tmp_path / "data", tmp_path / "backup.tar")
    await store.close()
    restore(tmp_path / "backup.tar", tmp_path / "restored", fingerprints=fingerprints)
    assert await documents(tmp_path / "restored") == [row.id]
