from collections.abc import Iterator

import pytest

from tests.rig.postgres import PrivatePostgres, private_postgres


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def postgres() -> Iterator[PrivatePostgres]:
    """One private server for all tests of a process; each makes databases of its own."""
    with private_postgres() as server:
        yield server
