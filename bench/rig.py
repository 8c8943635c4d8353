"""Processes under measurement: start, CPU seconds, resident memory; and a load of plain HTTP GETs."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
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


Measure = Callable[[], Cost]


@contextmanager
def bare(name: str, target: str) -> Iterator[Measure]:
    """Run a loop of `bench.loops` in a process of its own; gives what measures it once."""
    command = (sys.executable, "-m", "bench.loops", name, target)
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        asked, told = process.stdin, process.stdout
        assert asked is not None
        assert told is not None

        def measure() -> Cost:
            asked.write("once\n")
            asked.flush()
            done, cpu, wall = told.readline().split()
            return Cost(float(cpu) / int(done), float(wall) / int(done))

        yield measure


def measured(process: Process, work: Callable[[], int]) -> Measure:
    """Measure what a piece of work, which tells how many things it did, costs another process."""

    def measure() -> Cost:
        cpu, wall = process.cpu(), time.perf_counter()
        done = work()
        return Cost((process.cpu() - cpu) / done, (time.perf_counter() - wall) / done)

    return measure


def compare(what: str, rounds: int, loop: Measure, service: Measure, claim: str) -> None:
    """Measure both once to warm up, then by turns. Prints medians and the ratio, of CPU with its spread and of wall."""
    loop(), service()
    costs = [(loop(), service()) for _ in range(rounds)]
    for name, column in zip(("bare loop", "service"), zip(*costs, strict=True), strict=True):
        cpu, wall = median(cost.cpu for cost in column), median(cost.wall for cost in column)
        print(f"{name:<10} {1 / cpu:>10,.0f} {what}/CPU-s {1 / wall:>10,.0f} {what}/s")
    by_cpu = [bare.cpu / ours.cpu for bare, ours in costs]
    low, middle, high = quantiles(by_cpu, n=4)
    best = min(bare.cpu for bare, _ in costs) / min(ours.cpu for _, ours in costs)
    by_wall = median(bare.wall / ours.wall for bare, ours in costs)
    print(f"ratio      {middle:>10.2f} by CPU ({claim}), {by_wall:.2f} by wall time")
    print(f"           half of the rounds {low:.2f} to {high:.2f}; {best:.2f} best against best")


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
