"""Bringing a PostgreSQL database up to date, and psycopg's errors under our names."""

from typing import Any, Final

import psycopg

from isthmus.model.errors import Bug, IsthmusError, SetupError, StoreUnavailable
from isthmus.store.schema import SCHEMA, VERSION_TABLE, Schema

_PATIENCE: Final = 10
_ALONE: Final = "SELECT pg_advisory_lock(hashtext('isthmus migration'), hashtext(current_schema()))"


def named(error: psycopg.Error) -> IsthmusError:
    """Turn an error of the driver into StoreUnavailable where the surroundings are at fault, else into a Bug."""
    if isinstance(error, psycopg.errors.DiskFull):
        return StoreUnavailable("The database's disk is full; nothing was kept. Make room and try again.", full=True)
    if isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
        return StoreUnavailable("The database cannot be reached or is busy; nothing was kept. Try again.")
    return Bug(f"The store refused a statement: {type(error).__name__} {error.sqlstate or ''}".rstrip() + ".")


def prepare(database: str, schema: Schema = SCHEMA) -> None:
    """Make or migrate the schema; of several nodes that start at once, one does it and the others wait."""
    try:
        with _connect(database) as connection:
            _check_encoding(connection)
            if schema.is_current(version_of(connection)):
                return
            connection.execute(_ALONE)
            if not schema.is_current(version_of(connection)):
                _migrate(database, schema)
    except psycopg.ProgrammingError as error:
        raise SetupError(
            f"{_cause(error)} Check the address given with --database and the rights of its user."
        ) from None
    except psycopg.Error as error:
        raise named(error) from None


def _connect(database: str) -> psycopg.Connection[tuple[Any, ...]]:
    try:
        return psycopg.connect(database, autocommit=True, connect_timeout=_PATIENCE, application_name="isthmus")
    except psycopg.OperationalError:
        # The driver's own words may quote the address, and so the password.
        raise StoreUnavailable(
            "The PostgreSQL database cannot be reached. Check the address given with --database, that the server runs, "
            "and that it lets this user in."
        ) from None


def _check_encoding(connection: psycopg.Connection[tuple[Any, ...]]) -> None:
    encoding = connection.info.parameter_status("server_encoding")
    if encoding != "UTF8":
        raise SetupError(f"The database is encoded in {encoding}; isthmus needs one made with ENCODING 'UTF8'.")


def version_of(connection: psycopg.Connection[tuple[Any, ...]]) -> str | None:
    """Read the version of the schema, None where there is none yet."""
    known = connection.execute("SELECT to_regclass(%s)", (VERSION_TABLE,)).fetchone()
    if known is None or known[0] is None:
        return None
    row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return str(row[0]) if row else None


def _migrate(database: str, schema: Schema) -> None:
    from isthmus.store.migrate import migrate  # noqa: PLC0415  # slow to load, and seldom needed

    migrate(schema.scripts, "postgresql+psycopg", lambda: psycopg.connect(database, connect_timeout=_PATIENCE))


def _cause(error: psycopg.ProgrammingError) -> str:
    if isinstance(error, psycopg.errors.InsufficientPrivilege):
        return "The database's user may not make tables."
    # The server's main sentence names tables and columns; one of the driver's own could quote the address.
    return f"The database could not be prepared ({error.diag.message_primary or 'the address cannot be read'})."
