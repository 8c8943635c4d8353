"""The bare loops that the service is held against: `python -m bench.loops NAME URL`.

Each line on stdin runs the loop once; what it did, its CPU and its wall seconds come back as a line. The loops run on
uvloop, as the service does: what is compared is the work, not the event loop.
"""

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable, Iterator

import aiohttp
import orjson
import uvloop

from bench.servers import RECORDS, record

Loop = Callable[[aiohttp.ClientSession, str], Awaitable[int]]
IMPORTED, AT_ONCE = 2_000, 10


async def read_pages(session: aiohttp.ClientSession, target: str) -> int:
    """Read and parse every page, one after another."""
    count = page = 0
    while True:
        async with session.get(f"{target}/records?page={page}") as answer:
            records = orjson.loads(await answer.read())
        if not records:
            assert count == RECORDS
            return count
        count, page = count + len(records), page + 1


async def write_records(session: aiohttp.ClientSession, target: str) -> int:
    """POST one record after another, several at once, and parse each answer. The records are mapped already."""
    records = [{"key": r["id"], "title": r["name"], "sum": r["total"], "note": r["note"]} for r in some_records()]
    left: Iterator[dict[str, object]] = iter(records)

    async def worker() -> None:
        for each in left:
            body = orjson.dumps(each)
            headers = {"Content-Type": "application/json"}
            async with session.post(f"{target}/records", data=body, headers=headers) as answer:
                assert answer.ok
                orjson.loads(await answer.read())

    await asyncio.gather(*(worker() for _ in range(AT_ONCE)))
    return len(records)


def some_records() -> list[dict[str, object]]:
    return [record(number) for number in range(IMPORTED)]


LOOPS: dict[str, Loop] = {"pages": read_pages, "imports": write_records}


async def main(loop: Loop, target: str) -> None:
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=AT_ONCE)) as session:
        for _ in sys.stdin:
            cpu, wall = time.process_time(), time.perf_counter()
            done = await loop(session, target)
            print(done, time.process_time() - cpu, time.perf_counter() - wall, flush=True)


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main(LOOPS[sys.argv[1]], sys.argv[2]))
