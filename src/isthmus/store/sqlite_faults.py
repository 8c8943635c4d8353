"""SQLite's errors under our names."""

import sqlite3
from typing import Final

from isthmus.model.errors import Bug, IsthmusError, StoreUnavailable

_PRIMARY: Final = 0xFF
_FULL: Final = frozenset({sqlite3.SQLITE_FULL})
_UNSAFE: Final = frozenset({sqlite3.SQLITE_IOERR_FSYNC, sqlite3.SQLITE_IOERR_DIR_FSYNC})
_MESSAGES: Final = {
    sqlite3.SQLITE_FULL: "The disk of the data folder is full; nothing was kept. Make room and try again.",
    sqlite3.SQLITE_BUSY: "Another process holds the database for too long; nothing was kept. Try again.",
    sqlite3.SQLITE_LOCKED: "The database is locked; nothing was kept. Try again.",
    sqlite3.SQLITE_PROTOCOL: "The database is locked; nothing was kept. Try again.",
    sqlite3.SQLITE_READONLY: "The data folder cannot be written to; nothing was kept. Check its rights.",
    sqlite3.SQLITE_CANTOPEN: "The database file cannot be opened. Check that the data folder is there and its rights.",
    sqlite3.SQLITE_PERM: "The database file cannot be opened. Give the service's user the right to it.",
    sqlite3.SQLITE_IOERR: "The disk of the data folder fails; nothing was kept.",
    sqlite3.SQLITE_NOMEM: "There is too little memory; nothing was kept.",
    sqlite3.SQLITE_CORRUPT: "The database file is damaged. Restore the data folder from a backup.",
    sqlite3.SQLITE_NOTADB: "The database file is none of isthmus's. Restore it from a backup, or name another folder.",
}


def named(error: sqlite3.Error) -> IsthmusError:
    """Turn an error of the driver into StoreUnavailable where the surroundings are at fault, else into a Bug."""
    code: int = getattr(error, "sqlite_errorcode", 0) & _PRIMARY
    message = _MESSAGES.get(code)
    if message is None:
        return Bug(f"The store refused a statement: {getattr(error, 'sqlite_errorname', type(error).__name__)}.")
    return StoreUnavailable(message, full=code in _FULL)


def is_unsafe(error: sqlite3.Error) -> bool:
    """Tell whether the disk failed to sync: from then on what it says about later writes cannot be relied on."""
    return getattr(error, "sqlite_errorcode", 0) in _UNSAFE
