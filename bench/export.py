"""`export/pages` beside a bare aiohttp + orjson loop over the same pages."""

import asyncio
import resource
import time
from statistics import median

import aiohttp
import orjson

from bench import service
from bench.rig import Process, started
from bench.servers import RECORDS

ROUNDS = 3
EXPORT = {
    "pageSize": 1000,
    "http": {"method": "GET", "relativeURI": "/records?page={{export.http.paging.page}}", "paging": {"method": "page"}},
}


def own_cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


async def bare_loop(target: str) -> int:
    count = page = 0
    async with aiohttp.ClientSession() as session:
        while True:
            async with session.get(f"{target}/records?page={page}") as answer:
                records = orjson.loads(await answer.read())
            if not records:
                return count
            count, page = count + len(records), page + 1


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


def _round(ours: service.Service, connection: str, target: Process) -> tuple[float, float, float, float]:
    wall, cpu = time.perf_counter(), own_cpu()
    assert asyncio.run(bare_loop(target.url)) == RECORDS
    bare_cpu, bare_wall = own_cpu() - cpu, time.perf_counter() - wall
    wall, cpu = time.perf_counter(), ours.process.cpu()
    asyncio.run(through_pages(ours, connection))
    return bare_cpu, ours.process.cpu() - cpu, bare_wall, time.perf_counter() - wall


def main() -> None:
    with started("-m", "bench.servers", "pages") as target, service.running() as ours:
        connection = asyncio.run(_make_connection(ours, target.url))
        idle = peak = ours.process.memory()
        rounds = []
        for _ in range(ROUNDS):
            rounds.append(_round(ours, connection, target))
            peak = max(peak, ours.process.memory())
    bare_cpu, our_cpu, bare_wall, our_wall = (median(column) for column in zip(*rounds, strict=True))
    print(f"bare loop     {RECORDS / bare_cpu:>10,.0f} records/CPU-s   {RECORDS / bare_wall:>10,.0f} records/s")
    print(f"export/pages  {RECORDS / our_cpu:>10,.0f} records/CPU-s   {RECORDS / our_wall:>10,.0f} records/s")
    print(f"ratio         {bare_cpu / our_cpu:>10.2f} (claim: >= 0.5)  {bare_wall / our_wall:>9.2f} by wall time")
    print(f"memory        {idle:>10.0f} MB idle, {peak - idle:.0f} MB over it at the end (claim: <= 60)")
