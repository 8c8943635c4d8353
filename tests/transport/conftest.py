from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Protocol

import pytest

from isthmus.transport.egress import Egress
from isthmus.transport.gate import Gates
from isthmus.transport.http.transport import HttpTransport
from isthmus.transport.limits import Limits
from tests.rig.names import Names

LOCAL = ("127.0.0.0/8", "::1")


class MakeTransport(Protocol):
    def __call__(
        self, *, allow: tuple[str, ...] = LOCAL, limits: Limits | None = None, names: Names | None = None
    ) -> HttpTransport: ...


@pytest.fixture(scope="session")
def anyio_backend() -> tuple[str, dict[str, bool]]:
    """The loop of production; the other areas' tests run on the plain one."""
    return "asyncio", {"use_uvloop": True}


@pytest.fixture
async def make_transport() -> AsyncIterator[MakeTransport]:
    """Make transports that are closed after the test."""
    async with AsyncExitStack() as stack:

        def make(
            *, allow: tuple[str, ...] = LOCAL, limits: Limits | None = None, names: Names | None = None
        ) -> HttpTransport:
            transport = HttpTransport(Egress(allow), Gates(), limits, resolver=names)
            stack.push_async_callback(transport.close)
            return transport

        yield make
