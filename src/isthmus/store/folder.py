"""Where things lie in a data folder, and with which modes."""

import os
import shutil
from pathlib import Path
from typing import IO, BinaryIO, Final

from isthmus.model.errors import SetupError

DATABASE: Final = "isthmus.db"
KEY_FILE: Final = "key"
BACKUPS: Final = "backups"


def make_folder(folder: Path) -> None:
    """Make a folder for its owner alone; one that is there keeps its mode, since its files are 0600 anyway.

    Raises SetupError where it cannot be made.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise SetupError(
            f"The folder {folder} cannot be made: {error.strerror}. Name another one with --data."
        ) from None


def make_private(file: Path) -> None:
    """Make an empty file for its owner alone, unless it is there."""
    os.close(os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))


def open_private(file: Path) -> BinaryIO:
    """Make a new file for its owner alone, and open it for writing; raises FileExistsError where it is there."""
    return os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "wb")


def write_private(file: Path, source: IO[bytes]) -> None:
    """Copy into a new file for its owner alone, and make it durable."""
    with open_private(file) as target:
        shutil.copyfileobj(source, target)
        sync(target)


def sync(file: BinaryIO) -> None:
    """Make what was written to a file durable."""
    file.flush()
    os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
