"""Gives work up when the client that waits for it goes away.

Only calls that reach for another system are watched: those can wait in line for minutes, and whoever gave up waiting
asks again, so that what nobody waits for would keep out what somebody does. Source: hostile case 142.
"""

import asyncio
from collections.abc import Coroutine
from typing import TypeVar

from isthmus.api.receive import Disconnected, Receive

Result = TypeVar("Result")


async def while_connected(work: Coroutine[None, None, Result], receive: Receive) -> Result:
    """Do the work and give its result. Raises Disconnected, once the work has stopped, where the client left first."""
    working, leaving = asyncio.ensure_future(work), asyncio.ensure_future(_left(receive))
    try:
        await asyncio.wait((working, leaving), return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise Disconnected
        return working.result()
    finally:
        working.cancel()
        leaving.cancel()
        await asyncio.gather(working, leaving, return_exceptions=True)


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
