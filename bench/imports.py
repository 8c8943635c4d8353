"""A virtual import, one POST a record and ten at once, beside a bare aiohttp loop that sends the same records."""

import asyncio

import aiohttp
import orjson

from bench import service
from bench.loops import AT_ONCE, IMPORTED, some_records
from bench.rig import bare, compare, measured, started

ROUNDS = 15
MAPPINGS = [
    {"generate": to, "extract": f"$.{field}", "dataType": kind, "status": "Active"}
    for to, field, kind in (
        ("key", "id", "number"),
        ("title", "name", "string"),
        ("sum", "total", "number"),
        ("note", "note", "string"),
    )
]
IMPORT = {
    "http": {"relativeURI": ["/records"], "method": ["POST"], "batchSize": 1},
    "mappings": MAPPINGS,
}


async def run_import(ours: service.Service, connection: str, body: bytes) -> int:
    async with aiohttp.ClientSession() as session:
        answer = await ours.post(session, f"/v1/connections/{connection}/import", body)
    assert answer.count(b'"statusCode":200') == IMPORTED, answer[:500]
    return IMPORTED


def main() -> None:
    body = orjson.dumps({"import": IMPORT, "data": some_records()})
    with started("-m", "bench.servers", "pages") as target, service.running() as ours:
        document = {
            "type": "http",
            "name": "bench",
            "http": {"baseURI": target.url, "mediaType": "json", "concurrencyLevel": AT_ONCE},
        }
        connection = asyncio.run(ours.connection(document))
        with bare("imports", target.url) as loop:
            measure = measured(ours.process, lambda: asyncio.run(run_import(ours, connection, body)))
            compare("records", ROUNDS, loop, measure, "goal: >= 0.6")
