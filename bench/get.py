"""GET of one connection beside an empty Starlette route that returns as many bytes."""

import asyncio
from statistics import median

import aiohttp
import orjson

from bench import service
from bench.rig import get_many, started

ROUNDS, REQUESTS = 5, 4_000
CONNECTION = {
    "type": "rest",
    "name": "Slack API",
    "rest": {
        "baseURI": "https://slack.example/api",
        "bearerToken": "not-a-real-token",
        "tokenLocation": "url",
        "tokenParam": "token",
        "mediaType": "urlencoded",
        "authType": "token",
        "pingRelativeURI": "api.test",
    },
}


async def _prepare(ours: service.Service) -> tuple[str, int]:
    async with aiohttp.ClientSession() as session:
        made = orjson.loads(await ours.post(session, "/v1/connections", CONNECTION))
        url = f"{ours.process.url}/v1/connections/{made['_id']}"
        async with session.get(url, headers=ours.headers) as answer:
            return url, len(await answer.read())


def main() -> None:
    with service.running() as ours:
        url, size = asyncio.run(_prepare(ours))
        with started("-m", "bench.servers", "plain", str(size)) as plain:
            costs: dict[str, list[float]] = {"plain": [], "ours": []}
            for _ in range(ROUNDS):
                for name, process, address, headers in (
                    ("plain", plain, plain.url + "/", {}),
                    ("ours", ours.process, url, ours.headers),
                ):
                    before = process.cpu()
                    asyncio.run(get_many(address, headers, count=REQUESTS))
                    costs[name].append((process.cpu() - before) / REQUESTS * 1e6)
    empty, full = median(costs["plain"]), median(costs["ours"])
    print(f"empty Starlette route  {empty:>7.0f} us of CPU a request, {size} bytes")
    print(f"GET one connection     {full:>7.0f} us of CPU a request")
    print(f"ratio                  {empty / full:>7.2f} (claim: >= 0.4)")
