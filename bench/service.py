"""A service of our own under measurement, with one full token and no inbound rate limit."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import aiohttp
import orjson

from bench.rig import Process, started


@dataclass(frozen=True, slots=True)
class Service:
    process: Process
    token: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    async def connection(self, document: Any) -> str:
        """Create a connection and give its id."""
        async with aiohttp.ClientSession() as session:
            return str(orjson.loads(await self.post(session, "/v1/connections", document))["_id"])

    async def post(self, session: aiohttp.ClientSession, path: str, body: Any) -> bytes:
        """Send JSON; bytes are taken for JSON that is written already."""
        data = body if isinstance(body, bytes) else orjson.dumps(body)
        headers = {**self.headers, "Content-Type": "application/json"}
        async with session.post(self.process.url + path, data=data, headers=headers) as answer:
            content = await answer.read()
            assert answer.ok, content[:500]
            return content


@contextmanager
def running() -> Iterator[Service]:
    with TemporaryDirectory(prefix="isthmus-bench-") as folder:
        data = str(Path(folder) / "data")
        create = (sys.executable, "-m", "isthmus", "token", "create", "--name", "bench", "--data", data)
        token = subprocess.run(create, capture_output=True, text=True, check=True).stdout.strip()
        env = {"ISTHMUS_EGRESS_ALLOW": "127.0.0.0/8", "ISTHMUS_RATE_LIMIT": "0"}
        with started("-m", "isthmus", "serve", "--port", "0", "--data", data, env=env) as process:
            yield Service(process, token)
