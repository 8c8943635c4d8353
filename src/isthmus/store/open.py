"""Opening the store that the settings name."""

from pathlib import Path

from isthmus.model.errors import SetupError
from isthmus.store.store import Store


async def open_store(*, data: Path | None, database: str | None) -> Store:
    """Open PostgreSQL where `database` is given (postgresql://...), else SQLite in the folder `data`, made if absent.

    Brings the schema up to date first (an existing SQLite file is copied to DATA/backups before). Raises SetupError for
    a schema that is newer than this program, and StoreUnavailable where the database cannot be reached.
    """
    if database is not None:
        from isthmus.store.postgres import open_postgres  # noqa: PLC0415  # psycopg is loaded only where it is used

        return await open_postgres(database)
    from isthmus.store.sqlite import open_sqlite  # noqa: PLC0415  # as above

    if data is None:
        raise SetupError("Name a folder with --data, or a PostgreSQL database with --database postgresql://...")
    return await open_sqlite(data)
