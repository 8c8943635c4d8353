"""The bare loops that the service is held against; each runs in a process of its own and prints its CPU and wall time.

They run on uvloop, as the service does: what is compared is the work, not the event loop.
"""

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable

import aiohttp
import orjson
import uvloop

Loop = Callable[[aiohttp.ClientSession, str], Awaitable[int]]


async def read_pages(session: aiohttp.ClientSession, target: str) -> int:
    """Read and parse every page, one after another."""
    count = page = 0
    while True:
        async with session.get(f"{target}/records?page={page}") as answer:
            records = orjson.loads(await answer.read())
        if not records:
            return count
        count, page = count + len(records), page + 1


LOOPS: dict[str, Loop] = {"pages": read_pages}


async def measure(loop: Loop, target: str, times: int) -> None:
    """Run a loop once to warm up, then so many times; prints what was done, CPU seconds and wall seconds."""
    async with aiohttp.ClientSession() as session:
        await loop(session, target)
        cpu, wall = time.process_time(), time.perf_counter()
        done = 0
        for _ in range(times):
            done += await loop(session, target)
        print(done, time.process_time() - cpu, time.perf_counter() - wall)


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(measure(LOOPS[sys.argv[1]], sys.argv[2], int(sys.argv[3])))
