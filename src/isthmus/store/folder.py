"""Where things lie in a data folder, and with which modes."""

import os
from pathlib import Path
from typing import Final

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


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
