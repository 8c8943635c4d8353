"""`export/pages` beside a bare aiohttp + orjson loop over the same pages."""

import asyncio
import time

import aiohttp
import orjson

from bench import service
from bench.rig import Cost, bare, report, started
from bench.servers import RECORDS

ROUNDS, WALKS = 9, 3
EXPORT = {
    "pageSize": 1000,
    "http": {"method": "GET", "relativeURI": "/records?page={{export.http.paging.page}}", "paging": {"method": "page"}},
}


async def through_pages(ours: service.Service, connection: str) -> int:
    """Walk the pages; only the state at the end of an answer is parsed, as the client's work is not measured."""
    calls, state = 0, None
    async with aiohttp.ClientSession() as session:
        while True:
            body = {"export": EXPORT} if state is None else {"export": EXPORT, "pagedExportState": state}
            answer = await ours.post(session, f"/v1/connections/{connection}/export/pages", body)
            calls += 1
            _, found, tail = answer.rpartition(b'"pagedExportState":')
            if not found:
                return calls
            state = orjson.loads(tail[:-1])


async def _make_connection(ours: service.Service, target: str) -> str:
    async with aiohttp.ClientSession() as session:
        document = {"type": "http", "name": "bench", "http": {"baseURI": target, "mediaType": "json"}}
        made = orjson.loads(await ours.post(session, "/v1/connections", document))
        return str(made["_id"])


def _walked(ours: service.Service, connection: str) -> Cost:
    cpu, wall = ours.process.cpu(), time.perf_counter()
    for _ in range(WALKS):
        asyncio.run(through_pages(ours, connection))
    done = RECORDS * WALKS
    return Cost((ours.process.cpu() - cpu) / done, (time.perf_counter() - wall) / done)


def main() -> None:
    with started("-m", "bench.servers", "pages") as target, service.running() as ours:
        connection = asyncio.run(_make_connection(ours, target.url))
        idle = ours.process.memory()
        ours.process.forget_peak()
        asyncio.run(through_pages(ours, connection))
        rounds = [(bare("pages", target.url, WALKS), _walked(ours, connection)) for _ in range(ROUNDS)]
        peak = ours.process.peak()
    report("records", rounds, "claim: >= 0.5")
    print(f"memory     {idle:>10.0f} MB idle, {peak - idle:.0f} MB over it at the peak (claim: <= 60)")
