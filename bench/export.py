"""`export/pages` beside a bare aiohttp + orjson loop over the same pages."""

import asyncio

import aiohttp
import orjson

from bench import service
from bench.rig import bare, compare, measured, started
from bench.servers import RECORDS

ROUNDS = 25
EXPORT = {
    "pageSize": 1000,
    "http": {"method": "GET", "relativeURI": "/records?page={{export.http.paging.page}}", "paging": {"method": "page"}},
}


async def through_pages(ours: service.Service, connection: str) -> int:
    """Walk the pages; only the state at the end of an answer is parsed, as the client's work is not measured."""
    state = None
    async with aiohttp.ClientSession() as session:
        while True:
            body = {"export": EXPORT} if state is None else {"export": EXPORT, "pagedExportState": state}
            answer = await ours.post(session, f"/v1/connections/{connection}/export/pages", body)
            _, found, tail = answer.rpartition(b'"pagedExportState":')
            if not found:
                return RECORDS
            state = orjson.loads(tail[:-1])


def main() -> None:
    with started("-m", "bench.servers", "pages") as target, service.running() as ours:
        document = {"type": "http", "name": "bench", "http": {"baseURI": target.url, "mediaType": "json"}}
        connection = asyncio.run(ours.connection(document))
        idle = ours.process.memory()
        ours.process.forget_peak()
        with bare("pages", target.url) as loop:
            measure = measured(ours.process, lambda: asyncio.run(through_pages(ours, connection)))
            compare("records", ROUNDS, loop, measure, "claim: >= 0.5")
        over = ours.process.peak() - idle
    print(f"memory     {idle:>10.0f} MB idle, {over:.0f} MB over it at the peak (claim: <= 60)")
