"""Backup and restore of a data folder: the database as of one instant and its key file, in one tar for its owner alone.

Whoever has a backup can read every secret in it: keep it as you keep the key file.
"""

import os
import secrets
import sqlite3
import tarfile
import tempfile
from collections.abc import Callable, Collection, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from isthmus.model.errors import SetupError
from isthmus.store.folder import (
    BACKUPS,
    DATABASE,
    KEY_FILE,
    make_folder,
    open_private,
    sync,
    sync_folder,
    write_private,
)
from isthmus.store.installation import KEY, WrongKey
from isthmus.store.lock import DataFolderLock
from isthmus.store.schema import SCHEMA
from isthmus.store.sqlite_faults import named
from isthmus.store.sqlite_files import copy, version_of

_LOCKS: Final = frozenset({"serve.lock", "migrate.lock"})


class BackupRefused(SetupError):
    """A backup cannot be made or restored; the message says why and what to do."""


def backup(data: Path, target: Path, *, key_file: Path | None = None, database: str | None = None) -> None:
    """Write a backup of the folder `data` to the new file `target`, also while it is served.

    `key_file` is where the key lies, DATA/key by default. Raises SetupError or StoreUnavailable; then no file stays.
    """
    if database is not None:
        raise BackupRefused(
            "isthmus does not back up PostgreSQL itself: use pg_dump for the database, and keep a copy of the key file "
            "(ISTHMUS_KEY_FILE) with it; one is of no use without the other."
        )
    if not (data / DATABASE).is_file():
        raise BackupRefused(f"There is nothing to back up in {data}. Name the data folder with --data.")
    if target.exists():
        raise BackupRefused(f"{target} is there already. Name another file.")
    with _faults(f"The backup {target}"), tempfile.TemporaryDirectory(dir=target.parent, prefix=".isthmus-") as drafts:
        draft = Path(drafts) / DATABASE
        copy(data / DATABASE, draft)
        members = {DATABASE: draft}
        if _fingerprint(draft) is not None:
            members[KEY_FILE] = key_file or data / KEY_FILE
        packed = Path(drafts) / "backup.tar"
        _pack(members, packed)
        os.link(packed, target)  # unlike a rename, this never replaces a file
        sync_folder(target.parent)


def _pack(members: dict[str, Path], target: Path) -> None:
    with open_private(target) as file:
        with tarfile.open(fileobj=file, mode="w") as tar:
            for name, source in members.items():
                with source.open("rb") as opened:
                    facts = tarfile.TarInfo(name)
                    facts.size, facts.mode = os.fstat(opened.fileno()).st_size, 0o600
                    tar.addfile(facts, opened)
        sync(file)


def restore(
    source: Path,
    data: Path,
    *,
    fingerprints: Callable[[Path], Collection[str]],
    key_file: Path | None = None,
    force: bool = False,
) -> None:
    """Put a backup into the folder `data`, which nobody may be serving.

    A folder that holds something is refused, unless `force`: then its files are moved to DATA/backups first.
    `fingerprints` reads those of a key file (`Vault.load(file, create=False).fingerprints`); the database and the
    key must belong together and be sound before anything is moved. Raises SetupError or StoreUnavailable.
    """
    key_file = key_file or data / KEY_FILE
    if not force and data.is_dir() and {file.name for file in data.iterdir()} - _LOCKS:
        raise BackupRefused(f"The folder {data} is not empty. Name a new one with --data, or add --force.")
    if not force and key_file.exists():
        raise BackupRefused(f"The key file {key_file} is there already. Name another one, or add --force.")
    with (
        DataFolderLock(data),
        _faults(f"The backup {source}"),
        tempfile.TemporaryDirectory(dir=data, prefix=".isthmus-") as drafts,
    ):
        found = _unpack(source, Path(drafts))
        _verify(found, fingerprints)
        _move_aside(data, key_file)
        make_folder(key_file.parent)
        for name, file in found.items():
            _move(file, data / DATABASE if name == DATABASE else key_file)


def _unpack(source: Path, folder: Path) -> dict[str, Path]:
    """Take our own members out, as plain files under names of ours; whatever else a tar may hold is refused."""
    found: dict[str, Path] = {}
    with tarfile.open(source, mode="r:") as tar:
        for member in tar:
            opened = tar.extractfile(member) if member.isreg() else None
            if opened is None or member.name not in {DATABASE, KEY_FILE} or member.name in found:
                raise BackupRefused(f"{source} is not a backup of isthmus.")
            found[member.name] = folder / member.name
            write_private(found[member.name], opened)
    if DATABASE not in found:
        raise BackupRefused(f"{source} is not a backup of isthmus.")
    return found


def _verify(found: dict[str, Path], fingerprints: Callable[[Path], Collection[str]]) -> None:
    database = found[DATABASE]
    if not _is_sound(database):
        raise BackupRefused("The database in the backup is damaged. Take another backup.")
    version = version_of(database)
    if version is None:
        raise BackupRefused("The database in the backup is none of isthmus's. Take another backup.")
    SCHEMA.is_current(version)
    sealed_with = _fingerprint(database)
    if sealed_with is not None and (KEY_FILE not in found or sealed_with not in fingerprints(found[KEY_FILE])):
        raise WrongKey


def _is_sound(database: Path) -> bool:
    with closing(sqlite3.connect(database)) as connection:
        try:
            return connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        except sqlite3.OperationalError:
            raise  # the surroundings are at fault, not the file
        except sqlite3.DatabaseError:
            return False


def _fingerprint(database: Path) -> str | None:
    with closing(sqlite3.connect(database)) as connection:
        row = connection.execute("SELECT value FROM installation WHERE name = ?", (KEY,)).fetchone()
    return None if row is None else str(row[0])


def _move_aside(data: Path, key_file: Path) -> None:
    """Keep what a restore replaces; a log left beside another database would corrupt it."""
    old = [file for file in (*(data / f"{DATABASE}{end}" for end in ("", "-wal", "-shm")), key_file) if file.exists()]
    if not old:
        return
    make_folder(data / BACKUPS)
    aside = data / BACKUPS / f"before-restore-{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(2)}"
    make_folder(aside)
    for file in old:
        _move(file, aside / file.name)


def _move(file: Path, place: Path) -> None:
    """Move a file, durably; by a copy where the place is on another file system."""
    if file.stat().st_dev == place.parent.stat().st_dev:
        file.replace(place)
        sync_folder(place.parent)
        return
    moved = place.with_name(f".{place.name}.{secrets.token_hex(4)}")
    with file.open("rb") as source:
        write_private(moved, source)
    moved.replace(place)
    sync_folder(place.parent)
    file.unlink()


@contextmanager
def _faults(what: str) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise named(error) from None
    except tarfile.TarError:
        raise BackupRefused(f"{what} cannot be read: it is not a backup of isthmus, or it is cut.") from None
    except OSError as error:
        name = "" if error.filename is None else f" ({error.filename})"
        raise BackupRefused(f"{what} failed: {error.strerror}{name}.") from None
