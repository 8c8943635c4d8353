"""Both stores as settings of a service that runs as a process: a folder, or a private PostgreSQL with a key file."""

import base64
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.rig.postgres import private_postgres

STORES = ("sqlite", "postgres")


def make_key(file: Path) -> Path:
    """Write a key file as docs/guide/deploy.md tells an operator to."""
    file.touch(mode=0o600)
    file.write_bytes(base64.b64encode(os.urandom(32)) + b"\n")
    return file


@contextmanager
def settings_of(store: str, folder: Path) -> Iterator[dict[str, str]]:
    """Give the variables that choose a store; PostgreSQL runs until the block ends."""
    if store == "sqlite":
        yield {}
        return
    with private_postgres() as server:
        key = make_key(folder / "its.key")
        yield {"ISTHMUS_DATABASE": server.create_database(), "ISTHMUS_KEY_FILE": str(key)}
