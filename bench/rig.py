"""Processes under measurement: start, CPU seconds, resident memory; and a load of plain HTTP GETs."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

_CPUCLOCK_SCHED = 2
PAGE_MB = os.sysconf("SC_PAGE_SIZE") / 1e6


@dataclass(frozen=True, slots=True)
class Process:
    """A started server: its address and its process id."""

    url: str
    pid: int

    def cpu(self) -> float:
        """User plus system seconds so far of all threads, to the nanosecond (man 3 clock_getcpuclockid)."""
        return time.clock_gettime((~self.pid << 3) | _CPUCLOCK_SCHED)

    def memory(self) -> float:
        """Resident memory in MB."""
        return int(Path(f"/proc/{self.pid}/statm").read_text(encoding="utf-8").split()[1]) * PAGE_MB

    def forget_peak(self) -> None:
        """Let `peak` begin anew (man 5 proc, clear_refs)."""
        Path(f"/proc/{self.pid}/clear_refs").write_text("5", encoding="ascii")

    def peak(self) -> float:
        """The most memory that was ever resident, in MB."""
        status = Path(f"/proc/{self.pid}/status").read_text(encoding="utf-8")
        return int(status.split("VmHWM:")[1].split()[0]) * 1024 / 1e6


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


@dataclass(frozen=True, slots=True)
class Cost:
    """What a piece of work took, in seconds of CPU and of wall time, for each thing done."""

    cpu: float
    wall: float


def bare(name: str, target: str, times: int) -> Cost:
    """Run a loop of `bench.loops` in a process of its own."""
    command = (sys.executable, "-m", "bench.loops", name, target, str(times))
    done, cpu, wall = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    return Cost(float(cpu) / int(done), float(wall) / int(done))


def report(what: str, rounds: Sequence[tuple[Cost, Cost]], claim: str) -> None:
    """Print the medians of bare loop and service, and the ratio: of CPU with its spread, and of wall time."""
    for name, costs in zip(("bare loop", "service"), zip(*rounds, strict=True), strict=True):
        cpu, wall = median(cost.cpu for cost in costs), median(cost.wall for cost in costs)
        print(f"{name:<10} {1 / cpu:>10,.0f} {what}/CPU-s {1 / wall:>10,.0f} {what}/s")
    by_cpu = sorted(loop.cpu / service.cpu for loop, service in rounds)
    by_wall = median(loop.wall / service.wall for loop, service in rounds)
    spread = f"rounds {by_cpu[0]:.2f} to {by_cpu[-1]:.2f}"
    print(f"ratio      {median(by_cpu):>10.2f} by CPU ({claim}; {spread}), {by_wall:.2f} by wall time")


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
