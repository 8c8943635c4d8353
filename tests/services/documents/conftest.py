from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.rig.documents import Desk, desk
from tests.rig.postgres import MISSING, PrivatePostgres, find_programs, private_postgres


@pytest.fixture(scope="session")
def postgres() -> Iterator[PrivatePostgres]:
    programs = find_programs()
    if programs is None:
        pytest.skip(MISSING)
    with private_postgres(programs) as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
async def docs(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Desk]:
    """The services over each database."""
    database = None
    if request.param == "postgresql":
        database = request.getfixturevalue("postgres").create_database()
    async with desk(tmp_path, database) as opened:
        yield opened


@pytest.fixture
async def embedded(tmp_path: Path) -> AsyncIterator[Desk]:
    """The services over SQLite, for what has nothing to do with the database."""
    async with desk(tmp_path) as opened:
        yield opened
