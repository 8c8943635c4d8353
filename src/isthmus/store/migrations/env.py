"""What Alembic runs: all outstanding versions in one transaction, on the connection that it is handed."""

from alembic import context
from sqlalchemy import Connection


def _migrate(connection: Connection) -> None:
    # SQLite can roll back a change of schema, though Alembic takes it for a database that cannot.
    context.configure(connection=connection, transactional_ddl=True)
    with context.begin_transaction():
        context.run_migrations()


if __name__ == "env_py":  # the name that Alembic gives it; elsewhere it is harmless to import
    _migrate(context.config.attributes["connection"])
