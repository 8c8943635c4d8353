"""Processes under measurement: start, CPU seconds, resident memory; and a load of plain HTTP GETs."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

TICKS = os.sysconf("SC_CLK_TCK")
PAGE_MB = os.sysconf("SC_PAGE_SIZE") / 1e6


@dataclass(frozen=True, slots=True)
class Process:
    """A started server: its address and its process id."""

    url: str
    pid: int

    def cpu(self) -> float:
        """User plus system seconds so far."""
        fields = Path(f"/proc/{self.pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def memory(self) -> float:
        """Resident memory in MB."""
        return int(Path(f"/proc/{self.pid}/statm").read_text(encoding="utf-8").split()[1]) * PAGE_MB


@contextmanager
def started(*arguments: str, env: Mapping[str, str] | None = None) -> Iterator[Process]:
    """Run a Python module that prints a line ending in its address once it is ready."""
    with subprocess.Popen(
        (sys.executable, *arguments), stdout=subprocess.PIPE, text=True, env={**os.environ, **(env or {})}
    ) as process:
        assert process.stdout is not None
        try:
            line = process.stdout.readline()
            assert line, f"{arguments} did not start"
            yield Process(line.rsplit(" ", 1)[1].strip(), process.pid)
        finally:
            process.terminate()


async def get_many(url: str, headers: Mapping[str, str], *, count: int, connections: int = 8) -> None:
    """Send GETs over kept connections, reading each answer by its Content-Length."""
    parts = urlsplit(url)
    lines = [f"GET {parts.path} HTTP/1.1", f"Host: {parts.netloc}", *(f"{k}: {v}" for k, v in headers.items())]
    request = ("\r\n".join(lines) + "\r\n\r\n").encode()

    async def one_connection(times: int) -> None:
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        for _ in range(times):
            writer.write(request)
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            assert head.startswith(b"http/1.1 200"), head
            await reader.readexactly(int(head.split(b"content-length:")[1].split(b"\r\n")[0]))
        writer.close()

    await asyncio.gather(*(one_connection(count // connections) for _ in range(connections)))
