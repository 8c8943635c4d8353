from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.rig.postgres import MISSING, PrivatePostgres, find_programs, private_postgres
from tests.rig.virtual import Bench, bench


@pytest.fixture(scope="session")
def postgres() -> Iterator[PrivatePostgres]:
    programs = find_programs()
    if programs is None:
        pytest.skip(MISSING)
    with private_postgres(programs) as server:
        yield server


@pytest.fixture
async def isthmus(tmp_path: Path) -> AsyncIterator[Bench]:
    """The services of virtual calls over SQLite, and a system of the test's own behind every http connection."""
    async with bench(tmp_path) as opened:
        yield opened
