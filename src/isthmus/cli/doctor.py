"""`isthmus doctor`: what is set, and whether it works."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from typing import Annotated

import typer

from isthmus import __version__
from isthmus.cli.options import Data, Database
from isthmus.cli.output import print_table
from isthmus.model.errors import IsthmusError
from isthmus.settings import Settings, load
from isthmus.store import DataFolderLock, FolderInUse, open_store
from isthmus.transport.egress import Egress
from isthmus.vault import Vault


def doctor(
    *,
    data: Data = None,
    database: Database = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print the checks alone.")] = False,
) -> None:
    """Print the effective settings and check the data folder, the key, the store and egress; exit 1 where one fails.

    Nothing is created or changed.
    """
    settings = load(data=data, database=database)
    if not quiet:
        typer.echo(f"isthmus {__version__}")
        print_table(("SETTING", "VALUE"), settings.shown().items())
        typer.echo()
    results = asyncio.run(_check_all(settings))
    print_table(("CHECK", "RESULT"), ((name, problem or "ok") for name, problem in results))
    if any(problem for _, problem in results):
        raise typer.Exit(1)


async def _check_all(settings: Settings) -> list[tuple[str, str]]:
    checks: dict[str, Callable[[Settings], Awaitable[str | None]]] = {
        "data folder": _folder,
        "key": _key,
        "store": _store,
        "egress": _egress,
        "address": _address,
    }
    results = []
    for name, check in checks.items():
        try:
            results.append((name, await check(settings) or ""))
        except (IsthmusError, OSError, ValueError) as error:
            results.append((name, " ".join(str(error).split())))
    return results


async def _folder(settings: Settings) -> str | None:
    if settings.database is not None:
        return None
    if not settings.data.exists():
        return f"{settings.data} is not there yet: `isthmus serve` makes it."
    if not os.access(settings.data, os.R_OK | os.W_OK | os.X_OK):
        return f"{settings.data} cannot be written: let the service's user own it."
    try:
        with DataFolderLock(settings.data):
            return None
    except FolderInUse:
        return None  # a service is running on it: it works


async def _key(settings: Settings) -> str | None:
    Vault.load(settings.key_path, create=False)
    return None


async def _store(settings: Settings) -> str | None:
    if settings.database is None and not settings.data.exists():
        return "There is no store yet: `isthmus serve` makes it."
    store = await open_store(data=settings.data, database=settings.database)
    try:
        if not await store.healthy():
            return "The store does not answer."
        vault = Vault.load(settings.key_path, create=False)
        async with store.read() as session:
            known = await session.installation.get("key")
        return None if known is None or known in vault.fingerprints else "The key is not the one that sealed the store."
    finally:
        await store.close()


async def _egress(settings: Settings) -> str | None:
    Egress(settings.egress_allow)
    return None


async def _address(settings: Settings) -> str | None:
    settings.check_exposure()
    return None
