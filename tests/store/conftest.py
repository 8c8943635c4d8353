from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from isthmus.store import Store, open_store
from isthmus.store.postgres_schema import prepare
from tests.rig.postgres import MISSING, PrivatePostgres, find_programs, private_postgres


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
def postgres() -> Iterator[PrivatePostgres]:
    programs = find_programs()
    if programs is None:
        pytest.skip(MISSING)
    with private_postgres(programs) as server:
        server.administer("CREATE DATABASE migrated TEMPLATE template0")
        prepare(server.url("migrated"))
        yield server


@pytest.fixture(params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """A store of the test's own, in each of the two databases."""
    if request.param == "sqlite":
        return Place(tmp_path / "data", None)
    server: PrivatePostgres = request.getfixturevalue("postgres")
    return Place(None, server.create_database(template="migrated"))


@pytest.fixture
async def store(place: Place) -> AsyncIterator[Store]:
    opened = await place.open()
    yield opened
    await opened.close()
