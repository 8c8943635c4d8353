"""The key file: one key a line, base64 of 32 random bytes, the current one first; for its owner alone."""

import base64
import binascii
import os
import stat
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Final

from isthmus.vault.errors import KeyFileRefused

KEY_BYTES: Final = 32
_FEWEST_DISTINCT: Final = 12
_MOST_BYTES: Final = 65_536
_MAKE: Final = "Make one with: (umask 077; head -c 32 /dev/urandom | base64 > FILE), and set ISTHMUS_KEY_FILE to it."


def new_key() -> str:
    """Make a key, as a line of the file."""
    return base64.b64encode(os.urandom(KEY_BYTES)).decode()


def read_keys(file: Path, *, create: bool) -> list[bytes]:
    """Read the keys, the current one first; an absent file is made with a new key where `create` says so."""
    try:
        content = _read(file)
    except FileNotFoundError:
        if not create:
            remedy = f"Point ISTHMUS_KEY_FILE at the file that belongs to this store. For a new store: {_MAKE}"
            raise KeyFileRefused(file, "is not there", remedy) from None
        try:
            _create(file)
        except OSError as error:
            why = f"cannot be made ({error.strerror})"
            raise KeyFileRefused(
                file, why, "Let the service's user write there, or point ISTHMUS_KEY_FILE elsewhere."
            ) from None
        content = _read(file)
    keys = list(dict.fromkeys(_keys(file, content)))
    if not keys:
        raise KeyFileRefused(file, "is empty", f"Restore it from a backup. For a new store: {_MAKE}")
    return keys


def _read(file: Path) -> bytes:
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise KeyFileRefused(file, f"cannot be read ({error.strerror})", "Let the service's user read it.") from None
    try:
        _check(file, os.fstat(descriptor).st_mode)
        return os.read(descriptor, _MOST_BYTES)
    finally:
        os.close(descriptor)


def _check(file: Path, mode: int) -> None:
    if not stat.S_ISREG(mode):
        raise KeyFileRefused(file, "is not a file", "Point ISTHMUS_KEY_FILE at a file.")
    if mode & 0o077:
        raise KeyFileRefused(file, f"is open to others (mode {stat.S_IMODE(mode):04o})", f"Run: chmod 600 {file}")


def _keys(file: Path, content: bytes) -> Iterator[bytes]:
    for number, line in enumerate(content.splitlines(), 1):
        if not line.strip():
            continue
        where = f"has a bad key on line {number}:"
        try:
            key = base64.b64decode(line.strip(), validate=True)
        except binascii.Error:
            raise KeyFileRefused(file, f"{where} it is not base64", _MAKE) from None
        if len(key) != KEY_BYTES:
            why = f"{where} it has {len(key)} bytes instead of {KEY_BYTES}"
            raise KeyFileRefused(file, why, _MAKE)
        if _is_typed(key):
            raise KeyFileRefused(file, f"{where} it is an example or was typed, not random", _MAKE)
        yield key


def _is_typed(key: bytes) -> bool:
    """Tell whether a key is surely not random: few distinct bytes, all printable, or counting up or down."""
    steps = {(after - before) % 256 for before, after in pairwise(key)}
    readable = key.isascii() and key.decode("ascii").isprintable()
    return readable or len(set(key)) < _FEWEST_DISTINCT or len(steps) == 1


def _create(file: Path) -> None:
    """Make a new key durable under another name, then link it into place: never half a key, never over another's."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = file.with_name(f".{file.name}.{os.getpid()}.{os.urandom(4).hex()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as opened:
            opened.write(new_key().encode() + b"\n")
            opened.flush()
            os.fsync(descriptor)
        try:
            os.link(draft, file)
        except FileExistsError:
            return  # another process made one at this very moment; that one counts
    finally:
        draft.unlink()
    folder = os.open(file.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
