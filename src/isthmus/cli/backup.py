"""`isthmus backup` and `isthmus restore`: the store and its key in one file."""

from pathlib import Path
from typing import Annotated

import typer

from isthmus.cli.options import Data
from isthmus.cli.output import note
from isthmus.settings import load
from isthmus.store import backup as store_backup
from isthmus.vault import Vault


def backup(
    target: Annotated[Path, typer.Argument(help="The file to write; it holds the key, so guard it like one.")],
    *,
    data: Data = None,
) -> None:
    """Copy the store and its key into one file (mode 0600), also while the service runs."""
    settings = load(data=data)
    store_backup.backup(settings.data, target, key_file=settings.key_file, database=settings.database)
    note(f"Wrote {target}.")


def restore(
    source: Annotated[Path, typer.Argument(help="The file that `isthmus backup` wrote.")],
    *,
    data: Data = None,
    force: Annotated[bool, typer.Option("--force", help="Restore into a folder that is not empty.")] = False,
) -> None:
    """Bring a backup back into an empty data folder; the service must not be running."""
    settings = load(data=data)
    store_backup.restore(source, settings.data, fingerprints=_fingerprints, key_file=settings.key_file, force=force)
    note(f"Restored {settings.data}.")


def _fingerprints(file: Path) -> tuple[str, ...]:
    return Vault.load(file, create=False).fingerprints
