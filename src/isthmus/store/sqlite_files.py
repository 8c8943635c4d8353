"""The SQLite file of a data folder: opening it rightly, and bringing it up to date."""

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from isthmus.model.errors import Bug, SetupError
from isthmus.store.folder import BACKUPS, DATABASE, make_folder, make_private
from isthmus.store.schema import SCHEMA, VERSION_TABLE, Schema
from isthmus.store.sqlite_faults import named

PATIENCE: Final = 10.0
"""Seconds to wait for the writes of other processes."""

_PRAGMAS: Final = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",  # what was deleted is overwritten, not just forgotten
    "PRAGMA trusted_schema = OFF",
)


def connect(file: Path, patience: float = PATIENCE) -> sqlite3.Connection:
    """Open a database for use by one thread at a time, in autocommit."""
    connection = _open(file, patience)
    for pragma in _PRAGMAS:
        connection.execute(pragma)
    return connection


def _open(file: Path, patience: float = PATIENCE) -> sqlite3.Connection:
    return sqlite3.connect(file, timeout=patience, isolation_level=None, check_same_thread=False, cached_statements=256)


def prepare(folder: Path, schema: Schema = SCHEMA) -> None:
    """Make the folder and the file where absent, and migrate it where older. Raises SetupError, StoreUnavailable."""
    make_folder(folder)
    file = folder / DATABASE
    try:
        make_private(file)
        if schema.is_current(version_of(file)):
            return
        with _alone(folder / "migrate.lock"):
            _bring_up_to_date(file, schema)
    except sqlite3.Error as error:
        failure = named(error)
        if isinstance(failure, Bug):
            raise SetupError(f"The database in {folder} could not be migrated ({error}); it is as it was.") from None
        raise failure from None
    except OSError as error:
        raise SetupError(f"The data folder {folder} cannot be used: {error.strerror}. Check its rights.") from None


def _bring_up_to_date(file: Path, schema: Schema) -> None:
    found = version_of(file)
    if schema.is_current(found):
        return  # another process did it while this one waited
    if found is not None:
        time = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
        target = file.parent / BACKUPS / f"before-migration-from-{found}-{time}.db"
        make_folder(target.parent)
        copy(file, target)
    from isthmus.store.migrate import migrate  # noqa: PLC0415  # slow to load, and seldom needed

    migrate(schema.scripts, "sqlite", lambda: _open(file), begin="BEGIN IMMEDIATE")


def version_of(file: Path) -> str | None:
    """Read the version of a file's schema, None where it has none yet."""
    with closing(connect(file)) as connection:
        known = connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (VERSION_TABLE,)).fetchone()
        row = known and connection.execute("SELECT version_num FROM alembic_version").fetchone()
        return str(row[0]) if row else None


def copy(file: Path, target: Path) -> None:
    """Copy a database while others use it: the state of one instant, in a file for its owner alone."""
    make_private(target)
    with closing(_open(file)) as source, closing(_open(target)) as copied:
        source.backup(copied)
        # A copy stands alone: without this it would ask for a write-ahead log beside it.
        copied.execute("PRAGMA journal_mode = DELETE")


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """Hold a lock among processes for a while; a process that dies lets it go."""
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
