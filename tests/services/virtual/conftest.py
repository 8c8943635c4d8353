from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.rig.virtual import Bench, bench


@pytest.fixture
async def isthmus(tmp_path: Path) -> AsyncIterator[Bench]:
    """The services of virtual calls over SQLite, and a system of the test's own behind every http connection."""
    async with bench(tmp_path) as opened:
        yield opened
