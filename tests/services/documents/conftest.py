from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.rig.documents import Desk, desk


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
