from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from isthmus.store import Store, open_store
from isthmus.store.postgres_schema import prepare
from tests.rig.postgres import PrivatePostgres


@dataclass(frozen=True)
class Place:
    """Where a test's store is: a folder, or the URL of a database."""

    data: Path | None
    database: str | None

    async def open(self) -> Store:
        return await open_store(data=self.data, database=self.database)

    @property
    def argument(self) -> str:
        return self.database or str(self.data)


@pytest.fixture(scope="session")
def migrated(postgres: PrivatePostgres) -> PrivatePostgres:
    """The server, with a migrated database to copy."""
    postgres.administer("CREATE DATABASE migrated TEMPLATE template0")
    prepare(postgres.url("migrated"))
    return postgres


@pytest.fixture(params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """A store of the test's own, in each of the two databases."""
    if request.param == "sqlite":
        return Place(tmp_path / "data", None)
    server: PrivatePostgres = request.getfixturevalue("migrated")
    return Place(None, server.create_database(template="migrated"))


@pytest.fixture
async def store(place: Place) -> AsyncIterator[Store]:
    opened = await place.open()
    yield opened
    await opened.close()
