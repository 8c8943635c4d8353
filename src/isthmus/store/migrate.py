"""Bringing a schema up to date. The one module that loads Alembic, and itself loaded only where there is work."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import StaticPool


def configuration(scripts: Path) -> Config:
    """Point Alembic at a folder of scripts; no file of settings is read."""
    config = Config()
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def migrate(scripts: Path, dialect: str, connect: Callable[[], Any], *, begin: str | None = None) -> None:
    """Run every outstanding version in one transaction: a process that dies in it leaves the schema as it was.

    `connect` opens a DBAPI connection; `begin` is the statement that opens the transaction where the driver does not.
    """
    engine = create_engine(f"{dialect}://", creator=connect, poolclass=StaticPool)
    if begin is not None:

        @event.listens_for(engine, "begin")
        def _begin(connection: Connection) -> None:
            connection.exec_driver_sql(begin)

    try:
        with engine.connect() as connection:
            config = configuration(scripts)
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            connection.commit()
    except DBAPIError as error:
        raise (error.orig or error) from None  # the driver's own error, which the callers know
    finally:
        engine.dispose()
