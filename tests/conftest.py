import os
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


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the figures that long runs record, workers' among them."""
    if os.environ.get("ISTHMUS_SOAK"):
        for report in terminalreporter.getreports("passed"):
            for name, value in report.user_properties:
                if name == "figures":
                    terminalreporter.write_line(f"{report.nodeid}: {value}")
